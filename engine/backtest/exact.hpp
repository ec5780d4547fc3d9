// Sums of products as fractions of whole numbers of any size, rounded once, at the end. Slow to
// compile: include it in source files only.
#pragma once

#include <type_traits>

#include "allot/decimal.hpp"
#include "engine/base/natural.hpp"

namespace allot::backtest {

__extension__ using Int128 = __int128;
using detail::Natural;  // has a sign

[[nodiscard]] inline Natural whole(std::int64_t value) {
    return Natural{value};
}
[[nodiscard]] inline Natural whole(const Int128& value) {
    const bool is_negative = value < 0;
    __extension__ using Uint128 = unsigned __int128;
    const Uint128 magnitude =
        is_negative ? ~static_cast<Uint128>(value) + 1 : static_cast<Uint128>(value);
    Natural out = static_cast<std::uint64_t>(magnitude >> 64U);
    out <<= 64U;
    out += static_cast<std::uint64_t>(magnitude);
    return is_negative ? Natural{-out} : out;
}
[[nodiscard]] inline const Natural& whole(const Natural& value) {
    return value;
}
[[nodiscard]] inline Natural whole(const Int256& value) {
    return value.is_negative() ? Natural{-detail::to_natural(Int256{0} - value)}
                               : detail::to_natural(value);
}

// 10^exponent. Precondition: exponent >= 0.
[[nodiscard]] Natural power_of_ten(int exponent);

// numerator / denominator * 10^-scale, rounded half_even to `places`. Throws Refusal
// (total_is_out_of_range) when that is no decimal. Precondition: denominator > 0, scale >= 0.
[[nodiscard]] Decimal rounded(const Natural& numerator, const Natural& denominator, int scale,
                              int places);

// The mantissa of `value` at `scale`. Precondition: value.scale() <= scale.
[[nodiscard]] Natural mantissa(const Decimal& value, int scale);

// The nearest floating-point number, for statistics.
[[nodiscard]] double nearest(const Natural& numerator, const Natural& denominator);  // statistic
[[nodiscard]] double nearest(const Decimal& value);                                  // statistic

}  // namespace allot::backtest
