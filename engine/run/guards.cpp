// Guards: what a run may be asked to stop at, or should tell.
#include "engine/run/guards.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace allot::run {

namespace {

using store::none;

constexpr std::size_t most_named = 5;

bool begins_with(std::string_view text, std::string_view start) noexcept {
    return text.size() >= start.size() &&
           store::equal_without_case(text.substr(0, start.size()), start);
}

std::string order_name(const BookData& book, const RunOrder& order) {
    return book.orders.ids.resource(order.id).to_string();
}

Way way_of(const BookData& book, const RunOrder& order) {
    return run::way_of(book.text(book.kind_of(book.orders.rows[order.row]).side));
}

bool has_same_rule(const RunRecord& a, const RunRecord& b) {
    return a.algorithm == b.algorithm && a.parameters == b.parameters;
}

// Corrections, busts, amendments and removals.
bool splits_nothing(const RunRecord& run) {
    constexpr std::array<const char*, 4> words{"correct", "bust", "amend", "remove"};
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return run.options.contains(word); });
}

// The run that split what the allocation has: others only changed it.
std::uint32_t splitting_run(const BookData& book, std::uint32_t row) {
    for (; row != none; row = book.allocations[row].previous) {
        const std::uint32_t run = book.allocations[row].run;
        if (run != none && !splits_nothing(book.runs[run])) {
            return run;
        }
    }
    return none;
}

}  // namespace

Way way_of(std::string_view side) noexcept {
    if (begins_with(side, "buy")) {
        return Way::buys;
    }
    return begins_with(side, "sell") || begins_with(side, "short") ? Way::sells : Way::other;
}

bool is_unknown_state(std::string_view state, const RunOptions& options) {
    // What order management systems and FIX call an order that is being worked.
    constexpr std::array<std::string_view, 24> usual{"New",        "Open",
                                                     "Active",     "Draft",
                                                     "Pending",    "PendingNew",
                                                     "Approved",   "Ready",
                                                     "Submitted",  "Accepted",
                                                     "Released",   "Sent",
                                                     "Placed",     "PartiallyPlaced",
                                                     "Working",    "PartiallyFilled",
                                                     "PartFilled", "Filled",
                                                     "Executed",   "Allocated",
                                                     "Suspended",  "Held",
                                                     "OnHold",     "PendingReplace"};
    const auto is_it = [&](std::string_view known) {
        return store::equal_without_case(known, state);
    };
    const std::vector<std::string>& dead = default_dead_states();
    return !state.empty() && std::none_of(usual.begin(), usual.end(), is_it) &&
           std::none_of(dead.begin(), dead.end(), is_it) &&
           (!options.dead_states ||
            std::none_of(options.dead_states->begin(), options.dead_states->end(), is_it));
}

bool is_beyond_limit(const BookData& book, const Collection& collection, std::uint32_t order,
                     const store::ExecutionRow& execution) {
    const auto limit = collection.limits.find(order);
    if (limit == collection.limits.end() || !execution.has_price) {
        return false;
    }
    const std::string_view currency = book.text(execution.price_currency);
    if (!currency.empty() && !limit->second.currency.empty() &&
        currency != limit->second.currency) {
        return false;
    }
    switch (way_of(book, collection.orders[order])) {
        case Way::buys:
            return execution.price > limit->second.amount;
        case Way::sells:
            return execution.price < limit->second.amount;
        case Way::other:
            return false;
    }
    return false;
}

std::string find_beyond_limit(const BookData& book, const Collection& collection,
                              const RunPlacement& placement) {
    std::vector<std::uint32_t> limited;
    std::optional<Decimal> lowest_to_buy;
    std::optional<Decimal> highest_to_sell;
    for (const std::uint32_t at : placement.claims.of(collection.claims)) {
        const RunOrder& order = collection.orders[at];
        const auto limit = collection.limits.find(at);
        if (limit != collection.limits.end() && collection.allocated_to(at) < order.ordered) {
            limited.push_back(at);
            const Decimal& amount = limit->second.amount;
            if (way_of(book, order) == Way::buys) {
                lowest_to_buy = std::min(lowest_to_buy.value_or(amount), amount);
            } else {
                highest_to_sell = std::max(highest_to_sell.value_or(amount), amount);
            }
        }
    }
    for (const RunExecution& execution : placement.executions.of(collection.executions)) {
        const store::ExecutionRow& row = book.executions.rows[execution.row];
        const bool is_within = (!lowest_to_buy || row.price <= *lowest_to_buy) &&
                               (!highest_to_sell || row.price >= *highest_to_sell);
        for (std::size_t i = 0; !is_within && execution.offers() && i < limited.size(); ++i) {
            if (is_beyond_limit(book, collection, limited[i], row)) {
                return "Execution " + book.executions.ids.resource(execution.id).to_string() +
                       " at " + row.price.to_string() + " is beyond the limit " +
                       collection.limits.at(limited[i]).amount.to_string() + " of order " +
                       order_name(book, collection.orders[limited[i]]);
            }
        }
    }
    return {};
}

std::string list_unknown_states(const BookData& book, const Collection& collection,
                                const RunPlacement& placement) {
    if (collection.unknown_states.empty()) {
        return {};
    }
    std::string text;
    std::size_t count = 0;
    for (const std::uint32_t at : placement.claims.of(collection.claims)) {
        const RunOrder& order = collection.orders[at];
        const std::uint32_t state = book.kind_of(book.orders.rows[order.row]).state;
        if (collection.unknown_states.contains(state) && ++count <= most_named) {
            text += (text.empty() ? "" : "; ") + std::string{"order "} + order_name(book, order) +
                    " is " + std::string{book.text(state)};
        }
    }
    return count > most_named ? text + "; and " + std::to_string(count - most_named) + " more"
                              : text;
}

OtherRules other_rules(const BookData& book, const Usage& usage, const RunRecord& record) {
    OtherRules others;
    for (const RunRecord& run : book.runs) {
        others.runs.push_back(!splits_nothing(run) && !has_same_rule(run, record));
    }
    if (std::find(others.runs.begin(), others.runs.end(), true) == others.runs.end()) {
        others.runs.clear();
    }
    if (others.runs.empty() || book.unusual_allocations == 0) {
        return others;
    }
    std::uint32_t number = 0;
    for (const detail::AllocationRow& row : book.allocations) {
        const std::uint32_t at = number++;
        const bool is_of_several = row.execution == none && row.details != none;
        const std::uint32_t run =
            is_of_several && usage.counts(at) ? splitting_run(book, at) : none;
        if (run == none || !others.runs[run]) {
            continue;
        }
        const store::List placements = book.allocation_details[row.details].placements;
        for (const std::uint32_t* id = book.begin(placements); id != book.end(placements); ++id) {
            others.of_placements.emplace(*id, run);
        }
    }
    return others;
}

std::string find_other_rule(const BookData& book, const Usage& usage, const Collection& collection,
                            const RunPlacement& placement, const PlacementPlan& plan,
                            const OtherRules& others, const RunRecord& record) {
    if (others.runs.empty() || plan.fills.empty()) {
        return {};
    }
    const auto both = [&](std::uint32_t run) {
        return "allocated by " + book.runs[run].algorithm + " in run " + book.runs[run].id +
               ", and by " + record.algorithm + " in run " + record.id;
    };
    if (const auto other = others.of_placements.find(placement.id);
        other != others.of_placements.end()) {
        return both(other->second);
    }
    for (const RunExecution& execution : placement.executions.of(collection.executions)) {
        for (std::uint32_t at = book.first_allocation(execution.id); at != none;
             at = book.allocations[at].next_of_execution) {
            const std::uint32_t run = usage.counts(at) ? splitting_run(book, at) : none;
            if (run != none && others.runs[run]) {
                return both(run);
            }
        }
    }
    return {};
}

}  // namespace allot::run
