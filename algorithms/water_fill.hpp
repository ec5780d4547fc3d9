// Water-filling: an amount is spread by weights over claims with limited room; what a full claim
// frees is spread again over the others by the same weights, exactly.
#pragma once

#include <algorithm>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
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

// For products that fit 64 bits.
struct ShortProducts {
    [[nodiscard]] static std::strong_ordering compare(std::int64_t a, std::int64_t b,
                                                      std::int64_t c, std::int64_t d) {
        return a * b <=> c * d;
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
    static constexpr bool is_small =
        std::is_same_v<Int, std::int64_t> && std::is_same_v<Weight, std::int64_t>;

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

    // Returns false when no claim is full, which is the usual end.
    bool start() {
        std::size_t first = 0;
        while (first < room_.size() && !(weights_[first] > 0 && fills(first))) {
            ++first;
        }
        if (first == room_.size()) {
            return false;
        }
        level_.full.assign(room_.size(), 0);
        open_.resize(room_.size());
        std::size_t count = 0;
        for (std::size_t i = 0; i < room_.size(); ++i) {
            open_[count] = i;
            count += weights_[i] > 0 ? std::size_t{1} : std::size_t{0};
        }
        open_.resize(count);
        if constexpr (is_small) {
            has_short_products_ = has_short_products();
        }
        return true;
    }

    // Returns false when nothing flows any more.
    bool fill_those_below() {
        if constexpr (is_small) {
            if (has_short_products_) {
                return fill_below<ShortProducts>();
            }
        }
        return fill_below<Products>();
    }

    // Which claims are full cannot be guessed, so small numbers go without branches. The spans are
    // copies: a byte that is written may lie anywhere, members of this object included.
    template <class Compared>
    bool fill_below() {
        const std::span<const Weight> weights = weights_;
        const std::span<const Int> room = room_;
        const std::span<std::size_t> open{open_};
        const std::span<std::uint8_t> full{level_.full};
        const Int amount = level_.amount;
        const Weight total = level_.total;
        Int amount_left = amount;
        Weight total_left = total;
        std::size_t kept = 0;
        for (std::size_t at = 0; at < open.size(); ++at) {
            const std::size_t claim = open[at];
            const bool is_full = Compared::compare(room[claim], total, amount, weights[claim]) <= 0;
            if constexpr (is_small) {
                const std::int64_t mask = -static_cast<std::int64_t>(is_full);
                amount_left -= room[claim] & mask;
                total_left -= weights[claim] & mask;
            } else if (is_full) {
                amount_left -= room[claim];
                total_left -= weights[claim];
            }
            full[claim] = static_cast<std::uint8_t>(is_full);
            open[kept] = claim;
            kept += static_cast<std::size_t>(!is_full);
        }
        level_.amount = std::move(amount_left);
        level_.total = std::move(total_left);
        const bool any = kept < open.size();
        open_.resize(kept);
        return any && kept > 0;
    }

    // Amount and total only fall, so that what fits once fits for good.
    [[nodiscard]] bool has_short_products() const {
        std::uint64_t rooms = 0;
        std::uint64_t weights = 0;
        for (std::size_t i = 0; i < room_.size(); ++i) {
            rooms |= static_cast<std::uint64_t>(room_[i]);
            weights |= static_cast<std::uint64_t>(weights_[i]);
        }
        const auto bits = [](std::uint64_t a, std::int64_t b) {
            return std::bit_width(a) + std::bit_width(static_cast<std::uint64_t>(b));
        };
        constexpr int most_bits = 63;
        return bits(rooms, level_.total) <= most_bits && bits(weights, level_.amount) <= most_bits;
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
    bool has_short_products_{false};
};

}  // namespace allot::algorithms
