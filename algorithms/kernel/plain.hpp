// The plain twins of the split kernel: what it computes, said in the simplest way. The tests hold
// the kernel to them; no rule calls them.
#pragma once

#include <cstddef>
#include <span>

#include "allot/integer.hpp"

namespace allot::kernel::plain {

template <SplitInteger Int>
[[nodiscard]] Int sum(std::span<const Int> values) {
    Int total{0};
    for (const Int& value : values) {
        total += value;
    }
    return total;
}

// As kernel::proportional_floor. Precondition: the same.
template <SplitInteger Int>
Int proportional_floor(const Int& quantity, std::span<const Int> weights, const Int& total,
                       const Int& lot, std::span<Int> shares) {
    Int given{0};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int exact = multiply_divide(quantity, weights[i], total);
        shares[i] = exact - exact % lot;
        given += shares[i];
    }
    return given;
}

}  // namespace allot::kernel::plain
