// A split with its claims in another order: dates of orders have changed, and with them the ranks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "allot/algorithm.hpp"
#include "allot/explanation.hpp"

namespace allot::run {

// Owns what the split looks at. Not thread-safe; move and copy leave the split looking elsewhere.
template <SplitInteger Int>
class RankedAnew {
  public:
    // ranks[i] is the claim of `split` that is i-th now.
    RankedAnew(const Split<Int>& split, std::span<const std::uint32_t> ranks)
        : ranks_{ranks}, original_{split.explanation}, split_{split} {
        const auto take = [&](auto& span, auto& room) {
            room.clear();
            for (std::size_t i = 0; !span.empty() && i < ranks.size(); ++i) {
                room.push_back(span[ranks[i]]);
            }
            span = room;
        };
        const bool is_limited = split.is_limited();
        take(split_.outstanding, outstanding_);
        split_.room = split_.outstanding;
        if (is_limited) {
            split_.room = split.room;
            take(split_.room, room_);
        }
        take(split_.ordered, ordered_);
        take(split_.allocated, allocated_);
        take(split_.baseline, baseline_);
        take(split_.weights, weights_);
        take(split_.tiers, tiers_);
        take(split_.houses, houses_);
        take(split_.portfolios, portfolios_);
        take(split_.named, named_);
        shares_.assign(ranks.size(), Int{0});
        if (original_ != nullptr) {
            explanation_ = Explanation{original_->scale()};
            split_.explanation = &explanation_;
        }
    }

    RankedAnew(const RankedAnew&) = delete;
    RankedAnew& operator=(const RankedAnew&) = delete;

    [[nodiscard]] const Split<Int>& split() const noexcept { return split_; }
    [[nodiscard]] std::span<Int> shares() noexcept { return shares_; }

    // Writes the shares, and the steps that led to them, where the claims stood before.
    void put_back(std::span<Int> shares) const {
        for (std::size_t i = 0; i < ranks_.size(); ++i) {
            shares[ranks_[i]] = shares_[i];
        }
        if (original_ != nullptr) {
            for (const Step& step : explanation_.steps()) {
                original_->add(ranks_[step.claim], step.kind, step.units, step.text);
            }
        }
    }

  private:
    std::span<const std::uint32_t> ranks_;
    Explanation* original_;
    Explanation explanation_{};
    Split<Int> split_;
    std::vector<Int> outstanding_{};
    std::vector<Int> room_{};
    std::vector<Int> ordered_{};
    std::vector<Int> allocated_{};
    std::vector<Int> baseline_{};
    std::vector<Int> weights_{};
    std::vector<std::uint32_t> tiers_{};
    std::vector<std::uint8_t> houses_{};
    std::vector<std::uint32_t> portfolios_{};
    std::vector<std::uint8_t> named_{};
    std::vector<Int> shares_{};
};

}  // namespace allot::run
