// Replay: one rule over one period.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/backtest/meter.hpp"
#include "engine/backtest/period.hpp"

namespace allot::backtest {

// What one rule made of a period.
struct Replayed {
    std::vector<std::optional<BlockNumbers>> blocks{};  // by block; nullopt: nothing was split
    std::vector<Failure> failures{};                    // of placements, by id
};

// What a meter of a block (by number) is told before its first fill, and of each fill.
[[nodiscard]] MeterStart start_of(const Period& period, std::span<const Quantity> allocated,
                                  std::uint32_t block, int scale);
[[nodiscard]] FillFacts facts_of(const Period& period, std::uint32_t execution);

// `allocated` is what each order of the period's collection has under this rule when the period
// begins. Throws Refusal (total_is_out_of_range). Complexity: O(fills x claims).
// Thread safety: several rules may replay the same period at the same time.
[[nodiscard]] Replayed replay_rule(const Period& period, const RunRequest& request,
                                   const Algorithm& algorithm, std::span<const Quantity> allocated);

// The same for the allocations that the book held.
[[nodiscard]] Replayed replay_stored(const Period& period, std::span<const Quantity> allocated);

// Tells a listener the fills of all blocks that share orders with one (by number), that one among
// them, under a rule; nullptr: as they were stored.
void replay_neighbours(const Period& period, const RunRequest& request, const Algorithm* algorithm,
                       std::span<const Quantity> allocated, std::uint32_t block,
                       run::SplitListener& listener);

}  // namespace allot::backtest
