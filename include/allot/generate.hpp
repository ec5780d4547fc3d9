// Seeded example books: trading days that look like real ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "allot/block.hpp"
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

}  // namespace allot
