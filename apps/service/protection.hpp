// Protection: what is allocated cannot be pulled away from under its allocations.
#pragma once

#include <optional>

#include "apps/service/problem.hpp"
#include "apps/service/store.hpp"

namespace allot::service {

// Why `wanted` may not take the place of what is stored; nullopt: it may. An order may not fall
// below what is allocated to it; no order or execution may change portfolio, side, instrument or
// placement; a placement or block may not lose what its allocations came through. Status 409.
// Complexity: O(allocations of the entity); for a block, of its orders.
template <class Entity>
[[nodiscard]] std::optional<Problem> refuse_change(const Store& store, const Entity& wanted);

// Why an execution may not be smaller than what is allocated of it, `after` being new versions of
// some of its allocations. Status 409.
[[nodiscard]] std::optional<Problem> refuse_less_than_allocated(
    const Store& store, const Execution& wanted, const std::vector<Allocation>& after);

// The same for its removal. Precondition: the entity is there.
template <class Entity>
[[nodiscard]] std::optional<Problem> refuse_removal(const Store& store, const ResourceId& id);

}  // namespace allot::service
