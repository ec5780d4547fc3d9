// Exact fractions for the oracles: nothing here comes from the library.
#pragma once

// g++ 12 makes up uninitialised members inside Boost's numbers when it inlines much.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <boost/multiprecision/cpp_int.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#include <algorithm>
#include <stdexcept>
#include <string>

namespace oracle {

using Whole = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>,
                                            boost::multiprecision::et_off>;
using Rational = boost::multiprecision::number<
    boost::multiprecision::rational_adaptor<boost::multiprecision::cpp_int_backend<>>,
    boost::multiprecision::et_off>;

inline Whole power_of_ten(int exponent) {
    return boost::multiprecision::pow(Whole{10}, static_cast<unsigned>(exponent));
}

// Reads "-12.5e-3" and the like; the text is trusted.
inline Rational rational(const std::string& text) {
    const std::size_t exponent_at = text.find_first_of("eE");
    int exponent = exponent_at == std::string::npos ? 0 : std::stoi(text.substr(exponent_at + 1));
    std::string digits;
    bool after_point = false;
    for (const char c : text.substr(0, exponent_at)) {
        if (c == '.') {
            after_point = true;
        } else if (c != '-') {
            digits += c;
            exponent -= after_point ? 1 : 0;
        }
    }
    // A leading zero would make the text octal.
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    Rational value{Whole{digits}};
    value = exponent < 0 ? Rational{value / Rational{power_of_ten(-exponent)}}
                         : Rational{value * Rational{power_of_ten(exponent)}};
    return text[0] == '-' ? Rational{-value} : value;
}

// The largest whole number that is not above a value of zero or more.
inline Whole floor_of(const Rational& value) {
    return numerator(value) / denominator(value);
}

// Decimal digits of a value that has finitely many, without trailing zeros.
inline std::string decimal_text(const Rational& value) {
    Rational scaled = value < 0 ? Rational{-value} : value;
    int scale = 0;
    for (; denominator(scaled) != 1; ++scale) {
        if (scale > 200) {
            throw std::logic_error{"no finite decimal: " + value.str()};
        }
        scaled *= 10;
    }
    std::string digits = Whole{numerator(scaled)}.str();
    if (scale > 0) {
        const auto places = static_cast<std::size_t>(scale);
        if (digits.size() <= places) {
            digits.insert(0, places + 1 - digits.size(), '0');
        }
        digits.insert(digits.size() - places, ".");
    }
    return value < 0 ? "-" + digits : digits;
}

// Whether the decimals of the library (36 digits, 28 places) can hold the value.
inline bool fits_a_decimal(const Rational& value) {
    const std::string text = decimal_text(value);
    const std::size_t point = text.find('.');
    const std::size_t places = point == std::string::npos ? 0 : text.size() - point - 1;
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            digits += c;
        }
    }
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return places <= 28 && digits.size() <= 36;
}

// A value of zero or more rounded to `places`, halves to the even neighbour.
inline Rational rounded_half_even(const Rational& value, int places) {
    const Rational scaled = value * Rational{power_of_ten(places)};
    Whole whole = floor_of(scaled);
    const Rational rest = scaled - Rational{whole};
    const Rational half{1, 2};
    if (rest > half || (rest == half && whole % 2 == 1)) {
        whole += 1;
    }
    return Rational{whole} / Rational{power_of_ten(places)};
}

}  // namespace oracle
