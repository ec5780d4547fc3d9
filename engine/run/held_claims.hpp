// Held claims: what the claims of one split keep whatever the rule says, and who is left to share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "allot/algorithm.hpp"

namespace allot::run {

// By rank, in units of the split. A fixed claim takes no part: it keeps what is frozen, and is
// given what is pinned.
template <SplitInteger Int>
class HeldClaims {
  public:
    void begin(std::size_t claims) {
        frozen_.assign(claims, Int{0});
        pinned_.assign(claims, Int{0});
        is_fixed_.assign(claims, 0);
    }
    void hold(std::size_t rank, const Int& frozen, const Int& pinned) {
        frozen_[rank] += frozen;
        pinned_[rank] += pinned;
    }
    void fix(std::size_t rank) { is_fixed_[rank] = 1; }
    // Fixes the claims that hold more than their share. Returns whether there were any.
    [[nodiscard]] bool fix_above(std::span<const Int> shares) {
        bool any = false;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            if (is_fixed_[i] == 0 && frozen_[i] > shares[i]) {
                is_fixed_[i] = 1;
                any = true;
            }
        }
        return any;
    }

    [[nodiscard]] bool is_fixed(std::size_t rank) const { return is_fixed_[rank] != 0; }
    [[nodiscard]] const Int& frozen(std::size_t rank) const { return frozen_[rank]; }
    [[nodiscard]] const Int& pinned(std::size_t rank) const { return pinned_[rank]; }
    // What a fixed claim has of the fills at hand; 0 of the others, which are still asked.
    [[nodiscard]] Int fixed_part(std::size_t rank) const {
        return is_fixed(rank) ? Int{frozen_[rank] + pinned_[rank]} : Int{0};
    }
    // What the claims that share hold, which is part of what they share.
    [[nodiscard]] Int held_by_sharing() const {
        Int sum{0};
        for (std::size_t i = 0; i < frozen_.size(); ++i) {
            sum += is_fixed(i) ? Int{0} : frozen_[i];
        }
        return sum;
    }
    // `outstanding` without the fixed claims, as the rule is to see it.
    [[nodiscard]] std::span<const Int> leave_out_fixed(std::span<const Int> outstanding) {
        sharing_.assign(outstanding.begin(), outstanding.end());
        for (std::size_t i = 0; i < sharing_.size(); ++i) {
            sharing_[i] = is_fixed(i) ? Int{0} : sharing_[i];
        }
        return sharing_;
    }
    // From shares to what is given beside what is held.
    void leave_out_held(std::span<Int> shares) const {
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i] = is_fixed(i) ? pinned_[i] : Int{shares[i] - frozen_[i]};
        }
    }

  private:
    std::vector<Int> frozen_{};
    std::vector<Int> pinned_{};
    std::vector<std::uint8_t> is_fixed_{};
    std::vector<Int> sharing_{};
};

}  // namespace allot::run
