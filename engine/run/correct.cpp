// Correct: an execution turns out to have been another, or none, after it was allocated.
#include "engine/run/correct.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/parts.hpp"
#include "engine/run/record.hpp"
#include "engine/run/reversals.hpp"
#include "engine/run/shrink.hpp"
#include "engine/run/states.hpp"
#include "engine/run/withdraw.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

Error refusal(ErrorCode code, const ExecutionId& id, std::string field, std::string found,
              std::string expected) {
    return Error{
        code, "execution", id.to_string(), std::move(field), std::move(found), std::move(expected),
        {}};
}

// What speaks against correcting the execution at all.
std::optional<Error> find_objection(const BookData& book, const ExecutionId& id,
                                    const std::optional<Correction>& correction,
                                    const Written& written) {
    if (written.reason.empty()) {
        return refusal(ErrorCode::reason_is_missing, id, "reason", "none",
                       "why it is not as it was announced");
    }
    const std::uint32_t number = book.executions.ids.find(id.scope(), id.code());
    const store::ExecutionRow* row = book.executions.find(number);
    if (row == nullptr) {
        return refusal(ErrorCode::reference_is_missing, id, "id", id.to_string(),
                       "an execution in the book");
    }
    if (correction && !correction->quantity && !correction->price) {
        return refusal(ErrorCode::option_is_not_valid, id, "correction", "neither",
                       "a quantity, a price, or both");
    }
    if (correction && correction->quantity && correction->quantity->is_zero()) {
        return refusal(ErrorCode::quantity_is_not_positive, id, "quantity", "0",
                       "more than zero, or a bust");
    }
    if (correction && is_dead_execution(book, *row)) {
        return refusal(ErrorCode::option_is_not_valid, id, "state",
                       std::string{book.text(row->state)}, "an execution that stands");
    }
    for (const AllocationRow& allocation : book.allocations) {
        if (allocation.details == none || !book.counts(allocation)) {
            continue;
        }
        const bool is_one = allocation.execution != none && !has_shares(book, allocation) &&
                            !is_averaged(book, allocation);
        const store::List names = book.allocation_details[allocation.details].executions;
        if (!is_one && std::find(book.begin(names), book.end(names), number) != book.end(names)) {
            return refusal(ErrorCode::change_touches_allocated, id, "quantity",
                           "allocation " + store::allocation_id(book, allocation).to_string() +
                               (allocation.execution == none ? ", which names it beside others"
                                                             : ", which has an average price"),
                           "allocations of one execution each, as a reallocation makes them");
        }
    }
    return std::nullopt;
}

Execution corrected(Execution execution, const std::optional<Correction>& correction) {
    if (!correction) {
        execution.state = "Busted";
        return execution;
    }
    execution.quantity = correction->quantity.value_or(execution.quantity);
    if (correction->price) {
        const std::string currency = execution.price ? execution.price->currency : std::string{};
        execution.price = CurrencyAndAmount{correction->price->amount(), currency};
    }
    return execution;
}

// What is left to each allocation that is not frozen.
struct Left {
    std::vector<std::uint32_t> rows{};
    std::vector<Quantity> quantities{};
};

Result<Left> left_of(const BookData& book, const store::ExecutionRow& execution,
                     const Quantity& quantity) {
    Left left;
    Decimal frozen{};
    for (const std::uint32_t row : allocations_of(book, execution.head.id)) {
        if (!is_frozen(book, book.allocations[row])) {
            left.rows.push_back(row);
            continue;
        }
        const Result<Decimal> sum = add(frozen, book.allocations[row].quantity.units());
        if (!sum) {
            return Unexpected{sum.error()};
        }
        frozen = *sum;
    }
    const Result<Decimal> rest = subtract(quantity.units(), frozen);
    const Result<Quantity> free = rest ? Quantity::from(*rest) : Result<Quantity>{Quantity{}};
    Result<std::vector<Quantity>> kept = shrink(book, left.rows, free ? *free : Quantity{});
    if (!kept) {
        return Unexpected{std::move(kept).error()};
    }
    left.quantities = *std::move(kept);
    return left;
}

// The versions that come after the allocations: withdrawn ones and changed ones.
struct NewRows {
    std::vector<AllocationRow> cancelled{};
    std::vector<AllocationRow> changed{};
};

NewRows new_rows(BookData& book, const Left& left, const Execution& execution,
                 const Written& written) {
    NewRows rows;
    for (std::size_t i = 0; i < left.rows.size(); ++i) {
        const AllocationView view{book, book.allocations[left.rows[i]]};
        Allocation allocation = view.to_value();
        const bool is_withdrawn = left.quantities[i].is_zero();
        if (is_withdrawn) {
            allocation.state = "Cancelled";
        } else {
            allocation.quantity = left.quantities[i];
            allocation.price = execution.price ? execution.price : allocation.price;
        }
        if (!is_withdrawn && allocation == view.to_value()) {
            continue;
        }
        allocation.properties.insert_or_assign(std::string{run_property_key},
                                               Property{book.runs.back().id, {}, {}});
        AllocationRow row = store::link(book, allocation);
        row.previous = left.rows[i];
        row.written = book.writing(written);
        (is_withdrawn ? rows.cancelled : rows.changed).push_back(row);
    }
    return rows;
}

// Writes them, and states them with what moved.
RunResult write(BookData& data, const NewRows& rows) {
    (void)data.allocations.reserve(rows.cancelled.size() + rows.changed.size());
    data.reserve_sums();
    Moves moves;
    for (const auto* list : {&rows.cancelled, &rows.changed}) {
        for (const AllocationRow& row : *list) {
            moves.add_withdrawn({data, data.allocations[row.previous]});
        }
    }
    for (const AllocationRow& row : rows.cancelled) {
        data.append_allocation(row);
    }
    const AllocationRow* const first = data.allocations.reserve(rows.changed.size());
    for (const AllocationRow& row : rows.changed) {
        data.append_allocation(row);
    }
    RunResult result{data, {first, rows.changed.size()}};
    for (const AllocationView& allocation : result.allocations()) {
        moves.add_new(allocation);
    }
    result.moves = moves.list();
    return result;
}

// What became of the placement, nothing being split.
void state_outcome(const BookData& data, Planned planned, RunResult& result) {
    planned.plan.resize(planned.collection.placements.size());
    for (RunPlacement& placement : planned.collection.placements) {
        placement.failure.reset();
    }
    number_rows(planned.plan, planned);
    (void)write_plan(data, planned, planned.plan, {}, result);
}

// Of the placement alone, without its children.
Result<Planned> plan_for(const BookData& data, const PlacementId& placement,
                         const Written& written) {
    RunRequest request;
    request.placements = {placement};
    request.options.written = written;
    Result<Planned> planned = begin_plan(data, Registry::with_builtins(), request);
    if (planned) {
        std::vector<RunPlacement>& all = planned->collection.placements;
        std::erase_if(all, [&](const RunPlacement& other) {
            return data.placements.ids.id<Placement>(other.id) != placement;
        });
    }
    return planned;
}

RunRecord record_for(const BookData& data, const Planned& planned, const Written& written,
                     const std::optional<Correction>& correction, const ExecutionId& id) {
    RunRequest request;
    request.options.written = written;
    Collection collection = planned.collection;
    collection.options[correction ? "correct" : "bust"] = id.to_string();
    if (correction && correction->quantity) {
        collection.options["quantity"] = correction->quantity->to_string();
    }
    if (correction && correction->price) {
        collection.options["price"] = correction->price->to_string();
    }
    return record_of(data, request, *planned.rule, collection);
}

}  // namespace

Result<RunResult> correct(Book& book, const ExecutionId& id,
                          const std::optional<Correction>& correction, const Written& written) {
    BookData& data = book.data();
    if (std::optional<Error> objection = find_objection(data, id, correction, written)) {
        return Unexpected{*std::move(objection)};
    }
    const std::uint32_t number = data.executions.ids.find(id.scope(), id.code());
    const store::ExecutionRow before = *data.executions.find(number);
    const Execution execution = corrected(unpack(data, before), correction);
    const PlacementId placement = execution.placement_id;
    const Result<Planned> planned = plan_for(data, placement, written);
    if (!planned) {
        return Unexpected{planned.error()};
    }
    const RunRecord record = record_for(data, *planned, written, correction, id);
    const Result<Left> left = left_of(data, before, correction ? execution.quantity : Quantity{});
    if (!left) {
        return Unexpected{left.error()};
    }
    const bool is_new = execution != unpack(data, before);
    if (const Result<void, Errors> put = store::put_corrected(data, execution, written); !put) {
        return Unexpected{put.error().front()};
    }
    if (is_new) {
        data.runs.push_back(record);
    }
    RunResult result = write(data, is_new ? new_rows(data, *left, execution, written) : NewRows{});
    Result<Planned> after = plan_for(data, placement, written);
    if (!after) {
        return Unexpected{std::move(after).error()};
    }
    after->record = record;
    state_outcome(data, *std::move(after), result);
    add_reversals(reversals_of(data, {before.placement}), result);
    return result;
}

}  // namespace allot::run
