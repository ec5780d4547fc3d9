// Rules are written over the two integer widths of a split and no other.
// expect: constraint
#include "allot/algorithm.hpp"

#ifdef ALLOT_CONTROL
std::size_t claims(const allot::Split<std::int64_t>& split) {
    return split.outstanding.size();
}
#else
std::size_t claims(const allot::Split<int>& split) {
    return split.outstanding.size();
}
#endif
