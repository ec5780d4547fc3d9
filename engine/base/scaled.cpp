// Decimals as whole counts of 10^-scale and back.
#include "engine/base/scaled.hpp"

#include "engine/base/limbs.hpp"
#include "engine/base/wide_decimal.hpp"

namespace allot::detail {

bool to_scaled(const Decimal& value, int scale, Int256& out) {
    const int shift = scale - value.scale();
    if (shift < 0) {
        return false;
    }
    // Two factors of 64 bits at most: 10^28 is 10^19 * 10^9.
    constexpr int first_part = 19;
    const int first = shift < first_part ? shift : first_part;
    Int256 units{Limbs{value.mantissa_low(), value.mantissa_high(), 0, 0}};
    units *= Int256{static_cast<std::uint64_t>(power_of_ten(first))};
    units *= Int256{static_cast<std::uint64_t>(power_of_ten(shift - first))};
    out = value.sign() < 0 ? Int256{} - units : units;
    return true;
}

Result<Decimal> from_scaled(std::int64_t units, int scale) {
    return Decimal::from_parts(units, scale);
}

Result<Decimal> from_scaled(const Int256& units, int scale) {
    const Limbs limbs = magnitude(units);
    Decimal out;
    const Fit fit =
        (limbs[2] | limbs[3]) == 0
            ? DecimalMaker::make(units.is_negative(), from_halves(limbs[1], limbs[0]), scale, out)
            : make_wide(units.is_negative(), to_wide(limbs), scale, out);
    if (fit != Fit::fits) {
        return Unexpected{misfit(fit, units.to_string() + " / 10^" + std::to_string(scale))};
    }
    return out;
}

bool to_quantity(const Int256& units, int scale, Quantity& out) {
    const Result<Decimal> decimal = from_scaled(units, scale);
    if (decimal) {
        out = Quantity::from(*decimal).value();
    }
    return decimal.has_value();
}

Result<Decimal> ratio_rounded(const Int256& numerator, const Int256& denominator, int scale,
                              Rounding rounding) {
    if (scale < 0 || scale > Decimal::max_scale) {
        return Unexpected{scale_error(scale)};
    }
    const auto text = [&] { return numerator.to_string() + " / " + denominator.to_string(); };
    if (denominator == Int256{}) {
        return Unexpected{Error{.code = ErrorCode::division_by_zero, .found = text()}};
    }
    const bool negative = numerator.is_negative() != denominator.is_negative();
    // 256 bits and the 94 of 10^28 stay below the 512 of Wide.
    const Wide quotient =
        rounded_quotient<Wide>(to_wide(magnitude(numerator)) * wide_power_of_ten(scale),
                               to_wide(magnitude(denominator)), negative, rounding);
    Decimal out;
    const Fit fit = make_wide(negative, quotient, scale, out);
    if (fit != Fit::fits) {
        return Unexpected{misfit(fit, text())};
    }
    return out;
}

}  // namespace allot::detail
