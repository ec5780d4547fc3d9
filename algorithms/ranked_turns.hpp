// Leftovers in turns, the claims ranked by a key: by size, by largest fraction.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>

#include "algorithms/scratch.hpp"
#include "algorithms/turns.hpp"

namespace allot::algorithms {

// Adds `leftover` in turns, the claim that comes first in the order `compare` (a claim that is less
// than another comes before it), equal ones in rank order.
// When there are fewer lots than claims with room for one, which is usual, it does not matter in
// which order those that come first receive theirs, so they are only told apart from the others.
// Precondition: as give_in_turns(). Complexity: O(claims) as a rule, else O(claims log claims +
// leftover in lots).
template <SplitInteger Int, class Compare>
void give_by_key(const Split<Int>& split, const Int& leftover, std::span<Int> shares,
                 const Compare& compare, std::string_view why) {
    const auto comes_first = [&](std::size_t a, std::size_t b) {
        const std::strong_ordering order = compare(a, b);
        return order < 0 || (order == 0 && a < b);
    };
    Scratch<std::size_t> list{shares.size()};
    std::span<std::size_t> order = list.span();
    std::size_t open = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        order[open] = i;
        open += split.room[i] - shares[i] >= split.lot ? std::size_t{1} : std::size_t{0};
    }
    order = order.first(open);
    const bool is_whole = leftover % split.lot == Int{0};
    if (is_whole && split.explanation == nullptr && !order.empty() &&
        leftover / split.lot <= Int{static_cast<std::int64_t>(order.size())}) {
        std::size_t lots = 0;
        for (Int given{0}; given < leftover; given += split.lot) {
            ++lots;
        }
        if (lots < order.size()) {
            std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(lots),
                             order.end(), comes_first);
        }
        for (std::size_t at = 0; at < lots; ++at) {
            shares[order[at]] += split.lot;
        }
        return;
    }
    order = list.span();
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), comes_first);
    give_in_turns(
        split, leftover, shares, [&order](std::size_t at) { return order[at]; }, why);
}

}  // namespace allot::algorithms
