// Leftovers in turns: round robin over the claims, one lot a turn.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "allot/integer.hpp"

namespace allot::algorithms {

// Adds `leftover` to the shares in turns, beginning with claim 0: each turn gives one lot to the
// next claim that has room for a whole lot. When less than a lot remains, or no claim has room for
// one, the turns go on with what is left: the next claim takes as much as it has room for.
// Precondition: 0 <= leftover <= sum of (outstanding - share). Complexity: O(claims + leftover in
// lots).
template <SplitInteger Int>
void give_in_turns(Int leftover, std::span<const Int> outstanding, const Int& lot,
                   std::span<Int> shares) {
    const std::size_t count = shares.size();
    if (count == 0) {
        return;
    }
    std::size_t cursor = 0;
    std::vector<std::size_t> with_room;  // claims that had room for a whole lot at the last look
    if (leftover >= lot) {
        with_room.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (outstanding[i] - shares[i] >= lot) {
                with_room.push_back(i);
            }
        }
    }
    while (leftover >= lot && !with_room.empty()) {
        std::size_t kept = 0;
        std::size_t at = 0;
        for (; at < with_room.size() && leftover >= lot; ++at) {
            const std::size_t i = with_room[at];
            shares[i] += lot;
            leftover -= lot;
            cursor = (i + 1) % count;
            if (outstanding[i] - shares[i] >= lot) {
                with_room[kept++] = i;
            }
        }
        if (at < with_room.size()) {
            break;  // the last whole lot is given
        }
        with_room.resize(kept);
    }
    for (; leftover > Int{0}; cursor = (cursor + 1) % count) {
        const Int room = outstanding[cursor] - shares[cursor];
        const Int part = room < leftover ? room : leftover;
        shares[cursor] += part;
        leftover -= part;
    }
}

}  // namespace allot::algorithms
