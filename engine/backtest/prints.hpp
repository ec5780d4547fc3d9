// Reads files of prints: what was traded in a market, trade by trade. docs/formats.md has the
// columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "allot/decimal.hpp"
#include "allot/result.hpp"

namespace allot {

inline constexpr std::int64_t ns_per_ms = 1'000'000;
inline constexpr std::int64_t ns_per_day = 86'400'000 * ns_per_ms;
inline constexpr std::int64_t largest_print = 100'000'000;  // units

// One trade; also a fill that was made of one or more.
struct Print {
    std::int64_t at_ns{0};  // after midnight of the file's own clock
    Decimal price{};
    std::int64_t size{0};  // units, more than zero
};

// What a file says about all of its prints. Empty when it has the column `ms`.
struct PrintsOrigin {
    std::string date{};        // "2013-10-07"
    std::string utc_offset{};  // as written: "Z", "-04:00", or nothing
    bool has_dates{false};
};

// Calls `take` with print after print, in the order of the file, until it returns false. `name`
// stands for the file in messages. All problems are reported, the first 1000; good rows before and
// between bad ones are handed over all the same.
// Errors: file_is_empty, file_is_not_csv, field_is_missing and field_is_unknown (columns),
// text_is_not_a_time, time_is_out_of_place, quantity_is_not_positive, field_has_wrong_type, and
// those of Decimal::parse. Complexity: O(bytes).
[[nodiscard]] Result<PrintsOrigin, Errors> read_prints(
    std::string_view text, const std::string& name, const std::function<bool(const Print&)>& take);

}  // namespace allot
