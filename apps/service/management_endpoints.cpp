// Commands that create, place, update and cancel.
#include <algorithm>

#include "apps/service/blocking.hpp"
#include "apps/service/clock.hpp"
#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"

namespace allot::service {
namespace {

constexpr std::size_t most_requests = 100;

// One request of CreateOrders.
struct BlockAndOrders {
    Block block{};
    std::vector<Order> orders{};
};

BlockAndOrders read_block_and_orders(const Json& json, const std::string& path,
                                     Findings& findings) {
    static const std::vector<std::string_view> shared = {
        "instrumentIdentifiers", "side", "type", "timeInForce", "limitPrice", "stopPrice"};
    static const std::vector<std::string_view> own = {
        "id",          "quantity",    "amount",
        "orderBookId", "portfolioId", "state",
        "date",        "price",       "orderInstruction",
        "package",     "side",        "custodianAccountId",
        "properties"};
    BlockAndOrders read;
    Order model;
    read_partial(json, path, shared, model, findings);
    read_partial(json, path, {"date"}, model, findings);
    read_partial(json, path, shared, read.block, findings);
    read.block.created_date = model.date;
    static_cast<void>(required_member(json, path, "instrumentIdentifiers", findings));
    if (const Json* id = required_member(json, path, "blockId", findings)) {
        read.block.id = BlockId{read_id(*id, path + ".blockId", findings)};
    }
    read.block.properties = read_properties(json, path, "blockProperties", findings);
    const Json* const orders = required_member(json, path, "orders", findings);
    if (orders != nullptr && orders->list() == nullptr) {
        findings.add(path + ".orders", "expected a list");
    } else if (orders != nullptr) {
        for (std::size_t i = 0; i < orders->list()->size(); ++i) {
            const Json& item = (*orders->list())[i];
            const std::string at = fmt::format("{}.orders[{}]", path, i);
            Order& order = read.orders.emplace_back(model);
            if (item.object() == nullptr) {
                findings.add(at, "expected an object");
                continue;
            }
            static_cast<void>(required_member(item, at, "id", findings));
            read_partial(item, at, own, order, findings);
        }
    }
    return read;
}

// The side of a block that says none is that of its first order; orders that say none have the
// block's.
bool agree_on_side(BlockAndOrders& wanted, const Block* existing) {
    if (wanted.block.side.empty() && existing != nullptr) {
        wanted.block.side = existing->side;
    }
    for (const Order& order : wanted.orders) {
        if (wanted.block.side.empty()) {
            wanted.block.side = order.side;
        }
    }
    for (Order& order : wanted.orders) {
        if (order.side.empty()) {
            order.side = wanted.block.side;
        }
        if (!same_without_case(order.side, wanted.block.side)) {
            return false;
        }
    }
    return !wanted.block.side.empty();
}

std::optional<Problem> draft_block_and_orders(Draft& draft, BlockAndOrders wanted) {
    const ResourceId block_id = wanted.block.id.resource();
    const Block* const existing = draft.find<Block>(block_id);
    if (!agree_on_side(wanted, existing)) {
        return make_problem(
            400, ProblemCode::invalid_request,
            "the orders of block " + block_id.to_string() + " have no side, or several");
    }
    Block block = wanted.block;
    if (existing != nullptr) {
        if (!existing->order_ids.empty() && !is_blocked_alike(*existing, block)) {
            return blocked_otherwise(block_id);
        }
        block.order_ids = existing->order_ids;
        block.created_date = existing->created_date;
        Properties properties = existing->properties;
        block.properties.merge(properties);
    }
    if (!block.created_date) {
        block.created_date = *Time::parse(to_wire(draft.stamp().as_at));
    }
    for (Order& order : wanted.orders) {
        if (draft.find<Order>(order.id.resource()) != nullptr) {
            return there_already<Order>(order.id.resource());
        }
        block.order_ids.push_back(order.id);
        if (std::optional<Problem> refusal = draft.put(std::move(order))) {
            return refusal;
        }
    }
    block.quantity = total_of(draft, block);
    return draft.put(std::move(block));
}

bool is_state(const std::string& state, std::string_view wanted) {
    return same_without_case(state, wanted);
}

// Drafts the cancelling of a placement and of all below it.
std::vector<ResourceId> draft_cancelled(Draft& draft, const Store& store, const ResourceId& root) {
    std::vector<ResourceId> all = {root};
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const ResourceId& child : store.children_of(PlacementId{all[i]})) {
            if (std::find(all.begin(), all.end(), child) == all.end()) {
                all.push_back(child);
            }
        }
        Placement placement = *draft.find<Placement>(all[i]);
        placement.state = "Cancelled";
        static_cast<void>(draft.put(std::move(placement)));  // a state is always free to change
    }
    all.erase(all.begin());
    return all;
}

// PlacementUpdateRequest has bare numbers where placements have money.
void read_price(const Json& json, const char* name, std::optional<CurrencyAndAmount>& price,
                const std::string& path, Findings& findings) {
    const Json* const number = json.member(name);
    if (number == nullptr) {
        return;
    }
    if (!price) {
        price.emplace();
    }
    price->amount = read_decimal(*number, path + '.' + name, findings);
    const Json* const currency = json.member("currency");
    if (currency != nullptr && currency->text() != nullptr) {
        price->currency = *currency->text();
    }
}

template <class Entity>
std::optional<Problem> update(Draft& draft, const ResourceId& id,
                              const std::function<void(Entity&, Findings&)>& change) {
    const Entity* const found = draft.find<Entity>(id);
    if (found == nullptr) {
        return not_there<Entity>(id);
    }
    Entity entity = *found;
    Findings findings;
    change(entity, findings);
    if (!findings.empty()) {
        return findings.take();
    }
    return draft.put(std::move(entity));
}

}  // namespace

Answer<Response> create_orders(State& state, const Call& call) {
    const Answer<Json::List> requests = requests_of(state, call, {1, most_requests});
    if (!requests) {
        return Unexpected{requests.error()};
    }
    Findings findings;
    std::vector<BlockAndOrders> wanted;
    for (std::size_t i = 0; i < requests->size(); ++i) {
        wanted.push_back(
            read_block_and_orders((*requests)[i], fmt::format("requests[{}]", i), findings));
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const auto plan = [&](Draft& draft) -> std::optional<Problem> {
        for (const BlockAndOrders& one : wanted) {
            if (std::optional<Problem> refusal = draft_block_and_orders(draft, one)) {
                return refusal;
            }
        }
        return std::nullopt;
    };
    return carry_out(state, call, 201, plan, [&](const Draft& draft, std::string& out) {
        out = "{\"values\":[";
        for (const BlockAndOrders& one : wanted) {
            out += out.back() == '[' ? "{\"block\":" : ",{\"block\":";
            write_record(out, draft.record<Block>(one.block.id.resource()));
            out += ",\"orders\":[";
            for (const Order& order : one.orders) {
                out += out.back() == '[' ? "" : ",";
                write_record(out, draft.record<Order>(order.id.resource()));
            }
            out += "]}";
        }
        out += "],\"links\":[]}";
    });
}

Answer<Response> place_blocks(State& state, const Call& call) {
    const Answer<Json::List> requests = requests_of(state, call, {1, most_requests});
    if (!requests) {
        return Unexpected{requests.error()};
    }
    Findings findings;
    std::vector<Placement> wanted;
    const Strictness strictness{state.options.strict, state.options.strict};
    for (std::size_t i = 0; i < requests->size(); ++i) {
        wanted.push_back(read_entity<Placement>((*requests)[i], fmt::format("requests[{}]", i),
                                                strictness, findings));
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const auto plan = [&](Draft& draft) -> std::optional<Problem> {
        for (const Placement& placement : wanted) {
            if (draft.find<Placement>(placement.id.resource()) != nullptr) {
                return there_already<Placement>(placement.id.resource());
            }
            for (const BlockId& id : placement.block_ids) {
                const Block* const block = draft.find<Block>(id.resource());
                if (block == nullptr) {
                    return not_there<Block>(id.resource());
                }
                if (block->order_ids.empty()) {
                    return make_problem(409, ProblemCode::cannot_place_unsolicited_block,
                                        "block " + id.to_string() + " has no orders");
                }
            }
            if (std::optional<Problem> refusal = draft.put(placement)) {
                return refusal;
            }
        }
        return std::nullopt;
    };
    return carry_out(state, call, 200, plan, [&](const Draft& draft, std::string& out) {
        out = "{\"values\":[";
        for (const Placement& placement : wanted) {
            out += out.back() == '[' ? "" : ",";
            write_record(out, draft.record<Placement>(placement.id.resource()));
        }
        out += "],\"links\":[]}";
    });
}

Answer<Response> cancel_orders(State& state, const Call& call) {
    const Step step = [](Draft& draft, const std::string&, const Json&, const ResourceId& id) {
        return update<Order>(draft, id, [](Order& order, Findings&) {
            if (!is_state(order.state, "Canceled")) {
                order.state = "Cancelled";
            }
        });
    };
    const Tell tell = [](const Draft& draft, std::string& out, const std::string&,
                         const ResourceId& id) {
        out += "{\"orderState\":";
        write_record(out, draft.record<Order>(id));
        out += '}';
    };
    return for_each_key(state, call, {nullptr, nullptr, {}, {}, step, tell});
}

Answer<Response> update_orders(State& state, const Call& call) {
    const Step step = [](Draft& draft, const std::string& key, const Json& json,
                         const ResourceId& id) {
        return update<Order>(draft, id, [&](Order& order, Findings& findings) {
            read_partial(json, key,
                         {"quantity", "amount", "portfolioId", "properties", "price", "limitPrice",
                          "stopPrice", "date", "side"},
                         order, findings);
        });
    };
    const Tell tell = [](const Draft& draft, std::string& out, const std::string&,
                         const ResourceId& id) { write_record(out, draft.record<Order>(id)); };
    return for_each_key(state, call, {nullptr, "id", {}, {}, step, tell});
}

Answer<Response> cancel_placements(State& state, const Call& call) {
    std::map<std::string, std::vector<ResourceId>> children;  // by key
    const Step step = [&](Draft& draft, const std::string& key, const Json&,
                          const ResourceId& id) -> std::optional<Problem> {
        if (draft.find<Placement>(id) == nullptr) {
            return not_there<Placement>(id);
        }
        children[key] = draft_cancelled(draft, state.store, id);
        return std::nullopt;
    };
    const Tell tell = [&](const Draft& draft, std::string& out, const std::string& key,
                          const ResourceId& id) {
        out += "{\"placementState\":";
        write_record(out, draft.record<Placement>(id));
        out += ",\"cancelledChildPlacements\":[";
        for (const ResourceId& child : children[key]) {
            out += out.back() == '[' ? "" : ",";
            write_id(out, child.scope, child.code);
        }
        out += "]}";
    };
    return for_each_key(state, call, {nullptr, nullptr, {}, {}, step, tell});
}

Answer<Response> update_placements(State& state, const Call& call) {
    const Step step = [](Draft& draft, const std::string& key, const Json& json,
                         const ResourceId& id) {
        return update<Placement>(draft, id, [&](Placement& placement, Findings& findings) {
            read_partial(json, key,
                         {"quantity", "amount", "properties", "type", "counterparty",
                          "executionSystem", "entryType"},
                         placement, findings);
            read_price(json, "limitPrice", placement.limit_price, key, findings);
            read_price(json, "stopPrice", placement.stop_price, key, findings);
        });
    };
    const Tell tell = [](const Draft& draft, std::string& out, const std::string&,
                         const ResourceId& id) { write_record(out, draft.record<Placement>(id)); };
    return for_each_key(state, call, {nullptr, "id", {}, {}, step, tell});
}

}  // namespace allot::service
