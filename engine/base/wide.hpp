// The 512-bit unsigned integer for the rare numbers that 128 bits do not hold. Slow to compile:
// include it in source files of engine/base only.
#pragma once

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <cstdint>

#include "engine/base/uint128.hpp"

namespace allot::detail {

// Checked: what does not fit throws instead of wrapping. 512 bits hold every intermediate value
// of the library: |mantissa| * 10^56 and the product of two 256-bit integers.
using Wide = boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<512, 512, boost::multiprecision::unsigned_magnitude,
                                           boost::multiprecision::checked, void>,
    boost::multiprecision::et_off>;

static_assert(sizeof(boost::multiprecision::limb_type) == sizeof(std::uint64_t));

template <std::size_t Count>
[[nodiscard]] Wide to_wide(const std::array<std::uint64_t, Count>& limbs) {
    static_assert(Count <= 8);
    Wide wide;
    wide.backend().resize(static_cast<unsigned>(Count), static_cast<unsigned>(Count));
    for (std::size_t i = 0; i < Count; ++i) {
        wide.backend().limbs()[i] = limbs[i];
    }
    wide.backend().normalize();
    return wide;
}

[[nodiscard]] inline Wide to_wide(Uint128 value) {
    return to_wide(std::array<std::uint64_t, 2>{low_half(value), high_half(value)});
}

// The low Count limbs of `wide`, least significant first. Returns false when there are more.
template <std::size_t Count>
[[nodiscard]] bool to_limbs(const Wide& wide, std::array<std::uint64_t, Count>& limbs) {
    const std::size_t used = wide.backend().size();
    if (used > Count) {
        return false;
    }
    for (std::size_t i = 0; i < Count; ++i) {
        limbs[i] = i < used ? wide.backend().limbs()[i] : 0;
    }
    return true;
}

// Precondition: exponent >= 0. Throws std::overflow_error above 154.
[[nodiscard]] inline Wide wide_power_of_ten(int exponent) {
    Wide power = 1;
    for (; exponent > max_power_of_ten; exponent -= max_power_of_ten) {
        power *= to_wide(power_of_ten(max_power_of_ten));
    }
    return power * to_wide(power_of_ten(exponent));
}

}  // namespace allot::detail
