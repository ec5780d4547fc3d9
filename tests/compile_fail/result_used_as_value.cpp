// A result is not its value: somebody must ask whether there is one.
// expect: cannot convert|could not convert|no viable conversion|conversion from
#include "allot/decimal.hpp"

#ifdef ALLOT_CONTROL
allot::Decimal one() {
    return allot::Decimal::parse("1").value();
}
#else
allot::Decimal one() {
    return allot::Decimal::parse("1");
}
#endif
