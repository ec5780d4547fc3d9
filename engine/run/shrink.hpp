// Shrink: who keeps how much of an execution of which less is left than was allocated.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/store/book_data.hpp"

namespace allot::run {

// Rows of the allocations that count and name the execution (id) alone, by number.
[[nodiscard]] std::vector<std::uint32_t> allocations_of(const BookData& book,
                                                        std::uint32_t execution);
// Booked or closed.
[[nodiscard]] bool is_frozen(const BookData& book, const detail::AllocationRow& row);

// What each of the allocations (rows) keeps when `left` is all there is for them: what they have,
// when that is enough, else PR-FIFO over what they have, so that nobody gains. The oldest order
// comes first, then the id of the allocation; lots are those of the instrument, else 1.
// Errors: those of split.
[[nodiscard]] Result<std::vector<Quantity>> shrink(const BookData& book,
                                                   const std::vector<std::uint32_t>& rows,
                                                   const Quantity& left);

}  // namespace allot::run
