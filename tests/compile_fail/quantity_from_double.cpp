// Binary floating point cannot get into a quantity.
// expect: no matching (function|constructor|conversion)
#include "allot/quantity.hpp"

#ifdef ALLOT_CONTROL
const allot::Quantity two{2};
#else
const allot::Quantity two{2.0};
#endif
