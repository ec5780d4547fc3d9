// Outcomes: what became of each placement, counted over all runs.
#pragma once

#include <optional>
#include <vector>

#include "allot/engine.hpp"
#include "engine/run/component.hpp"

namespace allot::run {

// nullopt when a sum is not a number that a Decimal holds. Complexity: O(claims + executions +
// shares). Thread safety: any thread.
[[nodiscard]] std::optional<PlacementOutcome> outcome_of(const BookData& book, const Usage& usage,
                                                         const Collection& collection,
                                                         const RunPlacement& placement,
                                                         const PlacementPlan& plan);

// Whether every sum that outcome_of() states is a decimal.
[[nodiscard]] bool has_outcome(const Collection& collection, const RunPlacement& placement,
                               const PlacementPlan& plan);

// More executed than the placement's own quantity?
[[nodiscard]] std::optional<Warning> warning_of(const BookData& book, const RunPlacement& placement,
                                                const PlacementOutcome& outcome);

}  // namespace allot::run
