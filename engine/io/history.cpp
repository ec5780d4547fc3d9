// The life of an entity: every version of it, who wrote it, and what it changed.
#include "allot/history.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/io/csv_output.hpp"
#include "engine/io/fields.hpp"

namespace allot {

namespace {

// Every member that is given, as in a cell of a CSV book.
template <class Entity>
std::vector<std::pair<std::string, std::string>> members_of(const Entity& entity) {
    std::vector<std::pair<std::string, std::string>> members;
    io::for_each_field<Entity>([&](const auto& field, std::size_t) {
        io::TextBuffer text;
        io::CsvOutput cells{text};
        bool is_first = true;
        cells.write_field(field, std::invoke(field.member, entity), is_first);
        std::string cell{text.view()};
        if (io::is_money<io::ValueOf<decltype(field.member), Entity>>) {
            std::replace(cell.begin(), cell.end(), ',', ' ');  // two cells
            cell.erase(cell.find_last_not_of(' ') + 1);
        }
        members.emplace_back(field.name, std::move(cell));
    });
    return members;
}

// Before the first version there is nothing: `before` is null.
template <class Entity>
std::vector<MemberChange> changes_between(const Entity* before, const Entity& after) {
    std::vector<MemberChange> changes;
    const auto old_members = before == nullptr ? std::vector<std::pair<std::string, std::string>>{}
                                               : members_of(*before);
    const auto new_members = members_of(after);
    for (std::size_t i = 0; i < new_members.size(); ++i) {
        const auto& [member, text] = new_members[i];
        const std::string old = before == nullptr ? std::string{} : old_members[i].second;
        if (member != "id" && old != text) {
            changes.push_back({member, old, text});
        }
    }
    return changes;
}

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

// The run that made a version of an allocation; other entities are not made by runs.
template <class Entity>
std::string run_of(const Entity& entity) {
    if constexpr (std::is_same_v<Entity, Allocation>) {
        const auto run = entity.properties.find(run_property_key);
        return run == entity.properties.end() ? std::string{} : run->second.label;
    }
    return {};
}

template <class Entity>
void add_versions(const Book& book, const Id<Entity>& id, std::vector<HistoryEntry>& entries) {
    const std::vector<Versioned<Entity>> versions = book.versions(id);
    std::optional<Entity> before;
    std::string run_before;
    const std::size_t first = entries.size();
    for (const Versioned<Entity>& version : versions) {
        HistoryEntry entry;
        entry.entity = io::Schema<Entity>::entity;
        entry.id = {id.scope(), id.code()};
        entry.version = entries.size() - first + 1;
        entry.written = version.written;
        Entity now = without_run(version.value);
        entry.changes = changes_between(before ? &*before : nullptr, now);
        // A version that no run wrote still carries the run that made the allocation.
        const std::string run = run_of(version.value);
        entry.run = run == run_before ? std::string{} : run;
        before = std::move(now);
        run_before = run;
        entries.push_back(std::move(entry));
    }
    if (!versions.empty() && !book.find(id)) {
        entries.push_back({std::string{io::Schema<Entity>::entity},
                           {id.scope(), id.code()},
                           entries.size() - first + 1,
                           {},
                           {},
                           true,
                           {}});
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
