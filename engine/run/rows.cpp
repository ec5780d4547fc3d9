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

}  // namespace

void write_rows(const BookData& book, const Collection& collection, const RunPlacement& placement,
                const PlacementPlan& plan, const RowsPlace& place,
                std::vector<std::uint32_t>& replaced) {
    const auto claims = placement.claims.of(collection.claims);
    // The usual row has no earlier one, and nobody has stored an id of his own.
    const bool may_meet_ids = book.allocation_ids.size() != 0;
    Earlier earlier{book};
    const PlannedShare* share = plan.shares.data();
    AllocationRow* to = place.rows;
    std::uint32_t number = place.first;
    for (const PlannedFill& fill : plan.fills) {
        const RunExecution& execution = collection.executions[fill.execution];
        const std::uint32_t before = book.first_allocation(execution.id);
        AllocationRow row;
        row.execution = execution.row;
        row.placement = placement.row;
        row.run = place.run;
        row.written = place.written;
        row.next_of_execution = before;
        if (before != none || may_meet_ids) {
            earlier.look_at(execution.id);
        }
        for (const PlannedShare* const end = share + fill.shares; share != end; ++share) {
            const RunOrder& order = collection.orders[claims[share->rank]];
            row.quantity = share->quantity;
            row.order = order.row;
            if (before == none && !may_meet_ids) {
                std::construct_at(to++, row);
            } else {
                AllocationRow& other = *std::construct_at(to++, row);
                earlier.take_up(order.id, other);
                if (other.previous != none) {
                    replaced.push_back(other.previous);
                }
            }
            row.next_of_execution = number++;
        }
    }
}

}  // namespace allot::run
