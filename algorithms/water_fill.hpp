// Water-filling: an amount is spread by weights over claims with limited room; what a full claim
// frees is spread again over the others by the same weights, exactly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "allot/integer.hpp"

namespace allot::algorithms {

// The state in which nothing flows any more. A claim that is not full has exactly
// amount * weight / total, a full one has its room.
template <class Int, class Weight>
struct WaterLevel {
    Int amount{};                      // for the claims that are not full
    Weight total{};                    // sum of their weights; 0: all are full
    std::vector<std::uint8_t> full{};  // by claim; empty: none is

    [[nodiscard]] bool is_full(std::size_t claim) const {
        return !full.empty() && full[claim] != 0;
    }
};

// How products of rooms and weights are compared: exactly, whatever their size.
struct WholeProducts {
    template <SplitInteger Int>
    [[nodiscard]] static auto compare(const Int& a, const Int& b, const Int& c, const Int& d) {
        return compare_products(a, b, c, d);
    }
};

// A claim is full when room / weight <= amount / total. Every claim found full only raises the
// level for the others, so that a few passes settle it; where they do not (rooms made to be met
// one by one), the claims are sorted by the level at which they are full.
// Precondition: 0 <= amount <= sum of the rooms of claims with a weight; total = sum of weights.
// Complexity: O(claims) as a rule, O(claims log claims) at worst.
template <class Int, class Weight, class Products = WholeProducts>
class WaterFill {
  public:
    WaterFill(const Int& amount, std::span<const Weight> weights, const Weight& total,
              std::span<const Int> room)
        : weights_{weights}, room_{room}, level_{amount, total, {}} {
        settle();
    }

    [[nodiscard]] WaterLevel<Int, Weight> level() && { return std::move(level_); }

  private:
    static constexpr int passes_before_sorting = 8;

    [[nodiscard]] bool fills(std::size_t claim) const {
        return Products::compare(room_[claim], level_.total, level_.amount, weights_[claim]) <= 0;
    }

    void settle() {
        if (!start()) {
            return;
        }
        for (int pass = 0; pass < passes_before_sorting; ++pass) {
            if (!fill_those_below()) {
                return;
            }
        }
        fill_in_order();
    }

    // The first pass. Returns false when no claim is full, which is the usual end.
    bool start() {
        std::size_t first = 0;
        while (first < room_.size() && !(weights_[first] > 0 && fills(first))) {
            ++first;
        }
        if (first == room_.size()) {
            return false;
        }
        level_.full.assign(room_.size(), 0);
        open_.reserve(room_.size());
        const WaterLevel<Int, Weight> before{level_.amount, level_.total, {}};
        for (std::size_t i = 0; i < room_.size(); ++i) {
            if (!(weights_[i] > 0)) {
                continue;
            }
            if (i >= first &&
                Products::compare(room_[i], before.total, before.amount, weights_[i]) <= 0) {
                fill(i);
            } else {
                open_.push_back(i);
            }
        }
        return !open_.empty();
    }

    bool fill_those_below() {
        const WaterLevel<Int, Weight> before{level_.amount, level_.total, {}};
        std::size_t kept = 0;
        for (const std::size_t i : open_) {
            if (Products::compare(room_[i], before.total, before.amount, weights_[i]) <= 0) {
                fill(i);
            } else {
                open_[kept++] = i;
            }
        }
        const bool any = kept < open_.size();
        open_.resize(kept);
        return any && kept > 0;
    }

    void fill_in_order() {
        std::sort(open_.begin(), open_.end(), [this](std::size_t a, std::size_t b) {
            return Products::compare(room_[a], weights_[b], room_[b], weights_[a]) < 0;
        });
        for (const std::size_t i : open_) {
            if (!fills(i)) {
                return;
            }
            fill(i);
        }
    }

    void fill(std::size_t claim) {
        level_.full[claim] = 1;
        level_.amount -= room_[claim];
        level_.total -= weights_[claim];
    }

    std::span<const Weight> weights_;
    std::span<const Int> room_;
    WaterLevel<Int, Weight> level_;
    std::vector<std::size_t> open_{};
};

}  // namespace allot::algorithms
