// An id without a kind gets one only where somebody says so.
// expect: could not convert|no viable conversion
#include "allot/id.hpp"

#ifdef ALLOT_CONTROL
allot::OrderId order_id(const allot::ResourceId& id) {
    return allot::OrderId{id};
}
#else
allot::OrderId order_id(const allot::ResourceId& id) {
    return id;
}
#endif
