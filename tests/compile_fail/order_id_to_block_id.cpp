// The id of an order is not the id of a block.
// expect: could not convert|no viable conversion
#include "allot/id.hpp"

#ifdef ALLOT_CONTROL
allot::BlockId copied(const allot::BlockId& id) {
    return id;
}
#else
allot::BlockId copied(const allot::OrderId& id) {
    return id;
}
#endif
