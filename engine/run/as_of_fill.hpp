// Claims as of the fill: an order claims from an execution with what it was when that was made.
#pragma once

#include "engine/run/collect.hpp"

namespace allot::run {

// Gives the orders of the placements that take part the changes that `timelines` knows, in place
// of what they are now. A placement with a claim of which is not known what it was fails as
// OrderChangedAfterExecution. What was allocated before the last change ahead of what is on offer
// becomes the baseline (spec section 6).
// Complexity: O(claims log claims + versions), and the earlier allocations where there is a change.
void claim_as_of_fill(const BookData& book, const Usage& usage, const Timelines& timelines,
                      Collection& collection);

}  // namespace allot::run
