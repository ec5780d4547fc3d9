// Commands of order management: each reads, checks and drafts all its steps, then writes them as
// one change.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "apps/service/clock.hpp"
#include "apps/service/draft.hpp"
#include "apps/service/endpoints.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"

namespace allot::service {
namespace {

constexpr std::size_t most_requests = 100;

Problem problem(int status, ProblemCode code, std::string detail) {
    Problem made;
    made.status = status;
    made.code = code;
    made.detail = std::move(detail);
    return made;
}

template <class Entity>
Problem not_there(const ResourceId& id) {
    return problem(404, kind_info<Entity>.not_found,
                   fmt::format("there is no {} {}", kind_info<Entity>.singular, id.to_string()));
}

template <class Entity>
Problem there_already(const ResourceId& id) {
    return problem(
        409, ProblemCode::duplicate_id,
        fmt::format("there is an {} {} already", kind_info<Entity>.singular, id.to_string()));
}

// The list `requests` of the body, 1 to 100 objects.
Answer<Json::List> requests_of(const State& state, const Call& call) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    const Json* const list = body->member("requests");
    if (list == nullptr || list->list() == nullptr) {
        findings.add("requests", "expected a list");
        return Unexpected{findings.take()};
    }
    const std::size_t count = list->list()->size();
    if (count == 0 || count > most_requests) {
        findings.add("requests", fmt::format("found {}, expected 1 to {}", count, most_requests));
    }
    for (std::size_t i = 0; i < count; ++i) {
        if ((*list->list())[i].object() == nullptr) {
            findings.add(fmt::format("requests[{}]", i), "expected an object");
        }
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    return *list->list();
}

// Writes a draft under a stamp, and gives the number to settle. The store is held.
std::uint64_t write(State& state, std::shared_ptr<const Stamp> stamp, Draft& draft) {
    Change change;
    change.stamp = std::move(stamp);
    draft.stage(change);
    if (!change.of<Order>().empty() || !change.of<Block>().empty() ||
        !change.of<Placement>().empty()) {
        commit(state, std::move(change));
    }
    return number_to_settle(state);
}

// Holds the store, lets `plan` draft, writes, and lets `tell` say what came of it.
Answer<Response> carry_out(State& state, const Call& call, int status,
                           const std::function<std::optional<Problem>(Draft&, const Stamp&)>& plan,
                           const std::function<void(const Draft&, std::string&)>& tell) {
    std::string body;
    std::uint64_t number = 0;
    {
        const std::unique_lock lock{state.mutex};
        Draft draft{state.store};
        const std::shared_ptr<const Stamp> stamp = next_stamp(state, call);
        if (std::optional<Problem> refusal = plan(draft, *stamp)) {
            return Unexpected{*std::move(refusal)};
        }
        number = write(state, stamp, draft);
        tell(draft, body);
    }
    if (std::optional<Problem> lost = settle(state, number)) {
        return Unexpected{*std::move(lost)};
    }
    return json_response(std::move(body), status);
}

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
    const auto require = [&](const Json& object, const std::string& at, const char* name) {
        const Json* const member = object.member(name);
        if (member == nullptr) {
            findings.add(at + '.' + name, "field is missing");
        }
        return member;
    };
    require(json, path, "instrumentIdentifiers");
    if (const Json* id = require(json, path, "blockId")) {
        read.block.id = BlockId{read_id(*id, path + ".blockId", findings)};
    }
    Order properties;
    if (json.member("blockProperties") != nullptr) {
        const Json holder{Json::Object{{"properties", *json.member("blockProperties")}}};
        read_partial(holder, path + ".blockProperties", {"properties"}, properties, findings);
        read.block.properties = std::move(properties.properties);
    }
    const Json* const orders = require(json, path, "orders");
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
            require(item, at, "id");
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

bool is_blocked_alike(const Block& a, const Block& b) {
    return same_without_case(a.side, b.side) && a.type == b.type &&
           a.time_in_force == b.time_in_force && a.limit_price == b.limit_price &&
           a.stop_price == b.stop_price && a.instrument_identifiers == b.instrument_identifiers;
}

// What the orders of a block want together; nullopt when one of them is not sized in units, or the
// sum has too many digits.
std::optional<Quantity> total_of(const Draft& draft, const Block& block) {
    Decimal total;
    for (const OrderId& id : block.order_ids) {
        const Order* const order = draft.find<Order>(id.resource());
        if (order == nullptr || !order->quantity) {
            return std::nullopt;
        }
        const Result<Decimal> sum = add(total, order->quantity->units());
        if (!sum) {
            return std::nullopt;
        }
        total = *sum;
    }
    return *Quantity::from(total);
}

std::optional<Problem> draft_block_and_orders(Draft& draft, const Stamp& stamp,
                                              BlockAndOrders wanted) {
    const ResourceId block_id = wanted.block.id.resource();
    const Block* const existing = draft.find<Block>(block_id);
    if (!agree_on_side(wanted, existing)) {
        return problem(400, ProblemCode::invalid_request,
                       "the orders of block " + block_id.to_string() + " have no side, or several");
    }
    Block block = wanted.block;
    if (existing != nullptr) {
        if (!existing->order_ids.empty() && !is_blocked_alike(*existing, block)) {
            return problem(409, ProblemCode::cannot_update_shared_fields,
                           "block " + block_id.to_string() +
                               " has orders, with other instrument, side, type, timeInForce, "
                               "limitPrice or stopPrice");
        }
        block.order_ids = existing->order_ids;
        block.created_date = existing->created_date;
        Properties properties = existing->properties;
        block.properties.merge(properties);
    }
    if (!block.created_date) {
        block.created_date = *Time::parse(to_wire(stamp.as_at));
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

// A command with a result for each key that the caller has chosen.
struct KeyedResults {
    std::vector<std::pair<std::string, ResourceId>> done{};
    std::vector<std::pair<std::string, Problem>> failed{};
    std::vector<ResourceId> ids{};  // of the failed
};

void tell_failed(std::string& out, const KeyedResults& results) {
    out += "},\"failed\":{";
    for (std::size_t i = 0; i < results.failed.size(); ++i) {
        const auto& [key, why] = results.failed[i];
        const ResourceId& id = results.ids[i];
        out += i == 0 ? "" : ",";
        append_json(out, key);
        out += ":{\"id\":";
        append_json(out, "Scope:" + id.scope + " Code:" + id.code);
        out += ",\"type\":";
        append_json(out, name(why.code));
        out += ",\"detail\":";
        append_json(out, why.detail);
        out += ",\"errorDetails\":[]}";
    }
    out += "},\"links\":[]}";
}

// Takes the entry of `json` under `key` one step further; the problem is that of this entry alone.
using Step = std::function<std::optional<Problem>(Draft&, const std::string& key, const Json& json,
                                                  const ResourceId& id)>;
using Tell = std::function<void(const Draft&, std::string& out, const std::string& key,
                                const ResourceId& id)>;

// A body of {key: something with an id}: every entry is done, or fails by itself.
Answer<Response> for_each_key(State& state, const Call& call, bool is_bare_id, const Step& step,
                              const Tell& tell) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    std::vector<ResourceId> ids;
    if (body->object() == nullptr) {
        findings.add("body", "found " + body->description() + ", expected an object");
        return Unexpected{findings.take()};
    }
    for (const auto& [key, item] : *body->object()) {
        const Json* const id = is_bare_id ? &item : item.member("id");
        if (id == nullptr) {
            findings.add(key + ".id", "field is missing");
        } else {
            ids.push_back(read_id(*id, is_bare_id ? key : key + ".id", findings));
        }
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    KeyedResults results;
    const auto plan = [&](Draft& draft, const Stamp&) -> std::optional<Problem> {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto& [key, item] = (*body->object())[i];
            if (std::optional<Problem> refusal = step(draft, key, item, ids[i])) {
                results.failed.emplace_back(key, *std::move(refusal));
                results.ids.push_back(ids[i]);
            } else {
                results.done.emplace_back(key, ids[i]);
            }
        }
        return std::nullopt;
    };
    return carry_out(state, call, 200, plan, [&](const Draft& draft, std::string& out) {
        out = "{\"values\":{";
        for (const auto& [key, id] : results.done) {
            out += out.back() == '{' ? "" : ",";
            append_json(out, key);
            out += ':';
            tell(draft, out, key, id);
        }
        tell_failed(out, results);
    });
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
    const Answer<Json::List> requests = requests_of(state, call);
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
    const auto plan = [&](Draft& draft, const Stamp& stamp) -> std::optional<Problem> {
        for (const BlockAndOrders& one : wanted) {
            if (std::optional<Problem> refusal = draft_block_and_orders(draft, stamp, one)) {
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
    const Answer<Json::List> requests = requests_of(state, call);
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
    const auto plan = [&](Draft& draft, const Stamp&) -> std::optional<Problem> {
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
                    return problem(409, ProblemCode::cannot_place_unsolicited_block,
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
    return for_each_key(
        state, call, true, step,
        [](const Draft& draft, std::string& out, const std::string&, const ResourceId& id) {
            out += "{\"orderState\":";
            write_record(out, draft.record<Order>(id));
            out += '}';
        });
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
    return for_each_key(state, call, false, step,
                        [](const Draft& draft, std::string& out, const std::string&,
                           const ResourceId& id) { write_record(out, draft.record<Order>(id)); });
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
    return for_each_key(
        state, call, true, step,
        [&](const Draft& draft, std::string& out, const std::string& key, const ResourceId& id) {
            out += "{\"placementState\":";
            write_record(out, draft.record<Placement>(id));
            out += ",\"cancelledChildPlacements\":[";
            for (const ResourceId& child : children[key]) {
                out += out.back() == '[' ? "" : ",";
                write_id(out, child.scope, child.code);
            }
            out += "]}";
        });
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
    return for_each_key(
        state, call, false, step,
        [](const Draft& draft, std::string& out, const std::string&, const ResourceId& id) {
            write_record(out, draft.record<Placement>(id));
        });
}

}  // namespace allot::service
