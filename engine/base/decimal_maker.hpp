// Puts decimals together from mantissa and scale: the only way in past the public checks.
#pragma once

#include <cstdint>

#include "allot/decimal.hpp"
#include "engine/base/uint128.hpp"

namespace allot::detail {

// Whether a number is a decimal of the library, and if not, which limit it breaks.
enum class Fit : std::uint8_t { fits, too_many_digits, too_fine };

inline constexpr Uint128 mantissa_limit = power_of_ten(Decimal::max_digits);

[[nodiscard]] inline Uint128 mantissa_of(const Decimal& decimal) noexcept {
    return from_halves(decimal.mantissa_high(), decimal.mantissa_low());
}

// Takes factors of ten out of `mantissa`, at most `scale` of them; `scale` says how many are left.
inline void strip_zeros(Uint128& mantissa, int& scale) noexcept {
    // An odd number is no multiple of ten, which spares most divisions; 64-bit division is much
    // cheaper than 128-bit division, which spares the rest.
    while (scale > 0 && high_half(mantissa) != 0 && (low_half(mantissa) & 1U) == 0 &&
           mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    if (high_half(mantissa) != 0) {
        return;
    }
    std::uint64_t small = low_half(mantissa);
    while (scale > 0 && (small & 1U) == 0 && small % 10 == 0) {
        small /= 10;
        --scale;
    }
    mantissa = small;
}

struct DecimalMaker {
    // Precondition: the parts are in normal form and within the limits.
    [[nodiscard]] static Decimal from_normal(bool negative, Uint128 mantissa, int scale) noexcept {
        Decimal decimal;
        decimal.low_ = low_half(mantissa);
        const auto places = static_cast<std::uint64_t>(scale);
        decimal.high_ = high_half(mantissa) | places * (std::uint64_t{1} << Decimal::scale_shift) |
                        (negative && mantissa != 0 ? Decimal::sign_bit : 0);
        return decimal;
    }

    // mantissa / 10^scale for any scale. `out` is written when it fits.
    [[nodiscard]] static Fit make(bool negative, Uint128 mantissa, int scale,
                                  Decimal& out) noexcept {
        if (mantissa == 0) {
            out = Decimal{};
            return Fit::fits;
        }
        if (scale < 0) {
            if (-scale >= Decimal::max_digits ||
                !multiply_fits(mantissa, power_of_ten(-scale), mantissa)) {
                return Fit::too_many_digits;
            }
            scale = 0;
        }
        strip_zeros(mantissa, scale);
        if (mantissa >= mantissa_limit) {
            return Fit::too_many_digits;
        }
        if (scale > Decimal::max_scale) {
            return Fit::too_fine;
        }
        out = from_normal(negative, mantissa, scale);
        return Fit::fits;
    }

    // Whether the number is whole, not negative and below 2^64.
    [[nodiscard]] static bool is_small_whole(const Decimal& decimal) noexcept {
        return decimal.high_ == 0;
    }

    // Adds `more` to `sum`, where both are small whole numbers and so is what comes out: what books
    // are made of. Else `sum` stays as it is.
    [[nodiscard]] static bool add_small_whole(Decimal& sum, const Decimal& more) noexcept {
        const std::uint64_t low = sum.low_ + more.low_;
        if ((sum.high_ | more.high_) != 0 || low < more.low_) {
            return false;
        }
        sum.low_ = low;
        return true;
    }

    [[nodiscard]] static Decimal negated(Decimal decimal) noexcept {
        if (!decimal.is_zero()) {
            decimal.high_ ^= Decimal::sign_bit;
        }
        return decimal;
    }
};

// The error for a number that does not fit; `found` names it.
[[nodiscard]] Error misfit(Fit fit, std::string found);

}  // namespace allot::detail
