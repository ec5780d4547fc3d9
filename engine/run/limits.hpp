// Limits: what a claim may receive at most from one split, before a rule is asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "allot/algorithm.hpp"

namespace allot::run {

// Takes what exceeds `most` from a room.
template <SplitInteger Int>
void limit(Int& room, const Int& most) {
    const Int least = most > Int{0} ? most : Int{0};
    room = least < room ? least : room;
}

// Only whole lots: the room of every claim and what is available are rounded down, so that no rule
// can give anything else.
template <SplitInteger Int>
void keep_whole_lots(std::span<Int> room, Int& available, const Int& lot) {
    for (Int& most : room) {
        most -= most % lot;
    }
    available -= available % lot;
}

// The cap of a portfolio is divided over its claims by what they have outstanding, rounded down,
// and what that leaves over goes to the oldest (docs/decisions). `cap` is what the portfolio may
// still receive. Complexity: O(claims).
template <SplitInteger Int>
void divide_cap(const Int& cap, std::span<const std::size_t> claims,
                std::span<const Int> outstanding, std::span<Int> room) {
    Int total{0};
    for (const std::size_t claim : claims) {
        total += outstanding[claim];
    }
    if (total <= cap) {
        return;
    }
    std::vector<Int> parts;
    Int left = cap;
    for (const std::size_t claim : claims) {
        parts.push_back(multiply_divide(cap, outstanding[claim], total));
        left -= parts.back();
    }
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const Int more = outstanding[claims[i]] - parts[i];
        const Int extra = more < left ? more : left;
        left -= extra;
        limit(room[claims[i]], Int{parts[i] + extra});
    }
}

// Notes the claims whose limits bind, for those who ask. The rule's steps come after.
template <SplitInteger Int>
void explain_limits(const Split<Int>& split) {
    if (split.explanation == nullptr || !split.is_limited()) {
        return;
    }
    for (std::size_t i = 0; i < split.room.size(); ++i) {
        if (split.room[i] < split.outstanding[i]) {
            split.explanation->add(i, StepKind::limited, Int256{split.room[i]});
        }
    }
}

}  // namespace allot::run
