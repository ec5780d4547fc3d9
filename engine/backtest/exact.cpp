// Fractions of whole numbers of any size, rounded once.
#include "engine/backtest/exact.hpp"

#include <cmath>
#include <string>

namespace allot::backtest {

Natural power_of_ten(int exponent) {
    Natural power = 1;
    for (int i = 0; i < exponent; ++i) {
        power *= 10;
    }
    return power;
}

Decimal rounded(const Natural& numerator, const Natural& denominator, int scale, int places) {
    const bool is_negative = numerator < 0;
    Natural top = is_negative ? Natural{-numerator} : numerator;
    Natural bottom = denominator;
    if (places >= scale) {
        top *= power_of_ten(places - scale);
    } else {
        bottom *= power_of_ten(scale - places);
    }
    Natural quotient = top / bottom;
    const Natural twice = 2 * Natural{top - quotient * bottom};
    if (twice > bottom || (twice == bottom && (quotient & 1) != 0)) {
        quotient += 1;
    }
    const Natural most = Natural{1} << 120U;
    for (; quotient >= most && places > 0 && quotient % 10 == 0; --places) {
        quotient /= 10;
    }
    Result<Decimal> value =
        quotient < most ? Decimal::from_mantissa(
                              is_negative, static_cast<std::uint64_t>(quotient >> 64U),
                              static_cast<std::uint64_t>(quotient & ~std::uint64_t{0}), places)
                        : Result<Decimal>{Unexpected{Error{}}};
    if (!value) {
        throw Refusal{Error{ErrorCode::total_is_out_of_range,
                            "measure",
                            {},
                            {},
                            quotient.str().substr(0, 40) + " / 10^" + std::to_string(places),
                            "at most 36 digits",
                            {}}};
    }
    return *std::move(value);
}

Natural mantissa(const Decimal& value, int scale) {
    Natural out = value.mantissa_high();
    out <<= 64U;
    out += value.mantissa_low();
    out *= power_of_ten(scale - value.scale());
    return value.sign() < 0 ? Natural{-out} : out;
}

double nearest(const Natural& numerator, const Natural& denominator) {  // statistic
    // Scaled so that the quotient has more digits than a floating-point number can show.
    constexpr unsigned more = 128;
    const Natural quotient = (numerator << more) / denominator;
    return std::ldexp(quotient.convert_to<double>(), -static_cast<int>(more));  // statistic
}

double nearest(const Decimal& value) {  // statistic
    return nearest(mantissa(value, value.scale()), power_of_ten(value.scale()));
}

}  // namespace allot::backtest
