// A number of units is no price.
// expect: no matching (function|constructor|conversion)
#include "allot/price.hpp"

#ifdef ALLOT_CONTROL
auto price_of(const allot::Decimal& amount) {
    return allot::Price{amount};
}
#else
auto price_of(const allot::Quantity& amount) {
    return allot::Price{amount};
}
#endif
