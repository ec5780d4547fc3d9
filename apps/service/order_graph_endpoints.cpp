// The order graph on the wire: lists of blocks and placements with what belongs to them.
#include <shared_mutex>

#include "apps/service/booking.hpp"
#include "apps/service/clock.hpp"
#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/graph_source.hpp"
#include "apps/service/listing.hpp"

namespace allot::service {
namespace {

using Keys = std::vector<std::string>;

// Appends `,"name":[...]` with what `tell` writes for each.
template <class Items, class TellItem>
void write_list(std::string& out, const char* name, const Items& items, TellItem&& tell) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":[";
    for (const auto& item : items) {
        out += out.back() == '[' ? "" : ",";
        tell(item);
    }
    out += ']';
}

template <class Entity>
void write_ids(std::string& out, const std::vector<RecordPtr<Entity>>& records) {
    write_list(out, "details", records, [&](const RecordPtr<Entity>& record) {
        out += '{';
        write_member(out, "id", record->value.id.resource());
        out += '}';
    });
}

void write_by_state(std::string& out, const char* name,
                    const std::map<std::string, std::optional<Decimal>>& totals) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":{";
    for (const auto& [state, total] : totals) {
        write_member(out, state, total);
    }
    out += '}';
}

// Begins the member `name`, an object with the totals of a part.
template <class Entity>
void begin_part(std::string& out, const char* name, const GraphPart<Entity>& part,
                bool has_states) {
    out += ",\"";
    out += name;
    out += "\":{";
    write_member(out, "quantity", part.quantity);
    if (has_states) {
        write_by_state(out, "quantityByState", part.quantity_by_state);
    }
    write_member(out, "amount", part.amount);
    if (has_states) {
        write_by_state(out, "amountByState", part.amount_by_state);
    }
}

// The same with the ids of what was counted.
template <class Entity>
void write_part(std::string& out, const char* name, const GraphPart<Entity>& part,
                bool has_states) {
    begin_part(out, name, part, has_states);
    write_ids(out, part.records);
    out += '}';
}

// Nobody checks or approves orders here; what is placed has passed the point where somebody would.
void write_order_details(std::string& out, const GraphBlock& graph, const char* approval) {
    write_list(out, "details", graph.ordered.records, [&](const RecordPtr<Order>& order) {
        out += '{';
        write_member(out, "id", order->value.id.resource());
        out += ",\"complianceState\":\"Pending\",\"approvalState\":\"";
        out += approval;
        out += '"';
        if (order->value.portfolio_id) {
            write_member(out, "portfolioId", order->value.portfolio_id->resource());
        }
        out += '}';
    });
}

void write_allocation_details(std::string& out, const GraphBlock& graph) {
    const auto tell = [&](const RecordPtr<Allocation>& record) {
        const Allocation& allocation = record->value;
        const Decimal units = signed_units(allocation, graph.record->value.side);
        out += '{';
        write_member(out, "id", allocation.id.resource());
        write_member(out, "allocatedOrderId", allocation.allocated_order_id.resource());
        write_member(out, "quantity", units);
        if (allocation.price) {
            if (const Result<Decimal> amount = multiply(units, allocation.price->amount)) {
                write_member(out, "amount", *amount);
            }
        }
        out += '}';
    };
    write_list(out, "details", graph.allocated.records, tell);
}

void write_graph(std::string& out, const Record<GraphBlock>& record, const Keys* keys) {
    const GraphBlock& graph = record.value;
    const char* const approval = graph.placed.records.empty() ? "Pending" : "Placed";
    out += "{\"block\":";
    write_record(out, *graph.record, keys);
    begin_part(out, "ordered", graph.ordered, true);
    write_order_details(out, graph, approval);
    out += '}';
    write_part(out, "placed", graph.placed, true);
    write_part(out, "executed", graph.executed, false);
    begin_part(out, "allocated", graph.allocated, false);
    write_allocation_details(out, graph);
    out += '}';
    begin_part(out, "booked", graph.booked, false);
    write_list(out, "details", graph.booked.records, [&](const RecordPtr<Allocation>& booked) {
        out += '{';
        write_member(out, "id", transaction_id(booked->value));
        out += '}';
    });
    out += '}';
    write_member(out, "derivedState", graph.derived_state);
    out += ",\"derivedComplianceState\":\"Pending\",\"derivedApprovalState\":\"";
    out += approval;
    out += '"';
    const std::optional<int> direction = direction_of(graph.record->value.side);
    if (direction && !graph.ordered.records.empty()) {
        write_member(out, "derivedDirection", Decimal{*direction});
    }
    write_member(out, "latestActivityDate", *Time::parse(to_wire(graph.latest_activity)));
    out += '}';
}

void write_graph(std::string& out, const Record<GraphPlacement>& record, const Keys* keys) {
    const GraphPlacement& graph = record.value;
    const Placement& placement = graph.record->value;
    out += "{\"placement\":";
    write_record(out, *graph.record, keys);
    if (!placement.block_ids.empty()) {
        write_member(out, "blockId", placement.block_ids.front().resource());
    }
    out += ",\"ordered\":{";
    write_list(out, "details", graph.order_ids, [&](const OrderId& id) {
        out += '{';
        write_member(out, "id", id.resource());
        out += '}';
    });
    out += "},\"placed\":{";
    write_ids(out, graph.children);
    if (placement.quantity) {
        write_member(out, "quantity", placement.quantity->units());
    }
    if (placement.amount) {
        write_member(out, "amount", placement.amount->amount);
    }
    out += '}';
    write_part(out, "executed", graph.executed, false);
    write_part(out, "allocated", graph.allocated, false);
    write_member(out, "derivedState", graph.derived_state);
    write_member(out, "calculatedAveragePrice", graph.average_price);
    out += '}';
}

template <class Entity>
Answer<Response> list_graph(State& state, const Call& call, const ListRules& rules) {
    Findings findings;
    const Keys keys = property_keys_of(call.target, findings);
    const bool include_swept = truth_of(call.target, "includeSwept", true, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const auto page = [&] {
        const std::shared_lock lock{state.mutex};
        const GraphSource source{state.store, rules.parent, include_swept};
        return list_page<Entity>(source, call.target, rules);
    }();
    if (!page) {
        return Unexpected{page.error()};
    }
    std::string out = "{\"values\":[";
    for (const RecordPtr<Entity>& record : page->records) {
        out += out.back() == '[' ? "" : ",";
        write_graph(out, *record, keys.empty() ? nullptr : &keys);
    }
    out += ']';
    if (!page->next.empty()) {
        write_member(out, "nextPage", page->next);
    }
    return json_response(out + ",\"links\":[]}");
}

constexpr const char* token_name = "paginationToken";

}  // namespace

Answer<Response> list_graph_blocks(State& state, const Call& call) {
    return list_graph<GraphBlock>(state, call, {token_name, false, {}});
}

Answer<Response> list_graph_placements(State& state, const Call& call) {
    return list_graph<GraphPlacement>(state, call, {token_name, false, {}});
}

Answer<Response> list_graph_children(State& state, const Call& call) {
    Findings findings;
    const std::optional<Instant> as_at = as_at_of(call.target, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    {
        const std::shared_lock lock{state.mutex};
        if (state.store.find<Placement>(call.id, as_at) == nullptr) {
            return Unexpected{not_there<Placement>(call.id)};
        }
    }
    return list_graph<GraphPlacement>(state, call, {token_name, true, PlacementId{call.id}});
}

}  // namespace allot::service
