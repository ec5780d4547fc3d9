// Held: what claims keep of fills when placements are split again, and what pins give them.
#pragma once

#include "engine/run/collect.hpp"

namespace allot::run {

// Fills Collection::held: what claims have of the executions of their placements by allocations
// that stay (`usage` knows no others), and what pins give them beside that. From then on
// RunOrder::allocated is without it. Placements whose claims hold something take part even when
// nothing is on offer.
// Errors: pin_does_not_fit, total_is_out_of_range.
// Complexity: O(claims + parts held + pins x executions).
[[nodiscard]] Result<void> hold(const BookData& book, const Usage& usage, const Pins& pins,
                                Collection& collection);

}  // namespace allot::run
