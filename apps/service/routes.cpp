// The table of routes.
#include "apps/service/routes.hpp"

#include <array>
#include <optional>

namespace allot::service {
namespace {

constexpr bool changes = true;
constexpr bool for_anyone = true;

constexpr std::array table = {
    Route{"GET", "/api/orders", "ListOrders", &list_entities<Order>},
    Route{"POST", "/api/orders", "UpsertOrders", &upsert_entities<Order>, changes},
    Route{"GET", "/api/orders/{scope}/{code}", "GetOrder", &get_entity<Order>},
    Route{"DELETE", "/api/orders/{scope}/{code}", "DeleteOrder", &delete_entity<Order>, changes},
    Route{"GET", "/api/blocks", "ListBlocks", &list_entities<Block>},
    Route{"POST", "/api/blocks", "UpsertBlocks", &upsert_entities<Block>, changes},
    Route{"GET", "/api/blocks/{scope}/{code}", "GetBlock", &get_entity<Block>},
    Route{"DELETE", "/api/blocks/{scope}/{code}", "DeleteBlock", &delete_entity<Block>, changes},
    Route{"GET", "/api/placements", "ListPlacements", &list_entities<Placement>},
    Route{"POST", "/api/placements", "UpsertPlacements", &upsert_entities<Placement>, changes},
    Route{"GET", "/api/placements/{scope}/{code}", "GetPlacement", &get_entity<Placement>},
    Route{"DELETE", "/api/placements/{scope}/{code}", "DeletePlacement", &delete_entity<Placement>,
          changes},
    Route{"GET", "/api/executions", "ListExecutions", &list_entities<Execution>},
    Route{"POST", "/api/executions", "UpsertExecutions", &upsert_entities<Execution>, changes},
    Route{"GET", "/api/executions/{scope}/{code}", "GetExecution", &get_entity<Execution>},
    Route{"DELETE", "/api/executions/{scope}/{code}", "DeleteExecution", &delete_entity<Execution>,
          changes},
    Route{"GET", "/api/allocations", "ListAllocations", &list_entities<Allocation>},
    Route{"POST", "/api/allocations", "UpsertAllocations", &upsert_entities<Allocation>, changes},
    Route{"GET", "/api/allocations/{scope}/{code}", "GetAllocation", &get_entity<Allocation>},
    Route{"DELETE", "/api/allocations/{scope}/{code}", "DeleteAllocation",
          &delete_entity<Allocation>, changes},
    Route{"POST", "/api/allocationservice/allocate", "RunAllocationService (2023)",
          &allocate_any_number, changes},
    Route{"POST", "/api/ordermanagement/allocate", "RunAllocationService", &allocate, changes},
    Route{"POST", "/api/ordermanagement/allocate/weighted", "RunAllocationServiceWithWeights",
          &allocate_weighted, changes},
    Route{"POST", "/api/ordermanagement/createorders", "CreateOrders", &create_orders, changes},
    Route{"POST", "/api/ordermanagement/placeblocks", "PlaceBlocks", &place_blocks, changes},
    Route{"POST", "/api/ordermanagement/cancelorders", "CancelOrders", &cancel_orders, changes},
    Route{"POST", "/api/ordermanagement/cancelordersandmoveremaining",
          "CancelOrdersAndMoveRemaining", &cancel_orders_and_move_remaining, changes},
    Route{"POST", "/api/ordermanagement/moveorders", "MoveOrders", &move_orders, changes},
    Route{"POST", "/api/ordermanagement/updateorders", "UpdateOrders", &update_orders, changes},
    Route{"POST", "/api/ordermanagement/$cancelplacements", "CancelPlacements", &cancel_placements,
          changes},
    Route{"POST", "/api/ordermanagement/$updateplacements", "UpdatePlacements", &update_placements,
          changes},
    Route{"POST", "/api/ordermanagement/booktransactions", "BookTransactions", &book_transactions,
          changes},
    Route{"POST", "/api/ordermanagement/SweepBlocks", "SweepBlocks", &sweep_blocks, changes},
    Route{"GET", "/api/ordermanagement/order/{scope}/{code}/$history", "GetOrderHistory",
          &order_history},
    Route{"GET", "/api/ordergraph/blocks", "ListOrderGraphBlocks", &list_graph_blocks},
    Route{"GET", "/api/ordergraph/placements", "ListOrderGraphPlacements", &list_graph_placements},
    Route{"GET", "/api/ordergraph/placementchildren/{scope}/{code}",
          "ListOrderGraphPlacementChildren", &list_graph_children},
    Route{"GET", "/healthz", "Health", &health, !changes, for_anyone},
    Route{"GET", "/metrics", "Metrics", &metrics},
    Route{"GET", "/openapi.json", "Description", &openapi},
};

// What stands in the place of {scope} and {code}.
struct IdParts {
    const std::string* scope{nullptr};
    const std::string* code{nullptr};
};

// The parts when `path` has those of `pattern`.
std::optional<IdParts> parts_of(std::string_view pattern, const std::vector<std::string>& path) {
    IdParts parts;
    for (const std::string& part : path) {
        if (!pattern.starts_with('/')) {
            return std::nullopt;
        }
        pattern.remove_prefix(1);
        const std::string_view wanted = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(wanted.size());
        if (wanted.starts_with('{')) {
            (wanted == "{scope}" ? parts.scope : parts.code) = &part;
        } else if (wanted != part) {
            return std::nullopt;
        }
    }
    return pattern.empty() ? std::optional{parts} : std::nullopt;
}

}  // namespace

std::span<const Route> routes() noexcept {
    return table;
}

Match match(std::string_view method, const std::vector<std::string>& path) {
    Match found;
    for (const Route& route : table) {
        const std::optional<IdParts> parts = parts_of(route.pattern, path);
        if (!parts) {
            continue;
        }
        found.pattern = route.pattern;
        found.methods.push_back(route.method);
        if (route.method == method || (route.method == "GET" && method == "HEAD")) {
            found.route = &route;
            if (parts->scope != nullptr && parts->code != nullptr) {
                found.id = {*parts->scope, *parts->code};
            }
        }
    }
    return found;
}

}  // namespace allot::service
