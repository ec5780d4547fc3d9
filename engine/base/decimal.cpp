// Exact decimal arithmetic: 128 bits wherever they suffice, 512 where they do not.
#include "allot/decimal.hpp"

#include <algorithm>

#include "engine/base/decimal_maker.hpp"
#include "engine/base/wide_decimal.hpp"

namespace allot {

namespace detail {

Error misfit(Fit fit, std::string found) {
    if (fit == Fit::too_fine) {
        return {.code = ErrorCode::decimal_is_too_fine,
                .found = std::move(found),
                .expected =
                    "at most " + std::to_string(Decimal::max_scale) + " places after the point"};
    }
    return {.code = ErrorCode::decimal_has_too_many_digits,
            .found = std::move(found),
            .expected = "at most " + std::to_string(Decimal::max_digits) + " significant digits"};
}

}  // namespace detail

namespace {

using detail::DecimalMaker;
using detail::Fit;
using detail::make_wide;
using detail::mantissa_of;
using detail::multiply_fits;
using detail::power_of_ten;
using detail::rounded_quotient;
using detail::to_wide;
using detail::Uint128;
using detail::Wide;

[[nodiscard]] std::string operation_text(const Decimal& a, std::string_view sign,
                                         const Decimal& b) {
    std::string text;
    a.append_to(text);
    text.append(sign);
    b.append_to(text);
    return text;
}

// |a| and |b| as whole counts of 10^-scale, scale the larger of the two. Returns false when the
// one that is scaled up does not fit 128 bits; it is then larger than the other.
struct Aligned {
    Uint128 a{0};
    Uint128 b{0};
    int scale{0};
};
[[nodiscard]] bool align(const Decimal& a, const Decimal& b, Aligned& out) noexcept {
    out = {mantissa_of(a), mantissa_of(b), std::max(a.scale(), b.scale())};
    return multiply_fits(out.a, power_of_ten(out.scale - a.scale()), out.a) &&
           multiply_fits(out.b, power_of_ten(out.scale - b.scale()), out.b);
}

// A sum of two aligned numbers does not wrap: what is scaled up stays below 0.98 * 2^128, because
// no power of ten lies closer below a power of two, and what is not stays below 10^36.
static_assert([] {
    for (int exponent = 1; exponent <= Decimal::max_scale; ++exponent) {
        const Uint128 next_power_of_two = Uint128{1}
                                          << detail::width_in_bits(power_of_ten(exponent));
        if (power_of_ten(exponent) * 50 > next_power_of_two * 49) {
            return false;
        }
    }
    return detail::mantissa_limit < ~Uint128{0} / 50;
}());

// |a| <=> |b|.
[[nodiscard]] std::strong_ordering compare_magnitudes(const Decimal& a, const Decimal& b) noexcept {
    Aligned aligned;
    if (a.scale() == b.scale() || align(a, b, aligned)) {
        const Uint128 left = a.scale() == b.scale() ? mantissa_of(a) : aligned.a;
        const Uint128 right = a.scale() == b.scale() ? mantissa_of(b) : aligned.b;
        return left < right   ? std::strong_ordering::less
               : left > right ? std::strong_ordering::greater
                              : std::strong_ordering::equal;
    }
    // Scaled up, the coarser one is 2^127 or more; no mantissa reaches 2^120.
    return a.scale() < b.scale() ? std::strong_ordering::greater : std::strong_ordering::less;
}

[[nodiscard]] Fit sum(const Decimal& a, const Decimal& b, bool negate_b, Decimal& out) noexcept {
    out = a;
    if (!negate_b && DecimalMaker::add_small_whole(out, b)) {
        return Fit::fits;
    }
    if (a.is_zero() || b.is_zero()) {
        out = a.is_zero() ? (negate_b ? DecimalMaker::negated(b) : b) : a;
        return Fit::fits;
    }
    Aligned aligned;
    if (!align(a, b, aligned)) {
        // The finer one has a last digit other than zero, so the sum cannot be shortened, and
        // its magnitude lies above 2^127 - 10^36, more than 36 digits.
        return Fit::too_many_digits;
    }
    const bool a_negative = a.sign() < 0;
    const bool b_negative = (b.sign() < 0) != negate_b;
    if (a_negative == b_negative) {
        return DecimalMaker::make(a_negative, aligned.a + aligned.b, aligned.scale, out);
    }
    return aligned.a >= aligned.b
               ? DecimalMaker::make(a_negative, aligned.a - aligned.b, aligned.scale, out)
               : DecimalMaker::make(b_negative, aligned.b - aligned.a, aligned.scale, out);
}

[[nodiscard]] Fit product(const Decimal& a, const Decimal& b, Decimal& out) {
    const bool negative = a.sign() * b.sign() < 0;
    const int scale = a.scale() + b.scale();
    Uint128 magnitude = 0;
    if (multiply_fits(mantissa_of(a), mantissa_of(b), magnitude)) {
        return DecimalMaker::make(negative, magnitude, scale, out);
    }
    return make_wide(negative, to_wide(mantissa_of(a)) * to_wide(mantissa_of(b)), scale, out);
}

}  // namespace

Result<Decimal> Decimal::from_parts(std::int64_t mantissa, int scale) {
    const Decimal whole{mantissa};
    return from_mantissa(mantissa < 0, 0, whole.mantissa_low(), scale);
}

Result<Decimal> Decimal::from_mantissa(bool negative, std::uint64_t high, std::uint64_t low,
                                       int scale) {
    Decimal decimal;
    // Beyond these bounds the scale alone decides; cut, it cannot overflow.
    const int bounded = std::clamp(scale, -1000, 1000);
    const Fit fit = DecimalMaker::make(negative, detail::from_halves(high, low), bounded, decimal);
    if (fit != Fit::fits) {
        return Unexpected{detail::misfit(
            fit, "a mantissa of " + detail::to_wide(detail::from_halves(high, low)).str() +
                     " with scale " + std::to_string(scale))};
    }
    return decimal;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
    const int sign = a.sign();
    if (sign != b.sign()) {
        return sign <=> b.sign();
    }
    return sign < 0 ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

Decimal operator-(const Decimal& a) noexcept {
    return DecimalMaker::negated(a);
}

Decimal operator+(const Decimal& a, const Decimal& b) {
    return add(a, b).value();
}

Decimal operator-(const Decimal& a, const Decimal& b) {
    return subtract(a, b).value();
}

Decimal operator*(const Decimal& a, const Decimal& b) {
    return multiply(a, b).value();
}

Result<Decimal> add(const Decimal& a, const Decimal& b) {
    Decimal out;
    const Fit fit = sum(a, b, false, out);
    if (fit != Fit::fits) {
        return Unexpected{detail::misfit(fit, operation_text(a, " + ", b))};
    }
    return out;
}

Result<Decimal> subtract(const Decimal& a, const Decimal& b) {
    Decimal out;
    const Fit fit = sum(a, b, true, out);
    if (fit != Fit::fits) {
        return Unexpected{detail::misfit(fit, operation_text(a, " - ", b))};
    }
    return out;
}

Result<Decimal> multiply(const Decimal& a, const Decimal& b) {
    Decimal out;
    const Fit fit = product(a, b, out);
    if (fit != Fit::fits) {
        return Unexpected{detail::misfit(fit, operation_text(a, " * ", b))};
    }
    return out;
}

Result<Decimal> divide(const Decimal& a, const Decimal& b, int scale, Rounding rounding) {
    if (scale < 0 || scale > Decimal::max_scale) {
        return Unexpected{detail::scale_error(scale)};
    }
    if (b.is_zero()) {
        return Unexpected{
            Error{.code = ErrorCode::division_by_zero, .found = operation_text(a, " / ", b)}};
    }
    // a / b * 10^scale = |mantissa a| * 10^shift / |mantissa b|, shift from -28 to 56.
    const int shift = scale + b.scale() - a.scale();
    const int up = std::max(shift, 0);
    const int down = std::max(-shift, 0);
    const bool negative = a.sign() * b.sign() < 0;
    Decimal out;
    Fit fit = Fit::fits;
    Uint128 numerator = 0;
    Uint128 divisor = 0;
    if (up <= detail::max_power_of_ten &&
        multiply_fits(mantissa_of(a), power_of_ten(up), numerator) &&
        multiply_fits(mantissa_of(b), power_of_ten(down), divisor)) {
        fit = DecimalMaker::make(negative,
                                 rounded_quotient<Uint128>(numerator, divisor, negative, rounding),
                                 scale, out);
    } else {
        const Wide wide_numerator = to_wide(mantissa_of(a)) * detail::wide_power_of_ten(up);
        const Wide wide_divisor = to_wide(mantissa_of(b)) * detail::wide_power_of_ten(down);
        fit = make_wide(negative,
                        rounded_quotient<Wide>(wide_numerator, wide_divisor, negative, rounding),
                        scale, out);
    }
    if (fit != Fit::fits) {
        return Unexpected{detail::misfit(fit, operation_text(a, " / ", b))};
    }
    return out;
}

Result<Decimal> round(const Decimal& a, int scale, Rounding rounding) {
    if (scale < 0 || scale > Decimal::max_scale) {
        return Unexpected{detail::scale_error(scale)};
    }
    if (scale >= a.scale()) {
        return a;
    }
    const bool negative = a.sign() < 0;
    const Uint128 quotient = rounded_quotient<Uint128>(
        mantissa_of(a), power_of_ten(a.scale() - scale), negative, rounding);
    Decimal out;
    // At least one digit is dropped, so one more at the top still fits.
    (void)DecimalMaker::make(negative, quotient, scale, out);
    return out;
}

Result<LotQuotient> divide_into_lots(const Decimal& a, const Decimal& lot) {
    if (lot.sign() <= 0) {
        return Unexpected{Error{
            .code = lot.is_zero() ? ErrorCode::division_by_zero : ErrorCode::lot_is_not_positive,
            .field = "lot",
            .found = lot.to_string(),
            .expected = "more than zero"}};
    }
    const bool negative = a.sign() < 0;
    LotQuotient out;
    Fit fit = Fit::fits;
    Fit rest = Fit::fits;
    Aligned aligned;
    if (align(a, lot, aligned)) {
        fit = DecimalMaker::make(negative, aligned.a / aligned.b, 0, out.whole_lots);
        rest = DecimalMaker::make(negative, aligned.a % aligned.b, aligned.scale, out.remainder);
    } else {
        const int scale = std::max(a.scale(), lot.scale());
        const Wide units = to_wide(mantissa_of(a)) * detail::wide_power_of_ten(scale - a.scale());
        const Wide size =
            to_wide(mantissa_of(lot)) * detail::wide_power_of_ten(scale - lot.scale());
        fit = make_wide(negative, units / size, 0, out.whole_lots);
        rest = make_wide(negative, units % size, scale, out.remainder);
    }
    if (fit != Fit::fits || rest != Fit::fits) {
        return Unexpected{
            detail::misfit(fit != Fit::fits ? fit : rest, operation_text(a, " in lots of ", lot))};
    }
    return out;
}

}  // namespace allot

std::size_t std::hash<allot::Decimal>::operator()(const allot::Decimal& d) const noexcept {
    // Multiplication by a large odd constant spreads the few bits in which most numbers differ.
    constexpr std::uint64_t spread = 0x9E3779B97F4A7C15U;
    const auto scale = static_cast<std::uint64_t>(d.scale());
    const std::uint64_t rest =
        d.mantissa_high() ^ (scale << 58U) ^ (static_cast<std::uint64_t>(d.sign() < 0) << 63U);
    std::uint64_t mixed = (d.mantissa_low() ^ std::rotl(rest * spread, 32)) * spread;
    mixed ^= mixed >> 32U;
    return static_cast<std::size_t>(mixed);
}
