// Engine: collect, rank, split, audit, commit.
#include "allot/engine.hpp"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/run/amend.hpp"
#include "engine/run/correct.hpp"
#include "engine/run/pass_on.hpp"
#include "engine/run/plan.hpp"
#include "engine/run/priced_run.hpp"
#include "engine/run/pricing.hpp"
#include "engine/run/reallocate.hpp"
#include "engine/run/remove.hpp"
#include "engine/run/stand_ins.hpp"

namespace allot {

using detail::AllocationRow;

std::string_view name(FailureType type) noexcept {
    constexpr std::array<std::string_view, 14> names{
        "BadInput",           "PlacementNotFound",
        "NoOrders",           "EmptyPortfolioIdFailure",
        "QuantityMissing",    "PriceMissing",
        "QuantityOutOfRange", "AlgorithmRefused",
        "AlgorithmViolation", "OverExecutedPlacement",
        "WeightMissing",      "CorrectedAfterBooking",
        "LimitBreach",        "OrderChangedAfterExecution"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view name(WarningType type) noexcept {
    constexpr std::array<std::string_view, 4> names{"ExecutedAbovePlacement", "KeptUnallocated",
                                                    "UnknownState", "TwoAlgorithms"};
    return names[static_cast<std::size_t>(type)];
}

Engine::Engine(Registry registry) : registry_{std::move(registry)} {}

namespace {

// What a preview keeps alive as long as its result.
struct Previewed {
    std::optional<Book> book{};  // with the stand-ins that a run would put
    store::AllocationRows rows{};
};

// Lets `work` make the result of what is begun to be planned, on the book or on a copy of it.
template <class Work>
Result<RunResult> preview_by(const Work& work, const Book& book, const Registry& registry,
                             const RunRequest& request) {
    if (std::optional<Error> misfit = run::find_misfit(request.options)) {
        return Unexpected{*std::move(misfit)};
    }
    const auto seen = std::make_shared<Previewed>();
    Result<run::Planned> begun = run::begin_plan(book.data(), registry, request);
    if (!begun) {
        return Unexpected{std::move(begun).error()};
    }
    if (const auto lacking = run::lacking_stand_ins(book.data(), *begun); !lacking.empty()) {
        run::place_stand_ins(seen->book.emplace(book), request, lacking);
        begun = run::begin_plan(seen->book->data(), registry, request);
    }
    run::Planned planned = *std::move(begun);
    const BookData& data = seen->book ? seen->book->data() : book.data();
    Result<RunResult> result = work(data, planned, seen);
    if (result) {
        run::state_stored_residuals(data, planned, *result);
    }
    return result;
}

}  // namespace

Result<RunResult> Engine::preview(const Book& book, const RunRequest& request) const {
    if (!run::prices_fill_by_fill(request.options)) {
        if (std::optional<Error> misfit = run::find_misfit(request.options)) {
            return Unexpected{*std::move(misfit)};
        }
        const auto copy = std::make_shared<Book>(book);
        return run::run_priced(*copy, registry_, request, copy);
    }
    const auto make = [&](const BookData& data, run::Planned& planned,
                          const std::shared_ptr<Previewed>& seen) -> Result<RunResult> {
        run::finish_plan(data, request, planned);
        const std::size_t count = planned.first_rows.back();
        AllocationRow* const first = seen->rows.reserve(count);
        RunResult result{data, {first, count}, seen};
        (void)run::write_plan(data, planned, planned.plan, {first}, result);
        return result;
    };
    return preview_by(make, book, registry_, request);
}

Result<RunResult> Engine::preview(const Book& book, const RunRequest& request,
                                  const AllocationSink& sink) const {
    const auto sink_of = [&sink](const BookData& data, const RunRecord& record) {
        return [&sink, &data, &record](std::span<const AllocationRow> rows) {
            return sink(AllocationViews{data, rows, &record});
        };
    };
    if (!run::prices_fill_by_fill(request.options)) {
        // Its prices follow from all shares together.
        Result<RunResult> whole = preview(book, request);
        if (whole) {
            const AllocationViews all = whole->allocations();
            const Result<void> passed = run::pass_on_rows(all.rows(), request.options.threads,
                                                          sink_of(all.book(), whole->run));
            if (!passed) {
                return Unexpected{passed.error()};
            }
            whole->drop_allocations();
        }
        return whole;
    }
    const auto make = [&](const BookData& data, run::Planned& planned,
                          const std::shared_ptr<Previewed>& seen) -> Result<RunResult> {
        RunResult result{data, {}, seen};
        const Result<void> passed =
            run::pass_on_rows(data, request, planned, result, sink_of(data, result.run));
        if (!passed) {
            return Unexpected{passed.error()};
        }
        return result;
    };
    return preview_by(make, book, registry_, request);
}

Result<RunResult> Engine::run(Book& book, const RunRequest& request) const {
    if (std::optional<Error> misfit = run::find_misfit(request.options)) {
        return Unexpected{*std::move(misfit)};
    }
    if (!run::prices_fill_by_fill(request.options)) {
        return run::run_priced(book, registry_, request, nullptr);
    }
    BookData& data = book.data();
    Result<run::Planned> begun = run::begin_plan_with_stand_ins(book, registry_, request);
    if (!begun) {
        return Unexpected{std::move(begun).error()};
    }
    run::Planned planned = *std::move(begun);
    run::finish_plan(data, request, planned);
    const std::size_t count = planned.first_rows.back();
    // Up to here, and until take_rows(), nothing of it can be seen in the book.
    AllocationRow* const first = count == 0 ? nullptr : data.allocations.reserve(count);
    const run::RowsPlace place{first, static_cast<std::uint32_t>(data.allocations.size()),
                               static_cast<std::uint32_t>(data.runs.size()),
                               data.writing(planned.record.written, data.entry_of_next_run())};
    RunResult result{data, {first, count}};
    const std::vector<std::uint32_t> replaced =
        run::write_plan(data, planned, planned.plan, place, result);
    // Nothing that has an average price is changed by this run.
    run::state_stored_residuals(data, planned, result);
    if (count == 0) {
        return result;
    }
    const std::vector<OrderId> stand_ins = run::stand_ins_of(data, planned);
    // Done with: its memory is as much as the sums need.
    { const run::Planned done{std::move(planned)}; }
    data.reserve_sums();
    const RunEntry entry{data, result.run};
    data.take_rows(count, replaced);
    run::size_stand_ins(book, stand_ins, request.options.written);
    return result;
}

Result<RunResult> Engine::reallocate(Book& book, const RunRequest& request,
                                     const Pins& pins) const {
    return run::reallocate(book, registry_, request, pins, nullptr);
}

Result<RunResult> Engine::preview_reallocate(const Book& book, const RunRequest& request,
                                             const Pins& pins) const {
    const auto copy = std::make_shared<Book>(book);
    return run::reallocate(*copy, registry_, request, pins, copy);
}

Result<RunResult> Engine::correct(Book& book, const Correction& correction,
                                  const Written& written) const {
    return run::correct(book, correction.execution, correction, written);
}

Result<RunResult> Engine::bust(Book& book, const ExecutionId& execution,
                               const Written& written) const {
    return run::correct(book, execution, std::nullopt, written);
}

Result<RunResult, Errors> Engine::correct_all(Book& book, std::span<const CorrectionEntry> entries,
                                              const Written& written) const {
    return run::correct_all(book, entries, written);
}

Result<RunResult> Engine::amend(Book& book, const Amendment& amendment,
                                const Written& written) const {
    return run::amend(book, amendment, written);
}

Result<RunResult> Engine::remove(Book& book, const OrderId& order, const Written& written) const {
    return run::remove(book, order, written);
}

Result<RunResult> Engine::remove(Book& book, const ExecutionId& execution,
                                 const Written& written) const {
    return run::remove(book, execution, written);
}

Result<RunResult> Engine::remove(Book& book, const BlockId& block, const Written& written) const {
    return run::remove(book, block, written);
}

Result<RunResult> Engine::remove(Book& book, const PlacementId& placement,
                                 const Written& written) const {
    return run::remove(book, placement, written);
}

}  // namespace allot
