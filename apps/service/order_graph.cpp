// Adds up what belongs to blocks and placements, and names the state that follows from it.
#include "apps/service/order_graph.hpp"

#include <algorithm>
#include <set>

#include "apps/service/booking.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/run_book.hpp"

namespace allot::service {
namespace {

using Total = std::optional<Decimal>;

// Nothing stays nothing: a part of a sum that is not known makes the sum unknown.
void add_to(Total& total, const Total& part) {
    const Result<Decimal> sum = total && part ? add(*total, *part) : Result<Decimal>{Decimal{}};
    total = total && part && sum ? Total{*sum} : std::nullopt;
}

void add_to(std::map<std::string, Total>& totals, const std::string& state, const Total& part) {
    add_to(totals.emplace(state.empty() ? "New" : state, Decimal{}).first->second, part);
}

Total units_of(const std::optional<Quantity>& quantity) {
    return quantity ? Total{quantity->units()} : std::nullopt;
}

Total amount_of(const std::optional<CurrencyAndAmount>& amount) {
    return amount ? Total{amount->amount} : std::nullopt;
}

// Money of one currency.
class Money {
  public:
    void add(const Decimal& units, const std::optional<CurrencyAndAmount>& price) {
        if (!price || (!currency_.empty() && currency_ != price->currency)) {
            total_.reset();
            return;
        }
        currency_ = price->currency;
        const Result<Decimal> amount = multiply(units, price->amount);
        add_to(total_, amount ? Total{*amount} : std::nullopt);
    }
    [[nodiscard]] const Total& total() const noexcept { return total_; }

  private:
    Total total_{Decimal{}};
    std::string currency_;
};

bool is_undone(const Execution& execution) {
    return is_one_of(execution.state, {"Cancelled", "Canceled", "Busted", "Rejected"});
}

// Collects entities once each, in the order of their ids.
template <class Entity>
class Collected {
  public:
    bool add(const Store& store, const ResourceId& id) {
        const RecordPtr<Entity>* const found = store.find<Entity>(id);
        return found != nullptr && records_.emplace(id, *found).second;
    }
    [[nodiscard]] bool has(const ResourceId& id) const { return records_.contains(id); }
    [[nodiscard]] std::vector<RecordPtr<Entity>> records() const {
        std::vector<RecordPtr<Entity>> all;
        all.reserve(records_.size());
        for (const auto& [id, record] : records_) {
            all.push_back(record);
        }
        return all;
    }

  private:
    std::map<ResourceId, RecordPtr<Entity>> records_;
};

// A placement's tree, or those of a block's placements, and what was done on the street.
struct Street {
    Collected<Placement> placements{};
    Collected<Execution> executions{};
    Collected<Allocation> allocations{};

    void add_tree(const Store& store, const ResourceId& root) {
        std::vector<ResourceId> next;
        if (placements.add(store, root)) {
            next.push_back(root);
        }
        for (std::size_t i = 0; i < next.size(); ++i) {
            const PlacementId id{next[i]};
            for (const ResourceId& child : store.children_of(id)) {
                if (placements.add(store, child)) {
                    next.push_back(child);
                }
            }
            add_fills(store, id);
        }
    }

  private:
    void add_fills(const Store& store, const PlacementId& id) {
        for (const ResourceId& execution : store.executions_of(id)) {
            executions.add(store, execution);
            for (const ResourceId& allocation : store.allocations_of(ExecutionId{execution})) {
                allocations.add(store, allocation);
            }
        }
        for (const ResourceId& allocation : store.allocations_of(id)) {
            allocations.add(store, allocation);
        }
    }
};

GraphPart<Execution> executed_of(const Street& street) {
    GraphPart<Execution> part;
    part.quantity = Decimal{};
    Money money;
    for (const RecordPtr<Execution>& record : street.executions.records()) {
        if (!is_undone(record->value)) {
            part.records.push_back(record);
            add_to(part.quantity, record->value.quantity.units());
            money.add(record->value.quantity.units(), record->value.price);
        }
    }
    part.amount = money.total();
    return part;
}

// The allocations for which `counts` holds, each with the sign that it has seen from `side`.
template <class Counts>
GraphPart<Allocation> allocated_of(const std::vector<RecordPtr<Allocation>>& allocations,
                                   std::string_view side, Counts&& counts) {
    GraphPart<Allocation> part;
    part.quantity = Decimal{};
    Money money;
    for (const RecordPtr<Allocation>& record : allocations) {
        if (!is_cancelled(record->value) && counts(record->value)) {
            part.records.push_back(record);
            const Decimal units = signed_units(record->value, side);
            add_to(part.quantity, units);
            money.add(units, record->value.price);
        }
    }
    part.amount = money.total();
    return part;
}

GraphPart<Order> ordered_of(const Store& store, const Block& block) {
    GraphPart<Order> part;
    part.quantity = Decimal{};
    part.amount = Decimal{};
    for (const OrderId& id : block.order_ids) {
        const RecordPtr<Order>* const record = store.find<Order>(id.resource());
        if (record == nullptr) {
            continue;
        }
        const Order& order = (*record)->value;
        part.records.push_back(*record);
        add_to(part.quantity_by_state, order.state, units_of(order.quantity));
        add_to(part.amount_by_state, order.state, amount_of(order.amount));
        if (!is_dead(order)) {
            add_to(part.quantity, units_of(order.quantity));
            add_to(part.amount, amount_of(order.amount));
        }
    }
    return part;
}

// What a placement has out on the street: all of it while it lives, then what was executed.
Total placed_units(const Store& store, const Placement& placement) {
    if (!is_dead(placement) && placement.quantity) {
        return placement.quantity->units();
    }
    Street own;
    own.add_tree(store, placement.id.resource());
    return executed_of(own).quantity;
}

GraphPart<Placement> placed_of(const Store& store, const Street& street) {
    GraphPart<Placement> part;
    part.records = street.placements.records();
    part.quantity = Decimal{};
    part.amount = Decimal{};
    for (const RecordPtr<Placement>& record : part.records) {
        const Placement& placement = record->value;
        const auto& parent = placement.parent_placement_id;
        if (parent && *parent != placement.id && street.placements.has(parent->resource())) {
            continue;
        }
        const Total units = placed_units(store, placement);
        add_to(part.quantity, units);
        add_to(part.quantity_by_state, placement.state, units);
        add_to(part.amount, amount_of(placement.amount));
        add_to(part.amount_by_state, placement.state, amount_of(placement.amount));
    }
    return part;
}

// A sum of what was never given is not worth telling.
template <class Entity>
void drop_unknown(GraphPart<Entity>& part) {
    const auto unknown = [](const auto& entry) { return !entry.second; };
    std::erase_if(part.quantity_by_state, unknown);
    std::erase_if(part.amount_by_state, unknown);
    if (part.records.empty()) {
        part.amount.reset();
    }
}

template <class Entity>
void note_latest(Instant& latest, const std::vector<RecordPtr<Entity>>& records) {
    for (const RecordPtr<Entity>& record : records) {
        latest = std::max(latest, record->modified->as_at);
    }
}

// docs/decisions/0043-order-graph.md has the table.
std::string state_of_fills(const Total& executed, const Total& allocated, bool is_complete) {
    if (executed && allocated && *executed < *allocated) {
        return "Over-allocated";
    }
    return is_complete && executed == allocated ? "Allocated" : "In progress";
}

std::string state_of(const GraphBlock& graph) {
    const auto& orders = graph.ordered.records;
    const Total& executed = graph.executed.quantity;
    const bool has_executed = !executed || !executed->is_zero();
    const bool is_dropped = !orders.empty() && std::all_of(orders.begin(), orders.end(),
                                                           [](const RecordPtr<Order>& order) {
                                                               return is_dead(order->value);
                                                           });
    if (is_dropped && !has_executed) {
        return "Cancelled";
    }
    const Total& placed = graph.placed.quantity;
    if (placed && placed->is_zero()) {
        return "Unplaced";
    }
    const Total& ordered = graph.ordered.quantity;
    if (!orders.empty() && !is_dropped && ordered && placed) {
        if (*placed < *ordered) {
            return "Partially placed";
        }
        if (*ordered < *placed) {
            return "Overplaced";
        }
    }
    if (!has_executed) {
        return "Placed";
    }
    const bool is_complete = executed && placed && *placed <= *executed;
    std::string state = state_of_fills(executed, graph.allocated.quantity, is_complete);
    const bool is_booked = graph.booked.records.size() == graph.allocated.records.size();
    return state == "Allocated" && is_booked ? "Booked" : state;
}

std::string state_of(const GraphPlacement& graph) {
    const Placement& placement = graph.record->value;
    const Total& executed = graph.executed.quantity;
    const Total& allocated = graph.allocated.quantity;
    if (executed && executed->is_zero() && allocated && allocated->is_zero()) {
        return is_dead(placement) ? "Cancelled" : "Placed";
    }
    const bool is_complete = is_dead(placement) || !placement.quantity ||
                             (executed && placement.quantity->units() <= *executed);
    return state_of_fills(executed, allocated, is_complete);
}

Total average_of(const GraphPart<Execution>& executed) {
    constexpr int places = 10;
    if (!executed.quantity || !executed.amount || executed.quantity->is_zero()) {
        return std::nullopt;
    }
    const Result<Decimal> average =
        divide(*executed.amount, *executed.quantity, places, Rounding::half_even);
    return average ? Total{*average} : std::nullopt;
}

}  // namespace

bool is_one_of(std::string_view state, std::initializer_list<std::string_view> states) {
    return std::any_of(states.begin(), states.end(),
                       [&](std::string_view one) { return same_without_case(state, one); });
}

bool is_dead(const Order& order) noexcept {
    return is_one_of(order.state, {"Cancelled", "Canceled", "Rejected", "Expired"});
}

bool is_dead(const Placement& placement) noexcept {
    return is_one_of(placement.state, {"Cancelled", "Canceled", "Rejected", "Expired"});
}

std::optional<int> direction_of(std::string_view side) {
    const auto begins = [&](std::string_view word) {
        return same_without_case(side.substr(0, word.size()), word);
    };
    if (begins("buy") || begins("cover")) {
        return 1;
    }
    return begins("sell") || begins("short") ? std::optional{-1} : std::nullopt;
}

Decimal signed_units(const Allocation& allocation, std::string_view side) {
    const Decimal& units = allocation.quantity.units();
    const std::optional<int> own = direction_of(allocation.side);
    const std::optional<int> wanted = direction_of(side);
    return own && wanted && *own != *wanted ? -units : units;
}

GraphBlock graph_of(const Store& store, const RecordPtr<Block>& record) {
    const Block& block = record->value;
    GraphBlock graph;
    graph.id = block.id;
    graph.record = record;
    Street street;
    for (const ResourceId& id : store.placements_of(block.id)) {
        street.add_tree(store, id);
    }
    std::set<ResourceId> orders;
    for (const OrderId& id : block.order_ids) {
        orders.insert(id.resource());
        for (const ResourceId& allocation : store.allocations_of(id)) {
            const Allocation& stored = (*store.find<Allocation>(allocation))->value;
            if (stored.placement_ids.empty() && stored.execution_ids.empty()) {
                street.allocations.add(store, allocation);
            }
        }
    }
    graph.ordered = ordered_of(store, block);
    graph.placed = placed_of(store, street);
    graph.executed = executed_of(street);
    const auto allocations = street.allocations.records();
    graph.allocated = allocated_of(allocations, block.side, [&](const Allocation& allocation) {
        return orders.empty() || orders.contains(allocation.allocated_order_id.resource());
    });
    graph.booked = allocated_of(graph.allocated.records, block.side, is_booked);
    drop_unknown(graph.ordered);
    drop_unknown(graph.placed);
    note_latest(graph.latest_fill, street.executions.records());
    note_latest(graph.latest_fill, allocations);
    graph.latest_activity = std::max(graph.latest_fill, record->modified->as_at);
    note_latest(graph.latest_activity, graph.ordered.records);
    note_latest(graph.latest_activity, graph.placed.records);
    graph.derived_state = state_of(graph);
    return graph;
}

GraphPlacement graph_of(const Store& store, const RecordPtr<Placement>& record) {
    const Placement& placement = record->value;
    GraphPlacement graph;
    graph.id = placement.id;
    graph.record = record;
    Street street;
    street.add_tree(store, placement.id.resource());
    Collected<Placement> children;
    for (const ResourceId& id : store.children_of(placement.id)) {
        children.add(store, id);
    }
    graph.children = children.records();
    for (const BlockId& id : placement.block_ids) {
        if (const RecordPtr<Block>* const block = store.find<Block>(id.resource())) {
            const auto& own = (*block)->value.order_ids;
            graph.order_ids.insert(graph.order_ids.end(), own.begin(), own.end());
        }
    }
    graph.executed = executed_of(street);
    graph.allocated = allocated_of(street.allocations.records(), placement.side,
                                   [](const Allocation&) { return true; });
    graph.average_price = average_of(graph.executed);
    graph.derived_state = state_of(graph);
    return graph;
}

std::unique_ptr<const Store> store_of(const Store& store, const Instant& as_at) {
    Change change;
    change.stamp = std::make_shared<const Stamp>(Stamp{as_at, ""});
    const auto take = [&](const auto& record) {
        change.of<std::remove_const_t<decltype(record->value)>>().push_back(record);
        return true;
    };
    store.visit<Order>(std::nullopt, as_at, {}, take);
    store.visit<Block>(std::nullopt, as_at, {}, take);
    store.visit<Placement>(std::nullopt, as_at, {}, take);
    store.visit<Execution>(std::nullopt, as_at, {}, take);
    store.visit<Allocation>(std::nullopt, as_at, {}, take);
    auto past = std::make_unique<Store>();
    past->apply(change);
    return past;
}

}  // namespace allot::service
