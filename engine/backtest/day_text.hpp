// How generated books spell their numbers and times, how large they may be, and how generators
// refuse a parameter.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "allot/result.hpp"

namespace allot {

inline constexpr std::uint32_t most_rows = 10'000'000;  // of one kind, in a generated book

// "ORD", 12, 6: "ORD000012".
[[nodiscard]] std::string numbered(std::string_view prefix, std::size_t number, std::size_t width);

// "2013-10-07". Precondition: year 0 to 9999.
[[nodiscard]] std::string date_text(std::chrono::sys_days date);

// `nanoseconds` after midnight of `date` (before it, below zero) on a clock that is `utc_offset`
// from UTC: "2013-10-07T09:30:00.072-04:00", with 3, 6 or 9 digits of a second as needed.
[[nodiscard]] std::string time_text(std::chrono::sys_days date, std::int64_t nanoseconds,
                                    std::string_view utc_offset);

// The error option_is_not_valid for one member of the parameters.
[[nodiscard]] Error refused(std::string field, std::string found, std::string expected);

}  // namespace allot
