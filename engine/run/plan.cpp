// Plan: a run from its request to the rows it would write, nothing written yet.
#include "engine/run/plan.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <span>
#include <utility>

#include "engine/base/workers.hpp"
#include "engine/run/guards.hpp"
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

// States what became of every placement. Their outcomes are in result.placements from `first` on,
// `is_stated` says for which there is one.
void add_outcomes(const BookData& book, Planned& planned, std::size_t first,
                  const std::vector<std::uint8_t>& is_stated, RunResult& result) {
    for (const PlacementId& id : planned.collection.not_found) {
        result.failed.emplace(key_of(id), Failure{id, FailureType::PlacementNotFound,
                                                  "No placement " + id.to_string()});
    }
    std::size_t kept = first;
    for (std::size_t at = 0; at < is_stated.size(); ++at) {
        const RunPlacement& placement = planned.collection.placements[at];
        PlacementOutcome& outcome = result.placements[first + at];
        PlacementPlan& plan = planned.plan[at];
        if (placement.failure) {
            result.failed.emplace(key_of(placement.failure->placement), *placement.failure);
        } else if (plan.is_over_executed && is_stated[at] != 0) {
            result.failed.emplace(key_of(outcome.id), over_executed_failure(outcome));
        }
        if (placement.row == none) {
            continue;
        }
        if (is_stated[at] == 0) {
            // With nothing on offer nothing has checked the sums yet.
            const PlacementId id = book.placements.ids.id<Placement>(placement.id);
            result.failed.emplace(
                key_of(id), Failure{id, FailureType::QuantityOutOfRange,
                                    "What was executed has more digits than a decimal holds"});
            continue;
        }
        if (std::optional<Warning> warning = warning_of(book, placement, outcome)) {
            result.warnings.push_back(std::move(*warning));
        }
        if (plan.notes) {
            add_notes(outcome.id, plan.notes.ensure(), result);
        }
        if (first + at != kept) {
            result.placements[kept] = std::move(outcome);
        }
        ++kept;
    }
    result.placements.resize(kept);
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
    const Components found{book, collection};
    const std::span<const Component> components = found.all();
    std::size_t work = collection.executions.size() + collection.orders.size();
    for (const Component& component : components) {
        work += work_of(component, collection);
    }
    planned.threads =
        detail::thread_count(request.options.threads, collection.placements.size(), work);
    const SplitContext context{book, algorithm, request.options};
    std::mutex telling;
    std::size_t done = 0;
    constexpr std::size_t neighbours = 4;
    detail::share_jobs(planned.threads, components.size() + 1, neighbours, [&](std::size_t job) {
        if (job == 0) {
            planned.record = record_of(book, request, algorithm, collection);
            return;
        }
        const Component& component = components[job - 1];
        split_component(context, component, collection, planned.plan);
        if (request.options.progress) {
            const std::scoped_lock lock{telling};
            done += component.executions.size();
            request.options.progress(done, collection.executions.size());
        }
    });
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
    planned.algorithm = full_code(*planned.rule);
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

void finish_plan(const BookData& book, const RunRequest& request, Planned& planned) {
    planned.plan.resize(planned.collection.placements.size());
    split_all(book, request, *planned.rule, planned);
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

std::vector<std::uint32_t> write_plan(const BookData& book, Planned& planned, const Plan& rows,
                                      const RowsPlace& place, RunResult& result) {
    const Collection& collection = planned.collection;
    const std::size_t count = collection.placements.size();
    const std::size_t first = result.placements.size();
    result.placements.resize(first + count);
    std::vector<std::uint8_t> is_stated(count, 0);
    std::vector<std::vector<std::uint32_t>> replaced(count);
    constexpr std::size_t neighbours = 8;
    const OtherRules others = other_rules(book, planned.usage, planned.record);
    detail::share_jobs(planned.threads, count, neighbours, [&](std::size_t at) {
        const RunPlacement& placement = collection.placements[at];
        RowsPlace own = place;
        own.rows += planned.first_rows[at];
        own.first += static_cast<std::uint32_t>(planned.first_rows[at]);
        write_rows(book, collection, placement, rows[at], own, replaced[at]);
        PlacementPlan& plan = planned.plan[at];
        if (std::string states = list_unknown_states(book, collection, placement);
            !states.empty()) {
            plan.notes.ensure().unknown_states = std::move(states);
        }
        if (std::string rule = find_other_rule(book, planned.usage, collection, placement, plan,
                                               others, planned.record);
            !rule.empty()) {
            plan.notes.ensure().other_rule = std::move(rule);
        }
        if (auto outcome = outcome_of(book, planned.usage, collection, placement, plan)) {
            result.placements[first + at] = *std::move(outcome);
            is_stated[at] = 1;
        }
        std::vector<PlannedShare>{}.swap(plan.shares);  // no longer needed, and many
        std::vector<PlannedShare>{}.swap(plan.sums);
    });
    result.algorithm = planned.algorithm;
    result.run = planned.record;
    add_outcomes(book, planned, first, is_stated, result);
    std::vector<std::uint32_t> all;
    for (const std::vector<std::uint32_t>& some : replaced) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

}  // namespace allot::run
