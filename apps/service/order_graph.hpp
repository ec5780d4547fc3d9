// Order graph: blocks and placements with everything that belongs to them, added up.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/service/fields.hpp"
#include "apps/service/store.hpp"

namespace allot::service {

// What belongs to a block or a placement, of one kind. A total is nullopt when something of it has
// no such size, is in another currency, or the sum has too many digits.
template <class Entity>
struct GraphPart {
    std::vector<RecordPtr<Entity>> records{};  // by id; those of a block's orders as it lists them
    std::optional<Decimal> quantity{};
    std::optional<Decimal> amount{};
    std::map<std::string, std::optional<Decimal>> quantity_by_state{};
    std::map<std::string, std::optional<Decimal>> amount_by_state{};
};

struct GraphBlock {
    BlockId id{};
    RecordPtr<Block> record{};
    GraphPart<Order> ordered{};         // those in a dead state are listed, and count nothing
    GraphPart<Placement> placed{};      // children are listed; their parents count for them
    GraphPart<Execution> executed{};    // without those in a dead state
    GraphPart<Allocation> allocated{};  // without those that are cancelled
    GraphPart<Allocation> booked{};     // of these, those that were booked
    std::string derived_state{};
    Instant latest_activity{};  // the last change of any of them
    Instant latest_fill{};      // of the executions and allocations, dead ones too
};

struct GraphPlacement {
    PlacementId id{};
    RecordPtr<Placement> record{};
    std::vector<RecordPtr<Placement>> children{};
    std::vector<OrderId> order_ids{};  // of its blocks
    GraphPart<Execution> executed{};   // its own and its descendants'
    GraphPart<Allocation> allocated{};
    std::string derived_state{};
    std::optional<Decimal> average_price{};
};

// Both as the store has them now. Complexity: O(what belongs to it x log n).
[[nodiscard]] GraphBlock graph_of(const Store& store, const RecordPtr<Block>& record);
[[nodiscard]] GraphPlacement graph_of(const Store& store, const RecordPtr<Placement>& record);

// Only what counted at `as_at`, as a store of its own. Complexity: O(everything ever written).
[[nodiscard]] std::unique_ptr<const Store> store_of(const Store& store, const Instant& as_at);

// The units of an allocation; below zero when it goes the other way than `side`.
[[nodiscard]] Decimal signed_units(const Allocation& allocation, std::string_view side);

// 1: the side adds to a position, -1: it takes from one; nullopt: who knows.
[[nodiscard]] std::optional<int> direction_of(std::string_view side);

// Orders and placements that nothing more is expected of.
[[nodiscard]] bool is_dead(const Order& order) noexcept;
[[nodiscard]] bool is_dead(const Placement& placement) noexcept;

// True when `state` is one of these, without regard to case.
[[nodiscard]] bool is_one_of(std::string_view state,
                             std::initializer_list<std::string_view> states);

template <>
inline constexpr KindInfo kind_info<GraphBlock>{"block",
                                                "OrderGraphBlock",
                                                "graph blocks",
                                                "",
                                                200,
                                                ProblemCode::block_not_found,
                                                ProblemCode::cannot_update_block};
template <>
inline constexpr KindInfo kind_info<GraphPlacement>{"placement",
                                                    "OrderGraphPlacement",
                                                    "graph placements",
                                                    "",
                                                    200,
                                                    ProblemCode::placement_not_found,
                                                    ProblemCode::cannot_update_placement};

// What can be filtered and sorted by: the members of the block, and what was added up.
template <IsOrConst<GraphBlock> Entity, class Visit>
void visit_fields(Entity& graph, Visit&& visit) {
    static const Block none;
    visit_fields(graph.record == nullptr ? none : graph.record->value, visit);
    visit(FieldInfo{"ordered.quantity"}, graph.ordered.quantity);
    visit(FieldInfo{"placed.quantity"}, graph.placed.quantity);
    visit(FieldInfo{"executed.quantity"}, graph.executed.quantity);
    visit(FieldInfo{"allocated.quantity"}, graph.allocated.quantity);
    visit(FieldInfo{"booked.quantity"}, graph.booked.quantity);
    visit(FieldInfo{"derivedState"}, graph.derived_state);
    visit(FieldInfo{"latestActivityDate"}, graph.latest_activity);
}

template <IsOrConst<GraphPlacement> Entity, class Visit>
void visit_fields(Entity& graph, Visit&& visit) {
    static const Placement none;
    visit_fields(graph.record == nullptr ? none : graph.record->value, visit);
    visit(FieldInfo{"executed.quantity"}, graph.executed.quantity);
    visit(FieldInfo{"allocated.quantity"}, graph.allocated.quantity);
    visit(FieldInfo{"derivedState"}, graph.derived_state);
    visit(FieldInfo{"calculatedAveragePrice"}, graph.average_price);
}

}  // namespace allot::service
