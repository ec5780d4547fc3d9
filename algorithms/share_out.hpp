// What all proportional bases have in common: shares by weight, limited by room, floored once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "algorithms/parts.hpp"
#include "algorithms/proportional.hpp"
#include "algorithms/scratch.hpp"
#include "algorithms/water_fill.hpp"

namespace allot::algorithms {

inline Int256 widened(std::int64_t value) {
    return Int256{value};
}
inline const Int256& widened(const Int256& value) {
    return value;
}

// Sum of the rooms that a weight can reach.
template <SplitInteger Int>
[[nodiscard]] Int reachable_room(std::span<const Int> weights, std::span<const Int> room) {
    Int total{0};
    for (std::size_t i = 0; i < room.size(); ++i) {
        total += weights[i] > Int{0} ? room[i] : Int{0};
    }
    return total;
}

// Writes one base share, `whole` being its exact share rounded down to units.
template <SplitInteger Int>
void write_base(const Split<Int>& split, const Draft<Int>& draft, std::size_t claim,
                const Int& whole, const Int& rest) {
    const Int odd = split.lot == Int{1} ? Int{0} : whole % split.lot;
    draft.shares[claim] = whole - odd;
    if (!draft.excess.empty()) {
        draft.excess[claim] = {odd, rest};
    }
    if (split.explanation != nullptr) {
        split.explanation->add(claim, StepKind::base, widened(draft.shares[claim]));
    }
}

// Shares of nobody full, rounded down to whole lots. The kernel wants an amount of at most the
// total; what goes beyond is a whole multiple of every weight.
template <SplitInteger Int>
void share_by_kernel(const WaterLevel<Int, Int>& level, std::span<const Int> weights,
                     const Int& lot, std::span<Int> shares) {
    const Int& total = level.total;
    if (level.amount <= total) {
        proportional_floor(level.amount, weights, total, lot, shares);
        return;
    }
    const Int times = level.amount / total;
    proportional_floor(Int{level.amount - times * total}, weights, total, Int{1}, shares);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        shares[i] += times * weights[i];
    }
    for (std::size_t i = 0; i < shares.size() && lot != Int{1}; ++i) {
        shares[i] -= shares[i] % lot;
    }
}

// What is left of quantity * weight over whole * total. Precondition: `whole` is their quotient.
[[nodiscard]] inline std::int64_t rest_of(std::int64_t quantity, std::int64_t weight,
                                          std::int64_t total, std::int64_t whole) {
    // It is below the total, so that the low 64 bits of both products say it all.
    const auto low = [](std::int64_t a, std::int64_t b) {
        return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b);
    };
    return static_cast<std::int64_t>(low(quantity, weight) - low(whole, total));
}
[[nodiscard]] inline Int256 rest_of(const Int256& quantity, const Int256& weight,
                                    const Int256& total, const Int256& /*whole*/) {
    return multiply_remainder(quantity, weight, total);
}

// As share_by_kernel(), with what rounding takes from each share.
template <SplitInteger Int>
void share_with_excess(const WaterLevel<Int, Int>& level, std::span<const Int> weights,
                       const Int& lot, const Draft<Int>& draft) {
    share_by_kernel(level, weights, Int{1}, draft.shares);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        Int& share = draft.shares[i];
        const Int odd = lot == Int{1} ? Int{0} : share % lot;
        draft.excess[i] = {odd, rest_of(level.amount, weights[i], level.total, share)};
        share -= odd;
    }
}

// The shares where nothing flows any more.
template <SplitInteger Int>
void share_level(const Split<Int>& split, const WaterLevel<Int, Int>& level,
                 std::span<const Int> weights, const Draft<Int>& draft) {
    const auto share_open = [&](std::span<const Int> open) {
        if (draft.excess.empty()) {
            share_by_kernel(level, open, split.lot, draft.shares);
        } else {
            share_with_excess(level, open, split.lot, draft);
        }
    };
    if (level.full.empty()) {
        share_open(weights);
        return;
    }
    if (level.total > Int{0}) {
        Scratch<Int> list{weights.size()};
        const std::span<Int> open = list.span();
        for (std::size_t i = 0; i < open.size(); ++i) {
            open[i] = level.full[i] != 0 ? Int{0} : weights[i];
        }
        share_open(open);
    }
    if (split.lot == Int{1}) {  // without branches: which claim is full cannot be guessed
        for (std::size_t i = 0; i < weights.size(); ++i) {
            draft.shares[i] = level.full[i] != 0 ? split.room[i] : draft.shares[i];
        }
        return;
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (level.full[i] != 0) {
            write_base(split, draft, i, split.room[i], Int{0});
        }
    }
}

// Shares by `weights` (whole numbers of any unit, one a claim, their sum below the limit of Int).
template <SplitInteger Int>
void share_out(const Split<Int>& split, std::span<const Int> weights, const Draft<Int>& draft) {
    const bool is_by_size = weights.data() == split.room.data();
    const Int reachable = is_by_size ? sum(weights) : reachable_room(weights, split.room);
    const Int amount = split.available < reachable ? split.available : reachable;
    if (amount <= Int{0}) {
        return;
    }
    WaterLevel<Int, Int> level{amount, is_by_size ? reachable : sum(weights), {}};
    if (!is_by_size) {
        level = WaterFill<Int, Int>{amount, weights, level.total, split.room}.level();
    }
    if (split.explanation == nullptr) {
        share_level(split, level, weights, draft);
        return;
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (level.is_full(i)) {
            split.explanation->add_exact(i, widened(split.room[i]), Int256{1}, Int256{1});
            write_base(split, draft, i, split.room[i], Int{0});
        } else if (weights[i] > Int{0}) {
            split.explanation->add_exact(i, widened(level.amount), widened(weights[i]),
                                         widened(level.total));
            const Int whole = multiply_divide(level.amount, weights[i], level.total);
            write_base(split, draft, i, whole,
                       rest_of(level.amount, weights[i], level.total, whole));
        }
    }
}

}  // namespace allot::algorithms
