// What all cumulative rules have in common. They count whole lots since the baseline; a begun lot
// is finished first, and odd rests, which are no whole lot, come last. In between a rule of its own
// says which claim gets the next lot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "algorithms/lot_notes.hpp"
#include "algorithms/share_out.hpp"

namespace allot::algorithms {

// A claim as a rule for lots sees it.
template <SplitInteger Int>
struct Contender {
    Int weight{};  // what was ordered since the baseline; above zero where there is room
    Int lots{};    // whole lots that it has since the baseline
    Int room{};    // whole lots that it may still get
};

inline constexpr std::size_t no_claim = static_cast<std::size_t>(-1);

// What lacks to a whole number of lots; below the baseline, to the baseline.
template <SplitInteger Int>
[[nodiscard]] Int missing_to_whole_lots(const Int& had, const Int& lot) {
    if (had < Int{0}) {
        return Int{0} - had;
    }
    const Int begun = had % lot;
    return begun == Int{0} ? Int{0} : Int{lot - begun};
}

// Finishes begun lots in rank order, and takes what that needs from `left`.
template <SplitInteger Int>
void finish_begun_lots(const Split<Int>& split, std::span<Int> shares, Int& left) {
    for (std::size_t i = 0; i < shares.size() && left > Int{0}; ++i) {
        const Int had = split.allocated[i] - split.baseline[i];
        Int units = missing_to_whole_lots(had, split.lot);
        units = split.room[i] < units ? split.room[i] : units;
        units = left < units ? left : units;
        if (units > Int{0}) {
            shares[i] = units;
            left -= units;
            note_lots(split, i, units, "finishes a begun lot");
        }
    }
}

template <SplitInteger Int>
[[nodiscard]] std::vector<Contender<Int>> contenders_of(const Split<Int>& split,
                                                        std::span<const Int> shares) {
    std::vector<Contender<Int>> contenders(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const Int weight = split.ordered[i] - split.baseline[i];
        const Int has = split.allocated[i] - split.baseline[i] + shares[i];
        if (weight > Int{0}) {
            contenders[i] = {weight, has > Int{0} ? Int{has / split.lot} : Int{0},
                             Int{(split.room[i] - shares[i]) / split.lot}};
        }
    }
    return contenders;
}

// Gives out what is no whole lot for anybody: as much as there is room for, in rank order.
template <SplitInteger Int>
void give_odd_rests(const Split<Int>& split, std::span<Int> shares, Int left) {
    for (std::size_t i = 0; i < shares.size() && left > Int{0}; ++i) {
        const Int room = split.room[i] - shares[i];
        const Int units = room < left ? room : left;
        if (units > Int{0}) {
            shares[i] += units;
            left -= units;
            if (split.explanation != nullptr) {
                split.explanation->add(i, StepKind::remainder, widened(units));
            }
        }
    }
}

// Splits by a rule for lots. give_lots(contenders, lots, notes) gives exactly `lots` of them away,
// at most the sum of their rooms: it moves `lots` and `room` of the contenders. It returns the
// claim to which the next lot would go, no_claim when nobody has room, or why it refuses. `notes`
// is null when nobody asks for single lots. A fill ends like its units one by one as soon as
// give_lots is such that any lots end like their single lots one by one. Complexity: O(claims)
// beside give_lots.
template <SplitInteger Int, class GiveLots>
[[nodiscard]] Result<void> split_in_lots(const Split<Int>& split, std::span<Int> shares,
                                         std::string_view code, const GiveLots& give_lots) {
    if (split.minimum > Int{0}) {
        return Unexpected{refusal(code, "a minimum", "none: there is no base share to be dropped")};
    }
    Int left = split.available;
    finish_begun_lots(split, shares, left);
    if (left == Int{0}) {
        return {};
    }
    std::vector<Contender<Int>> contenders = contenders_of(split, std::span<const Int>{shares});
    const std::vector<Contender<Int>> before = contenders;
    Int lots{0};
    for (const Contender<Int>& contender : contenders) {
        lots += contender.room;
    }
    const Int whole = left / split.lot;
    lots = whole < lots ? whole : lots;
    LotNotes notes;
    const bool wants_single = split.explanation != nullptr && lots <= Int{LotNotes::most};
    Result<std::size_t> next =
        give_lots(std::span<Contender<Int>>{contenders}, lots, wants_single ? &notes : nullptr);
    if (!next) {
        return Unexpected{next.error()};
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const Int units = (before[i].room - contenders[i].room) * split.lot;
        shares[i] += units;
        left -= units;
        if (!wants_single && units > Int{0}) {
            note_lots(split, i, units,
                      summary_of(widened(before[i].lots), widened(contenders[i].lots)));
        }
    }
    for (LotNote& note : notes.lots) {
        note_lots(split, note.claim, split.lot, std::move(note.text));
    }
    if (left > Int{0} && *next != no_claim) {
        shares[*next] += left;  // less than a lot, for which the claim has room
        note_lots(split, *next, left, "begins the next lot");
        return {};
    }
    give_odd_rests(split, shares, left);
    return {};
}

}  // namespace allot::algorithms
