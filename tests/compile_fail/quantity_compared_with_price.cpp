// Units and money do not compare.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/price.hpp"

#ifdef ALLOT_CONTROL
bool is_less(const allot::Quantity& a, const allot::Quantity& b) {
    return a < b;
}
#else
bool is_less(const allot::Quantity& a, const allot::Price& b) {
    return a < b;
}
#endif
