// A truth value is no number.
// expect: no matching (function|constructor|conversion)
#include "allot/decimal.hpp"

#ifdef ALLOT_CONTROL
const allot::Decimal one{1};
#else
const allot::Decimal one{true};
#endif
