// A refusal cannot be overlooked.
// expect: ignoring return
#include "allot/price.hpp"

#ifdef ALLOT_CONTROL
bool add_fill(allot::AveragePrice& average) {
    return average.add(allot::Quantity{1}, allot::Price{}).has_value();
}
#else
bool add_fill(allot::AveragePrice& average) {
    average.add(allot::Quantity{1}, allot::Price{});
    return true;
}
#endif
