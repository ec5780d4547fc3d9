// Shares by weights of any size, for the bases whose weights are powers or quotients. Slow to
// compile (cpp_int): include it in the sources of those bases only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include "algorithms/share_out.hpp"
#include "engine/base/natural.hpp"

namespace allot::algorithms {

using detail::Natural;

struct NaturalProducts {
    template <SplitInteger Int>
    [[nodiscard]] static int compare(const Int& a, const Natural& b, const Int& c,
                                     const Natural& d) {
        return Natural{detail::to_natural(a) * b}.compare(detail::to_natural(c) * d);
    }
};

// The rests only serve to be compared: their places in the order of size say as much, and fit.
// is_smaller(a, b): whether the fraction of claim a is smaller than that of claim b.
template <SplitInteger Int, class IsSmaller>
void write_places_by(const IsSmaller& is_smaller, std::span<Excess<Int>> excess) {
    std::vector<std::size_t> order(excess.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), is_smaller);
    std::int64_t place = 0;
    for (std::size_t at = 0; at < order.size(); ++at) {
        place += at > 0 && is_smaller(order[at - 1], order[at]) ? 1 : 0;
        excess[order[at]].rest = Int{place};
    }
}

// As share_out() of share_out.hpp.
template <SplitInteger Int>
void share_out(const Split<Int>& split, std::span<const Natural> weights, const Draft<Int>& draft) {
    Int reachable{0};
    Natural total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        reachable += weights[i] > 0 ? split.room[i] : Int{0};
        total += weights[i];
    }
    const Int amount = split.available < reachable ? split.available : reachable;
    if (amount <= Int{0}) {
        return;
    }
    const WaterLevel<Int, Natural> level =
        WaterFill<Int, Natural, NaturalProducts>{amount, weights, total, split.room}.level();
    const Natural spread = detail::to_natural(level.amount);
    std::vector<Natural> rests(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        Natural whole;
        if (level.is_full(i)) {
            whole = detail::to_natural(split.room[i]);
        } else if (weights[i] > 0) {
            boost::multiprecision::divide_qr(Natural{spread * weights[i]}, level.total, whole,
                                             rests[i]);
        } else {
            continue;
        }
        if (split.explanation != nullptr) {
            // When all claims are full, no weight is left to divide by.
            split.explanation->add_exact(i, whole.str(), rests[i].str(),
                                         level.is_full(i) ? "1" : level.total.str());
        }
        write_base(split, draft, i, detail::from_natural(whole, Int{}), Int{0});
    }
    if (!draft.excess.empty()) {
        write_places_by([&rests](std::size_t a, std::size_t b) { return rests[a] < rests[b]; },
                        draft.excess);
    }
}

}  // namespace allot::algorithms
