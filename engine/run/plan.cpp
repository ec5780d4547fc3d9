// Plan: a run from its request to the rows it would write, nothing written yet.
#include "engine/run/plan.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include "engine/base/workers.hpp"
#include "engine/run/held.hpp"
#include "engine/run/outcome.hpp"
#include "engine/run/record.hpp"
#include "engine/run/recorded.hpp"
#include "engine/run/stand_ins.hpp"

namespace allot::run {

namespace {

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

void add_notes(const PlacementId& placement, PlanNotes& notes, RunResult& result) {
    for (auto& [type, detail] :
         {std::pair<WarningType, std::string&>{WarningType::KeptUnallocated, notes.kept},
          {WarningType::UnknownState, notes.unknown_states},
          {WarningType::TwoAlgorithms, notes.other_rule}}) {
        if (!detail.empty()) {
            result.warnings.push_back({placement, type, std::move(detail)});
        }
    }
    std::move(notes.explanations.begin(), notes.explanations.end(),
              std::back_inserter(result.explanations));
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

// What stays of earlier allocations, and which placements are left alone.
Result<void> begin_again(const BookData& book, const Again& again, Planned& planned) {
    Collection& collection = planned.collection;
    note_reallocation(again.pins, collection.options);
    for (RunPlacement& placement : collection.placements) {
        if (const auto failed = again.left_alone.find(placement.id);
            failed != again.left_alone.end()) {
            placement.failure = failed->second;
            placement.takes_part = false;
        }
    }
    return hold(book, planned.usage, again.pins, collection);
}

}  // namespace

Result<Planned> begin_plan(const BookData& book, const Registry& registry,
                           const RunRequest& request, const Again* again) {
    Result<std::shared_ptr<const Algorithm>> rule = find_rule(book, registry, request.algorithm);
    if (!rule) {
        return Unexpected{std::move(rule).error()};
    }
    if (request.options.lot.is_zero()) {
        return Unexpected{
            Error{ErrorCode::lot_is_not_positive, "run", "", "lot", "0", "more than zero", {}}};
    }
    Planned planned{.rule = *std::move(rule),
                    .usage = again == nullptr ? Usage{book} : Usage{book, again->withdrawn}};
    planned.collection = collect(book, request, *planned.rule, planned.usage);
    if (again != nullptr) {
        if (const Result<void> held = begin_again(book, *again, planned); !held) {
            return Unexpected{held.error()};
        }
    }
    return planned;
}

std::vector<PlacementId> lacking_stand_ins(const BookData& book, const Planned& planned) {
    std::vector<PlacementId> lacking;
    for (const RunPlacement& placement : planned.collection.placements) {
        if (placement.lacks_stand_ins) {
            lacking.push_back(book.placements.ids.id<Placement>(placement.id));
        }
    }
    return lacking;
}

Result<Planned> begin_plan_with_stand_ins(Book& book, const Registry& registry,
                                          const RunRequest& request) {
    Result<Planned> begun = begin_plan(book.data(), registry, request);
    if (!begun) {
        return begun;
    }
    if (const auto lacking = lacking_stand_ins(book.data(), *begun); !lacking.empty()) {
        place_stand_ins(book, request, lacking);
        begun = begin_plan(book.data(), registry, request);
    }
    return begun;
}

std::vector<OrderId> stand_ins_of(const BookData& book, const Planned& planned) {
    std::vector<OrderId> stand_ins;
    for (const RunOrder& order : planned.collection.orders) {
        if (order.is_stand_in) {
            stand_ins.push_back(book.orders.ids.id<Order>(order.id));
        }
    }
    return stand_ins;
}

std::size_t threads_for(const RunRequest& request, const Collection& collection,
                        std::span<const Component> components) {
    std::size_t work = collection.executions.size() + collection.orders.size();
    for (const Component& component : components) {
        work += work_of(component, collection);
    }
    return detail::thread_count(request.options.threads, collection.placements.size(), work);
}

// Components are split side by side where that pays.
void finish_plan(const BookData& book, const RunRequest& request, Planned& planned) {
    Collection& collection = planned.collection;
    const Components found{book, collection};
    const std::span<const Component> components = found.all();
    planned.plan.resize(collection.placements.size());
    planned.threads = threads_for(request, collection, components);
    planned.record = record_of(book, request, *planned.rule, collection, planned.threads);
    const SplitContext context{book, *planned.rule, request.options};
    std::mutex telling;
    std::size_t done = 0;
    constexpr std::size_t neighbours = 4;
    detail::share_jobs(planned.threads, components.size(), neighbours, [&](std::size_t at) {
        const Component& component = components[at];
        split_component(context, component, collection, planned.plan);
        if (request.options.progress) {
            const std::scoped_lock lock{telling};
            done += component.executions.size();
            request.options.progress(done, collection.executions.size());
        }
    });
    number_rows(planned.plan, planned);
}

void number_rows(const Plan& plan, Planned& planned) {
    planned.first_rows.clear();
    std::size_t rows = 0;
    for (const PlacementPlan& of_placement : plan) {
        planned.first_rows.push_back(rows);
        rows += of_placement.shares.size();
    }
    planned.first_rows.push_back(rows);
}

Statements::Statements(const BookData& book, Planned& planned, RunResult& result)
    : book_{&book},
      planned_{&planned},
      result_{&result},
      others_{other_rules(book, planned.usage, planned.record)} {
    result.algorithm = full_code(planned.record);
    result.run = planned.record;
    result.placements.reserve(result.placements.size() + planned.collection.placements.size());
    for (const PlacementId& id : planned.collection.not_found) {
        result.failed.emplace(key_of(id), Failure{id, FailureType::PlacementNotFound,
                                                  "No placement " + id.to_string()});
    }
}

void Statements::write(Range placements, const Plan& rows, const RowsPlace& place, Stated& stated) {
    RowsPlace own = place;
    stated.outcomes.clear();
    stated.replaced.clear();
    for (std::size_t at = placements.first; at < placements.first + placements.count; ++at) {
        write_rows(*book_, planned_->collection, planned_->collection.placements[at], rows[at], own,
                   stated.replaced);
        own.rows += rows[at].shares.size();
        own.first += static_cast<std::uint32_t>(rows[at].shares.size());
        stated.outcomes.push_back(state(at));
    }
}

std::optional<PlacementOutcome> Statements::state(std::size_t at) {
    const Collection& collection = planned_->collection;
    const RunPlacement& placement = collection.placements[at];
    PlacementPlan& plan = planned_->plan[at];
    if (std::string states = list_unknown_states(*book_, collection, placement); !states.empty()) {
        plan.notes.ensure().unknown_states = std::move(states);
    }
    if (std::string rule = find_other_rule(*book_, planned_->usage, collection, placement, plan,
                                           others_, planned_->record);
        !rule.empty()) {
        plan.notes.ensure().other_rule = std::move(rule);
    }
    std::optional<PlacementOutcome> outcome =
        outcome_of(*book_, planned_->usage, collection, placement, plan);
    // No longer needed, and many.
    std::vector<PlannedFill>{}.swap(plan.fills);
    std::vector<PlannedShare>{}.swap(plan.shares);
    std::vector<PlannedShare>{}.swap(plan.sums);
    return outcome;
}

void Statements::add(Range placements, Stated& stated) {
    RunResult& result = *result_;
    for (std::size_t i = 0; i < placements.count; ++i) {
        const RunPlacement& placement = planned_->collection.placements[placements.first + i];
        std::optional<PlacementOutcome>& outcome = stated.outcomes[i];
        PlacementPlan& plan = planned_->plan[placements.first + i];
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
            const PlacementId id = book_->placements.ids.id<Placement>(placement.id);
            result.failed.emplace(
                key_of(id), Failure{id, FailureType::QuantityOutOfRange,
                                    "What was executed has more digits than a decimal holds"});
            continue;
        }
        if (std::optional<Warning> warning = warning_of(*book_, placement, *outcome)) {
            result.warnings.push_back(std::move(*warning));
        }
        if (plan.notes) {
            add_notes(outcome->id, plan.notes.ensure(), result);
        }
        result.placements.push_back(*std::move(outcome));
    }
}

std::vector<std::uint32_t> write_plan(const BookData& book, Planned& planned, const Plan& rows,
                                      const RowsPlace& place, RunResult& result) {
    constexpr std::size_t length = 64;
    const std::size_t count = planned.collection.placements.size();
    const std::size_t ahead = detail::usual_ahead(planned.threads);
    const auto stretch = [&](std::size_t job) -> Range {
        const std::size_t first = job * length;
        return {static_cast<std::uint32_t>(first),
                static_cast<std::uint32_t>(std::min(length, count - first))};
    };
    Statements statements{book, planned, result};
    std::vector<Stated> stated(ahead);
    std::vector<std::uint32_t> replaced;
    detail::share_jobs_in_turn(
        planned.threads, (count + length - 1) / length, ahead,
        [&](std::size_t job) {
            const Range placements = stretch(job);
            const std::size_t first = planned.first_rows[placements.first];
            RowsPlace own = place;
            own.rows += first;
            own.first += static_cast<std::uint32_t>(first);
            statements.write(placements, rows, own, stated[job % ahead]);
        },
        [&](std::size_t job) {
            Stated& done = stated[job % ahead];
            statements.add(stretch(job), done);
            replaced.insert(replaced.end(), done.replaced.begin(), done.replaced.end());
        });
    return replaced;
}

}  // namespace allot::run
