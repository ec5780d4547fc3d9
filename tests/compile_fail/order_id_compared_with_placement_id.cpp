// Ids of different kinds are never equal, so they do not compare.
// expect: no match for .operator|invalid operands to binary expression
#include "allot/id.hpp"

#ifdef ALLOT_CONTROL
bool is_same(const allot::OrderId& a, const allot::OrderId& b) {
    return a == b;
}
#else
bool is_same(const allot::OrderId& a, const allot::PlacementId& b) {
    return a == b;
}
#endif
