// What decimal arithmetic and scaled integers share beyond 128 bits. Slow to compile: include it
// in source files of engine/base only.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "engine/base/decimal_maker.hpp"
#include "engine/base/rounding.hpp"
#include "engine/base/wide.hpp"

namespace allot::detail {

// mantissa / 10^scale. Precondition: scale >= 0. `out` is written when it fits.
[[nodiscard]] inline Fit make_wide(bool negative, Wide mantissa, int scale, Decimal& out) {
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    std::array<std::uint64_t, 2> limbs{};
    if (!to_limbs(mantissa, limbs)) {
        return Fit::too_many_digits;
    }
    return DecimalMaker::make(negative, from_halves(limbs[1], limbs[0]), scale, out);
}

// numerator / divisor, rounded to a whole number.
template <class Unsigned>
[[nodiscard]] Unsigned rounded_quotient(const Unsigned& numerator, const Unsigned& divisor,
                                        bool negative, Rounding rounding) {
    const Unsigned quotient = numerator / divisor;
    const Unsigned remainder = numerator - quotient * divisor;
    const bool odd = (quotient & 1U) != 0;
    const bool away = rounds_away(remainder, divisor, odd, negative, rounding);
    return away ? Unsigned(quotient + 1U) : quotient;
}

// The error for a scale outside 0 to 28.
[[nodiscard]] inline Error scale_error(int scale) {
    return {.code = ErrorCode::option_is_not_valid,
            .field = "scale",
            .found = std::to_string(scale),
            .expected = "0 to " + std::to_string(Decimal::max_scale)};
}

}  // namespace allot::detail
