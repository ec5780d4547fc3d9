// Fields: the members of each entity on the wire, one table per kind. Reading, writing, filtering
// and describing all go through these tables, so a member is named in one place.
#pragma once

#include <string_view>
#include <type_traits>

#include "allot/allocation.hpp"
#include "allot/block.hpp"
#include "allot/execution.hpp"
#include "allot/order.hpp"
#include "allot/placement.hpp"
#include "apps/service/problem.hpp"

namespace allot::service {

enum class Presence : std::uint8_t {
    optional,
    required,       // a request must give it
    response_only,  // a request does not set it
};

// How a member is called. Requests and responses differ in two names.
struct FieldInfo {
    std::string_view request;
    Presence presence{Presence::optional};
    std::string_view response{request};
};

// What the wire calls a kind of entity.
struct KindInfo {
    std::string_view singular;    // "order"
    std::string_view type;        // "Order"
    std::string_view plural;      // "orders", also the path
    std::string_view set_member;  // the list in an upsert's body
    int upsert_status;
    ProblemCode not_found;
    ProblemCode cannot_update;
};

template <class Entity>
inline constexpr KindInfo kind_info{};
template <>
inline constexpr KindInfo kind_info<Order>{"order",
                                           "Order",
                                           "orders",
                                           "orderRequests",
                                           201,
                                           ProblemCode::order_not_found,
                                           ProblemCode::cannot_update_order};
template <>
inline constexpr KindInfo kind_info<Block>{"block",
                                           "Block",
                                           "blocks",
                                           "requests",
                                           201,
                                           ProblemCode::block_not_found,
                                           ProblemCode::cannot_update_block};
template <>
inline constexpr KindInfo kind_info<Placement>{"placement",
                                               "Placement",
                                               "placements",
                                               "requests",
                                               201,
                                               ProblemCode::placement_not_found,
                                               ProblemCode::cannot_update_placement};
template <>
inline constexpr KindInfo kind_info<Execution>{"execution",
                                               "Execution",
                                               "executions",
                                               "requests",
                                               201,
                                               ProblemCode::execution_not_found,
                                               ProblemCode::invalid_request};
template <>
inline constexpr KindInfo kind_info<Allocation>{"allocation",
                                                "Allocation",
                                                "allocations",
                                                "allocationRequests",
                                                200,
                                                ProblemCode::allocation_not_found,
                                                ProblemCode::invalid_request};

template <class T, class Entity>
concept IsOrConst = std::is_same_v<std::remove_const_t<T>, Entity>;

// visit_fields(entity, visit): calls visit(FieldInfo, member) for each, in the order of the wire.
template <IsOrConst<Order> Entity, class Visit>
void visit_fields(Entity& order, Visit&& visit) {
    using enum Presence;
    visit(FieldInfo{"id", required}, order.id);
    visit(FieldInfo{"instrumentIdentifiers", required}, order.instrument_identifiers);
    visit(FieldInfo{"quantity"}, order.quantity);
    visit(FieldInfo{"side", required}, order.side);
    visit(FieldInfo{"orderBookId"}, order.order_book_id);
    visit(FieldInfo{"portfolioId"}, order.portfolio_id);
    visit(FieldInfo{"instrumentScope", response_only}, order.instrument_scope);
    visit(FieldInfo{"lusidInstrumentId", response_only}, order.lusid_instrument_id);
    visit(FieldInfo{"state"}, order.state);
    visit(FieldInfo{"type"}, order.type);
    visit(FieldInfo{"timeInForce"}, order.time_in_force);
    visit(FieldInfo{"date"}, order.date);
    visit(FieldInfo{"price"}, order.price);
    visit(FieldInfo{"limitPrice"}, order.limit_price);
    visit(FieldInfo{"stopPrice"}, order.stop_price);
    visit(FieldInfo{"orderInstruction", optional, "orderInstructionId"}, order.order_instruction);
    visit(FieldInfo{"package", optional, "packageId"}, order.package);
    visit(FieldInfo{"weight"}, order.weight);
    visit(FieldInfo{"amount"}, order.amount);
    visit(FieldInfo{"custodianAccountId"}, order.custodian_account_id);
    visit(FieldInfo{"properties"}, order.properties);
}

template <IsOrConst<Block> Entity, class Visit>
void visit_fields(Entity& block, Visit&& visit) {
    using enum Presence;
    visit(FieldInfo{"id", required}, block.id);
    visit(FieldInfo{"orderIds"}, block.order_ids);
    visit(FieldInfo{"instrumentIdentifiers", required}, block.instrument_identifiers);
    visit(FieldInfo{"lusidInstrumentId", response_only}, block.lusid_instrument_id);
    visit(FieldInfo{"quantity"}, block.quantity);
    visit(FieldInfo{"amount"}, block.amount);
    visit(FieldInfo{"side", required}, block.side);
    visit(FieldInfo{"type"}, block.type);
    visit(FieldInfo{"timeInForce"}, block.time_in_force);
    visit(FieldInfo{"createdDate", required}, block.created_date);
    visit(FieldInfo{"limitPrice"}, block.limit_price);
    visit(FieldInfo{"stopPrice"}, block.stop_price);
    visit(FieldInfo{"isSwept"}, block.is_swept);
    visit(FieldInfo{"properties"}, block.properties);
}

template <IsOrConst<Placement> Entity, class Visit>
void visit_fields(Entity& placement, Visit&& visit) {
    using enum Presence;
    visit(FieldInfo{"id", required}, placement.id);
    visit(FieldInfo{"parentPlacementId"}, placement.parent_placement_id);
    visit(FieldInfo{"blockIds", required}, placement.block_ids);
    visit(FieldInfo{"instrumentIdentifiers", required}, placement.instrument_identifiers);
    visit(FieldInfo{"lusidInstrumentId", response_only}, placement.lusid_instrument_id);
    visit(FieldInfo{"quantity"}, placement.quantity);
    visit(FieldInfo{"amount"}, placement.amount);
    visit(FieldInfo{"state"}, placement.state);
    visit(FieldInfo{"side", required}, placement.side);
    visit(FieldInfo{"timeInForce", required}, placement.time_in_force);
    visit(FieldInfo{"type", required}, placement.type);
    visit(FieldInfo{"createdDate", required}, placement.created_date);
    visit(FieldInfo{"limitPrice"}, placement.limit_price);
    visit(FieldInfo{"stopPrice"}, placement.stop_price);
    visit(FieldInfo{"counterparty"}, placement.counterparty);
    visit(FieldInfo{"executionSystem"}, placement.execution_system);
    visit(FieldInfo{"entryType"}, placement.entry_type);
    visit(FieldInfo{"properties"}, placement.properties);
}

template <IsOrConst<Execution> Entity, class Visit>
void visit_fields(Entity& execution, Visit&& visit) {
    using enum Presence;
    visit(FieldInfo{"id", required}, execution.id);
    visit(FieldInfo{"placementId", required}, execution.placement_id);
    visit(FieldInfo{"instrumentIdentifiers", required}, execution.instrument_identifiers);
    visit(FieldInfo{"lusidInstrumentId", response_only}, execution.lusid_instrument_id);
    visit(FieldInfo{"quantity", required}, execution.quantity);
    visit(FieldInfo{"state", required}, execution.state);
    visit(FieldInfo{"side", required}, execution.side);
    visit(FieldInfo{"type", required}, execution.type);
    visit(FieldInfo{"createdDate", required}, execution.created_date);
    visit(FieldInfo{"settlementDate"}, execution.settlement_date);
    visit(FieldInfo{"price", required}, execution.price);
    visit(FieldInfo{"settlementCurrency", required}, execution.settlement_currency);
    visit(FieldInfo{"settlementCurrencyFxRate", required}, execution.settlement_currency_fx_rate);
    visit(FieldInfo{"counterparty", required}, execution.counterparty);
    visit(FieldInfo{"averagePrice"}, execution.average_price);
    visit(FieldInfo{"properties"}, execution.properties);
}

template <IsOrConst<Allocation> Entity, class Visit>
void visit_fields(Entity& allocation, Visit&& visit) {
    using enum Presence;
    visit(FieldInfo{"id", required}, allocation.id);
    visit(FieldInfo{"allocatedOrderId", required}, allocation.allocated_order_id);
    visit(FieldInfo{"portfolioId", required}, allocation.portfolio_id);
    visit(FieldInfo{"quantity", required}, allocation.quantity);
    visit(FieldInfo{"instrumentIdentifiers", required}, allocation.instrument_identifiers);
    visit(FieldInfo{"instrumentScope", response_only}, allocation.instrument_scope);
    visit(FieldInfo{"lusidInstrumentId", response_only}, allocation.lusid_instrument_id);
    visit(FieldInfo{"placementIds"}, allocation.placement_ids);
    visit(FieldInfo{"state"}, allocation.state);
    visit(FieldInfo{"side"}, allocation.side);
    visit(FieldInfo{"type"}, allocation.type);
    visit(FieldInfo{"settlementDate"}, allocation.settlement_date);
    visit(FieldInfo{"date"}, allocation.date);
    visit(FieldInfo{"price"}, allocation.price);
    visit(FieldInfo{"settlementCurrency"}, allocation.settlement_currency);
    visit(FieldInfo{"settlementCurrencyFxRate"}, allocation.settlement_currency_fx_rate);
    visit(FieldInfo{"counterparty"}, allocation.counterparty);
    visit(FieldInfo{"executionIds"}, allocation.execution_ids);
    visit(FieldInfo{"custodianAccountId"}, allocation.custodian_account_id);
    visit(FieldInfo{"properties"}, allocation.properties);
}

}  // namespace allot::service
