// Reallocate: withdraws what is not frozen and splits again, around what stays.
#include "engine/run/reallocate.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "engine/run/pricing.hpp"
#include "engine/run/reversals.hpp"
#include "engine/run/stand_ins.hpp"
#include "engine/run/withdraw.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

// A pin says what an order has from all the placements, so that none of them may fail.
std::optional<Error> failed_pin(const BookData& book, const Collection& collection,
                                const RunPlacement& placement, const Pins& pins) {
    for (const std::uint32_t at : placement.claims.of(collection.claims)) {
        const auto pin = pins.find(book.orders.ids.id<Order>(collection.orders[at].id));
        if (pin != pins.end()) {
            return Error{ErrorCode::pin_does_not_fit,
                         "order",
                         pin->first.to_string(),
                         "quantity",
                         pin->second.to_string() + " while placement " +
                             placement.failure->placement.to_string() +
                             " fails: " + placement.failure->detail,
                         "placements that do not fail",
                         {}};
        }
    }
    return std::nullopt;
}

// Takes note of the placements that failed, which keep what they have. Returns whether there are
// any that were not known.
Result<bool> leave_failed_alone(const BookData& book, const Planned& planned, Again& again) {
    bool any = false;
    for (const RunPlacement& placement : planned.collection.placements) {
        if (!placement.failure) {
            continue;
        }
        if (auto error = failed_pin(book, planned.collection, placement, again.pins)) {
            return Unexpected{*std::move(error)};
        }
        any = again.left_alone.emplace(placement.id, *placement.failure).second || any;
    }
    return any;
}

// A plan in which no placement fails but those that are left alone.
Result<Planned> plan_again(Book& book, const Registry& registry, const RunRequest& request,
                           Again& again) {
    BookData& data = book.data();
    const std::vector<std::uint32_t> all = requested_by(data, request).ids;
    for (bool has_stand_ins = false;;) {
        std::vector<std::uint32_t> placements;
        std::copy_if(all.begin(), all.end(), std::back_inserter(placements),
                     [&](std::uint32_t id) { return !again.left_alone.contains(id); });
        again.withdrawn = withdrawable(data, placements);
        Result<Planned> planned = begin_plan(data, registry, request, &again);
        if (!planned) {
            return planned;
        }
        if (const auto lacking = lacking_stand_ins(data, *planned);
            !lacking.empty() && !std::exchange(has_stand_ins, true)) {
            place_stand_ins(book, request, lacking);
            continue;
        }
        finish_plan(data, request, *planned);
        const Result<bool> has_failed = leave_failed_alone(data, *planned, again);
        if (!has_failed) {
            return Unexpected{has_failed.error()};
        }
        if (!*has_failed) {
            return planned;
        }
    }
}

// Withdraws and writes what has changed, and states it in a result.
RunResult commit(Book& book, Planned& planned, const std::vector<std::uint32_t>& withdrawn,
                 const Written& written, std::shared_ptr<const void> owner) {
    BookData& data = book.data();
    const Changes changes = changes_of(data, planned, withdrawn);
    number_rows(changes.rows, planned);
    const std::size_t count = planned.first_rows.back();
    const bool is_new = count != 0 || !changes.withdrawn.empty();
    std::vector<AllocationRow> cancelled;
    std::optional<RunEntry> entry;
    if (is_new) {
        entry.emplace(data, planned.record);
        cancelled = cancelled_rows(data, changes.withdrawn, planned.record.written);
        (void)data.allocations.reserve(cancelled.size() + count);
        data.reserve_sums();
    }
    Moves moves;
    for (const std::uint32_t number : changes.withdrawn) {
        moves.add_withdrawn({data, data.allocations[number]});
    }
    for (const AllocationRow& row : cancelled) {
        data.append_allocation(row);
    }
    AllocationRow* const first = is_new ? data.allocations.reserve(count) : nullptr;
    const RowsPlace place{first, static_cast<std::uint32_t>(data.allocations.size()),
                          static_cast<std::uint32_t>(data.runs.size() - (is_new ? 1 : 0)),
                          is_new ? data.writing(planned.record.written) : 0};
    RunResult result{data, {first, count}, std::move(owner)};
    const auto replaced = write_plan(data, planned, changes.rows, place, result);
    data.take_rows(count, replaced);
    for (const AllocationView& allocation : result.allocations()) {
        moves.add_new(allocation);
    }
    result.moves = moves.list();
    if (is_new) {
        size_stand_ins(book, stand_ins_of(data, planned), written);
    }
    return result;
}

}  // namespace

Result<RunResult> reallocate(Book& book, const Registry& registry, const RunRequest& request,
                             const Pins& pins, std::shared_ptr<const void> owner) {
    if (request.options.written.reason.empty()) {
        return Unexpected{Error{ErrorCode::reason_is_missing,
                                "run",
                                {},
                                "reason",
                                "none",
                                "why allocations are withdrawn",
                                {}}};
    }
    if (!prices_fill_by_fill(request.options)) {
        return Unexpected{Error{ErrorCode::option_is_not_valid,
                                "run",
                                {},
                                "grain",
                                "a reallocation with another grain or price",
                                "one at the prices of fills, and a run on new fills after it",
                                {}}};
    }
    Again again{pins, {}, {}};
    Result<Planned> planned = plan_again(book, registry, request, again);
    if (!planned) {
        return Unexpected{std::move(planned).error()};
    }
    RunResult result =
        commit(book, *planned, again.withdrawn, request.options.written, std::move(owner));
    state_stored_residuals(book.data(), *planned, result);
    add_reversals(reversals_of(book.data(), requested_by(book.data(), request).ids), result);
    return result;
}

}  // namespace allot::run
