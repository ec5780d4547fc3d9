// The audit: checks a split against the laws that every rule must keep. It shares no code with
// the rules, so that a mistake in one does not hide in the other.
#pragma once

#include <optional>
#include <span>
#include <string>

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
// above outstanding, not more than available, at most one share that neither is whole lots nor
// completes its claim, nothing left while a claim has room; then what the sheet declares.
// Complexity: O(claims). Thread safety: any thread.
template <SplitInteger Int>
[[nodiscard]] std::optional<Violation> audit(const Split<Int>& split, std::span<const Int> shares,
                                             const PropertySheet& sheet);

}  // namespace allot::run
