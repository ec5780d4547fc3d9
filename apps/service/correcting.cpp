// Lets the engine say what becomes of allocations when their execution is corrected by an upsert.
#include "apps/service/correcting.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "apps/service/clock.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/run_book.hpp"

namespace allot::service {
namespace {

// Nothing was executed, or it was taken back.
bool is_none(const Execution& execution) {
    constexpr std::array<std::string_view, 4> dead{"Cancelled", "Canceled", "Busted", "Rejected"};
    return execution.quantity.is_zero() ||
           std::any_of(dead.begin(), dead.end(), [&](std::string_view state) {
               return same_without_case(execution.state, state);
           });
}

// What the engine is to be told; a correction without anything is a bust.
std::optional<Correction> correction_of(const Execution& stored, const Execution& wanted,
                                        const Quantity& allocated) {
    Correction correction;
    correction.execution = stored.id;
    if (is_none(wanted)) {
        return correction;
    }
    if (wanted.quantity < std::min(stored.quantity, allocated)) {
        correction.quantity = wanted.quantity;
    }
    if (wanted.price && (!stored.price || stored.price->amount != wanted.price->amount)) {
        correction.price = Price{wanted.price->amount};
    }
    return correction.quantity || correction.price ? std::optional{correction} : std::nullopt;
}

// Units allocated of it by allocations that count; nullopt: none, or no decimal.
std::optional<Quantity> allocated_of(const Store& store, const ExecutionId& id) {
    std::optional<Decimal> sum;
    for (const ResourceId& one : store.allocations_of(id)) {
        const RecordPtr<Allocation>* const record = store.find<Allocation>(one);
        if (record == nullptr || is_cancelled((*record)->value)) {
            continue;
        }
        const Result<Decimal> next =
            add(sum.value_or(Decimal{}), (*record)->value.quantity.units());
        if (!next) {
            return std::nullopt;
        }
        sum = *next;
    }
    return sum ? std::optional{Quantity::from(*sum).value()} : std::nullopt;
}

Problem refusal(const Execution& wanted, const std::string& what) {
    return make_problem(info(ErrorCode::change_touches_allocated).http_status,
                        kind_info<Execution>.cannot_update,
                        what + ", execution " + wanted.id.to_string());
}

Result<RunResult> carry_out(const Engine& engine, Book& book, const Correction& correction,
                            const Written& written) {
    return correction.quantity || correction.price
               ? engine.correct(book, correction, written)
               : engine.bust(book, correction.execution, written);
}

// What is to be reversed of its placement by reason of this correction. A correction that says what
// is known tells of what was so before.
bool is_booked_too_much(const Engine& engine, const Book& before, const Execution& stored,
                        const RunResult& result, const Written& written) {
    if (result.reversals.empty()) {
        return false;
    }
    Book book{before};
    const Correction same{stored.id, stored.quantity, std::nullopt};
    const Result<RunResult> known = engine.correct(book, same, written);
    return !known || known->reversals != result.reversals;
}

std::string detail_of(const RunResult& result) {
    for (const auto& [key, failure] : result.failed) {
        if (failure.type == FailureType::CorrectedAfterBooking) {
            return std::string{name(failure.type)} + ". " + failure.detail;
        }
    }
    return std::string{name(FailureType::CorrectedAfterBooking)};
}

// What is stored of each allocation that moved, as the engine has it now.
std::vector<Allocation> moved(const Store& store, const Book& book, const RunResult& result,
                              const Execution& wanted, bool has_new_price) {
    std::vector<Allocation> after;
    for (const Move& move : result.moves) {
        const RecordPtr<Allocation>* const stored =
            store.find<Allocation>(move.allocation.resource());
        const std::optional<Allocation> now = book.find(move.allocation);
        if (stored == nullptr || !now) {
            continue;
        }
        Allocation allocation = (*stored)->value;
        if (is_cancelled(*now)) {
            allocation.state = now->state;
        } else {
            allocation.quantity = now->quantity;
            allocation.price = has_new_price ? wanted.price : allocation.price;
        }
        if (allocation == (*stored)->value) {
            continue;
        }
        const std::string run{run_property_key};
        allocation.properties.insert_or_assign(run, now->properties.at(run));
        after.push_back(std::move(allocation));
    }
    return after;
}

}  // namespace

Answer<std::vector<Allocation>> allocations_after(const State& state, const Execution& wanted,
                                                  const Stamp& stamp) {
    const RecordPtr<Execution>* const record = state.store.find<Execution>(wanted.id.resource());
    const std::optional<Quantity> allocated = allocated_of(state.store, wanted.id);
    if (record == nullptr || is_none((*record)->value) || !allocated) {
        return std::vector<Allocation>{};
    }
    const Execution& stored = (*record)->value;
    const std::optional<Correction> correction = correction_of(stored, wanted, *allocated);
    if (!correction) {
        return std::vector<Allocation>{};
    }
    const std::vector<std::string> dead_states =
        state.options.run.dead_states.value_or(default_dead_states());
    auto built = make_run_book(state.store, {stored.placement_id}, dead_states);
    if (!built) {
        return Unexpected{refusal(wanted, built.error().front().message())};
    }
    if (!built->book.find(wanted.id)) {
        return std::vector<Allocation>{};  // it is part of no book yet
    }
    const Written written{to_wire(stamp.as_at), {}, "upsert of the execution"};
    const Book before = built->book;
    const Result<RunResult> result = carry_out(state.engine, built->book, *correction, written);
    if (!result) {
        return Unexpected{refusal(wanted, result.error().message())};
    }
    if (is_booked_too_much(state.engine, before, stored, *result, written)) {
        return Unexpected{refusal(wanted, detail_of(*result))};
    }
    return moved(state.store, built->book, *result, wanted, correction->price.has_value());
}

}  // namespace allot::service
