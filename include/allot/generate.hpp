// Seeded example books: trading days that look like real ones, and books whose fills are real
// prints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "allot/block.hpp"
#include "allot/decimal.hpp"
#include "allot/execution.hpp"
#include "allot/instrument.hpp"
#include "allot/order.hpp"
#include "allot/placement.hpp"
#include "allot/result.hpp"

namespace allot {

// What a generated day looks like. The same parameters give the same day on every machine.
// docs/formats.md and data/README.md say where the figures come from.
struct DayParameters {
    std::uint64_t seed{1};
    std::uint32_t blocks{300};
    std::uint32_t orders{3000};       // >= blocks; spread over the blocks
    std::uint32_t executions{40000};  // >= blocks; spread over the blocks by size
    std::uint32_t portfolios{60};
    std::string date{"2026-03-02"};
};

// The entities of one day, in the order in which they arose.
struct Day {
    std::vector<Instrument> instruments{};
    std::vector<Order> orders{};
    std::vector<Block> blocks{};
    std::vector<Placement> placements{};
    std::vector<Execution> executions{};
};

// Errors: option_is_not_valid. Complexity: O(orders + executions).
[[nodiscard]] Result<Day> generate_day(const DayParameters& parameters);

// Writes a day as a CSV folder (made if missing) that read_book reads.
// Errors: file_is_not_writable.
[[nodiscard]] Result<void> write_day_csv(const Day& day, const std::filesystem::path& folder);

// How many entities a day has.
struct DayCounts {
    std::size_t instruments{0};
    std::size_t orders{0};
    std::size_t blocks{0};
    std::size_t placements{0};
    std::size_t executions{0};
};

// Both at once, with the memory of the drawing only (about 100 bytes for an order or a fill): the
// same files. Errors: those of both. Complexity: O(orders + executions), and sorting.
[[nodiscard]] Result<DayCounts> write_generated_day(const DayParameters& parameters,
                                                    const std::filesystem::path& folder);

// A file of prints, what was traded in one instrument on one day: CSV with the columns `ms` or
// `time`, `price` and `size`.
struct PrintFile {
    std::string name{};                 // the path, or what stands for it in messages
    std::optional<std::string> text{};  // what is in it, where there is nothing to open
};

// How prints become the fills of a book, and which orders are drawn for them. The same parameters
// and files give the same book on every machine. The orders of a file depend on its instrument, its
// day and the number of units executed: not on how the fills are cut, nor on the other files.
// docs/formats.md says how everything is drawn and rounded.
struct PrintParameters {
    std::uint64_t seed{1};
    std::uint32_t orders{10};  // of each block; a file is a block
    std::uint32_t portfolios{60};
    Decimal participation{1};  // the part of the prints that is executed: above 0, at most 1
    Decimal fill_ratio{Decimal::from_parts(8, 1).value()};  // executed / ordered: 0.001 to 1
    std::uint32_t slices_per_fill{1};  // each fill is cut into so many, 1 to 1,000,000
    std::uint32_t fills_per_slice{1};  // of so many, those at one price become one
    std::string from{};                // time of day, "09:30": prints before it are no fills
    std::string to{};                  // nor those at it and later. Empty: no bound
    std::string date{};                // of all files; empty: as each file or its name says
    std::string instrument{};          // likewise
    std::string utc_offset{"Z"};       // of the clock of files with the column `ms`
    std::string currency{"USD"};
    bool calendar{false};  // a folder for each day, named as the day
};

// One book of all the files, the calendar's days too.
// Errors: option_is_not_valid, file_is_unreadable, file_is_empty, file_is_not_csv,
// field_is_missing, field_is_unknown, field_has_wrong_type, text_is_not_a_time,
// time_is_out_of_place, quantity_is_not_positive, those of Decimal::parse.
// Complexity: O(bytes of the files + executions + orders).
[[nodiscard]] Result<Day, Errors> generate_from_prints(const PrintParameters& parameters,
                                                       const std::vector<PrintFile>& files);

// A book that was written.
struct WrittenBook {
    std::filesystem::path folder{};
    DayCounts counts{};
};

// Writes the same as CSV folders: `folder` itself, or with `calendar` a folder below it for each
// day. All files are looked through before anything is written. In memory there is never more than
// one of them, but for those that cannot be read twice, and the orders. `progress` is called now
// and then with the work done and in all.
// Errors: those above, file_is_not_writable.
[[nodiscard]] Result<std::vector<WrittenBook>, Errors> write_generated_from_prints(
    const PrintParameters& parameters, const std::vector<PrintFile>& files,
    const std::filesystem::path& folder,
    const std::function<void(std::size_t done, std::size_t total)>& progress = {});

}  // namespace allot
