// Adjust: allocations that are taken back, shrunk or repriced without a split.
#include "engine/run/adjust.hpp"

#include <algorithm>
#include <utility>

#include "engine/run/parts.hpp"
#include "engine/run/pricing.hpp"
#include "engine/run/record.hpp"
#include "engine/run/withdraw.hpp"

namespace allot::run {

using detail::AllocationRow;
using store::none;

AdjustedRows adjusted_rows(BookData& book, std::span<const Adjustment> adjustments,
                           const std::optional<CurrencyAndAmount>& price, const Written& written) {
    AdjustedRows rows;
    for (const Adjustment& adjustment : adjustments) {
        const AllocationView view{book, book.allocations[adjustment.row]};
        Allocation allocation = view.to_value();
        const bool is_withdrawn = adjustment.left.is_zero();
        if (is_withdrawn) {
            allocation.state = "Cancelled";
        } else {
            allocation.quantity = adjustment.left;
            allocation.price = price ? price : allocation.price;
        }
        if (!is_withdrawn && allocation == view.to_value()) {
            continue;
        }
        allocation.properties.insert_or_assign(std::string{run_property_key},
                                               Property{book.runs.back().id, {}, {}});
        AllocationRow row = store::link(book, allocation);
        row.previous = adjustment.row;
        row.written = book.writing(written);
        (is_withdrawn ? rows.cancelled : rows.changed).push_back(row);
    }
    return rows;
}

RunResult write_adjusted(BookData& book, const AdjustedRows& rows) {
    (void)book.allocations.reserve(rows.cancelled.size() + rows.changed.size());
    book.reserve_sums();
    Moves moves;
    for (const auto* list : {&rows.cancelled, &rows.changed}) {
        for (const AllocationRow& row : *list) {
            moves.add_withdrawn({book, book.allocations[row.previous]});
        }
    }
    for (const AllocationRow& row : rows.cancelled) {
        book.append_allocation(row);
    }
    const AllocationRow* const first = book.allocations.reserve(rows.changed.size());
    for (const AllocationRow& row : rows.changed) {
        book.append_allocation(row);
    }
    RunResult result{book, {first, rows.changed.size()}};
    for (const AllocationView& allocation : result.allocations()) {
        moves.add_new(allocation);
    }
    result.moves = moves.list();
    return result;
}

Result<Planned> plan_for(const BookData& book, const std::vector<PlacementId>& placements,
                         const Written& written) {
    RunRequest request;
    request.placements = placements;
    request.options.written = written;
    Result<Planned> planned = begin_plan(book, Registry::with_builtins(), request);
    if (planned) {
        // A request without placements is one for all of them, and one for some for their children.
        std::erase_if(planned->collection.placements, [&](const RunPlacement& other) {
            const PlacementId id = book.placements.ids.id<Placement>(other.id);
            return std::find(placements.begin(), placements.end(), id) == placements.end();
        });
    }
    return planned;
}

RunRecord record_for(const BookData& book, const Planned& planned, const Written& written,
                     const std::map<std::string, std::string>& options) {
    RunRequest request;
    request.options.written = written;
    Collection collection = planned.collection;
    collection.options.insert(options.begin(), options.end());
    return record_of(book, request, *planned.rule, collection);
}

Result<void> state_outcomes(const BookData& book, const std::vector<PlacementId>& placements,
                            const RunRecord& record, RunResult& result) {
    Result<Planned> planned = plan_for(book, placements, record.written);
    if (!planned) {
        return Unexpected{std::move(planned).error()};
    }
    planned->record = record;
    planned->plan.resize(planned->collection.placements.size());
    // Nothing was to be split, so that nothing speaks against it.
    for (RunPlacement& placement : planned->collection.placements) {
        placement.failure.reset();
    }
    number_rows(planned->plan, *planned);
    (void)write_plan(book, *planned, planned->plan, {}, result);
    state_stored_residuals(book, *planned, result);
    return {};
}

std::uint32_t find_entangled(const BookData& book, std::uint32_t execution) {
    std::uint32_t number = 0;
    for (const AllocationRow& row : book.allocations) {
        const std::uint32_t at = number++;
        if (row.details == none || !book.counts(row)) {
            continue;
        }
        const bool is_one =
            row.execution != none && !has_shares(book, row) && !is_averaged(book, row);
        const store::List names = book.allocation_details[row.details].executions;
        if (!is_one &&
            std::find(book.begin(names), book.end(names), execution) != book.end(names)) {
            return at;
        }
    }
    return none;
}

std::string entangled_text(const BookData& book, const AllocationRow& row) {
    return "allocation " + store::allocation_id(book, row).to_string() +
           (is_averaged(book, row) ? ", which has an average price"
                                   : ", which is not of one execution alone");
}

}  // namespace allot::run
