// The cumulative rules as a person with a pencil would do them: one unit, or one lot, at a time, in
// exact fractions. Nothing here comes from the library.
#pragma once

#include <string>
#include <vector>

#include "oracle/rational.hpp"

namespace oracle {

// What stands on the sheet of paper. All lists go by claim in rank order.
struct CumulativeState {
    std::vector<Rational> ordered{};
    std::vector<Rational> allocated{};
    std::vector<Rational> baseline{};
    std::vector<Rational> room{};  // what each may still get
    Rational lot{1};
};

// Gives `quantity` to the claims of `state` under the rule `code`, in pieces of at most `piece`:
// with one unit as piece, unit by unit. What nobody has room for is not given.
void give_cumulatively(const std::string& code, CumulativeState& state, Rational quantity,
                       const Rational& piece);

// Whether the rule gives the claim `first`, having `first_lots`, a lot before `second`.
bool divisor_prefers(const std::string& code, const CumulativeState& state, std::size_t first,
                     const Whole& first_lots, std::size_t second, const Whole& second_lots);

// The greatest distance, in lots, of any claim from its exact share of all since the baseline.
Rational worst_distance(const CumulativeState& state);

}  // namespace oracle
