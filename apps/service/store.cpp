// Chains of versions by id, and the links that a run follows backwards.
#include "apps/service/store.hpp"

#include <algorithm>

namespace allot::service {
namespace {

// The version that counted at `as_at`; nullptr when there was none, or it was deleted.
template <class Entity>
const RecordPtr<Entity>* version_at(const std::vector<RecordPtr<Entity>>& chain,
                                    const std::optional<Instant>& as_at) {
    auto end = chain.end();
    if (as_at) {
        end = std::upper_bound(chain.begin(), chain.end(), *as_at,
                               [](const Instant& instant, const RecordPtr<Entity>& record) {
                                   return instant < record->modified->as_at;
                               });
    }
    if (end == chain.begin() || (*std::prev(end))->is_deleted) {
        return nullptr;
    }
    return &*std::prev(end);
}

template <class Map>
const std::vector<ResourceId>& linked(const Map& links, const ResourceId& id) {
    static const std::vector<ResourceId> none;
    const auto found = links.find(id);
    return found == links.end() ? none : found->second;
}

}  // namespace

template <class Entity>
const RecordPtr<Entity>* Store::find(const ResourceId& id,
                                     const std::optional<Instant>& as_at) const {
    const auto& chains = table<Entity>().chains;
    const auto found = chains.find(id);
    return found == chains.end() ? nullptr : version_at(found->second, as_at);
}

template <class Entity>
void Store::visit(const std::optional<ResourceId>& after, const std::optional<Instant>& as_at,
                  const std::vector<Requirement>& requirements,
                  const std::function<bool(const RecordPtr<Entity>&)>& visit) const {
    const auto visit_chain = [&](const Chain<Entity>& chain) {
        const RecordPtr<Entity>* const record = version_at(chain.second, as_at);
        return record == nullptr || visit(*record);
    };
    const auto& [chains, index, count] = table<Entity>();
    if (names_codes<Entity>(requirements) ||
        !index.visit(requirements, chains.size(), after, visit_chain)) {
        visit_ids<Entity>(chains, requirements, after, visit_chain);
    }
}

template <class Entity>
RecordPtr<Entity> Store::stage(Change& change, Entity entity) const {
    auto record = std::make_shared<Record<Entity>>();
    record->created = change.stamp;
    record->modified = change.stamp;
    const auto chain = table<Entity>().chains.find(entity.id.resource());
    if (chain != table<Entity>().chains.end() && !chain->second.empty()) {
        const RecordPtr<Entity>& last = chain->second.back();
        if (!last->is_deleted && last->value == entity) {
            return last;
        }
        record->number = last->number + 1;
        if (!last->is_deleted) {
            record->created = last->created;
        }
    }
    record->value = std::move(entity);
    change.of<Entity>().push_back(record);
    return record;
}

template <class Entity>
void Store::stage_removal(Change& change, const ResourceId& id) const {
    const RecordPtr<Entity>& last = *find<Entity>(id);
    auto record = std::make_shared<Record<Entity>>(*last);
    record->modified = change.stamp;
    record->number = last->number + 1;
    record->is_deleted = true;
    change.of<Entity>().push_back(record);
}

void Store::apply(const Change& change) noexcept {
    apply_records<Order>(change);
    apply_records<Block>(change);
    apply_records<Placement>(change);
    apply_records<Execution>(change);
    apply_records<Allocation>(change);
    last_write_ = std::max(last_write_, change.stamp->as_at);
}

template <class Entity>
void Store::apply_records(const Change& change) {
    auto& own_table = std::get<Table<Entity>>(tables_);
    for (const RecordPtr<Entity>& record : change.of<Entity>()) {
        auto& entry = *own_table.chains.try_emplace(record->value.id.resource()).first;
        std::vector<RecordPtr<Entity>>& chain = entry.second;
        const bool was_there = !chain.empty() && !chain.back()->is_deleted;
        own_table.index.add(entry, *record);
        relink(was_there ? chain.back().get() : nullptr, *record);
        chain.push_back(record);
        own_table.count += record->is_deleted ? 0U : 1U;
        own_table.count -= was_there ? 1U : 0U;
    }
}

// Calls `link` with each set of links that mentions the entity, and under which id.
template <class Entity, class Link>
void Store::visit_links(const Entity& entity, Link&& link) {
    if constexpr (std::is_same_v<Entity, Block>) {
        for (const OrderId& id : entity.order_ids) {
            link(blocks_of_order_, id.resource());
        }
    } else if constexpr (std::is_same_v<Entity, Placement>) {
        for (const BlockId& id : entity.block_ids) {
            link(placements_of_block_, id.resource());
        }
        if (entity.parent_placement_id) {
            link(children_of_placement_, entity.parent_placement_id->resource());
        }
    } else if constexpr (std::is_same_v<Entity, Execution>) {
        link(executions_of_placement_, entity.placement_id.resource());
    } else if constexpr (std::is_same_v<Entity, Allocation>) {
        link(allocations_of_order_, entity.allocated_order_id.resource());
        for (const PlacementId& id : entity.placement_ids) {
            link(allocations_of_placement_, id.resource());
        }
        for (const ExecutionId& id : entity.execution_ids) {
            link(allocations_of_execution_, id.resource());
        }
    }
}

template <class Entity>
void Store::relink(const Record<Entity>* before, const Record<Entity>& after) {
    const ResourceId& own_id = after.value.id.resource();
    if (before != nullptr) {
        visit_links(before->value, [&](Links& links, const ResourceId& id) {
            const auto found = links.find(id);
            if (found == links.end()) {
                return;  // named twice by the entity, and unlinked already
            }
            std::erase(found->second, own_id);
            if (found->second.empty()) {
                links.erase(found);
            }
        });
    }
    if (!after.is_deleted) {
        visit_links(after.value, [&](Links& links, const ResourceId& id) {
            std::vector<ResourceId>& own = links[id];
            if (own.empty() || own.back() != own_id) {
                own.push_back(own_id);
            }
        });
    }
    if (before != nullptr) {
        note_former(before->value);
    }
}

// An order's history is asked for by what it was part of, too.
template <class Entity>
void Store::note_former(const Entity& before) {
    const ResourceId& own_id = before.id.resource();
    visit_links(before, [&](Links& links, const ResourceId& id) {
        Links* const former = &links == &blocks_of_order_        ? &former_blocks_of_order_
                              : &links == &allocations_of_order_ ? &former_allocations_of_order_
                                                                 : nullptr;
        const auto is_in = [&](const std::vector<ResourceId>& ids) {
            return std::find(ids.begin(), ids.end(), own_id) != ids.end();
        };
        if (former != nullptr && !is_in(linked(links, id)) && !is_in(linked(*former, id))) {
            (*former)[id].push_back(own_id);
        }
    });
}

void Store::take_settings(const Book& book) {
    instruments = book.instruments();
    for (Portfolio& portfolio : book.portfolios()) {
        portfolios.emplace(portfolio.id, std::move(portfolio));
    }
    algorithms = book.algorithms();
}

const std::vector<ResourceId>& Store::blocks_of(const OrderId& id) const {
    return linked(blocks_of_order_, id.resource());
}
const std::vector<ResourceId>& Store::former_blocks_of(const OrderId& id) const {
    return linked(former_blocks_of_order_, id.resource());
}
const std::vector<ResourceId>& Store::former_allocations_of(const OrderId& id) const {
    return linked(former_allocations_of_order_, id.resource());
}
const std::vector<ResourceId>& Store::placements_of(const BlockId& id) const {
    return linked(placements_of_block_, id.resource());
}
const std::vector<ResourceId>& Store::executions_of(const PlacementId& id) const {
    return linked(executions_of_placement_, id.resource());
}
const std::vector<ResourceId>& Store::children_of(const PlacementId& id) const {
    return linked(children_of_placement_, id.resource());
}
const std::vector<ResourceId>& Store::allocations_of(const OrderId& id) const {
    return linked(allocations_of_order_, id.resource());
}
const std::vector<ResourceId>& Store::allocations_of(const PlacementId& id) const {
    return linked(allocations_of_placement_, id.resource());
}
const std::vector<ResourceId>& Store::allocations_of(const ExecutionId& id) const {
    return linked(allocations_of_execution_, id.resource());
}

template <class Entity>
const std::vector<RecordPtr<Entity>>& Store::versions_of(const ResourceId& id) const {
    static const std::vector<RecordPtr<Entity>> none;
    const auto& chains = table<Entity>().chains;
    const auto found = chains.find(id);
    return found == chains.end() ? none : found->second;
}

template <class Entity>
std::size_t Store::count() const noexcept {
    return table<Entity>().count;
}

// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are types.
#define ALLOT_SERVICE_KIND(Entity)                                                              \
    template const RecordPtr<Entity>* Store::find<Entity>(const ResourceId&,                    \
                                                          const std::optional<Instant>&) const; \
    template void Store::visit<Entity>(                                                         \
        const std::optional<ResourceId>&, const std::optional<Instant>&,                        \
        const std::vector<Requirement>&, const std::function<bool(const RecordPtr<Entity>&)>&)  \
        const;                                                                                  \
    template const std::vector<RecordPtr<Entity>>& Store::versions_of(const ResourceId&) const; \
    template RecordPtr<Entity> Store::stage(Change&, Entity) const;                             \
    template void Store::stage_removal<Entity>(Change&, const ResourceId&) const;               \
    template std::size_t Store::count<Entity>() const noexcept;
// NOLINTEND(bugprone-macro-parentheses)
ALLOT_SERVICE_KIND(Order)
ALLOT_SERVICE_KIND(Block)
ALLOT_SERVICE_KIND(Placement)
ALLOT_SERVICE_KIND(Execution)
ALLOT_SERVICE_KIND(Allocation)
#undef ALLOT_SERVICE_KIND

}  // namespace allot::service
