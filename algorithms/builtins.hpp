// The rules that come with the library: one maker each, listed in builtins.cpp.
#pragma once

#include <memory>

#include "algorithms/parts.hpp"
#include "allot/algorithm.hpp"

namespace allot::algorithms {

[[nodiscard]] std::shared_ptr<const Base> make_pr();
[[nodiscard]] std::shared_ptr<const Base> make_pro();
[[nodiscard]] std::shared_ptr<const Base> make_eq();
[[nodiscard]] std::shared_ptr<const Base> make_pct();
[[nodiscard]] std::shared_ptr<const Base> make_tw();
[[nodiscard]] std::shared_ptr<const Base> make_fifo();
[[nodiscard]] std::shared_ptr<const Base> make_lifo();
[[nodiscard]] std::shared_ptr<const Base> make_size(bool smallest_first);

[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_fifo();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_lifo();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_lf();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_sf();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_lr();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_oldest();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_rr();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_rnd();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_to();
[[nodiscard]] std::shared_ptr<const Remainder> make_remainder_keep();

// PR-FIFO, the default: the same as PR composed with FIFO, faster.
[[nodiscard]] std::shared_ptr<const Algorithm> make_pr_fifo();

// Priority tiers with a rule inside each.
[[nodiscard]] std::shared_ptr<const Algorithm> make_tier(std::shared_ptr<const Algorithm> inner);

// Cumulative rules.
[[nodiscard]] std::shared_ptr<const Algorithm> make_quota();
[[nodiscard]] std::shared_ptr<const Algorithm> make_tijdeman();
[[nodiscard]] std::shared_ptr<const Algorithm> make_webster();
[[nodiscard]] std::shared_ptr<const Algorithm> make_dhondt();
[[nodiscard]] std::shared_ptr<const Algorithm> make_huntington();
[[nodiscard]] std::shared_ptr<const Algorithm> make_adams();
[[nodiscard]] std::shared_ptr<const Algorithm> make_dean();

}  // namespace allot::algorithms
