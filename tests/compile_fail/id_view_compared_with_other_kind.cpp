// A view of an order id is no block id either.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/id.hpp"

#ifdef ALLOT_CONTROL
bool is_same(const allot::IdView<allot::Order>& a, const allot::OrderId& b) {
    return a == b;
}
#else
bool is_same(const allot::IdView<allot::Order>& a, const allot::BlockId& b) {
    return a == b;
}
#endif
