// Replay: one rule over one period.
#include "engine/backtest/replay.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "engine/base/scaled.hpp"
#include "engine/base/uint128.hpp"

namespace allot::backtest {

namespace {

using run::Component;
using run::FillShares;

// Hands every fill to the meter of its block.
class Listener final : public run::SplitListener {
  public:
    Listener(const Period& period, std::span<const Quantity> allocated)
        : period_{&period}, allocated_{allocated}, meters_(period.blocks.size()) {}

    void start(const Component& component, int scale, bool is_wide) override {
        for (const std::uint32_t at : component.placements) {
            const std::uint32_t block = period_->block_of_placement[at];
            MeterStart start = start_of(*period_, allocated_, block, scale);
            start.is_wide = is_wide;
            meters_[block] = make_meter(start);
        }
    }
    void add(const FillShares<std::int64_t>& fill) override { pass_on(fill); }
    void add(const FillShares<Int256>& fill) override { pass_on(fill); }

    // The numbers of the blocks of a component; their meters are gone then.
    void finish(const Component& component, Replayed& replayed) {
        for (const std::uint32_t at : component.placements) {
            const std::uint32_t block = period_->block_of_placement[at];
            if (meters_[block] != nullptr) {
                BlockNumbers numbers = meters_[block]->finish();
                if (numbers.fills > 0) {
                    replayed.blocks[block] = std::move(numbers);
                }
                meters_[block].reset();
            }
        }
    }

  private:
    template <class Int>
    void pass_on(const FillShares<Int>& fill) {
        const run::RunExecution& execution = period_->collection.executions[fill.execution];
        const std::uint32_t block = period_->block_of_placement[execution.placement];
        meters_[block]->add(fill, facts_of(*period_, fill.execution));
    }

    const Period* period_;
    std::span<const Quantity> allocated_;
    std::vector<std::unique_ptr<Meter>> meters_;  // by block
};

// The splits of stored allocations, fill by fill, as if a rule had made them.
template <SplitInteger Int>
class StoredSplits {
  public:
    StoredSplits(const Period& period, std::span<const Quantity> allocated, int scale)
        : period_{&period},
          scale_{scale},
          ordered_(period.collection.orders.size()),
          outstanding_(period.collection.orders.size()),
          changes_(period.collection.orders.size()) {
        for (const run::OrderChange& change : period.collection.changes) {
            in_time_.push_back(&change);
        }
        std::stable_sort(in_time_.begin(), in_time_.end(),
                         [](const auto* a, const auto* b) { return a->at < b->at; });
        for (std::size_t i = 0; i < outstanding_.size(); ++i) {
            ordered_[i] = units_of(period.collection.orders[i].ordered);
            outstanding_[i] = ordered_[i] - units_of(allocated[i]);
        }
    }

    void tell(const Component& component, run::SplitListener& listener) {
        for (const std::uint32_t at : component.executions) {
            const run::RunExecution& execution = period_->collection.executions[at];
            const auto claims = period_->collection.placements[execution.placement].claims.of(
                period_->collection.claims);
            shares_.assign(claims.size(), Int{0});
            before_.resize(claims.size());
            apply_changes(execution.created);
            const auto stored = stored_of(at);
            for (std::size_t rank = 0; rank < claims.size(); ++rank) {
                const Int& outstanding = outstanding_[claims[rank]];
                before_[rank] = outstanding > Int{0} ? outstanding : Int{0};
                const auto share = std::lower_bound(
                    stored.begin(), stored.end(), claims[rank],
                    [](const StoredShare& a, std::uint32_t order) { return a.order < order; });
                for (auto it = share; it != stored.end() && it->order == claims[rank]; ++it) {
                    shares_[rank] += units_of(it->quantity);
                }
            }
            listener.add(FillShares<Int>{at, units_of(execution.quantity), before_, shares_,
                                         changes_of(claims)});
            for (std::size_t rank = 0; rank < claims.size(); ++rank) {
                outstanding_[claims[rank]] -= shares_[rank];
            }
        }
    }

  private:
    // Orders become what they are at a time, less what they have.
    void apply_changes(const Instant& now) {
        for (; next_change_ < in_time_.size() && in_time_[next_change_]->at <= now;
             ++next_change_) {
            const run::OrderChange& change = *in_time_[next_change_];
            const Int has = ordered_[change.order] - outstanding_[change.order];
            ordered_[change.order] = change.is_dead ? has : units_of(change.ordered);
            outstanding_[change.order] = ordered_[change.order] - has;
            ++changes_[change.order];
        }
    }
    [[nodiscard]] std::size_t changes_of(std::span<const std::uint32_t> claims) const {
        std::size_t count = 0;
        for (const std::uint32_t order : claims) {
            count += changes_[order];
        }
        return count;
    }

    [[nodiscard]] Int units_of(const Quantity& quantity) const {
        Int units{};
        (void)detail::to_scaled(quantity.units(), scale_, units);
        return units;
    }
    [[nodiscard]] std::span<const StoredShare> stored_of(std::uint32_t execution) const {
        const auto [first, last] = std::equal_range(
            period_->stored.begin(), period_->stored.end(), StoredShare{execution, 0, {}},
            [](const StoredShare& a, const StoredShare& b) { return a.execution < b.execution; });
        return {first, last};
    }

    const Period* period_;
    int scale_;
    std::vector<Int> ordered_;          // by order
    std::vector<Int> outstanding_;      // by order; below zero: more is allocated than ordered
    std::vector<std::size_t> changes_;  // by order, so far
    std::vector<const run::OrderChange*> in_time_{};
    std::size_t next_change_{0};
    std::vector<Int> before_{};
    std::vector<Int> shares_{};
};

// The finest scale of everything that was ordered, executed and stored, and whether each number is
// so small that sums of many stay narrow.
std::pair<int, bool> scale_of(const Period& period, std::span<const Quantity> allocated) {
    int scale = 0;
    const auto each = [&](const auto& visit) {
        for (const run::RunOrder& order : period.collection.orders) {
            visit(order.ordered);
        }
        for (const Quantity& quantity : allocated) {
            visit(quantity);
        }
        for (const run::RunExecution& execution : period.collection.executions) {
            visit(execution.quantity);
        }
        for (const StoredShare& share : period.stored) {
            visit(share.quantity);
        }
        for (const run::OrderChange& change : period.collection.changes) {
            visit(change.ordered);
        }
        for (const Block& block : period.blocks) {
            visit(block.lot);
        }
    };
    each([&](const Quantity& quantity) { scale = std::max(scale, quantity.units().scale()); });
    std::int64_t sum = 0;
    bool is_narrow = true;
    each([&](const Quantity& quantity) {
        std::int64_t units = 0;
        is_narrow = is_narrow && detail::to_scaled(quantity.units(), scale, units) &&
                    units < detail::narrow_limit - sum;
        sum += is_narrow ? units : 0;
    });
    return {scale, is_narrow};
}

// Tells what was stored, component by component; done(component) is called behind each.
template <SplitInteger Int, class Done>
void tell_stored(const Period& period, std::span<const Quantity> allocated, int scale,
                 std::span<const Component> components, run::SplitListener& listener, Done done) {
    StoredSplits<Int> splits{period, allocated, scale};
    for (const Component& component : components) {
        listener.start(component, scale, std::is_same_v<Int, Int256>);
        splits.tell(component, listener);
        done(component);
    }
}
template <class Done>
void tell_stored(const Period& period, std::span<const Quantity> allocated,
                 std::span<const Component> components, run::SplitListener& listener, Done done) {
    const auto [scale, is_narrow] = scale_of(period, allocated);
    if (is_narrow) {
        tell_stored<std::int64_t>(period, allocated, scale, components, listener, done);
    } else {
        tell_stored<Int256>(period, allocated, Decimal::max_scale, components, listener, done);
    }
}

// The claims as a rule sees them, with what they have when the period begins.
run::Collection begin_collection(const Period& period, const RunRequest& request,
                                 const Algorithm& algorithm, std::span<const Quantity> allocated) {
    run::Collection collection = collect_for(period, request, algorithm);
    collection.allocated.assign(allocated.begin(), allocated.end());
    // Every period is shared by what is outstanding when it begins.
    collection.baselines.assign(allocated.begin(), allocated.end());
    return collection;
}

}  // namespace

MeterStart start_of(const Period& period, std::span<const Quantity> allocated, std::uint32_t number,
                    int scale) {
    const Block& block = period.blocks[number];
    MeterStart start;
    for (const std::uint32_t order : block.claims.of(period.collection.claims)) {
        const Quantity& ordered = period.collection.orders[order].ordered;
        const Quantity& has = allocated[order];
        start.outstanding.push_back(has < ordered ? ordered - has : Quantity{});
    }
    start.lot = block.lot;
    start.scale = scale;
    start.price_scale = block.price_scale;
    start.price_bits = block.price_bits;
    start.mark = block.mark;
    start.is_priced = block.is_priced;
    start.is_sale = block.is_sale;
    start.last_ns = block.last_ns;
    start.period_ns = period.length_ns;
    start.fills = block.fills;
    start.executed = block.executed;
    start.has_changes = period.changes_of_block[number] != 0;
    return start;
}

FillFacts facts_of(const Period& period, std::uint32_t execution) {
    const std::uint32_t row = period.collection.executions[execution].row;
    return {period.at_ns[execution], period.prices[execution],
            &period.book->executions.rows[row].price};
}

Replayed replay_rule(const Period& period, const RunRequest& request, const Algorithm& algorithm,
                     std::span<const Quantity> allocated) {
    Replayed replayed;
    replayed.blocks.resize(period.blocks.size());
    run::Collection collection = begin_collection(period, request, algorithm, allocated);
    Listener listener{period, allocated};
    const run::SplitContext context{*period.book, algorithm, request.options, &listener};
    std::vector<run::PlacementPlan> plan(collection.placements.size());
    const run::Components components{*period.book, collection};
    for (const Component& component : components.all()) {
        run::split_component(context, component, collection, plan);
        listener.finish(component, replayed);
    }
    for (const run::RunPlacement& placement : collection.placements) {
        if (placement.failure) {
            replayed.failures.push_back(*placement.failure);
        }
    }
    return replayed;
}

Replayed replay_stored(const Period& period, std::span<const Quantity> allocated) {
    Replayed replayed;
    replayed.blocks.resize(period.blocks.size());
    Listener listener{period, allocated};
    const run::Components components{*period.book, period.collection};
    tell_stored(period, allocated, components.all(), listener,
                [&](const Component& component) { listener.finish(component, replayed); });
    for (const run::RunPlacement& placement : period.collection.placements) {
        if (placement.failure) {
            replayed.failures.push_back(*placement.failure);
        }
    }
    return replayed;
}

void replay_neighbours(const Period& period, const RunRequest& request, const Algorithm* algorithm,
                       std::span<const Quantity> allocated, std::uint32_t block,
                       run::SplitListener& listener) {
    run::Collection collection = algorithm == nullptr
                                     ? period.collection
                                     : begin_collection(period, request, *algorithm, allocated);
    const run::Components all{*period.book, collection};
    std::vector<Component> components;
    std::copy_if(all.all().begin(), all.all().end(), std::back_inserter(components),
                 [&](const Component& component) {
                     return std::any_of(
                         component.placements.begin(), component.placements.end(),
                         [&](std::uint32_t at) { return period.block_of_placement[at] == block; });
                 });
    if (algorithm == nullptr) {
        tell_stored(period, allocated, components, listener, [](const Component&) {});
        return;
    }
    const run::SplitContext context{*period.book, *algorithm, request.options, &listener};
    std::vector<run::PlacementPlan> plan(collection.placements.size());
    for (const Component& component : components) {
        run::split_component(context, component, collection, plan);
    }
}

}  // namespace allot::backtest
