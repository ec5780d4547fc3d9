// The 128-bit unsigned integer in which decimals are computed, and its powers of ten.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace allot::detail {

__extension__ using Uint128 = unsigned __int128;

inline constexpr int max_power_of_ten = 38;  // the largest that fits 128 bits

inline constexpr std::array<Uint128, max_power_of_ten + 1> powers_of_ten = [] {
    std::array<Uint128, max_power_of_ten + 1> powers{};
    Uint128 power = 1;
    for (Uint128& entry : powers) {
        entry = power;
        power *= 10;
    }
    return powers;
}();

// Precondition: 0 <= exponent <= max_power_of_ten.
[[nodiscard]] constexpr Uint128 power_of_ten(int exponent) noexcept {
    return powers_of_ten[static_cast<std::size_t>(exponent)];
}

[[nodiscard]] constexpr std::uint64_t high_half(Uint128 value) noexcept {
    return static_cast<std::uint64_t>(value >> 64U);
}
[[nodiscard]] constexpr std::uint64_t low_half(Uint128 value) noexcept {
    return static_cast<std::uint64_t>(value);
}
[[nodiscard]] constexpr Uint128 from_halves(std::uint64_t high, std::uint64_t low) noexcept {
    return (static_cast<Uint128>(high) << 64U) | low;
}

[[nodiscard]] constexpr int width_in_bits(Uint128 value) noexcept {
    return high_half(value) != 0 ? 64 + static_cast<int>(std::bit_width(high_half(value)))
                                 : static_cast<int>(std::bit_width(low_half(value)));
}

// a * b when it surely fits 128 bits. Returns false, and leaves `product` alone, when the widths
// of the factors do not promise it.
[[nodiscard]] constexpr bool multiply_fits(Uint128 a, Uint128 b, Uint128& product) noexcept {
    if (width_in_bits(a) + width_in_bits(b) > 128) {
        return false;
    }
    product = a * b;
    return true;
}

}  // namespace allot::detail
