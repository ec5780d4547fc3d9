// Engine: collect, rank, split, audit, commit.
#include "allot/engine.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "engine/run/collect.hpp"
#include "engine/run/component.hpp"
#include "engine/run/outcome.hpp"
#include "engine/run/record.hpp"
#include "engine/run/rows.hpp"
#include "engine/run/stand_ins.hpp"
#include "engine/run/usage.hpp"
#include "engine/run/workers.hpp"

namespace allot {

namespace {

using detail::AllocationRow;
using run::Collection;
using run::RunPlacement;
using store::none;

std::string key_of(const PlacementId& id) {
    return "Scope:" + id.scope() + " Code:" + id.code();
}

Failure over_executed_failure(const PlacementOutcome& outcome) {
    return {outcome.id, FailureType::OverExecutedPlacement,
            "executed " + outcome.executed.to_string() + ", allocated " +
                outcome.allocated.to_string() + ", unallocated " + outcome.unallocated.to_string() +
                ": the orders of the placement are full"};
}

using Plan = std::vector<run::PlacementPlan>;  // by placement

// Everything about a run but its allocations.
struct Planned {
    std::shared_ptr<const Algorithm> rule{};
    std::string algorithm{};
    RunRecord record{};
    run::Usage usage;
    Collection collection{};
    Plan plan{};
    std::vector<std::size_t> first_rows{};  // by placement, and the number of all rows
    std::size_t threads{1};
};

// States what became of every placement.
void add_outcomes(const BookData& book, Planned& planned,
                  std::vector<std::optional<PlacementOutcome>>& outcomes, RunResult& result) {
    for (const PlacementId& id : planned.collection.not_found) {
        result.failed.emplace(key_of(id), Failure{id, FailureType::PlacementNotFound,
                                                  "No placement " + id.to_string()});
    }
    for (std::size_t at = 0; at < outcomes.size(); ++at) {
        const RunPlacement& placement = planned.collection.placements[at];
        std::optional<PlacementOutcome>& outcome = outcomes[at];
        run::PlacementPlan& plan = planned.plan[at];
        if (placement.failure) {
            result.failed.emplace(key_of(placement.failure->placement), *placement.failure);
        } else if (plan.is_over_executed && outcome) {
            result.failed.emplace(key_of(outcome->id), over_executed_failure(*outcome));
        }
        if (placement.row == none) {
            continue;
        }
        if (!outcome) {
            // With nothing on offer nothing has checked the sums yet.
            const PlacementId id = book.placements.ids.id<Placement>(placement.id);
            result.failed.emplace(
                key_of(id), Failure{id, FailureType::QuantityOutOfRange,
                                    "What was executed has more digits than a decimal holds"});
            continue;
        }
        if (std::optional<Warning> warning = run::warning_of(book, placement, *outcome)) {
            result.warnings.push_back(std::move(*warning));
        }
        if (!plan.kept.empty()) {
            result.warnings.push_back(
                {outcome->id, WarningType::KeptUnallocated, std::move(plan.kept)});
        }
        std::move(plan.explanations.begin(), plan.explanations.end(),
                  std::back_inserter(result.explanations));
        result.placements.push_back(std::move(*outcome));
    }
}

// A rule by its code, or by the name that the book gives to one.
Result<std::shared_ptr<const Algorithm>> find_rule(const BookData& book, const Registry& registry,
                                                   const std::string& code) {
    const auto named = std::find_if(
        book.algorithms.begin(), book.algorithms.end(),
        [&](const auto& entry) { return store::equal_without_case(entry.first, code); });
    Result<std::shared_ptr<const Algorithm>> rule =
        registry.find(named == book.algorithms.end() ? code : named->second);
    if (rule && (*rule)->info().split_only) {
        return Unexpected{Error{ErrorCode::algorithm_refused,
                                "algorithm",
                                (*rule)->info().code,
                                {},
                                "leaves units unallocated on purpose, for the bare split only",
                                "a rule that allocates all it can",
                                {}}};
    }
    return rule;
}

// Splits all components, side by side where that pays, and hashes what the run reads meanwhile.
void split_all(const BookData& book, const RunRequest& request, const Algorithm& algorithm,
               Planned& planned) {
    Collection& collection = planned.collection;
    const std::vector<run::Component> components = run::components_of(book, collection);
    std::size_t work = collection.executions.size() + collection.orders.size();
    for (const run::Component& component : components) {
        work += run::work_of(component, collection);
    }
    planned.threads =
        run::thread_count(request.options.threads, collection.placements.size(), work);
    const run::SplitContext context{book, algorithm, request.options};
    std::mutex telling;
    std::size_t done = 0;
    constexpr std::size_t neighbours = 4;
    run::share_jobs(planned.threads, components.size() + 1, neighbours, [&](std::size_t job) {
        if (job == 0) {
            planned.record = run::record_of(book, request, algorithm, collection);
            return;
        }
        const run::Component& component = components[job - 1];
        run::split_component(context, component, collection, planned.plan);
        if (request.options.progress) {
            const std::scoped_lock lock{telling};
            done += component.executions.size();
            request.options.progress(done, collection.executions.size());
        }
    });
}

// What a run is about, nothing split yet.
Result<Planned> begin_plan(const BookData& book, const Registry& registry,
                           const RunRequest& request) {
    Result<std::shared_ptr<const Algorithm>> rule = find_rule(book, registry, request.algorithm);
    if (!rule) {
        return Unexpected{std::move(rule).error()};
    }
    if (request.options.lot.is_zero()) {
        return Unexpected{
            Error{ErrorCode::lot_is_not_positive, "run", "", "lot", "0", "more than zero", {}}};
    }
    Planned planned{.rule = *std::move(rule), .usage = run::Usage{book}};
    planned.algorithm = full_code(*planned.rule);
    planned.collection = run::collect(book, request, *planned.rule, planned.usage);
    return planned;
}

// The placements that only want orders to stand for the portfolios.
std::vector<PlacementId> lacking_stand_ins(const BookData& book, const Planned& planned) {
    std::vector<PlacementId> lacking;
    for (const RunPlacement& placement : planned.collection.placements) {
        if (placement.lacks_stand_ins) {
            lacking.push_back(book.placements.ids.id<Placement>(placement.id));
        }
    }
    return lacking;
}

// Who receives how much, nothing written yet.
void finish_plan(const BookData& book, const RunRequest& request, Planned& planned) {
    planned.plan.resize(planned.collection.placements.size());
    split_all(book, request, *planned.rule, planned);
    std::size_t rows = 0;
    for (const run::PlacementPlan& plan : planned.plan) {
        planned.first_rows.push_back(rows);
        rows += plan.shares.size();
    }
    planned.first_rows.push_back(rows);
}

// Writes the rows of a plan from place.rows on and states the outcomes in `result`. Returns the
// numbers of the rows that are replaced.
std::vector<std::uint32_t> write_plan(const BookData& book, Planned& planned,
                                      const run::RowsPlace& place, RunResult& result) {
    const Collection& collection = planned.collection;
    const std::size_t count = collection.placements.size();
    std::vector<std::optional<PlacementOutcome>> outcomes(count);
    std::vector<std::vector<std::uint32_t>> replaced(count);
    constexpr std::size_t neighbours = 8;
    run::share_jobs(planned.threads, count, neighbours, [&](std::size_t at) {
        const RunPlacement& placement = collection.placements[at];
        run::RowsPlace own = place;
        own.rows += planned.first_rows[at];
        own.first += static_cast<std::uint32_t>(planned.first_rows[at]);
        run::write_rows(book, collection, placement, planned.plan[at], own, replaced[at]);
        run::PlacementPlan& plan = planned.plan[at];
        outcomes[at] = run::outcome_of(book, planned.usage, collection, placement, plan);
        if (plan.has_sums) {
            std::vector<run::PlannedShare>{}.swap(plan.shares);  // no longer needed, and many
        }
    });
    result.algorithm = planned.algorithm;
    result.run = planned.record;
    add_outcomes(book, planned, outcomes, result);
    std::vector<std::uint32_t> all;
    for (const std::vector<std::uint32_t>& some : replaced) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

// Adds what one placement receives to the sums of the book. `row` is the number of its first row in
// the book.
void add_sums(BookData& data, const Collection& collection, const RunPlacement& placement,
              const run::PlacementPlan& plan, std::size_t row) {
    const auto claims = placement.claims.of(collection.claims);
    const run::PlannedShare* share = plan.shares.data();
    for (const run::PlannedFill& fill : plan.fills) {
        const run::RunExecution& execution = collection.executions[fill.execution];
        row += fill.shares;
        data.allocations_of_execution[execution.id] = static_cast<std::uint32_t>(row - 1);
        if (plan.has_sums) {
            data.add_to_execution(execution.id, fill.given, execution.quantity);
            continue;
        }
        for (const run::PlannedShare* const end = share + fill.shares; share != end; ++share) {
            data.add_to_order(collection.orders[claims[share->rank]].id, share->quantity);
            data.add_to_execution(execution.id, share->quantity, execution.quantity);
        }
    }
    for (std::size_t rank = 0; rank < plan.received.size(); ++rank) {
        if (!plan.received[rank].is_zero()) {
            data.add_to_order(collection.orders[claims[rank]].id, plan.received[rank]);
        }
    }
}

}  // namespace

std::string_view name(FailureType type) noexcept {
    constexpr std::array<std::string_view, 11> names{
        "BadInput",           "PlacementNotFound",
        "NoOrders",           "EmptyPortfolioIdFailure",
        "QuantityMissing",    "PriceMissing",
        "QuantityOutOfRange", "AlgorithmRefused",
        "AlgorithmViolation", "OverExecutedPlacement",
        "WeightMissing"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view name(WarningType type) noexcept {
    constexpr std::array<std::string_view, 2> names{"ExecutedAbovePlacement", "KeptUnallocated"};
    return names[static_cast<std::size_t>(type)];
}

Engine::Engine(Registry registry) : registry_{std::move(registry)} {}

Result<RunResult> Engine::preview(const Book& book, const RunRequest& request) const {
    struct Seen {
        std::optional<Book> book{};  // with the stand-ins that a run would put
        store::AllocationRows rows{};
    };
    const auto seen = std::make_shared<Seen>();
    Result<Planned> begun = begin_plan(book.data(), registry_, request);
    if (!begun) {
        return Unexpected{std::move(begun).error()};
    }
    if (const auto lacking = lacking_stand_ins(book.data(), *begun); !lacking.empty()) {
        run::place_stand_ins(seen->book.emplace(book), request, lacking);
        begun = begin_plan(seen->book->data(), registry_, request);
    }
    Planned planned = *std::move(begun);
    const BookData& data = seen->book ? seen->book->data() : book.data();
    finish_plan(data, request, planned);
    const std::size_t count = planned.first_rows.back();
    AllocationRow* const first = seen->rows.reserve(count);
    RunResult result{data, {first, count}, seen};
    (void)write_plan(data, planned, {first}, result);
    return result;
}

Result<RunResult> Engine::run(Book& book, const RunRequest& request) const {
    BookData& data = book.data();
    Result<Planned> begun = begin_plan(data, registry_, request);
    if (!begun) {
        return Unexpected{std::move(begun).error()};
    }
    if (const auto lacking = lacking_stand_ins(data, *begun); !lacking.empty()) {
        run::place_stand_ins(book, request, lacking);
        begun = begin_plan(data, registry_, request);
    }
    Planned planned = *std::move(begun);
    finish_plan(data, request, planned);
    const std::size_t count = planned.first_rows.back();
    // Up to here, and until take_rows(), nothing of it can be seen in the book.
    AllocationRow* const first = count == 0 ? nullptr : data.allocations.reserve(count);
    const run::RowsPlace place{first, static_cast<std::uint32_t>(data.allocations.size()),
                               static_cast<std::uint32_t>(data.runs.size()),
                               count == 0 ? 0 : data.writing(planned.record.written)};
    RunResult result{data, {first, count}};
    const std::vector<std::uint32_t> replaced = write_plan(data, planned, place, result);
    if (count == 0) {
        return result;
    }
    data.reserve_sums();
    data.runs.push_back(planned.record);
    data.take_rows(count, replaced);
    for (std::size_t at = 0; at < planned.plan.size(); ++at) {
        add_sums(data, planned.collection, planned.collection.placements[at], planned.plan[at],
                 place.first + planned.first_rows[at]);
    }
    std::vector<OrderId> stand_ins;
    for (const run::RunOrder& order : planned.collection.orders) {
        if (order.is_stand_in) {
            stand_ins.push_back(data.orders.ids.id<Order>(order.id));
        }
    }
    run::size_stand_ins(book, stand_ins, request.options.written);
    return result;
}

}  // namespace allot
