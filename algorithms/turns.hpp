// Leftovers in turns: round robin over the claims in some order, one lot a turn.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
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

// Many rounds of turns at once: as many as whole lots are there for, each claim taking part until
// it has no room for another lot. `open` are the positions of those that have room for one, in
// order. Returns the position behind the one that receives the last lot.
// Complexity: O(claims x bits of the leftover in lots).
template <SplitInteger Int, class Order>
std::size_t give_rounds(const Split<Int>& split, Int& leftover, std::span<Int> shares,
                        std::span<const std::size_t> open, const Order& claim_at,
                        std::string_view why) {
    const Int& lot = split.lot;
    const Int lots = leftover / lot;
    std::vector<Int> most;  // lots that each still has room for
    most.reserve(open.size());
    for (const std::size_t at : open) {
        most.push_back((split.room[claim_at(at)] - shares[claim_at(at)]) / lot);
    }
    const auto given_in = [&most](const Int& rounds) {
        Int sum{0};
        for (const Int& own : most) {
            sum += own < rounds ? own : rounds;
        }
        return sum;
    };
    const Int largest = *std::max_element(most.begin(), most.end());
    Int rounds{0};
    for (Int above = lots < largest ? lots : largest; rounds < above;) {
        const Int middle = above - (above - rounds) / Int{2};
        if (given_in(middle) <= lots) {
            rounds = middle;
        } else {
            above = middle - Int{1};
        }
    }
    std::size_t last = 0;
    for (std::size_t i = 0; i < open.size(); ++i) {
        const Int turns = most[i] < rounds ? most[i] : rounds;
        shares[claim_at(open[i])] += turns * lot;
        leftover -= turns * lot;
        explain_turn(split, claim_at(open[i]), Int{turns * lot}, why);
        last = rounds > Int{0} && most[i] >= rounds ? open[i] : last;
    }
    for (std::size_t i = 0; i < open.size() && leftover >= lot; ++i) {
        if (most[i] > rounds) {
            shares[claim_at(open[i])] += lot;
            leftover -= lot;
            explain_turn(split, claim_at(open[i]), lot, why);
            last = open[i];
        }
    }
    return last + 1;
}

// Adds `leftover` to the shares in turns. claim_at(position) is a permutation of the claims, from
// position 0 to count - 1. Each turn gives one lot to the next claim that has room for a whole lot.
// When less than a lot remains, or no claim has room for one, the turns go on with what is left:
// the next claim takes as much as it has room for.
// Precondition: 0 <= leftover <= sum of (room - share). Complexity: O(claims) when one round is
// enough, which is usual, else O(claims x bits of the leftover in lots).
template <SplitInteger Int, class Order>
void give_in_turns(const Split<Int>& split, const Int& leftover, std::span<Int> shares,
                   const Order& claim_at, std::string_view why) {
    Turns<Int> turns{leftover, 0};
    if (give_one_round(split, turns, shares, claim_at, why) > 0 && turns.leftover >= split.lot) {
        // Only claims that are no whole lots come to this: 981 over 1000 and ten of 9, lot 10.
        std::vector<std::size_t> open;
        for (std::size_t at = 0; at < shares.size(); ++at) {
            if (split.room[claim_at(at)] - shares[claim_at(at)] >= split.lot) {
                open.push_back(at);
            }
        }
        if (!open.empty()) {
            turns.next = give_rounds(split, turns.leftover, shares,
                                     std::span<const std::size_t>{open}, claim_at, why) %
                         shares.size();
        }
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
