// Endpoints: what the service does for each operation. Each is given the state and the call, and
// answers with a response or a problem.
#pragma once

#include "apps/service/problem.hpp"
#include "apps/service/state.hpp"

namespace allot::service {

template <class Entity>
[[nodiscard]] Answer<Response> list_entities(State& state, const Call& call);
template <class Entity>
[[nodiscard]] Answer<Response> get_entity(State& state, const Call& call);
template <class Entity>
[[nodiscard]] Answer<Response> upsert_entities(State& state, const Call& call);
template <class Entity>
[[nodiscard]] Answer<Response> delete_entity(State& state, const Call& call);

// POST /api/allocationservice/allocate, of the 2023 description: any number of placements.
[[nodiscard]] Answer<Response> allocate_any_number(State& state, const Call& call);
// POST /api/ordermanagement/allocate: at most a hundred.
[[nodiscard]] Answer<Response> allocate(State& state, const Call& call);
// POST /api/ordermanagement/allocate/weighted.
[[nodiscard]] Answer<Response> allocate_weighted(State& state, const Call& call);

// Orders with their blocks, placements of blocks, and moves between blocks: all of a call or
// nothing.
[[nodiscard]] Answer<Response> create_orders(State& state, const Call& call);
[[nodiscard]] Answer<Response> place_blocks(State& state, const Call& call);
[[nodiscard]] Answer<Response> move_orders(State& state, const Call& call);
// These do what they can, and say by the caller's key what failed.
[[nodiscard]] Answer<Response> cancel_orders(State& state, const Call& call);
[[nodiscard]] Answer<Response> update_orders(State& state, const Call& call);
[[nodiscard]] Answer<Response> cancel_placements(State& state, const Call& call);
[[nodiscard]] Answer<Response> update_placements(State& state, const Call& call);

[[nodiscard]] Answer<Response> cancel_orders_and_move_remaining(State& state, const Call& call);
[[nodiscard]] Answer<Response> book_transactions(State& state, const Call& call);
[[nodiscard]] Answer<Response> sweep_blocks(State& state, const Call& call);

[[nodiscard]] Answer<Response> order_history(State& state, const Call& call);

// Blocks, placements, or the children of a placement, with what belongs to them added up.
[[nodiscard]] Answer<Response> list_graph_blocks(State& state, const Call& call);
[[nodiscard]] Answer<Response> list_graph_placements(State& state, const Call& call);
[[nodiscard]] Answer<Response> list_graph_children(State& state, const Call& call);

[[nodiscard]] Answer<Response> health(State& state, const Call& call);
[[nodiscard]] Answer<Response> metrics(State& state, const Call& call);
[[nodiscard]] Answer<Response> openapi(State& state, const Call& call);

}  // namespace allot::service
