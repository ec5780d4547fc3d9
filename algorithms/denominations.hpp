// Bonds: minimum denomination, increment and leave-behind, over any rule.
#pragma once

#include <span>

#include "allot/algorithm.hpp"

namespace allot::algorithms {

// What an order that is not filled may have in all: nothing new, or a total of at least
// split.denomination, a multiple of split.increment (else of the lot), that leaves at least
// split.leave outstanding. Returns the largest share up to `most` that the claim may have.
// Precondition: 0 <= most <= room. Complexity: O(1).
template <SplitInteger Int>
[[nodiscard]] Int largest_valid_share(const Split<Int>& split, std::size_t claim, const Int& most);

// The smallest share above zero that the claim may have; its outstanding quantity when only
// filling it is left, whatever its room. Complexity: O(1).
template <SplitInteger Int>
[[nodiscard]] Int smallest_valid_share(const Split<Int>& split, std::size_t claim);

// Lets `rule` split, rounds every share down to a valid one, and splits again without the youngest
// of those that would get nothing, until all that get something may have it. What is then left is
// offered in rank order to whoever may have more. What nobody may have stays unallocated.
// The search does not try every set of claims (that is a knapsack): what it leaves no single claim
// could take. Complexity: O(rounds x that of the rule), at most about 40 log(claims) rounds.
[[nodiscard]] Result<void> split_within_denominations(const Algorithm& rule,
                                                      const Split<std::int64_t>& split,
                                                      std::span<std::int64_t> shares);
[[nodiscard]] Result<void> split_within_denominations(const Algorithm& rule,
                                                      const Split<Int256>& split,
                                                      std::span<Int256> shares);

}  // namespace allot::algorithms
