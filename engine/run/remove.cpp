// Remove: an entity leaves the book, and what was allocated of it is taken back first.
#include "engine/run/remove.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/adjust.hpp"
#include "engine/run/amend.hpp"
#include "engine/run/holdings.hpp"
#include "engine/run/recorded.hpp"
#include "engine/run/shrink.hpp"
#include "engine/store/check.hpp"
#include "engine/store/links.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

// What is removed, in the words of errors and records.
struct Subject {
    const char* entity{nullptr};
    ResourceId resource{};
    std::string id{resource.to_string()};
};

Error refusal(ErrorCode code, const Subject& subject, std::string field, std::string found,
              std::string expected) {
    return Error{
        code, subject.entity, subject.id, std::move(field), std::move(found), std::move(expected),
        {}};
}

// No reason, or no such entity.
template <class TableType, class Kind>
std::optional<Error> find_objection(const TableType& table, const Id<Kind>& id,
                                    const Subject& subject, const Written& written) {
    if (written.reason.empty()) {
        return refusal(ErrorCode::reason_is_missing, subject, "reason", "none",
                       "why it leaves the book");
    }
    if (table.find(table.ids.find(id.scope(), id.code())) == nullptr) {
        return refusal(ErrorCode::reference_is_missing, subject, "id", subject.id,
                       "an entity in the book");
    }
    return std::nullopt;
}

Error booked(const BookData& book, const Subject& subject, const std::vector<std::uint32_t>& rows) {
    const Quantity units = units_of(book, rows);
    return refusal(ErrorCode::change_touches_allocated, subject, "id",
                   "a removal while " + units.to_string() + " are booked or closed",
                   "that these are reversed first: " + to_reverse(book, rows, units));
}

std::vector<Adjustment> all_of(const std::vector<std::uint32_t>& rows) {
    std::vector<Adjustment> adjustments;
    adjustments.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        adjustments.push_back({row, {}});
    }
    return adjustments;
}

std::vector<std::uint32_t> list_of(const BookData& book, store::List list) {
    return {book.begin(list), book.end(list)};
}

// Ids of allocations that name something, whatever their state.
template <class Names>
std::vector<AllocationId> allocations_where(const BookData& book, Names names) {
    std::vector<AllocationId> ids;
    for (const AllocationRow& row : book.allocations) {
        if (row.is_latest && !row.is_removed && names(row)) {
            ids.emplace_back(store::allocation_id(book, row));
        }
    }
    return ids;
}

std::vector<AllocationId> allocations_of_order(const BookData& book, std::uint32_t order) {
    return allocations_where(
        book, [&](const AllocationRow& row) { return book.order_id_of(row) == order; });
}

std::vector<AllocationId> allocations_of_execution(const BookData& book, std::uint32_t execution) {
    return allocations_where(book, [&](const AllocationRow& row) {
        if (row.details == none) {
            return book.executions.rows[row.execution].head.id == execution;
        }
        const store::List names = book.allocation_details[row.details].executions;
        return std::find(book.begin(names), book.end(names), execution) != book.end(names);
    });
}

// Ids of allocations that name the placement and count nothing; none, when something needs it.
std::vector<AllocationId> dead_allocations_of_placement(const BookData& book,
                                                        std::uint32_t placement) {
    bool is_needed = !book.executions_of_placement.empty(placement) ||
                     !book.children_of_placement.empty(placement);
    std::vector<AllocationId> ids = allocations_where(book, [&](const AllocationRow& row) {
        const std::vector<std::uint32_t> names =
            row.details == none ? std::vector{book.placements.rows[row.placement].head.id}
                                : list_of(book, book.allocation_details[row.details].placements);
        const bool is_named = std::find(names.begin(), names.end(), placement) != names.end();
        is_needed = is_needed || (is_named && book.counts(row));
        return is_named;
    });
    return is_needed ? std::vector<AllocationId>{} : ids;
}

// What is wrong already with the blocks of an order, or at their placements: nothing of them can be
// written then.
std::optional<Error> find_trouble(BookData& book, const std::vector<BlockId>& blocks) {
    store::Findings findings;
    for (const BlockId& id : blocks) {
        const std::uint32_t block = book.blocks.ids.find(id.scope(), id.code());
        store::check_block(book, block, findings);
        book.placements_of_block.each(block, [&](std::uint32_t placement) {
            store::check_placement(book, placement, findings);
        });
    }
    return findings.empty() ? std::nullopt : std::optional{findings.front().error};
}

std::vector<BlockId> blocks_of(BookData& book, std::uint32_t order) {
    std::vector<BlockId> blocks;
    store::link_blocks_of_orders(book);
    book.blocks_of_order.each(
        order, [&](std::uint32_t block) { blocks.push_back(book.blocks.ids.id<Block>(block)); });
    std::sort(blocks.begin(), blocks.end());
    return blocks;
}

// One removal: the run that says so, the allocations that are taken back, then the entities, which
// may be refused where there are no allocations.
template <class RemoveRest>
Result<RunResult> carry_out(Book& book, const Subject& subject,
                            const std::vector<PlacementId>& placements,
                            const std::vector<Adjustment>& adjustments, const Written& written,
                            RemoveRest remove_rest) {
    BookData& data = book.data();
    const Result<Planned> planned = plan_for(data, placements, written);
    if (!planned) {
        return Unexpected{planned.error()};
    }
    RecordOptions options;
    note_removal(subject.entity, subject.resource, options);
    const RunRecord record = record_for(data, *planned, written, options);
    RunEntry entry{data, record};
    RunResult result =
        write_adjusted(data, adjusted_rows(data, adjustments, std::nullopt, written));
    if (const Result<void> removed = remove_rest(); !removed) {
        entry.take_back();
        return Unexpected{removed.error()};
    }
    if (const Result<void> stated = state_outcomes(data, placements, record, result); !stated) {
        return Unexpected{stated.error()};
    }
    return result;
}

void remove_allocations(Book& book, const std::vector<AllocationId>& ids, const Written& written) {
    for (const AllocationId& id : ids) {
        book.remove(id, written).value();
    }
}

// A block or a placement, to which nothing may refer any more.
template <class Kind>
Result<RunResult> remove_unneeded(Book& book, const Subject& subject, const Id<Kind>& id,
                                  const Written& written) {
    return carry_out(book, subject, {}, {}, written, [&] { return book.remove(id, written); });
}

}  // namespace

Result<RunResult> remove(Book& book, const OrderId& id, const Written& written) {
    BookData& data = book.data();
    const Subject subject{"order", id.resource()};
    if (std::optional<Error> objection = find_objection(data.orders, id, subject, written)) {
        return Unexpected{*std::move(objection)};
    }
    const std::uint32_t number = data.orders.ids.find(id.scope(), id.code());
    const Holdings holdings = holdings_of(data, number);
    if (!holdings.frozen.empty()) {
        return Unexpected{booked(data, subject, holdings.frozen)};
    }
    const auto taken = take_back(data, holdings.free, units_of(data, holdings.free), id);
    if (!taken) {
        return Unexpected{taken.error()};
    }
    const std::vector<BlockId> blocks = blocks_of(data, number);
    if (std::optional<Error> trouble = find_trouble(data, blocks)) {
        return Unexpected{*std::move(trouble)};
    }
    return carry_out(book, subject, placements_around(data, number, *taken), *taken, written, [&] {
        remove_allocations(book, allocations_of_order(data, number), written);
        for (const BlockId& block_id : blocks) {
            Block block = book.find(block_id).value();
            std::erase(block.order_ids, id);
            book.put(block, written).value();
        }
        return book.remove(id, written);
    });
}

Result<RunResult> remove(Book& book, const ExecutionId& id, const Written& written) {
    BookData& data = book.data();
    const Subject subject{"execution", id.resource()};
    if (std::optional<Error> objection = find_objection(data.executions, id, subject, written)) {
        return Unexpected{*std::move(objection)};
    }
    const std::uint32_t number = data.executions.ids.find(id.scope(), id.code());
    if (const std::uint32_t at = find_entangled(data, number); at != none) {
        return Unexpected{refusal(ErrorCode::change_touches_allocated, subject, "id",
                                  entangled_text(data, data.allocations[at]),
                                  "allocations of one execution each, as a reallocation makes "
                                  "them")};
    }
    std::vector<std::uint32_t> rows = allocations_of(data, number);
    const auto free = std::stable_partition(rows.begin(), rows.end(), [&](std::uint32_t row) {
        return is_frozen(data, data.allocations[row]);
    });
    if (free != rows.begin()) {
        return Unexpected{booked(data, subject, {rows.begin(), free})};
    }
    const PlacementId placement = book.find(id).value().placement_id;
    return carry_out(book, subject, {placement}, all_of(rows), written, [&] {
        remove_allocations(book, allocations_of_execution(data, number), written);
        return book.remove(id, written);
    });
}

Result<RunResult> remove(Book& book, const BlockId& id, const Written& written) {
    const Subject subject{"block", id.resource()};
    if (auto objection = find_objection(book.data().blocks, id, subject, written)) {
        return Unexpected{*std::move(objection)};
    }
    return remove_unneeded(book, subject, id, written);
}

Result<RunResult> remove(Book& book, const PlacementId& id, const Written& written) {
    const Subject subject{"placement", id.resource()};
    BookData& data = book.data();
    if (auto objection = find_objection(data.placements, id, subject, written)) {
        return Unexpected{*std::move(objection)};
    }
    const std::uint32_t number = data.placements.ids.find(id.scope(), id.code());
    return carry_out(book, subject, {}, {}, written, [&] {
        remove_allocations(book, dead_allocations_of_placement(data, number), written);
        return book.remove(id, written);
    });
}

}  // namespace allot::run
