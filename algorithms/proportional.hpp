// Shared integer arithmetic of the rules: shares in proportion, rounded down to whole lots.
#pragma once

#include <cstddef>
#include <span>

#include "allot/integer.hpp"

namespace allot::algorithms {

template <SplitInteger Int>
[[nodiscard]] Int sum(std::span<const Int> values) {
    Int total{0};
    for (const Int& value : values) {
        total += value;
    }
    return total;
}

// Writes floor((quantity * weights[i] / total) / lot) * lot for every i, exactly.
// Precondition: total = sum of weights > 0, 0 <= quantity <= total, lot > 0.
template <SplitInteger Int>
void proportional_floor(const Int& quantity, std::span<const Int> weights, const Int& total,
                        const Int& lot, std::span<Int> shares) {
    const bool has_single_units = lot == Int{1};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int exact = multiply_divide(quantity, weights[i], total);
        shares[i] = has_single_units ? exact : exact - exact % lot;
    }
}

}  // namespace allot::algorithms
