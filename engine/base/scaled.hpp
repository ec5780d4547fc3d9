// Decimals as whole counts of 10^-scale and back: the way into and out of a split.
#pragma once

#include <cstdint>

#include "allot/decimal.hpp"
#include "allot/integer.hpp"
#include "allot/quantity.hpp"
#include "engine/base/decimal_maker.hpp"

namespace allot::detail {

// Below this magnitude a split is computed in 64 bits.
inline constexpr std::int64_t narrow_limit = std::int64_t{1} << 62U;

// value * 10^scale. Returns false, and leaves `out` alone, when that is not a whole number or its
// magnitude is not below narrow_limit. Precondition: scale >= 0.
[[nodiscard]] inline bool to_scaled(const Decimal& value, int scale, std::int64_t& out) noexcept {
    constexpr int largest_shift = 18;  // 10^19 is above narrow_limit
    if (value.is_zero()) {
        out = 0;
        return true;
    }
    const int shift = scale - value.scale();
    if (shift < 0 || shift > largest_shift || value.mantissa_high() != 0) {
        return false;
    }
    const Uint128 units = static_cast<Uint128>(value.mantissa_low()) *
                          static_cast<std::uint64_t>(power_of_ten(shift));
    if (units >= static_cast<Uint128>(narrow_limit)) {
        return false;
    }
    const auto magnitude = static_cast<std::int64_t>(units);
    out = value.sign() < 0 ? -magnitude : magnitude;
    return true;
}

// value * 10^scale. Returns false, and leaves `out` alone, when that is not a whole number.
// Precondition: 0 <= scale <= 28; every such product fits.
[[nodiscard]] bool to_scaled(const Decimal& value, int scale, Int256& out);

// units / 10^scale. Errors: decimal_has_too_many_digits, decimal_is_too_fine.
[[nodiscard]] Result<Decimal> from_scaled(std::int64_t units, int scale);
[[nodiscard]] Result<Decimal> from_scaled(const Int256& units, int scale);

// Quantities without the check that they are not negative, where that is known.
struct QuantityMaker {
    // Precondition: units >= 0.
    [[nodiscard]] static Quantity make(const Decimal& units) noexcept {
        Quantity quantity;
        quantity.units_ = units;
        return quantity;
    }
    // sum + more where that is quick (DecimalMaker::add_small_whole), else false.
    [[nodiscard]] static bool add_small_whole(Quantity& sum, const Quantity& more) noexcept {
        return DecimalMaker::add_small_whole(sum.units_, more.units_);
    }
};

// The same as a quantity. `out` is written when it fits; in 64 bits it always does.
// Precondition: units >= 0, 0 <= scale <= 28.
[[nodiscard]] inline bool to_quantity(std::int64_t units, int scale, Quantity& out) noexcept {
    Decimal decimal{static_cast<std::uint64_t>(units)};
    if (scale != 0) {
        (void)DecimalMaker::make(false, static_cast<std::uint64_t>(units), scale, decimal);
    }
    out = QuantityMaker::make(decimal);
    return true;
}
[[nodiscard]] bool to_quantity(const Int256& units, int scale, Quantity& out);

// numerator / denominator rounded to `scale` places (0 to 28). Errors: division_by_zero,
// decimal_has_too_many_digits, option_is_not_valid (scale).
[[nodiscard]] Result<Decimal> ratio_rounded(const Int256& numerator, const Int256& denominator,
                                            int scale, Rounding rounding);

}  // namespace allot::detail
