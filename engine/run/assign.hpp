// Assign: which fill goes to which order, when what each receives is fixed already.
#pragma once

#include "engine/run/plan.hpp"

namespace allot::run {

// Hands the fills of every placement out anew, apart by group (group.hpp): the order that ranks
// first takes from the highest price on, the lowest, or the earliest, as much as was split to it in
// the group; then the next. Prices that are equal are taken in time order. No order has more or
// less than before, and no fill gives more or less. Precondition: the method is high_low, low_high
// or fifo. Complexity: O(shares log shares).
void assign_fills(const BookData& book, PriceMethod method, Planned& planned);

}  // namespace allot::run
