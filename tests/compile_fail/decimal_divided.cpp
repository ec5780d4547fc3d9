// A quotient exists only with a stated scale and rounding.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/decimal.hpp"

#ifdef ALLOT_CONTROL
auto quotient(const allot::Decimal& a, const allot::Decimal& b) {
    return divide(a, b, 2, allot::Rounding::half_even);
}
#else
auto quotient(const allot::Decimal& a, const allot::Decimal& b) {
    return a / b;
}
#endif
