// Binary floating point cannot get into a price.
// expect: use of deleted function|call to deleted constructor|deleted
#include "allot/price.hpp"

#ifdef ALLOT_CONTROL
const allot::Price price{allot::Decimal{1}};
#else
const allot::Price price{1.5};
#endif
