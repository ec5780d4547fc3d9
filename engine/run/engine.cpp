// Engine: collect, rank, split, audit, commit.
#include "allot/engine.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "engine/run/collect.hpp"
#include "engine/run/component.hpp"
#include "engine/run/outcome.hpp"
#include "engine/run/record.hpp"
#include "engine/run/usage.hpp"

namespace allot {

namespace {

using detail::AllocationRow;
using run::Collection;
using run::PlannedShare;
using run::RunPlacement;
using store::none;

std::string key_of(const PlacementId& id) {
    return "Scope:" + id.scope() + " Code:" + id.code();
}

// Turns the shares of one execution into allocations: new ones, or new versions of those that the
// same execution and order have already.
class Allocator {
  public:
    Allocator(const BookData& book, std::vector<AllocationRow>& rows)
        : book_{&book}, rows_{&rows} {}

    void add(const Collection& collection, const PlannedShare& share) {
        const run::RunExecution& execution = collection.executions[share.execution];
        const std::uint32_t id = book_->executions.rows[execution.row].head.id;
        if (id != execution_) {
            execution_ = id;
            collect_existing();
        }
        AllocationRow row;
        row.quantity = share.quantity;
        row.execution = execution.row;
        row.placement = book_->placements.row_of(book_->executions.rows[execution.row].placement);
        row.order = collection.orders[share.order].row;
        const auto existing = existing_.find(collection.orders[share.order].id);
        if (existing != existing_.end()) {
            continue_from(existing->second, row);
        } else {
            skip_taken_ids(row);
        }
        rows_->push_back(row);
    }

  private:
    void collect_existing() {
        existing_.clear();
        for (std::uint32_t at = book_->first_allocation(execution_); at != none;
             at = book_->allocations[at].next_of_execution) {
            const AllocationRow& row = book_->allocations[at];
            if (row.is_latest && has_derived_id(row)) {
                existing_[book_->order_id_of(row)].push_back(at);
            }
        }
    }

    [[nodiscard]] bool has_derived_id(const AllocationRow& row) const {
        return row.details == none || book_->allocation_details[row.details].id == none;
    }

    [[nodiscard]] bool is_frozen(const AllocationRow& row) const {
        const std::uint32_t state = book_->state_of(row);
        return !row.is_removed && state != none && store::is_frozen_allocation(book_->text(state));
    }

    // The newest that is not frozen grows; when all are, another one begins.
    void continue_from(const std::vector<std::uint32_t>& existing, AllocationRow& row) const {
        std::uint32_t newest = none;
        for (const std::uint32_t at : existing) {
            const AllocationRow& other = book_->allocations[at];
            row.ordinal = std::max(row.ordinal, other.ordinal);
            if (!is_frozen(other) &&
                (newest == none || other.ordinal > book_->allocations[newest].ordinal)) {
                newest = at;
            }
        }
        if (newest == none) {
            ++row.ordinal;
            skip_taken_ids(row);
            return;
        }
        const AllocationRow& before = book_->allocations[newest];
        row.previous = newest;
        row.ordinal = before.ordinal;
        if (book_->counts(before)) {
            row.quantity = before.quantity + row.quantity;
            row.details = before.details;
        }
    }

    // Somebody may have stored an allocation of another pair under the id that this one would get.
    void skip_taken_ids(AllocationRow& row) const {
        if (book_->allocation_ids.size() == 0) {
            return;
        }
        while (book_->allocation_index.find(*book_, store::allocation_id(*book_, row)) != none) {
            ++row.ordinal;
        }
    }

    const BookData* book_;
    std::vector<AllocationRow>* rows_;
    std::uint32_t execution_{none};
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> existing_{};  // by order id
};

Failure over_executed_failure(const PlacementOutcome& outcome) {
    return {outcome.id, FailureType::OverExecutedPlacement,
            "executed " + outcome.executed.to_string() + ", allocated " +
                outcome.allocated.to_string() + ", unallocated " + outcome.unallocated.to_string() +
                ": the orders of the placement are full"};
}

using Plan = std::vector<run::PlacementPlan>;  // by placement

std::vector<AllocationRow> rows_of(const BookData& book, const Collection& collection,
                                   const Plan& plan) {
    std::vector<AllocationRow> rows;
    rows.reserve(
        std::accumulate(plan.begin(), plan.end(), std::size_t{0},
                        [](std::size_t sum, const auto& one) { return sum + one.shares.size(); }));
    Allocator allocator{book, rows};
    for (const run::PlacementPlan& one : plan) {
        for (const PlannedShare& share : one.shares) {
            allocator.add(collection, share);
        }
    }
    return rows;
}

// States what became of every placement.
void add_outcomes(const BookData& book, const run::Usage& usage, const Collection& collection,
                  Plan& plan, RunResult& result) {
    for (const PlacementId& id : collection.not_found) {
        result.failed.emplace(key_of(id), Failure{id, FailureType::PlacementNotFound,
                                                  "No placement " + id.to_string()});
    }
    for (std::size_t at = 0; at < collection.placements.size(); ++at) {
        const RunPlacement& placement = collection.placements[at];
        std::optional<PlacementOutcome> outcome =
            run::outcome_of(book, usage, collection, placement, plan[at].shares);
        if (placement.failure) {
            result.failed.emplace(key_of(placement.failure->placement), *placement.failure);
        } else if (plan[at].is_over_executed && outcome) {
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
        if (!plan[at].kept.empty()) {
            result.warnings.push_back(
                {outcome->id, WarningType::KeptUnallocated, std::move(plan[at].kept)});
        }
        std::move(plan[at].explanations.begin(), plan[at].explanations.end(),
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

// The plan of a run: everything but writing it to the book.
Result<RunResult> make_plan(const BookData& book, const Registry& registry,
                            const RunRequest& request) {
    const Result<std::shared_ptr<const Algorithm>> found =
        find_rule(book, registry, request.algorithm);
    if (!found) {
        return Unexpected{found.error()};
    }
    if (request.options.lot.is_zero()) {
        return Unexpected{
            Error{ErrorCode::lot_is_not_positive, "run", "", "lot", "0", "more than zero", {}}};
    }
    const Algorithm& algorithm = **found;
    const run::Usage usage{book};
    Collection collection = run::collect(book, request, algorithm.info().needs, usage);
    RunRecord record = run::record_of(book, request, algorithm, collection);

    Plan plan(collection.placements.size());
    std::size_t done = 0;
    run::SplitContext context{book, algorithm, request.options, {}};
    if (request.options.progress) {
        context.progress = [&](std::size_t executions) {
            done += executions;
            request.options.progress(done, collection.executions.size());
        };
    }
    for (const run::Component& component : run::components_of(book, collection)) {
        run::split_component(context, component, collection, plan);
    }

    RunResult result{book, rows_of(book, collection, plan)};
    result.algorithm = full_code(algorithm);
    result.run = std::move(record);
    add_outcomes(book, usage, collection, plan, result);
    return result;
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
    return make_plan(book.data(), registry_, request);
}

Result<RunResult> Engine::run(Book& book, const RunRequest& request) const {
    Result<RunResult> plan = make_plan(book.data(), registry_, request);
    if (plan && !plan->rows().empty()) {
        BookData& data = book.data();
        const auto number = static_cast<std::uint32_t>(data.runs.size());
        data.runs.push_back(plan->run);
        const std::uint32_t written = data.writing(plan->run.written);
        for (AllocationRow row : plan->rows()) {
            row.run = number;
            row.written = written;
            data.append_allocation(row);
        }
    }
    return plan;
}

}  // namespace allot
