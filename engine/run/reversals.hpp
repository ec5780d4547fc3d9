// Reversals: what is booked of executions that were corrected or busted afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// By placement and order: how much more is booked or closed of the executions of `placements` (ids)
// than they truly were, in units and in cash. Of an execution that shrank, PR-FIFO over what is
// booked says who may keep what.
// Complexity: O(allocations of their executions).
[[nodiscard]] std::vector<Reversal> reversals_of(const BookData& book,
                                                 const std::vector<std::uint32_t>& placements);

// "10 units and 100 of cash in GBP".
[[nodiscard]] std::string units_and_cash(const Reversal& reversal);

// States them, and fails their placements.
void add_reversals(std::vector<Reversal> reversals, RunResult& result);

}  // namespace allot::run
