// Withdraw: which allocations a reallocation may take back, and how they are taken back.
#include "engine/run/withdraw.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "engine/run/holdings.hpp"
#include "engine/run/parts.hpp"
#include "engine/run/shrink.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

// Withdrawn allocations of an execution to an order.
using Pairs = std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>>;

Pairs pairs_of(const BookData& book, const std::vector<std::uint32_t>& withdrawn) {
    Pairs pairs;
    for (const std::uint32_t number : withdrawn) {
        const AllocationRow& row = book.allocations[number];
        if (row.execution != none) {
            pairs[{book.executions.rows[row.execution].head.id, book.order_id_of(row)}].push_back(
                number);
        }
    }
    return pairs;
}

// Whether the allocations are together what the order has now, at the price of the execution.
bool say_the_same(const BookData& book, const std::vector<std::uint32_t>& numbers,
                  const store::ExecutionRow& execution, const Quantity& quantity) {
    Decimal sum{};
    for (const std::uint32_t number : numbers) {
        const AllocationView view{book, book.allocations[number]};
        const std::optional<Price> price = view.price();
        const bool has_same_price =
            price ? execution.has_price && price->amount() == execution.price &&
                        view.price_currency() == book.text(execution.price_currency)
                  : !execution.has_price;
        const Result<Decimal> next = add(sum, view.quantity().units());
        // What was priced in another way is said anew, so that it can be corrected afterwards.
        const bool is_plain = !has_shares(book, view.row()) && !is_averaged(book, view.row());
        if (!has_same_price || !is_plain || !next) {
            return false;
        }
        sum = *next;
    }
    return sum == quantity.units();
}

}  // namespace

std::vector<std::uint32_t> withdrawable(const BookData& book,
                                        const std::vector<std::uint32_t>& placements) {
    std::vector<bool> is_among(book.placements.ids.size());
    for (const std::uint32_t id : placements) {
        is_among[id] = true;
    }
    std::vector<std::uint32_t> numbers;
    std::uint32_t number = 0;
    for (const AllocationRow& row : book.allocations) {
        if (book.counts(row) && !is_frozen(book, row)) {
            const std::vector<std::uint32_t> own = placements_of(book, row);
            if (!own.empty() && std::all_of(own.begin(), own.end(),
                                            [&](std::uint32_t id) { return is_among[id]; })) {
                numbers.push_back(number);
            }
        }
        ++number;
    }
    return numbers;
}

Changes changes_of(const BookData& book, const Planned& planned,
                   const std::vector<std::uint32_t>& withdrawn) {
    const Collection& collection = planned.collection;
    const Pairs pairs = pairs_of(book, withdrawn);
    std::vector<std::uint32_t> stays;
    Changes changes;
    for (std::size_t at = 0; at < planned.plan.size(); ++at) {
        const auto claims = collection.placements[at].claims.of(collection.claims);
        PlacementPlan rest;
        const PlannedShare* share = planned.plan[at].shares.data();
        for (const PlannedFill& fill : planned.plan[at].fills) {
            const RunExecution& execution = collection.executions[fill.execution];
            const std::size_t first = rest.shares.size();
            for (const PlannedShare* const end = share + fill.shares; share != end; ++share) {
                const auto pair =
                    pairs.find({execution.id, collection.orders[claims[share->rank]].id});
                if (pair != pairs.end() &&
                    say_the_same(book, pair->second, book.executions.rows[execution.row],
                                 share->quantity)) {
                    stays.insert(stays.end(), pair->second.begin(), pair->second.end());
                } else {
                    rest.shares.push_back(*share);
                }
            }
            if (rest.shares.size() != first) {
                rest.fills.push_back(
                    {fill.execution, static_cast<std::uint32_t>(rest.shares.size() - first)});
            }
        }
        changes.rows.push_back(std::move(rest));
    }
    std::sort(stays.begin(), stays.end());
    std::set_difference(withdrawn.begin(), withdrawn.end(), stays.begin(), stays.end(),
                        std::back_inserter(changes.withdrawn));
    return changes;
}

std::vector<AllocationRow> cancelled_rows(BookData& book, std::span<const std::uint32_t> withdrawn,
                                          const Written& written) {
    std::vector<AllocationRow> rows;
    rows.reserve(withdrawn.size());
    for (const std::uint32_t number : withdrawn) {
        Allocation allocation = AllocationView{book, book.allocations[number]}.to_value();
        allocation.state = "Cancelled";
        allocation.properties.insert_or_assign(std::string{run_property_key},
                                               Property{book.runs.back().id, {}, {}});
        AllocationRow row = store::link(book, allocation);
        row.previous = number;
        row.written = book.writing(written);
        rows.push_back(row);
    }
    return rows;
}

Move& Moves::of(const AllocationView& allocation) {
    Move& move = moves_[allocation.id()];
    move.allocation = allocation.id();
    move.order = allocation.order_id().to_id();
    if (const auto placements = allocation.placement_ids(); !placements.empty()) {
        move.placement = placements.front().to_id();
    }
    return move;
}

void Moves::add_withdrawn(const AllocationView& allocation) {
    Move& move = of(allocation);
    move.before = allocation.quantity();
    move.price_before = allocation.price();
}

void Moves::add_new(const AllocationView& allocation) {
    Move& move = of(allocation);
    move.after = allocation.quantity();
    move.price_after = allocation.price();
}

std::vector<Move> Moves::list() const {
    std::vector<Move> all;
    all.reserve(moves_.size());
    for (const auto& [id, move] : moves_) {
        all.push_back(move);
    }
    return all;
}

}  // namespace allot::run
