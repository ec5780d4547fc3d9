// Commands that take orders, or what is left of them, to other blocks.
#include <algorithm>
#include <map>
#include <optional>

#include "allot/registry.hpp"
#include "allot/split.hpp"
#include "apps/service/blocking.hpp"
#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/order_graph.hpp"
#include "apps/service/run_book.hpp"

namespace allot::service {
namespace {

struct Move {
    ResourceId order{};
    ResourceId destination{};
    std::optional<ResourceId> source{};
};

Problem order_refusal(const ResourceId& order, const std::string& what) {
    return make_problem(409, ProblemCode::cannot_update_order,
                        "order " + order.to_string() + ' ' + what);
}

// What of a block's quantity is out on the street.
std::optional<Decimal> placed_of(const Store& store, const ResourceId& block) {
    const RecordPtr<Block>* const record = store.find<Block>(block);
    return record == nullptr ? Decimal{} : graph_of(store, *record).placed.quantity;
}

std::optional<Problem> draft_leaving(Draft& draft, const OrderId& order, const ResourceId& id) {
    Block block = *draft.find<Block>(id);
    std::erase(block.order_ids, order);
    block.quantity = total_of(draft, block);
    const std::optional<Decimal> placed = placed_of(draft.store(), id);
    if (placed && block.quantity && block.quantity->units() < *placed) {
        return make_problem(409, ProblemCode::block_overplaced,
                            fmt::format("block {} without order {}, found {} ordered, expected at "
                                        "least {} which is placed",
                                        id.to_string(), order.to_string(),
                                        block.quantity->to_string(), placed->to_string()));
    }
    return draft.put(std::move(block));
}

std::optional<Problem> draft_move(Draft& draft, Move& move) {
    const Order* const order = draft.find<Order>(move.order);
    if (order == nullptr) {
        return not_there<Order>(move.order);
    }
    const std::vector<ResourceId> blocks = blocks_of(draft, order->id);
    if (blocks.size() > 1) {
        return order_refusal(move.order, "stands in several blocks");
    }
    if (!blocks.empty()) {
        move.source = blocks.front();
        if (*move.source == move.destination) {
            return std::nullopt;
        }
    }
    if (std::optional<Problem> refusal = refuse_joining(draft, *order, move.destination)) {
        return refusal;
    }
    if (move.source) {
        if (std::optional<Problem> refusal = draft_leaving(draft, order->id, *move.source)) {
            return refusal;
        }
    }
    return draft_joining(draft, *order, move.destination);
}

// One entry of CancelOrdersAndMoveRemaining.
struct Remainder {
    ResourceId order{};
    ResourceId new_order{};
    ResourceId new_block{};
    bool is_moved{false};
};

// What each of the orders that are cancelled keeps, because it is placed.
using Kept = std::map<ResourceId, Quantity>;

Decimal allocated_to(const Store& store, const OrderId& order) {
    Decimal sum;
    for (const ResourceId& id : store.allocations_of(order)) {
        const Allocation& allocation = (*store.find<Allocation>(id))->value;
        if (!is_cancelled(allocation)) {
            sum = sum + allocation.quantity.units();
        }
    }
    return sum;
}

// The instrument's lot, or the usual one.
Quantity lot_of(const Store& store, const Block& block, const Quantity& usual) {
    for (const Instrument& instrument : store.instruments) {
        bool shares_one = false;
        bool differs = false;
        for (const auto& [key, value] : instrument.instrument_identifiers) {
            const auto found = block.instrument_identifiers.find(key);
            const bool is_shared = found != block.instrument_identifiers.end();
            shares_one = shares_one || is_shared;
            differs = differs || (is_shared && found->second != value);
        }
        if (shares_one && !differs) {
            return instrument.lot;
        }
    }
    return usual;
}

std::vector<Quantity> pro_rata(const Decimal& available, const std::vector<const Order*>& orders,
                               const Quantity& lot) {
    SplitRequest request;
    request.available = *Quantity::from(available);
    request.lot = lot;
    for (const Order* order : orders) {
        request.claims.push_back(*order->quantity);
    }
    static const std::shared_ptr<const Algorithm> rule = *Registry::with_builtins().find("PR-FIFO");
    return split(*rule, request).value().shares;
}

// Shares what is placed of a block among those of its orders that are cancelled, pro rata. What is
// allocated to other orders is theirs; nobody keeps less than is allocated to him, and who would
// is set aside with that before the rest is shared again.
void share_placed(const Draft& draft, const Block& block, std::vector<const Order*> orders,
                  const Quantity& usual_lot, Kept& kept) {
    const Store& store = draft.store();
    Decimal left = placed_of(store, block.id.resource()).value_or(Decimal{});
    for (const OrderId& id : block.order_ids) {
        const bool is_other = std::none_of(orders.begin(), orders.end(),
                                           [&](const Order* order) { return order->id == id; });
        left = is_other ? left - allocated_to(store, id) : left;
    }
    const Quantity lot = lot_of(store, block, usual_lot);
    for (bool is_settled = false; !is_settled && !orders.empty();) {
        is_settled = true;
        const std::vector<Quantity> shares =
            pro_rata(left.sign() < 0 ? Decimal{} : left, orders, lot);
        std::vector<const Order*> rest;
        for (std::size_t i = 0; i < orders.size(); ++i) {
            const Decimal allocated = allocated_to(store, orders[i]->id);
            const bool has_more = shares[i].units() < allocated;
            kept[orders[i]->id.resource()] = has_more ? *Quantity::from(allocated) : shares[i];
            if (has_more) {
                left = left - allocated;
                is_settled = false;
            } else {
                rest.push_back(orders[i]);
            }
        }
        orders = std::move(rest);
    }
}

std::optional<Problem> refuse_cutting(const Draft& draft, const ResourceId& id) {
    const Order* const order = draft.find<Order>(id);
    if (order == nullptr) {
        return not_there<Order>(id);
    }
    if (is_dead(*order) || is_one_of(order->state, {"Closed", "Booked"})) {
        return order_refusal(id, "is " + order->state + " already");
    }
    if (!order->quantity) {
        return make_problem(409, ProblemCode::order_requires_quantity,
                            "order " + id.to_string() + " has no quantity");
    }
    if (blocks_of(draft, order->id).size() > 1) {
        return order_refusal(id, "stands in several blocks");
    }
    return std::nullopt;
}

// The oldest first, as a run ranks them.
void rank(std::vector<const Order*>& orders) {
    std::stable_sort(orders.begin(), orders.end(), [](const Order* a, const Order* b) {
        return a->date && (!b->date || *a->date < *b->date);
    });
}

Kept kept_of(const Draft& draft, const std::vector<ResourceId>& ids, const Quantity& usual_lot) {
    Kept kept;
    std::map<ResourceId, std::vector<const Order*>> by_block;
    for (const ResourceId& id : ids) {
        if (refuse_cutting(draft, id) || !kept.emplace(id, Quantity{}).second) {
            continue;
        }
        const Order* const order = draft.find<Order>(id);
        for (const ResourceId& block : blocks_of(draft, order->id)) {
            by_block[block].push_back(order);
        }
    }
    for (auto& [id, orders] : by_block) {
        rank(orders);
        share_placed(draft, *draft.find<Block>(id), orders, usual_lot, kept);
    }
    return kept;
}

std::optional<Problem> draft_remainder(Draft& draft, const Quantity& kept, Remainder& entry) {
    Order order = *draft.find<Order>(entry.order);
    const Quantity whole = *order.quantity;
    if (whole <= kept) {
        return std::nullopt;  // all of it is placed
    }
    Order rest = order;
    rest.id = OrderId{entry.new_order};
    rest.quantity = whole - kept;
    rest.state = "New";
    if (draft.find<Order>(entry.new_order) != nullptr) {
        return there_already<Order>(entry.new_order);
    }
    const std::vector<ResourceId> blocks = blocks_of(draft, order.id);
    if (!blocks.empty() && blocks.front() == entry.new_block) {
        return order_refusal(entry.order, "is to leave its block for the same block");
    }
    if (std::optional<Problem> refusal = refuse_joining(draft, rest, entry.new_block)) {
        return refusal;
    }
    order.quantity = kept;
    if (kept.is_zero()) {
        order.state = "Cancelled";
    }
    if (std::optional<Problem> refusal = draft.put(std::move(order))) {
        return refusal;
    }
    if (!blocks.empty()) {
        Block block = *draft.find<Block>(blocks.front());
        block.quantity = total_of(draft, block);
        static_cast<void>(draft.put(std::move(block)));  // a quantity is always free to change
    }
    entry.is_moved = true;
    if (std::optional<Problem> refusal = draft.put(rest)) {
        return refusal;
    }
    return draft_joining(draft, rest, entry.new_block);
}

Remainder remainder_of(const Json& json, const std::string& key, const ResourceId& order,
                       Findings& findings) {
    Remainder entry;
    entry.order = order;
    const auto read = [&](const char* name, ResourceId& id) {
        if (const Json* member = required_member(json, key, name, findings)) {
            id = read_id(*member, key + '.' + name, findings);
        }
    };
    read("moveRemainingToOrderId", entry.new_order);
    read("moveRemainingToBlockId", entry.new_block);
    return entry;
}

}  // namespace

Answer<Response> move_orders(State& state, const Call& call) {
    const Answer<Json::List> requests = requests_of(state, call, {});
    if (!requests) {
        return Unexpected{requests.error()};
    }
    Findings findings;
    std::vector<Move> moves;
    for (std::size_t i = 0; i < requests->size(); ++i) {
        const std::string path = fmt::format("requests[{}]", i);
        Move& move = moves.emplace_back();
        if (const Json* id = required_member((*requests)[i], path, "orderId", findings)) {
            move.order = read_id(*id, path + ".orderId", findings);
        }
        if (const Json* id =
                required_member((*requests)[i], path, "destinationBlockId", findings)) {
            move.destination = read_id(*id, path + ".destinationBlockId", findings);
        }
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const auto plan = [&](Draft& draft) -> std::optional<Problem> {
        for (Move& move : moves) {
            if (std::optional<Problem> refusal = draft_move(draft, move)) {
                return refusal;
            }
        }
        return std::nullopt;
    };
    return carry_out(state, call, 200, plan, [&](const Draft& draft, std::string& out) {
        out = "{\"values\":[";
        for (const Move& move : moves) {
            out += out.back() == '[' ? "{\"destinationBlock\":" : ",{\"destinationBlock\":";
            write_record(out, draft.record<Block>(move.destination));
            out += ",\"order\":";
            write_record(out, draft.record<Order>(move.order));
            if (move.source) {
                write_member(out, "sourceBlockId", *move.source);
            }
            out += '}';
        }
        out += "],\"links\":[]}";
    });
}

Answer<Response> cancel_orders_and_move_remaining(State& state, const Call& call) {
    std::map<std::string, Remainder> entries;  // by key
    Kept kept;
    KeyedCommand command;
    command.id_member = "cancelOrderId";
    command.prepare = [&](const Draft& draft, const std::vector<ResourceId>& ids) {
        kept = kept_of(draft, ids, state.options.run.lot);
    };
    command.step = [&](Draft& draft, const std::string& key, const Json& json,
                       const ResourceId& id) -> std::optional<Problem> {
        Findings findings;
        Remainder entry = remainder_of(json, key, id, findings);
        if (!findings.empty()) {
            return findings.take();
        }
        const auto own = kept.find(id);
        if (own == kept.end()) {
            std::optional<Problem> refusal = refuse_cutting(draft, id);
            return refusal ? refusal : order_refusal(id, "is cancelled by another entry");
        }
        if (std::optional<Problem> refusal = draft_remainder(draft, own->second, entry)) {
            return refusal;
        }
        kept.erase(own);
        entries[key] = std::move(entry);
        return std::nullopt;
    };
    command.tell = [&](const Draft& draft, std::string& out, const std::string& key,
                       const ResourceId& id) {
        const Remainder& entry = entries[key];
        out += "{\"cancelledOrder\":";
        write_record(out, draft.record<Order>(id));
        if (entry.is_moved) {
            out += ",\"newOrder\":";
            write_record(out, draft.record<Order>(entry.new_order));
            write_member(out, "newBlockId", entry.new_block);
        }
        out += '}';
    };
    return for_each_key(state, call, command);
}

}  // namespace allot::service
