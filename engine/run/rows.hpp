// Rows: turns planned shares into allocations, as the book stores them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/run/component.hpp"

namespace allot::run {

// Where the rows of one placement go, and what they have in common.
struct RowsPlace {
    detail::AllocationRow* rows{nullptr};  // memory for one a share
    std::uint32_t first{0};                // number of the first of them in the book
    std::uint32_t run{store::none};        // number of the run
    std::uint32_t written{0};              // number in BookData::writings
};

// Writes the allocations of a placement: new ones, or new versions of those that the same execution
// and order have already. Notes the numbers of rows that are replaced. Reads the book only, and of
// it nothing that the rows of another placement change.
// Complexity: O(shares + earlier allocations of their executions).
void write_rows(const BookData& book, const Collection& collection, const RunPlacement& placement,
                const PlacementPlan& plan, const RowsPlace& place,
                std::vector<std::uint32_t>& replaced);

}  // namespace allot::run
