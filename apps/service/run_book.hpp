// The book of a run: the few entities of the store on which the placements of one call depend.
#pragma once

#include <vector>

#include "allot/book.hpp"
#include "apps/service/store.hpp"

namespace allot::service {

// A book with these placements, their descendants, and everything that a run over them looks at:
// blocks, orders, executions, and stored allocations with what those use up. What does not fit
// together there fails its placements in the run, as BadInput; docs/decisions/0040-service-store.md
// says why the store is not a book itself.
// Errors: row_cannot_be_quarantined.
// Complexity: O(entities collected x log n), whatever the size of the store.
[[nodiscard]] Result<BookBuilder::Quarantined, Errors> make_run_book(
    const Store& store, const std::vector<PlacementId>& placements,
    const std::vector<std::string>& dead_states);

// True for states in which an allocation counts nothing.
[[nodiscard]] bool is_cancelled(const Allocation& allocation) noexcept;

}  // namespace allot::service
