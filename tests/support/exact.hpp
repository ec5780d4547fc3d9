// Exact numbers to compare decimals with: rationals of any size, read and written naively and
// sharing no code with the library.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "allot/decimal.hpp"

namespace allot_test {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

inline Integer integer_power_of_ten(unsigned exponent) {
    return boost::multiprecision::pow(Integer{10}, exponent);
}

// Reads plain decimal text: "-12.5". No exponent.
inline Rational rational_of(std::string_view text) {
    Integer digits = 0;
    Integer divisor = 1;
    bool negative = false;
    bool after_point = false;
    for (const char c : text) {
        if (c == '-') {
            negative = true;
        } else if (c == '.') {
            after_point = true;
        } else {
            digits = digits * 10 + (c - '0');
            divisor = after_point ? Integer{divisor * 10} : divisor;
        }
    }
    return Rational{negative ? Integer{-digits} : digits, divisor};
}

inline Rational rational_of(const allot::Decimal& decimal) {
    return rational_of(decimal.to_string());
}

// What the library must say about an exact number: its text, or the limit that it breaks.
struct Verdict {
    std::string text{};
    std::optional<allot::ErrorCode> error{};

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline std::string plain_text(const Integer& mantissa, unsigned scale) {
    std::string digits = Integer{abs(mantissa)}.str();
    if (digits.size() <= scale) {
        digits.insert(0, scale + 1 - digits.size(), '0');
    }
    if (scale > 0) {
        digits.insert(digits.size() - scale, 1, '.');
    }
    return mantissa < 0 ? "-" + digits : digits;
}

// Precondition: `number` has at most 100 places after the point.
inline Verdict verdict_of(const Rational& number) {
    constexpr unsigned places = 100;
    Integer mantissa = numerator(number) * integer_power_of_ten(places) / denominator(number);
    unsigned scale = places;
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    if (abs(mantissa) >= integer_power_of_ten(36)) {
        return {{}, allot::ErrorCode::decimal_has_too_many_digits};
    }
    if (scale > 28) {
        return {{}, allot::ErrorCode::decimal_is_too_fine};
    }
    return {plain_text(mantissa, scale), {}};
}

inline Verdict verdict_of(const allot::Result<allot::Decimal>& result) {
    return result ? Verdict{result->to_string(), {}} : Verdict{{}, result.error().code};
}

inline Integer floor_of(const Rational& number) {
    Integer quotient = numerator(number) / denominator(number);
    return number < 0 && Rational{quotient} != number ? Integer{quotient - 1} : quotient;
}

// The whole number that `number` is rounded to.
inline Integer rounded(const Rational& number, allot::Rounding rounding) {
    const Integer below = floor_of(number);
    const Rational part = number - Rational{below};
    if (part == 0) {
        return below;
    }
    const Integer above = below + 1;
    const Rational half{1, 2};
    switch (rounding) {
        case allot::Rounding::down:
            return number < 0 ? above : below;
        case allot::Rounding::up:
            return number < 0 ? below : above;
        case allot::Rounding::toward_house:
            return below;
        case allot::Rounding::toward_client:
            return above;
        case allot::Rounding::half_up:
            if (part == half) {
                return number < 0 ? below : above;
            }
            return part < half ? below : above;
        case allot::Rounding::half_even:
            if (part == half) {
                return below % 2 == 0 ? below : above;
            }
            return part < half ? below : above;
    }
    return below;
}

inline Rational rounded_to(const Rational& number, unsigned scale, allot::Rounding rounding) {
    const Integer unit = integer_power_of_ten(scale);
    return Rational{rounded(number * unit, rounding), unit};
}

}  // namespace allot_test
