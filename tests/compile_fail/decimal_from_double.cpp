// 0.1 is not one tenth: binary floating point cannot get into a decimal.
// expect: use of deleted function|call to deleted constructor
#include "allot/decimal.hpp"

#ifdef ALLOT_CONTROL
const allot::Decimal five{5};
#else
const allot::Decimal five{5.0};
#endif
