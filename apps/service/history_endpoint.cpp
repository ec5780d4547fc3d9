// GetOrderHistory: every change of an order, and of what it was part of.
#include <algorithm>
#include <map>
#include <set>
#include <shared_mutex>

#include "apps/service/clock.hpp"
#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/listing.hpp"

namespace allot::service {
namespace {

// One entry: a version of an entity, or one member that it has changed.
struct Entry {
    std::shared_ptr<const Stamp> stamp{};
    std::string text{};  // as JSON
};

// A value of a member, as properties have them.
std::string property_value(const Json& json) {
    std::string out = "{\"labelValue\":";
    if (const Json::Number* number = json.number()) {
        return "{\"metricValue\":{\"value\":" + number->digits + "}}";
    }
    if (json.object() != nullptr && json.member("amount") != nullptr) {
        out = "{\"metricValue\":{\"value\":" + json.member("amount")->number()->digits;
        out += ",\"unit\":";
        append_json(out, *json.member("currency")->text());
        return out + "}}";
    }
    if (json.object() != nullptr) {
        append_json(out, *json.member("scope")->text() + '/' + *json.member("code")->text());
        return out + '}';
    }
    append_json(out, json.text() == nullptr ? json.description() : *json.text());
    return out + '}';
}

std::string property_value(const Property& property) {
    if (property.metric) {
        std::string out = "{\"metricValue\":{";
        write_member(out, "value", property.metric->value);
        write_member(out, "unit", property.metric->unit);
        return out + "}}";
    }
    std::string label = property.label;
    for (const std::string& one : property.labels) {
        label += (label.empty() ? "" : ", ") + one;
    }
    std::string out = "{\"labelValue\":";
    append_json(out, label);
    return out + '}';
}

// The members of an order by name, each as a property's value.
std::map<std::string, std::string> members_of(const Order& order) {
    std::map<std::string, std::string> members;
    for (const auto& [key, value] : order.instrument_identifiers) {
        std::string text = "{\"labelValue\":";
        append_json(text, value);
        members["instrumentIdentifiers[" + key + ']'] = text + '}';
    }
    for (const auto& [key, property] : order.properties) {
        members["properties[" + key + ']'] = property_value(property);
    }
    Order plain = order;
    plain.instrument_identifiers.clear();
    plain.properties.clear();
    std::string text;
    write_stored(text, plain);
    const Result<Json, JsonFault> json = parse_json(text, {});
    if (!json) {
        return members;
    }
    for (const auto& [name, value] : *json->object()) {
        if (name != "properties" && name != "instrumentIdentifiers") {
            members[name] = property_value(value);
        }
    }
    return members;
}

template <class Entity>
std::string begin_entry(const Record<Entity>& record, const char* action,
                        const std::string& description) {
    const ResourceId& id = record.value.id.resource();
    std::string out = "{\"detail\":{";
    write_member(out, "entityType", std::string{kind_info<Entity>.type});
    write_member(out, "scope", id.scope);
    write_member(out, "code", id.code);
    out += '}';
    write_member(out, "actionDescription", description);
    write_member(out, "asAtModified", *Time::parse(to_wire(record.modified->as_at)));
    write_member(out, "requestIdModified", record.modified->request_id);
    write_member(out, "asAtVersionNumber", Decimal{record.number});
    write_member(out, "action", std::string{action});
    return out;
}

class History {
  public:
    History(const Store& store, OrderId order, std::optional<Instant> as_at)
        : store_{store}, order_{std::move(order)}, as_at_{as_at} {}

    // False: there was never such an order.
    bool collect() {
        add_order();
        if (entries_.empty()) {
            return false;
        }
        std::set<ResourceId> placements;
        for (const ResourceId& id :
             with(store_.blocks_of(order_), store_.former_blocks_of(order_))) {
            add_block(id);
            const auto& placed = store_.placements_of(BlockId{id});
            placements.insert(placed.begin(), placed.end());
        }
        for (const ResourceId& id : placements) {
            add_related<Placement>(id, [](const Placement&) { return true; });
        }
        for (const ResourceId& id :
             with(store_.allocations_of(order_), store_.former_allocations_of(order_))) {
            add_related<Allocation>(id, [&](const Allocation& allocation) {
                return allocation.allocated_order_id == order_;
            });
        }
        // Writes of one time stay in the order: the order, blocks, placements, allocations.
        std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
            return a.stamp->as_at < b.stamp->as_at;
        });
        return true;
    }

    [[nodiscard]] std::string body() const {
        std::string out = "{\"values\":[";
        for (const Entry& entry : entries_) {
            out += out.back() == '[' ? "" : ",";
            out += entry.text;
        }
        return out + "],\"links\":[]}";
    }

  private:
    static std::set<ResourceId> with(const IdList& now, const IdList& former) {
        std::set<ResourceId> all{now.begin(), now.end()};
        all.insert(former.begin(), former.end());
        return all;
    }

    // Calls `visit` with each version that counted by as_at, and the one before it; nullptr when it
    // was not there.
    template <class Entity, class Visit>
    void visit_versions(const ResourceId& id, Visit&& visit) const {
        const Record<Entity>* before = nullptr;
        for (const RecordPtr<Entity>& record : store_.versions_of<Entity>(id)) {
            if (as_at_ && *as_at_ < record->modified->as_at) {
                return;
            }
            visit(before, *record);
            before = record->is_deleted ? nullptr : record.get();
        }
    }

    void add_order() {
        visit_versions<Order>(
            order_.resource(), [&](const Record<Order>* before, const Record<Order>& now) {
                if (before == nullptr || now.is_deleted) {
                    const bool is_new = before == nullptr;
                    entries_.push_back(
                        {now.modified, begin_entry(now, is_new ? "Create" : "Delete",
                                                   is_new ? "Order created" : "Order deleted") +
                                           '}'});
                    return;
                }
                add_changes(members_of(before->value), members_of(now.value), now);
            });
    }

    void add_changes(const std::map<std::string, std::string>& before,
                     const std::map<std::string, std::string>& after, const Record<Order>& now) {
        std::set<std::string> names;
        for (const auto& [name, value] : before) {
            names.insert(name);
        }
        for (const auto& [name, value] : after) {
            names.insert(name);
        }
        for (const std::string& name : names) {
            const auto old_value = before.find(name);
            const auto new_value = after.find(name);
            const bool was_there = old_value != before.end();
            const bool is_there = new_value != after.end();
            if (was_there && is_there && old_value->second == new_value->second) {
                continue;
            }
            std::string text = begin_entry(now, "Update", "Order updated");
            write_member(text, "attributeName", name);
            text += was_there ? ",\"previousValue\":" + old_value->second : "";
            text += is_there ? ",\"newValue\":" + new_value->second : "";
            entries_.push_back({now.modified, text + '}'});
        }
    }

    void add_block(const ResourceId& id) {
        visit_versions<Block>(id, [&](const Record<Block>* before, const Record<Block>& now) {
            const auto lists_it = [&](const Block& block) {
                return std::find(block.order_ids.begin(), block.order_ids.end(), order_) !=
                       block.order_ids.end();
            };
            const bool had_it = before != nullptr && lists_it(before->value);
            const bool has_it = !now.is_deleted && lists_it(now.value);
            if (had_it != has_it) {
                entries_.push_back({now.modified, begin_entry(now, has_it ? "Create" : "Delete",
                                                              has_it ? "Order put into block"
                                                                     : "Order taken out of block") +
                                                      '}'});
            }
        });
    }

    // Versions for which `is_related` holds, with quantity and state as they were and are.
    template <class Entity, class IsRelated>
    void add_related(const ResourceId& id, IsRelated&& is_related) {
        visit_versions<Entity>(id, [&](const Record<Entity>* before, const Record<Entity>& now) {
            const bool was_related = before != nullptr && is_related(before->value);
            const bool is_now = !now.is_deleted && is_related(now.value);
            if (!was_related && !is_now) {
                return;
            }
            const char* const action = !was_related ? "Create" : is_now ? "Update" : "Delete";
            const char* const verb = !was_related ? " created" : is_now ? " updated" : " deleted";
            std::string text = begin_entry(now, action, std::string{kind_info<Entity>.type} + verb);
            const auto quantity = [&](const char* name, const Entity& entity) {
                if (const std::optional<Quantity> units{entity.quantity}) {
                    text += std::string{",\""} + name +
                            "\":{\"metricValue\":{\"value\":" + units->to_string() + "}}";
                }
            };
            write_member(text, "attributeName", std::string{"quantity"});
            if (was_related) {
                quantity("previousValue", before->value);
            }
            if (is_now) {
                quantity("newValue", now.value);
            }
            entries_.push_back({now.modified, text + '}'});
        });
    }

    const Store& store_;
    OrderId order_;
    std::optional<Instant> as_at_;
    std::vector<Entry> entries_;
};

}  // namespace

Answer<Response> order_history(State& state, const Call& call) {
    Findings findings;
    const std::optional<Instant> as_at = as_at_of(call.target, findings);
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    const std::shared_lock lock{state.mutex};
    History history{state.store, OrderId{call.id}, as_at};
    if (!history.collect()) {
        // The one operation whose 404 is described, and as text.
        return json_response("\"Order not found.\"", 404);
    }
    return json_response(history.body());
}

}  // namespace allot::service
