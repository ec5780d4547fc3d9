// Shared integer arithmetic of the rules: shares in proportion, rounded down to whole lots.
#pragma once

#include <span>

#include "algorithms/kernel/kernel.hpp"
#include "allot/integer.hpp"

namespace allot::algorithms {

template <SplitInteger Int>
[[nodiscard]] Int sum(std::span<const Int> values) {
    return kernel::sum(values);
}

// Writes floor((quantity * weights[i] / total) / lot) * lot for every i, exactly, and returns the
// sum of what was written.
// Precondition: all weights >= 0, total = their sum > 0, 0 <= quantity <= total, lot > 0; `weights`
// and `shares` do not overlap.
template <SplitInteger Int>
Int proportional_floor(const Int& quantity, std::span<const Int> weights, const Int& total,
                       const Int& lot, std::span<Int> shares) {
    return kernel::proportional_floor(quantity, weights, total, lot, shares);
}

}  // namespace allot::algorithms
