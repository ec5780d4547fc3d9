// An Int256 as sign and magnitude.
#pragma once

#include <array>
#include <cstdint>

#include "allot/integer.hpp"

namespace allot::detail {

using Limbs = std::array<std::uint64_t, 4>;  // least significant first

// The two's complement of `limbs`.
[[nodiscard]] constexpr Limbs negated(Limbs limbs) noexcept {
    std::uint64_t carry = 1;  // goes on as long as limbs come out zero
    for (std::uint64_t& limb : limbs) {
        limb = ~limb + carry;
        carry = carry != 0 && limb == 0 ? 1 : 0;
    }
    return limbs;
}

// |value|, which fits 256 bits unsigned for every value.
[[nodiscard]] constexpr Limbs magnitude(const Int256& value) noexcept {
    return value.is_negative() ? negated(value.limbs()) : value.limbs();
}

}  // namespace allot::detail
