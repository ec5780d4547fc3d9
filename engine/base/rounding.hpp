// The one place that says what each Rounding does.
#pragma once

#include "allot/decimal.hpp"

namespace allot::detail {

// Whether |numerator| / divisor, cut down to a whole number with `remainder` left over, becomes one
// larger in magnitude. `odd` and `negative` speak of the quotient that was cut.
template <class Unsigned>
[[nodiscard]] bool rounds_away(const Unsigned& remainder, const Unsigned& divisor, bool odd,
                               bool negative, Rounding rounding) {
    if (remainder == 0) {
        return false;
    }
    // remainder < divisor, so the difference cannot wrap as twice the remainder could.
    const Unsigned missing = divisor - remainder;
    switch (rounding) {
        case Rounding::down:
            return false;
        case Rounding::up:
            return true;
        case Rounding::half_even:
            return remainder > missing || (remainder == missing && odd);
        case Rounding::half_up:
            return remainder >= missing;
        case Rounding::toward_house:
            return negative;
        case Rounding::toward_client:
            return !negative;
    }
    return false;
}

}  // namespace allot::detail
