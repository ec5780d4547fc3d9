// How cumulative rules say which lot went where and why.
#include "algorithms/lot_notes.hpp"

#include <utility>

#include "engine/base/natural.hpp"

namespace allot::algorithms {

std::string fraction(const Int256& a, const Int256& b) {
    const detail::Natural above = detail::to_natural(a);
    const detail::Natural below = detail::to_natural(b);
    const detail::Natural common = boost::multiprecision::gcd(above, below);
    const std::string text = detail::Natural{above / common}.str();
    return below == common ? text : text + "/" + detail::Natural{below / common}.str();
}

std::string summary_of(const Int256& before, const Int256& after) {
    return Int256{after - before}.to_string() + " lots, from " + before.to_string() + " to " +
           after.to_string();
}

Error refusal(std::string_view code, std::string found, std::string expected) {
    return Error{ErrorCode::algorithm_refused, "algorithm", std::string{code}, "", std::move(found),
                 std::move(expected),          {}};
}

}  // namespace allot::algorithms
