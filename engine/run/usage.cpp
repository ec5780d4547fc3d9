// Usage: what stored allocations use up of which execution.
#include "engine/run/usage.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/scaled.hpp"
#include "engine/run/parts.hpp"
#include "engine/run/states.hpp"

namespace allot::run {

namespace {

using store::none;

Int256 at_finest_scale(const Quantity& quantity) {
    Int256 units{};
    (void)detail::to_scaled(quantity.units(), Decimal::max_scale, units);
    return units;
}

std::optional<Quantity> quantity_of(const Int256& units) {
    Quantity quantity;
    return detail::to_quantity(units, Decimal::max_scale, quantity) ? std::optional{quantity}
                                                                    : std::nullopt;
}

// A sum without what was withdrawn from it.
std::optional<Quantity> rest_of(const Quantity& sum,
                                const std::map<std::uint32_t, Int256>& withdrawn,
                                std::uint32_t id) {
    const auto part = withdrawn.find(id);
    return part == withdrawn.end() ? std::optional{sum}
                                   : quantity_of(at_finest_scale(sum) - part->second);
}

}  // namespace

// Lays allocations over executions, one after the other.
class Usage::Layout {
  public:
    explicit Layout(const Usage& usage) : usage_{&usage}, book_{usage.book_} {}

    void run(std::map<std::uint32_t, std::vector<Part>>& parts) {
        parts_ = &parts;
        std::vector<std::pair<ResourceId, std::uint32_t>> naming;
        std::vector<std::pair<ResourceId, std::uint32_t>> others;
        for (std::uint32_t row = 0; row < book_->allocations.size(); ++row) {
            if (usage_->counts(row)) {
                auto& list = named(row).empty() ? others : naming;
                list.emplace_back(store::allocation_id(*book_, book_->allocations[row]), row);
            }
        }
        std::sort(naming.begin(), naming.end());
        std::sort(others.begin(), others.end());
        for (const auto& [id, row] : naming) {
            lay(row);
        }
        for (const auto& [id, row] : others) {
            lay(row);
        }
    }

  private:
    // Live executions of some placements in time order. The first ones get used up for good.
    struct Lane {
        std::vector<std::uint32_t> executions{};  // rows
        std::size_t first{0};                     // those before are used up
    };

    [[nodiscard]] std::vector<std::uint32_t> named(std::uint32_t row) const {
        const detail::AllocationRow& allocation = book_->allocations[row];
        std::vector<std::uint32_t> rows;
        const auto add = [&](std::uint32_t execution) {
            if (const std::uint32_t latest = book_->executions.row_of(execution); latest != none) {
                rows.push_back(latest);
            }
        };
        if (allocation.details == none) {
            add(book_->executions.rows[allocation.execution].head.id);
        } else {
            const store::List list = book_->allocation_details[allocation.details].executions;
            std::for_each(book_->begin(list), book_->end(list), add);
        }
        return rows;
    }

    [[nodiscard]] std::vector<std::uint32_t> placements_of(
        std::uint32_t row, const std::vector<std::uint32_t>& named_rows) const {
        const detail::AllocationRow& allocation = book_->allocations[row];
        std::vector<std::uint32_t> placements;
        if (allocation.details == none) {
            placements = {book_->placements.rows[allocation.placement].head.id};
        } else {
            const store::List list = book_->allocation_details[allocation.details].placements;
            placements.assign(book_->begin(list), book_->end(list));
        }
        if (placements.empty()) {
            for (const std::uint32_t execution : named_rows) {
                placements.push_back(book_->executions.rows[execution].placement);
            }
        }
        std::sort(placements.begin(), placements.end());
        placements.erase(std::unique(placements.begin(), placements.end()), placements.end());
        return placements;
    }

    [[nodiscard]] Int256& free_of(std::uint32_t execution_row) {
        const store::ExecutionRow& row = book_->executions.rows[execution_row];
        const auto [at, is_new] = free_.try_emplace(row.head.id);
        if (is_new) {
            at->second = at_finest_scale(row.quantity);
        }
        return at->second;
    }

    void take(std::uint32_t execution_row, std::uint32_t order, Int256& left) {
        Int256& free = free_of(execution_row);
        const Int256 part = free < left ? free : left;
        if (part > Int256{0}) {
            free -= part;
            left -= part;
            (*parts_)[book_->executions.rows[execution_row].head.id].push_back({order, part});
        }
    }

    [[nodiscard]] Lane& lane_of(const std::vector<std::uint32_t>& placements) {
        const auto [entry, is_new] = lanes_.try_emplace(placements);
        Lane& lane = entry->second;
        if (is_new) {
            for (const std::uint32_t placement : placements) {
                book_->executions_of_placement.each(placement, [&](std::uint32_t execution) {
                    const std::uint32_t row = book_->executions.row_of(execution);
                    if (row != none && !is_dead_execution(*book_, book_->executions.rows[row])) {
                        lane.executions.push_back(row);
                    }
                });
            }
            sort_by_time(lane.executions);
        }
        return lane;
    }

    void sort_by_time(std::vector<std::uint32_t>& rows) const {
        std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
            return store::is_earlier(*book_, a, b);
        });
    }

    // What the allocation itself says it has of which execution.
    void take_stated(std::uint32_t row, std::uint32_t order, Int256& left) {
        if (!has_shares(*book_, book_->allocations[row])) {
            return;
        }
        const auto parts = parts_of(*book_, book_->allocations[row]);
        for (std::size_t i = 0; parts && i < parts->size(); ++i) {
            const std::uint32_t execution = book_->executions.row_of((*parts)[i].execution);
            if (execution != none) {
                const Int256 stated = at_finest_scale((*parts)[i].units);
                Int256 rest = stated;
                take(execution, order, rest);
                left -= stated - rest;
            }
        }
    }

    void lay(std::uint32_t row) {
        const std::uint32_t order = book_->order_id_of(book_->allocations[row]);
        Int256 left = at_finest_scale(book_->allocations[row].quantity);
        take_stated(row, order, left);
        std::vector<std::uint32_t> named_rows = named(row);
        sort_by_time(named_rows);
        for (const std::uint32_t execution : named_rows) {
            take(execution, order, left);
        }
        if (left == Int256{0}) {
            return;
        }
        // What was named is used up by now, so that it need not be left out here.
        Lane& lane = lane_of(placements_of(row, named_rows));
        for (std::size_t at = lane.first; at < lane.executions.size() && left > Int256{0}; ++at) {
            take(lane.executions[at], order, left);
            if (at == lane.first && free_of(lane.executions[at]) == Int256{0}) {
                ++lane.first;
            }
        }
    }

    const Usage* usage_;
    const BookData* book_;
    std::map<std::uint32_t, std::vector<Part>>* parts_{nullptr};
    std::map<std::uint32_t, Int256> free_{};
    std::map<std::vector<std::uint32_t>, Lane> lanes_{};
};

Usage::Usage(const BookData& book, const std::vector<std::uint32_t>& withdrawn)
    : book_{&book}, is_simple_{book.unusual_allocations == 0 && book.overused_executions == 0} {
    if (!withdrawn.empty()) {
        is_withdrawn_.resize(book.allocations.size());
    }
    for (const std::uint32_t number : withdrawn) {
        const detail::AllocationRow& row = book.allocations[number];
        const Int256 units = at_finest_scale(row.quantity);
        is_withdrawn_[number] = true;
        order_units_[book.order_id_of(row)] += units;
        if (row.execution != none) {
            execution_units_[book.executions.rows[row.execution].head.id] += units;
        }
    }
    if (!is_simple_) {
        Layout{*this}.run(parts_);
    }
}

std::optional<Quantity> Usage::allocated_without_withdrawn(std::uint32_t order) const {
    return rest_of(book_->allocated(order), order_units_, order);
}

std::optional<Quantity> Usage::used(std::uint32_t execution) const {
    if (is_simple_) {
        return is_withdrawn_.empty() ? book_->used(execution)
                                     : rest_of(book_->used(execution), execution_units_, execution);
    }
    const auto parts = parts_.find(execution);
    if (parts == parts_.end()) {
        return Quantity{};
    }
    Int256 sum{};
    for (const Part& part : parts->second) {
        sum += part.units;
    }
    return quantity_of(sum);
}

void Usage::each_part(
    std::uint32_t execution,
    const std::function<void(std::uint32_t, std::optional<Quantity>)>& visit) const {
    if (!is_simple_) {
        const auto parts = parts_.find(execution);
        if (parts != parts_.end()) {
            for (const Part& part : parts->second) {
                visit(part.order, quantity_of(part.units));
            }
        }
        return;
    }
    for (std::uint32_t at = book_->first_allocation(execution); at != none;
         at = book_->allocations[at].next_of_execution) {
        if (counts(at)) {
            const detail::AllocationRow& row = book_->allocations[at];
            visit(book_->order_id_of(row), row.quantity);
        }
    }
}

}  // namespace allot::run
