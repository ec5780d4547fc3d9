// Chains of versions by id, and the links that a run follows backwards.
#include "apps/service/store.hpp"

#include <algorithm>
#include <utility>

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

}  // namespace

template <class Entity>
const RecordPtr<Entity>* Store::find(const ResourceId& id,
                                     const std::optional<Instant>& as_at) const {
    const Known<Entity>* const known = table<Entity>().ids.find(id);
    if (known == nullptr || known->latest == nullptr) {
        return nullptr;
    }
    if (as_at) {
        return version_at(known->chain->second, as_at);
    }
    return known->latest->is_deleted ? nullptr : &known->latest;
}

template <class Entity>
void Store::visit(const std::optional<ResourceId>& after, const std::optional<Instant>& as_at,
                  const std::vector<Requirement>& requirements,
                  const std::function<bool(const RecordPtr<Entity>&)>& visit) const {
    const auto visit_chain = [&](const Chain<Entity>& chain) {
        const RecordPtr<Entity>* const record = version_at(chain.second, as_at);
        return record == nullptr || visit(*record);
    };
    const Chains<Entity>& chains = table<Entity>().chains;
    if (names_codes<Entity>(requirements) ||
        !table<Entity>().index.visit(requirements, chains.size(), after, visit_chain)) {
        visit_ids<Entity>(chains, requirements, after, visit_chain);
    }
}

template <class Entity>
RecordPtr<Entity> Store::stage(Change& change, Entity entity) const {
    auto record = std::make_shared<Record<Entity>>();
    record->created = change.stamp;
    record->modified = change.stamp;
    const Known<Entity>* const known = table<Entity>().ids.find(entity.id.resource());
    if (known != nullptr && known->latest != nullptr) {
        const RecordPtr<Entity>& last = known->latest;
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
        const ResourceId& id = record->value.id.resource();
        Known<Entity>& known = own_table.ids[id];
        if (known.chain == nullptr) {
            // Clients mostly write in the order of ids.
            known.chain = &*own_table.chains.try_emplace(own_table.chains.end(), id);
        }
        const RecordPtr<Entity> before = std::exchange(known.latest, record);
        const bool was_there = before != nullptr && !before->is_deleted;
        own_table.index.add(*known.chain, *record);
        relink(known.chain->first, was_there ? before.get() : nullptr, *record);
        known.chain->second.push_back(record);
        own_table.count += record->is_deleted ? 0U : 1U;
        own_table.count -= was_there ? 1U : 0U;
    }
}

// Calls `link` with each id that the entity mentions, and with the list in which it stands there.
template <class Entity, class Link>
void Store::visit_links(const Entity& entity, Link&& link) {
    if constexpr (std::is_same_v<Entity, Block>) {
        for (const OrderId& id : entity.order_ids) {
            link(id.resource(), &LinksTo<Order>::blocks);
        }
    } else if constexpr (std::is_same_v<Entity, Placement>) {
        for (const BlockId& id : entity.block_ids) {
            link(id.resource(), &LinksTo<Block>::placements);
        }
        if (entity.parent_placement_id) {
            link(entity.parent_placement_id->resource(), &LinksTo<Placement>::children);
        }
    } else if constexpr (std::is_same_v<Entity, Execution>) {
        link(entity.placement_id.resource(), &LinksTo<Placement>::executions);
    } else if constexpr (std::is_same_v<Entity, Allocation>) {
        link(entity.allocated_order_id.resource(), &LinksTo<Order>::allocations);
        for (const PlacementId& id : entity.placement_ids) {
            link(id.resource(), &LinksTo<Placement>::allocations);
        }
        for (const ExecutionId& id : entity.execution_ids) {
            link(id.resource(), &LinksTo<Execution>::allocations);
        }
    }
}

template <class Entity>
void Store::relink(const ResourceId& own_id, const Record<Entity>* before,
                   const Record<Entity>& after) {
    const auto links_to = [&]<class Target>(const ResourceId& id,
                                            IdList LinksTo<Target>::*list) -> IdList& {
        return std::get<Table<Target>>(tables_).ids[id].links.*list;
    };
    if (before != nullptr) {
        visit_links(before->value,
                    [&](const ResourceId& id, auto list) { links_to(id, list).remove(own_id); });
    }
    if (!after.is_deleted) {
        visit_links(after.value,
                    [&](const ResourceId& id, auto list) { links_to(id, list).add(own_id); });
    }
    if (before != nullptr) {
        note_former(own_id, before->value);
    }
}

// An order's history is asked for by what it was part of, too.
template <class Entity>
void Store::note_former(const ResourceId& own_id, const Entity& before) {
    visit_links(before, [&]<class Target>(const ResourceId& id, IdList LinksTo<Target>::*list) {
        if constexpr (std::is_same_v<Target, Order>) {
            LinksTo<Order>& links = std::get<Table<Order>>(tables_).ids[id].links;
            IdList& former =
                list == &LinksTo<Order>::blocks ? links.former_blocks : links.former_allocations;
            if (!(links.*list).contains(own_id) && !former.contains(own_id)) {
                former.add(own_id);
            }
        }
    });
}

template <class Target>
const IdList& Store::linked(const ResourceId& id, IdList LinksTo<Target>::*list) const {
    static const IdList none;
    const Known<Target>* const known = table<Target>().ids.find(id);
    return known == nullptr ? none : known->links.*list;
}

void Store::take_settings(const Book& book) {
    instruments = book.instruments();
    for (Portfolio& portfolio : book.portfolios()) {
        portfolios.emplace(portfolio.id, std::move(portfolio));
    }
    algorithms = book.algorithms();
}

const IdList& Store::blocks_of(const OrderId& id) const {
    return linked(id.resource(), &LinksTo<Order>::blocks);
}
const IdList& Store::former_blocks_of(const OrderId& id) const {
    return linked(id.resource(), &LinksTo<Order>::former_blocks);
}
const IdList& Store::former_allocations_of(const OrderId& id) const {
    return linked(id.resource(), &LinksTo<Order>::former_allocations);
}
const IdList& Store::placements_of(const BlockId& id) const {
    return linked(id.resource(), &LinksTo<Block>::placements);
}
const IdList& Store::executions_of(const PlacementId& id) const {
    return linked(id.resource(), &LinksTo<Placement>::executions);
}
const IdList& Store::children_of(const PlacementId& id) const {
    return linked(id.resource(), &LinksTo<Placement>::children);
}
const IdList& Store::allocations_of(const OrderId& id) const {
    return linked(id.resource(), &LinksTo<Order>::allocations);
}
const IdList& Store::allocations_of(const PlacementId& id) const {
    return linked(id.resource(), &LinksTo<Placement>::allocations);
}
const IdList& Store::allocations_of(const ExecutionId& id) const {
    return linked(id.resource(), &LinksTo<Execution>::allocations);
}

template <class Entity>
const std::vector<RecordPtr<Entity>>& Store::versions_of(const ResourceId& id) const {
    static const std::vector<RecordPtr<Entity>> none;
    const Known<Entity>* const known = table<Entity>().ids.find(id);
    return known == nullptr || known->chain == nullptr ? none : known->chain->second;
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
