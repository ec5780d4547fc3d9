// A bare whole number does not turn into a quantity unasked.
// expect: could not convert|no viable conversion
#include "allot/quantity.hpp"

#ifdef ALLOT_CONTROL
allot::Quantity ten() {
    return allot::Quantity{10};
}
#else
allot::Quantity ten() {
    return 10;
}
#endif
