// Units and money add up to nothing.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/price.hpp"

#ifdef ALLOT_CONTROL
auto sum(const allot::Quantity& a, const allot::Quantity& b) {
    return a + b;
}
#else
auto sum(const allot::Quantity& a, const allot::Price& b) {
    return a + b;
}
#endif
