// Steps: how one block came to where it was worst, fill by fill.
#pragma once

#include <optional>
#include <span>

#include "engine/backtest/period.hpp"

namespace allot::backtest {

// Replays the block of `outcome` once more and keeps what its fills gave: the first, those around
// the worst, and the last. `algorithm` is nullptr for stored allocations; `allocated` what orders
// of the period had before it. nullopt: the period has no such block.
[[nodiscard]] std::optional<BlockSteps> steps_of(const Period& period, const RunRequest& request,
                                                 const Algorithm* algorithm,
                                                 std::span<const Quantity> allocated,
                                                 const BlockOutcome& outcome);

}  // namespace allot::backtest
