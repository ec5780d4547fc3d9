// Ids of different kinds have no order.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/id.hpp"

#ifdef ALLOT_CONTROL
bool is_less(const allot::OrderId& a, const allot::OrderId& b) {
    return a < b;
}
#else
bool is_less(const allot::OrderId& a, const allot::BlockId& b) {
    return a < b;
}
#endif
