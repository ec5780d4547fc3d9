// The life of an entity: every version of it, who wrote it, and what it changed.
#include "allot/history.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/io/fields.hpp"
#include "engine/io/members.hpp"

namespace allot {

namespace {

// Which run made an allocation is told beside its members.
template <class Entity>
Entity without_run(Entity entity) {
    if constexpr (std::is_same_v<Entity, Allocation>) {
        if (const auto run = entity.properties.find(run_property_key);
            run != entity.properties.end()) {
            entity.properties.erase(run);
        }
    }
    return entity;
}

template <class Entity>
void add_versions(const Book& book, const Id<Entity>& id, std::vector<HistoryEntry>& entries) {
    std::optional<Entity> before;
    std::size_t number = 0;
    for (const Versioned<Entity>& version : book.versions(id)) {
        HistoryEntry entry;
        entry.entity = io::Schema<Entity>::entity;
        entry.id = {id.scope(), id.code()};
        entry.version = ++number;
        entry.written = version.written;
        if (version.entry <= book.journal().size()) {
            entry.run = book.journal()[version.entry - 1].run;
        }
        entry.is_removed = version.is_removed;
        Entity now = without_run(version.value);
        if (!version.is_removed) {
            entry.changes = io::changes_between(before ? &*before : nullptr, now);
        }
        before = std::move(now);
        entries.push_back(std::move(entry));
    }
}

bool is_about_value(const Allocation& allocation, const ResourceId& id) {
    const auto is_it = [&](const auto& other) {
        return other.scope() == id.scope && other.code() == id.code;
    };
    return is_it(allocation.allocated_order_id) ||
           std::any_of(allocation.execution_ids.begin(), allocation.execution_ids.end(), is_it) ||
           std::any_of(allocation.placement_ids.begin(), allocation.placement_ids.end(), is_it);
}

// Allocations that are about what has the id, those of the past too.
std::vector<AllocationId> allocations_about(const Book& book, const ResourceId& id) {
    const auto is_it = [&](const auto& view) {
        return view.scope == id.scope && view.code == id.code;
    };
    const auto is_about = [&](const AllocationView& allocation) {
        const auto executions = allocation.execution_ids();
        const auto placements = allocation.placement_ids();
        return is_it(allocation.order_id()) ||
               std::any_of(executions.begin(), executions.end(), is_it) ||
               std::any_of(placements.begin(), placements.end(), is_it);
    };
    std::vector<AllocationId> ids;
    for (const AllocationView& allocation : book.allocations()) {
        if (is_about(allocation)) {
            ids.push_back(allocation.id());
        }
    }
    for (const ResourceId& removed : book.removed_ids(io::Schema<Allocation>::entity)) {
        const AllocationId own{removed};
        const std::vector<Versioned<Allocation>> versions = book.versions(own);
        if (!versions.empty() && is_about_value(versions.back().value, id)) {
            ids.push_back(own);
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace

Result<std::vector<HistoryEntry>> history_of(const Book& book, const ResourceId& id) {
    std::vector<HistoryEntry> entries;
    const auto add = [&]<class Entity>(std::type_identity<Entity>) {
        add_versions(book, Id<Entity>{id}, entries);
    };
    add(std::type_identity<Order>{});
    add(std::type_identity<Block>{});
    add(std::type_identity<Placement>{});
    add(std::type_identity<Execution>{});
    add(std::type_identity<Allocation>{});
    if (entries.empty()) {
        return Unexpected{Error{ErrorCode::reference_is_missing,
                                "history",
                                id.to_string(),
                                "id",
                                "nothing that has or had this id",
                                "an order, block, placement, execution or allocation of the book",
                                {}}};
    }
    for (const AllocationId& allocation : allocations_about(book, id)) {
        add_versions(book, allocation, entries);
    }
    return entries;
}

}  // namespace allot
