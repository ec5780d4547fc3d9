// A decimal may be negative, so it becomes a quantity through a check only.
// expect: no matching (function|constructor|conversion)
#include "allot/quantity.hpp"

#ifdef ALLOT_CONTROL
auto quantity_of(const allot::Decimal& units) {
    return allot::Quantity::from(units);
}
#else
auto quantity_of(const allot::Decimal& units) {
    return allot::Quantity{units};
}
#endif
