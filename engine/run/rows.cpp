// Rows: turns planned shares into allocations, as the book stores them.
#include "engine/run/rows.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "engine/run/parts.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

// The allocations that one execution has already.
class Earlier {
  public:
    explicit Earlier(const BookData& book) : book_{&book} {}

    // Complexity: O(earlier allocations of the execution).
    void look_at(std::uint32_t execution) {
        by_order_.clear();
        for (std::uint32_t at = book_->first_allocation(execution); at != none;
             at = book_->allocations[at].next_of_execution) {
            const AllocationRow& row = book_->allocations[at];
            if (row.is_latest && has_derived_id(row)) {
                by_order_[book_->order_id_of(row)].push_back(at);
            }
        }
    }

    // Makes the row a new version of what its order has already, if it has something.
    void take_up(std::uint32_t order, AllocationRow& row) const {
        if (!by_order_.empty()) {
            const auto earlier = by_order_.find(order);
            if (earlier != by_order_.end()) {
                continue_from(earlier->second, row);
                return;
            }
        }
        skip_taken_ids(row);
    }

  private:
    [[nodiscard]] bool has_derived_id(const AllocationRow& row) const {
        return row.details == none || book_->allocation_details[row.details].id == none;
    }

    // Nor does what has an average price grow at the price of a fill.
    [[nodiscard]] bool is_frozen(const AllocationRow& row) const {
        const std::uint32_t state = book_->state_of(row);
        return !row.is_removed && state != none &&
               (store::is_frozen_allocation(book_->text(state)) ||
                (book_->counts(row) && is_averaged(*book_, row)));
    }

    // The newest that is not frozen grows; when all are, another one begins.
    void continue_from(const std::vector<std::uint32_t>& earlier, AllocationRow& row) const {
        std::uint32_t newest = none;
        for (const std::uint32_t at : earlier) {
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
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_order_{};
};

// What the rows of one fill have in common.
AllocationRow begin_row(const RunExecution& execution, const RunPlacement& placement,
                        const RowsPlace& place) {
    AllocationRow row;
    row.execution = execution.row;
    row.placement = placement.row;
    row.run = place.run;
    row.written = place.written;
    return row;
}

// Writes the rows of a fill that has none, in a book in which nobody has stored ids of his own.
// Kept small, so that what it needs stays in registers.
void write_new_rows(const AllocationRow& common, std::span<const PlannedShare> shares,
                    const RunOrder* orders, std::span<const std::uint32_t> claims,
                    std::uint32_t number, AllocationRow* to) {
    std::uint32_t next = none;
    for (const PlannedShare& share : shares) {
        AllocationRow& row = *std::construct_at(to++, common);
        row.quantity = share.quantity;
        row.order = orders[claims[share.rank]].row;
        row.next_of_execution = next;
        next = number++;
    }
}

}  // namespace

void write_rows(const BookData& book, const Collection& collection, const RunPlacement& placement,
                const PlacementPlan& plan, const RowsPlace& place,
                std::vector<std::uint32_t>& replaced) {
    const auto claims = placement.claims.of(collection.claims);
    const bool may_meet_ids = book.allocation_ids.size() != 0;
    Earlier earlier{book};
    std::span<const PlannedShare> rest{plan.shares};
    AllocationRow* to = place.rows;
    std::uint32_t number = place.first;
    for (const PlannedFill& fill : plan.fills) {
        const RunExecution& execution = collection.executions[fill.execution];
        const std::span<const PlannedShare> shares = rest.first(fill.shares);
        rest = rest.subspan(fill.shares);
        AllocationRow row = begin_row(execution, placement, place);
        row.next_of_execution = book.first_allocation(execution.id);
        if (row.next_of_execution == none && !may_meet_ids) {
            write_new_rows(row, shares, collection.orders.data(), claims, number, to);
            to += fill.shares;
            number += fill.shares;
            continue;
        }
        earlier.look_at(execution.id);
        for (const PlannedShare& share : shares) {
            const RunOrder& order = collection.orders[claims[share.rank]];
            row.quantity = share.quantity;
            row.order = order.row;
            AllocationRow& made = *std::construct_at(to++, row);
            earlier.take_up(order.id, made);
            if (made.previous != none) {
                replaced.push_back(made.previous);
            }
            row.next_of_execution = number++;
        }
    }
}

}  // namespace allot::run
