// Threshold selection for divisor methods: most lots of a large fill at once, exactly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "algorithms/cumulative.hpp"

namespace allot::algorithms {

// Where on the way to the threshold a contender begins to receive, or has all it has room for: at
// lots / weight.
template <SplitInteger Int>
struct JumpEvent {
    Int lots{};
    Int weight{};
    std::size_t claim{};
    bool is_end{false};
};

// Finds t with sum over i of (min(max(weight_i * t, lots_i), lots_i + room_i) - lots_i) = target,
// and moves every contender to floor(weight_i * t) lots within its limits.
template <SplitInteger Int>
class LotJump {
  public:
    // Precondition: 0 < target < sum of the rooms.
    LotJump(std::span<Contender<Int>> contenders, const Int& target)
        : contenders_{contenders}, is_open_(contenders.size(), 0), target_{target} {}

    // Returns how many lots were given. Complexity: O(claims x log claims).
    [[nodiscard]] Int run() {
        for (const JumpEvent<Int>& event : events()) {
            // What the open contenders have at t is amount / open weight * their weights.
            const Int amount = target_ - ended_ + open_lots_;
            if (compare_products(open_weight_, event.lots, amount, event.weight) >= 0) {
                break;
            }
            pass(event);
        }
        return given_ + move_open();
    }

  private:
    [[nodiscard]] std::vector<JumpEvent<Int>> events() const {
        std::vector<JumpEvent<Int>> events;
        events.reserve(2 * contenders_.size());
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            const Contender<Int>& it = contenders_[i];
            if (it.room > Int{0}) {
                events.push_back({it.lots, it.weight, i, false});
                events.push_back({Int{it.lots + it.room}, it.weight, i, true});
            }
        }
        std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
            const auto order = compare_products(a.lots, b.weight, b.lots, a.weight);
            return order != 0 ? order < 0 : a.claim < b.claim;
        });
        return events;
    }

    void pass(const JumpEvent<Int>& event) {
        Contender<Int>& it = contenders_[event.claim];
        if (!event.is_end) {
            is_open_[event.claim] = 1;
            open_weight_ += it.weight;
            open_lots_ += it.lots;
            return;
        }
        is_open_[event.claim] = 0;
        open_weight_ -= it.weight;
        open_lots_ -= it.lots;
        ended_ += it.room;
        given_ += it.room;
        it.lots += it.room;
        it.room = Int{0};
    }

    [[nodiscard]] Int move_open() {
        const Int amount = target_ - ended_ + open_lots_;
        Int given{0};
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            Contender<Int>& it = contenders_[i];
            if (is_open_[i] == 0) {
                continue;
            }
            const Int lots = multiply_divide(amount, it.weight, open_weight_);
            if (lots > it.lots) {
                it.room -= lots - it.lots;
                given += lots - it.lots;
                it.lots = lots;
            }
        }
        return given;
    }

    std::span<Contender<Int>> contenders_;
    std::vector<unsigned char> is_open_;
    Int target_;
    Int ended_{0};  // lots of those that have no room left
    Int given_{0};
    Int open_weight_{0};
    Int open_lots_{0};
};

}  // namespace allot::algorithms
