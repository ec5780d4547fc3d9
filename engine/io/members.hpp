// Members: what an entity says, member by member, and what one version of it changes.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "allot/history.hpp"
#include "engine/io/csv_output.hpp"
#include "engine/io/fields.hpp"

namespace allot::io {

// Every member by name, as in a cell of a CSV book; empty where it is not given.
template <class Entity>
[[nodiscard]] std::vector<std::pair<std::string, std::string>> members_of(const Entity& entity) {
    std::vector<std::pair<std::string, std::string>> members;
    for_each_field<Entity>([&](const auto& field, std::size_t) {
        TextBuffer text;
        CsvOutput cells{text};
        bool is_first = true;
        cells.write_field(field, std::invoke(field.member, entity), is_first);
        std::string cell{text.view()};
        if (is_money<ValueOf<decltype(field.member), Entity>>) {
            std::replace(cell.begin(), cell.end(), ',', ' ');  // two cells
            cell.erase(cell.find_last_not_of(' ') + 1);
        }
        members.emplace_back(field.name, std::move(cell));
    });
    return members;
}

// What differs but the id. Before the first version there is nothing: `before` is null.
template <class Entity>
[[nodiscard]] std::vector<MemberChange> changes_between(const Entity* before, const Entity& after) {
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

}  // namespace allot::io
