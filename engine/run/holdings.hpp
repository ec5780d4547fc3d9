// Holdings: what an order has been allocated, and what of it may be taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "engine/run/adjust.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// Rows of allocations that count, the latest executions last: each by the latest that it names,
// then by id; those that name none come first.
struct Holdings {
    std::vector<std::uint32_t> frozen{};
    std::vector<std::uint32_t> free{};
};

// Of an order (id). Complexity: O(allocations of the book).
[[nodiscard]] Holdings holdings_of(const BookData& book, std::uint32_t order);

// Units in all. Throws Refusal where they are no decimal.
[[nodiscard]] Quantity units_of(const BookData& book, const std::vector<std::uint32_t>& rows);

// What is left to the last of `rows` when `units` are taken from them, beginning with the last.
// Errors: change_touches_allocated, where an allocation would have to be taken apart that names
// several executions, or taken out of an average price; it is named as one of `order`.
[[nodiscard]] Result<std::vector<Adjustment>> take_back(const BookData& book,
                                                        const std::vector<std::uint32_t>& rows,
                                                        Quantity units, const OrderId& order);

// "10 units and 100 of cash in GBP of allocation desk/E1-A; ...": what of these rows has to be
// reversed for `units` to be free, beginning with the last.
[[nodiscard]] std::string to_reverse(const BookData& book, const std::vector<std::uint32_t>& rows,
                                     Quantity units);

// Ids of the placements that the executions of the allocations belong to, or which these name.
[[nodiscard]] std::vector<std::uint32_t> placements_of(const BookData& book,
                                                       const detail::AllocationRow& row);

}  // namespace allot::run
