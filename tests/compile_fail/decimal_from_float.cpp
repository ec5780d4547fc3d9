// A float is no better than a double.
// expect: use of deleted function|deleted
#include "allot/decimal.hpp"

#ifdef ALLOT_CONTROL
allot::Decimal half(const allot::Decimal& number) {
    return number * 2;
}
#else
allot::Decimal half(const allot::Decimal& number) {
    return number * 0.5F;
}
#endif
