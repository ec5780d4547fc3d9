// Leftovers in turns: round robin over the claims in some order, one lot a turn.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "algorithms/parts.hpp"
#include "algorithms/share_out.hpp"

namespace allot::algorithms {

// Notes one turn for those who ask how a share came about.
template <SplitInteger Int>
void explain_turn(const Split<Int>& split, std::size_t claim, const Int& units,
                  std::string_view why) {
    if (split.explanation != nullptr && units > Int{0}) {
        split.explanation->add(claim, StepKind::turn, widened(units), std::string{why});
    }
}

// Adds `leftover` to the shares in turns. claim_at(position) is a permutation of the claims, from
// position 0 to count - 1. Each turn gives one lot to the next claim that has room for a whole lot.
// When less than a lot remains, or no claim has room for one, the turns go on with what is left:
// the next claim takes as much as it has room for.
// Precondition: 0 <= leftover <= sum of (room - share). Complexity: O(claims + leftover in lots).
template <SplitInteger Int, class Order>
void give_in_turns(const Split<Int>& split, Int leftover, std::span<Int> shares,
                   const Order& claim_at, std::string_view why) {
    const std::size_t count = shares.size();
    if (count == 0) {
        return;
    }
    const Int& lot = split.lot;
    std::size_t cursor = 0;              // position at which the cycle stands
    std::vector<std::size_t> with_room;  // positions that had room for a whole lot at the last look
    if (leftover >= lot) {
        with_room.reserve(count);
        for (std::size_t at = 0; at < count; ++at) {
            const std::size_t claim = claim_at(at);
            if (split.room[claim] - shares[claim] >= lot) {
                with_room.push_back(at);
            }
        }
    }
    while (leftover >= lot && !with_room.empty()) {
        std::size_t kept = 0;
        std::size_t at = 0;
        for (; at < with_room.size() && leftover >= lot; ++at) {
            const std::size_t claim = claim_at(with_room[at]);
            shares[claim] += lot;
            leftover -= lot;
            explain_turn(split, claim, lot, why);
            cursor = (with_room[at] + 1) % count;
            if (split.room[claim] - shares[claim] >= lot) {
                with_room[kept++] = with_room[at];
            }
        }
        if (at < with_room.size()) {
            break;  // the last whole lot is given
        }
        with_room.resize(kept);
    }
    for (; leftover > Int{0}; cursor = (cursor + 1) % count) {
        const std::size_t claim = claim_at(cursor);
        const Int room = split.room[claim] - shares[claim];
        const Int part = room < leftover ? room : leftover;
        shares[claim] += part;
        leftover -= part;
        explain_turn(split, claim, part, "the tail, less than a lot");
    }
}

// Gives each claim in turn all it has room for. Returns what is left.
// Precondition: leftover >= 0. Complexity: O(claims).
template <SplitInteger Int, class Accepts>
[[nodiscard]] Int fill_in_rank_order(const Split<Int>& split, Int leftover, std::span<Int> shares,
                                     const Accepts& accepts, std::string_view why) {
    for (std::size_t claim = 0; claim < shares.size() && leftover > Int{0}; ++claim) {
        if (!accepts(claim)) {
            continue;
        }
        const Int room = split.room[claim] - shares[claim];
        const Int part = room < leftover ? room : leftover;
        shares[claim] += part;
        leftover -= part;
        explain_turn(split, claim, part, why);
    }
    return leftover;
}

}  // namespace allot::algorithms
