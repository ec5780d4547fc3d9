// The one theorem behind every width and form of the split kernel.
//
// Wanted: floor(E * r / D) for many r, where E and D stay the same (E is the quantity that is
// split, r a weight, D = sum of weights * lot). Let 0 <= E < D, 0 <= r <= R, R * D <= 2^k, and
// m = ceil(E * 2^k / D). Then floor(m * r / 2^k) = floor(E * r / D).
//
// Proof. m = (E * 2^k + c) / D with 0 <= c < D, so m * r / 2^k = E * r / D + c * r / (D * 2^k). The
// last term is at least 0 and below r / 2^k <= 1 / D. E * r / D is a whole number plus at most
// (D - 1) / D; adding less than 1 / D does not reach the next whole number. And m < 2^k, because
// E <= D - 1 and D <= 2^k.
//
// So a split costs one division, and a claim costs the high half of one product: nothing to
// repair, no branch, no floating point. R is the sum of weights, and k is the number of bits of R
// and D together, rounded up to whole words.
#pragma once

#include "algorithms/kernel/words.hpp"

namespace allot::kernel {

// ceil(quantity * 2^(64 * Digits) / divisor). Precondition: quantity < divisor <=
// 2^(64 * Digits).
template <std::size_t Digits, std::size_t Count>
[[nodiscard]] inline Words<Digits> multiplier_of(const Words<Count>& quantity,
                                                 const Words<Count>& divisor) noexcept {
    const std::size_t shift = 64 * Count - width_in_bits(divisor);
    const Words<Count> scaled = shifted_left(divisor, shift);
    Words<Count> remainder = shifted_left(quantity, shift);
    Words<Digits> multiplier{};
    for (std::size_t i = Digits; i-- > 0;) {
        multiplier[i] = next_digit(remainder, scaled);
    }
    bool round_up = remainder != Words<Count>{};
    for (std::size_t i = 0; i < Digits && round_up; ++i) {
        round_up = ++multiplier[i] == 0;
    }
    return multiplier;
}

}  // namespace allot::kernel
