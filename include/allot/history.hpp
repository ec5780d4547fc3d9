// The life of an entity: every version of it, who wrote it, and what it changed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "allot/book.hpp"

namespace allot {

// One member that a version changed. Texts are as in a cell of a CSV book; empty: not given.
struct MemberChange {
    std::string member{};
    std::string before{};
    std::string after{};

    friend bool operator==(const MemberChange&, const MemberChange&) = default;
};

// One version of an order, block, placement, execution or allocation.
struct HistoryEntry {
    std::string entity{};  // "order", "block", ...
    ResourceId id{};
    std::size_t version{0};  // from 1
    Written written{};
    std::string run{};                    // id of the run that wrote the version; empty: it was put
    bool is_removed{false};               // it was taken out of the book; changes is empty
    std::vector<MemberChange> changes{};  // of the first version every member that is given
};

// Every version of whatever has the id, entity by entity in the order above, the oldest first; then
// of each allocation that an order received, that came of an execution or was made under a
// placement of that id. Allocations are sorted by id.
// Errors: reference_is_missing, when nothing in the book has or ever had the id.
// Complexity: O(allocations in the book). Thread safety: any thread while nobody writes.
[[nodiscard]] Result<std::vector<HistoryEntry>> history_of(const Book& book, const ResourceId& id);

}  // namespace allot
