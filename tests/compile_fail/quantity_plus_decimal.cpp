// A bare number has no unit, so it does not add to a quantity.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/quantity.hpp"

#ifdef ALLOT_CONTROL
auto sum(const allot::Quantity& a, const allot::Decimal& b) {
    return a.units() + b;
}
#else
auto sum(const allot::Quantity& a, const allot::Decimal& b) {
    return a + b;
}
#endif
