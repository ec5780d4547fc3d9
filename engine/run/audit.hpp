// The audit: checks a split against the laws that every rule must keep. It shares no code with
// the rules, so that a mistake in one does not hide in the other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"

namespace allot::run {

// A broken law: which, at which claim (in rank order, none for the whole split), with numbers in
// the unit of the split.
struct Violation {
    std::string law{};
    std::optional<std::size_t> claim{};
    std::string found{};
    std::string expected{};
};

// The first law that `shares` break, in the order: one share a claim, no share below zero, none
// above what is outstanding or the claim's room, not more than available, at most one share that
// neither is whole lots nor completes its claim (cumulative rules: lots since the baseline; under
// bond minima: every share leaves a total that may be had), nothing left while a claim has room (or
// could have more of what is left); then what the sheet declares. A rule for the bare split only
// may leave units.
// Complexity: O(claims). Thread safety: any thread.
template <SplitInteger Int>
[[nodiscard]] std::optional<Violation> audit(const Split<Int>& split, std::span<const Int> shares,
                                             const AlgorithmInfo& rule);

// What is split around allocations that stay: facts about the executions and, by rank, the orders.
template <SplitInteger Int>
struct HeldAudit {
    Int executed{0};
    Int kept{0};                 // by allocations that stay
    std::vector<Int> ordered{};  // most that the order may have
    std::vector<Int> has{};      // what it has, without what it is given now
};

// The first law that `given` breaks: nothing is taken back from an allocation that stays, kept and
// given are not more than executed (where what is kept alone is not), and nobody who is given
// something has more than was ordered. Complexity: O(claims). Thread safety: any thread.
template <SplitInteger Int>
[[nodiscard]] std::optional<Violation> audit_held(const HeldAudit<Int>& facts,
                                                  std::span<const Int> given);

}  // namespace allot::run
