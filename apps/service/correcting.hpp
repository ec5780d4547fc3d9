// Correcting: an upsert says that an execution was another than it was allocated as.
#pragma once

#include <optional>
#include <vector>

#include "apps/service/problem.hpp"
#include "apps/service/record.hpp"
#include "apps/service/state.hpp"

namespace allot::service {

// The versions of allocations that follow when `wanted` takes the place of what is stored: smaller,
// at its price, or cancelled (docs/decisions/0029-corrections.md). None where nothing of it is
// allocated, or nothing changes that allocations rest on. Status 409 where something is booked that
// would have to be reversed (its detail begins with CorrectedAfterBooking), or an allocation stands
// in the way. The store must be held.
// Complexity: that of make_run_book for its placement.
[[nodiscard]] Answer<std::vector<Allocation>> allocations_after(const State& state,
                                                                const Execution& wanted,
                                                                const Stamp& stamp);

}  // namespace allot::service
