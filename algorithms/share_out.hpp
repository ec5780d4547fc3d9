// What all proportional bases have in common: shares by weight, limited by room, floored once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "algorithms/parts.hpp"
#include "algorithms/proportional.hpp"
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

// Whether somebody wants more than the base shares.
template <SplitInteger Int>
[[nodiscard]] bool wants_details(const Split<Int>& split, const Draft<Int>& draft) {
    return !draft.excess.empty() || split.explanation != nullptr;
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

// Shares of nobody full. The kernel wants an amount of at most the total; what goes beyond is a
// whole multiple of every weight.
template <SplitInteger Int>
void share_by_kernel(const Split<Int>& split, std::span<const Int> weights, const Int& amount,
                     const Int& total, std::span<Int> shares) {
    if (amount <= total) {
        proportional_floor(amount, weights, total, split.lot, shares);
        return;
    }
    const Int times = amount / total;
    proportional_floor(Int{amount - times * total}, weights, total, Int{1}, shares);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        shares[i] += times * weights[i];
        shares[i] -= shares[i] % split.lot;
    }
}

// quantity * weight = whole * total + rest, by one division. Precondition: as multiply_divide().
template <SplitInteger Int>
struct Part {
    Int whole;
    Int rest;

    Part(const Int& quantity, const Int& weight, const Int& total)
        : whole{multiply_divide(quantity, weight, total)},
          rest{remainder(quantity, weight, total, whole)} {}

  private:
    static std::int64_t remainder(std::int64_t quantity, std::int64_t weight, std::int64_t total,
                                  std::int64_t whole) {
        // It is below the total, so that the low 64 bits of both products say it all.
        const auto low = [](std::int64_t a, std::int64_t b) {
            return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b);
        };
        return static_cast<std::int64_t>(low(quantity, weight) - low(whole, total));
    }
    static Int256 remainder(const Int256& quantity, const Int256& weight, const Int256& total,
                            const Int256& /*whole*/) {
        return multiply_remainder(quantity, weight, total);
    }
};

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
    if (level.full.empty() && !wants_details(split, draft)) {
        share_by_kernel(split, weights, level.amount, level.total, draft.shares);
        return;
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (level.is_full(i)) {
            if (split.explanation != nullptr) {
                split.explanation->add_exact(i, widened(split.room[i]), Int256{1}, Int256{1});
            }
            write_base(split, draft, i, split.room[i], Int{0});
        } else if (weights[i] > Int{0}) {
            if (split.explanation != nullptr) {
                split.explanation->add_exact(i, widened(level.amount), widened(weights[i]),
                                             widened(level.total));
            }
            if (draft.excess.empty()) {
                write_base(split, draft, i, multiply_divide(level.amount, weights[i], level.total),
                           Int{0});
            } else {
                const Part<Int> part{level.amount, weights[i], level.total};
                write_base(split, draft, i, part.whole, part.rest);
            }
        }
    }
}

}  // namespace allot::algorithms
