// Correct: an execution turns out to have been another, or none, after it was allocated.
#include "engine/run/correct.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/adjust.hpp"
#include "engine/run/recorded.hpp"
#include "engine/run/reversals.hpp"
#include "engine/run/shrink.hpp"
#include "engine/run/states.hpp"

namespace allot::run {

namespace {

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
    if (const std::uint32_t at = find_entangled(book, number); at != none) {
        return refusal(ErrorCode::change_touches_allocated, id, "quantity",
                       entangled_text(book, book.allocations[at]),
                       "allocations of one execution each, as a reallocation makes them");
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
Result<std::vector<Adjustment>> left_of(const BookData& book, const store::ExecutionRow& execution,
                                        const Quantity& quantity) {
    std::vector<std::uint32_t> rows;
    Decimal frozen{};
    for (const std::uint32_t row : allocations_of(book, execution.head.id)) {
        if (!is_frozen(book, book.allocations[row])) {
            rows.push_back(row);
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
    const Result<std::vector<Quantity>> kept = shrink(book, rows, free ? *free : Quantity{});
    if (!kept) {
        return Unexpected{kept.error()};
    }
    std::vector<Adjustment> left;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        left.push_back({rows[i], (*kept)[i]});
    }
    return left;
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
    const std::vector<PlacementId> placements{execution.placement_id};
    const Result<Planned> planned = plan_for(data, placements, written);
    if (!planned) {
        return Unexpected{planned.error()};
    }
    RecordOptions options;
    note_correction(id, correction, options);
    const RunRecord record = record_for(data, *planned, written, options);
    const auto left = left_of(data, before, correction ? execution.quantity : Quantity{});
    if (!left) {
        return Unexpected{left.error()};
    }
    const bool is_new = execution != unpack(data, before);
    std::optional<RunEntry> entry;
    if (is_new) {
        entry.emplace(data, record);
        if (const Result<void, Errors> put = store::put_corrected(data, execution, written); !put) {
            entry->take_back();
            return Unexpected{put.error().front()};
        }
    }
    RunResult result = write_adjusted(
        data, is_new ? adjusted_rows(data, *left, execution.price, written) : AdjustedRows{});
    if (const Result<void> stated = state_outcomes(data, placements, record, result); !stated) {
        return Unexpected{stated.error()};
    }
    add_reversals(reversals_of(data, {before.placement}), result);
    return result;
}

}  // namespace allot::run
