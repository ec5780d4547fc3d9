// Leftovers in turns: round robin over the claims in some order, one lot a turn.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include "algorithms/kernel/kernel.hpp"
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

// The order of turns in which position and claim are the same.
struct InRankOrder {
    [[nodiscard]] std::size_t operator()(std::size_t position) const noexcept { return position; }
};

// What remains to be given, and the position whose turn it is.
template <SplitInteger Int>
struct Turns {
    Int leftover{};
    std::size_t next{0};
};

// One round: a lot to every claim that has room for one, until less than a lot remains. Returns how
// many claims took part.
template <SplitInteger Int, class Order>
std::size_t give_one_round(const Split<Int>& split, Turns<Int>& turns, std::span<Int> shares,
                           const Order& claim_at, std::string_view why) {
    const Int& lot = split.lot;
    Int leftover = turns.leftover;
    std::size_t served = 0;
    std::size_t end = 0;  // behind the last position that was served
    const std::size_t count = shares.size();
    for (std::size_t at = 0; at < count && leftover >= lot;) {
        if constexpr (std::is_same_v<Int, std::int64_t> && std::is_same_v<Order, InRankOrder>) {
            if (split.explanation == nullptr) {
                const std::size_t given = kernel::give_to_groups(leftover, split.room.subspan(at),
                                                                 lot, shares.subspan(at));
                leftover -= static_cast<std::int64_t>(given) * lot;
                served += given;
                at += given;
                end = given > 0 ? at : end;
            }
        }
        // Up to a group that the kernel did not take.
        const std::size_t behind = std::min(count, at + kernel::claims_per_group);
        for (; at < behind && leftover >= lot; ++at) {
            const std::size_t claim = claim_at(at);
            if (split.room[claim] - shares[claim] >= lot) {
                shares[claim] += lot;
                leftover -= lot;
                end = at + 1;
                ++served;
                explain_turn(split, claim, lot, why);
            }
        }
    }
    turns = {leftover, end == count ? 0 : end};
    return served;
}

// Further rounds among those that still have room. Only claims that are no whole lots come to
// this: 981 over 1000 and ten claims of 9, lot 10.
template <SplitInteger Int, class Order>
void give_more_rounds(const Split<Int>& split, Turns<Int>& turns, std::span<Int> shares,
                      const Order& claim_at, std::string_view why) {
    const Int& lot = split.lot;
    std::vector<std::size_t> with_room;  // positions
    for (std::size_t at = 0; at < shares.size(); ++at) {
        if (split.room[claim_at(at)] - shares[claim_at(at)] >= lot) {
            with_room.push_back(at);
        }
    }
    while (turns.leftover >= lot && !with_room.empty()) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < with_room.size(); ++i) {
            if (turns.leftover < lot) {
                return;  // the last whole lot is given
            }
            const std::size_t claim = claim_at(with_room[i]);
            shares[claim] += lot;
            turns.leftover -= lot;
            explain_turn(split, claim, lot, why);
            turns.next = with_room[i] + 1 == shares.size() ? 0 : with_room[i] + 1;
            if (split.room[claim] - shares[claim] >= lot) {
                with_room[kept++] = with_room[i];
            }
        }
        with_room.resize(kept);
    }
}

// Adds `leftover` to the shares in turns. claim_at(position) is a permutation of the claims, from
// position 0 to count - 1. Each turn gives one lot to the next claim that has room for a whole lot.
// When less than a lot remains, or no claim has room for one, the turns go on with what is left:
// the next claim takes as much as it has room for.
// Precondition: 0 <= leftover <= sum of (room - share). Complexity: O(claims + leftover in lots).
// Takes memory only when one round is not enough.
template <SplitInteger Int, class Order>
void give_in_turns(const Split<Int>& split, const Int& leftover, std::span<Int> shares,
                   const Order& claim_at, std::string_view why) {
    Turns<Int> turns{leftover, 0};
    if (give_one_round(split, turns, shares, claim_at, why) > 0 && turns.leftover >= split.lot) {
        give_more_rounds(split, turns, shares, claim_at, why);
    }
    while (turns.leftover > Int{0}) {
        const std::size_t claim = claim_at(turns.next);
        const Int room = split.room[claim] - shares[claim];
        const Int part = room < turns.leftover ? room : turns.leftover;
        shares[claim] += part;
        turns.leftover -= part;
        explain_turn(split, claim, part, "the tail, less than a lot");
        turns.next = turns.next + 1 == shares.size() ? 0 : turns.next + 1;
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
