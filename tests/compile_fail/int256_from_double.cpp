// Floating point cannot get into a split.
// expect: no matching (function|constructor|conversion)
#include "allot/integer.hpp"

#ifdef ALLOT_CONTROL
const allot::Int256 two{2};
#else
const allot::Int256 two{2.0};
#endif
