// Split: placements that share orders, taken together, fill by fill.
#include "engine/run/component.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "engine/base/scaled.hpp"
#include "engine/base/whole_weights.hpp"
#include "engine/run/outcome.hpp"
#include "engine/run/splitter.hpp"

namespace allot::run {

namespace {

// The finest scale among everything that meets in a component.
int common_scale(const SplitContext& context, const Collection& collection,
                 const Component& component) {
    const BookData& book = context.book;
    int scale = 0;
    const auto meet = [&scale](const Quantity& quantity) {
        scale = std::max(scale, quantity.units().scale());
    };
    const Constraints& limits = context.algorithm.constraints();
    for (const auto* limit :
         {&limits.minimum, &limits.cap, &limits.denomination, &limits.increment, &limits.leave}) {
        meet(limit->value_or(Quantity{}));
    }
    for (const std::uint32_t at : component.placements) {
        const RunPlacement& placement = collection.placements[at];
        meet(placement.lot);
        for (const std::uint32_t order : placement.claims.of(collection.claims)) {
            meet(collection.orders[order].ordered);
            meet(collection.allocated_to(order));
            meet(collection.portfolio_of(collection.orders[order]).cap.value_or(Quantity{}));
            for (const OrderChange& change : collection.changes_of(order)) {
                meet(change.ordered);
            }
        }
        for (const RunExecution& execution : placement.executions.of(collection.executions)) {
            meet(execution.quantity);
            meet(execution.used);
            meet(book.used(execution.id));
        }
        for (std::uint32_t i = 0; collection.holds() && i < placement.executions.count; ++i) {
            for (const Held& held : collection.held[placement.executions.first + i]) {
                meet(held.frozen);
                meet(held.pinned);
            }
        }
    }
    return scale;
}

// Whether every number and every sum of the component stays below 2^62 at this scale.
bool is_narrow(const SplitContext& context, const Collection& collection,
               const Component& component, int scale) {
    const BookData& book = context.book;
    std::int64_t weighted = 0;  // the most that stand-ins may have, all together
    std::size_t stand_ins = 1;
    const auto add = [scale](std::int64_t& sum, const Quantity& quantity) {
        std::int64_t units = 0;
        if (!detail::to_scaled(quantity.units(), scale, units) ||
            units > detail::narrow_limit - sum) {
            return false;
        }
        sum += units;
        return true;
    };
    for (const std::uint32_t at : component.placements) {
        const RunPlacement& placement = collection.placements[at];
        std::int64_t lot = 0;
        std::int64_t ordered = 0;
        std::int64_t executed = 0;
        bool fits = add(lot, placement.lot);
        for (const std::uint32_t order : placement.claims.of(collection.claims)) {
            std::int64_t allocated = 0;
            fits = fits && add(ordered, collection.orders[order].ordered) &&
                   add(allocated, collection.allocated_to(order)) &&
                   add(allocated, collection.held_by(order));
            // Whatever it is at a time, it is no larger than all that it ever is.
            for (const OrderChange& change : collection.changes_of(order)) {
                fits = fits && add(ordered, change.ordered);
            }
        }
        for (const RunExecution& execution : placement.executions.of(collection.executions)) {
            std::int64_t used = 0;
            fits = fits && add(executed, execution.quantity) && add(used, book.used(execution.id));
        }
        if (placement.is_unsolicited) {
            for (const std::uint32_t order : placement.claims.of(collection.claims)) {
                fits = fits && add(weighted, collection.allocated_to(order));
            }
            for (const RunExecution& execution : placement.executions.of(collection.executions)) {
                fits = fits && add(weighted, execution.quantity);
            }
            stand_ins = std::max<std::size_t>(stand_ins, placement.claims.count);
        }
        std::vector<std::int64_t> weights;
        if (!fits ||
            !detail::to_whole_weights(
                weights_of(collection, placement, context.algorithm.info().needs), weights)) {
            return false;
        }
    }
    // Nothing but what was executed bounds a stand-in, and its room is what a fill offers, for
    // each.
    return weighted <= detail::narrow_limit / static_cast<std::int64_t>(stand_ins);
}

// Weights whose common divisor has more digits than 256 bits hold cannot be split by.
void fail_unusable_weights(const SplitContext& context, const Component& component,
                           Collection& collection) {
    for (const std::uint32_t at : component.placements) {
        RunPlacement& placement = collection.placements[at];
        std::vector<Int256> weights;
        if (!detail::to_whole_weights(
                weights_of(collection, placement, context.algorithm.info().needs), weights)) {
            placement.failure = failure_of(
                context.book, placement, FailureType::QuantityOutOfRange,
                "The weights of its portfolios have a common divisor of too many digits");
        }
    }
}

// The sums that a commit makes: of orders, of executions and of allocations that grow.
class CommitSums {
  public:
    // A reallocation has withdrawn what the book still counts; `holds` says that it is one.
    CommitSums(const BookData& book, bool holds) : book_{&book}, holds_{holds} {}

    // The shares that follow are of this execution.
    void begin(const RunExecution& execution) {
        execution_ = execution.id;
        used_ = holds_ ? execution.used : book_->used(execution_);
        growing_.clear();
        for (std::uint32_t at = book_->first_allocation(execution_); at != store::none;
             at = book_->allocations[at].next_of_execution) {
            const detail::AllocationRow& row = book_->allocations[at];
            if (row.is_latest && !holds_) {
                growing_[book_->order_id_of(row)].push_back(at);
            }
        }
    }

    // Adds a share of an order (id) to every sum it goes into. Errors: those of Decimal arithmetic.
    [[nodiscard]] Result<void> add(std::uint32_t order, const Quantity& allocated,
                                   const Quantity& held, const Quantity& share) {
        const Result<Decimal> has = allot::add(allocated.units(), held.units());
        Result<void> fits = require(has);
        if (fits) {
            fits = add_to(of_order_, order, *has, share);
        }
        if (fits) {
            fits = add_to(of_execution_, execution_, used_.units(), share);
        }
        const auto growing = growing_.find(order);
        for (std::size_t i = 0; fits && growing != growing_.end() && i < growing->second.size();
             ++i) {
            const detail::AllocationRow& row = book_->allocations[growing->second[i]];
            fits = require(allot::add(row.quantity.units(), share.units()));
        }
        return fits;
    }

  private:
    using Sums = std::map<std::uint32_t, Decimal>;

    static Result<void> require(const Result<Decimal>& sum) {
        return sum ? Result<void>{} : Result<void>{Unexpected{sum.error()}};
    }
    static Result<void> add_to(Sums& sums, std::uint32_t key, const Decimal& start,
                               const Quantity& more) {
        Decimal& sum = sums.try_emplace(key, start).first->second;
        const Result<Decimal> next = allot::add(sum, more.units());
        sum = next ? *next : sum;
        return require(next);
    }

    const BookData* book_;
    bool holds_;
    Quantity used_{};
    Sums of_order_{};
    Sums of_execution_{};
    std::uint32_t execution_{store::none};
    std::map<std::uint32_t, std::vector<std::uint32_t>> growing_{};  // its rows, by order id
};

Result<void> add_all(CommitSums& sums, const Collection& collection, const RunPlacement& placement,
                     const PlacementPlan& plan) {
    const auto claims = placement.claims.of(collection.claims);
    std::size_t at = 0;
    for (const PlannedFill& fill : plan.fills) {
        sums.begin(collection.executions[fill.execution]);
        for (const std::size_t end = at + fill.shares; at < end; ++at) {
            const PlannedShare& share = plan.shares[at];
            const std::uint32_t order = claims[share.rank];
            if (Result<void> fits =
                    sums.add(collection.orders[order].id, collection.allocated_to(order),
                             collection.held_by(order), share.quantity);
                !fits) {
                return fits;
            }
        }
    }
    return {};
}

// All sums of a commit and of the outcomes must be decimals. In 64 bits they always are; otherwise
// the first placement at which one is not fails. Returns whether all fit.
bool require_sums(const SplitContext& context, Collection& collection, const Component& component,
                  const std::vector<PlacementPlan>& plan) {
    CommitSums sums{context.book, collection.holds()};
    for (const std::uint32_t at : component.placements) {
        RunPlacement& placement = collection.placements[at];
        if (placement.failure) {
            continue;
        }
        const auto fail = [&](const std::string& why) {
            placement.failure =
                failure_of(context.book, placement, FailureType::QuantityOutOfRange, why);
            return false;
        };
        if (const Result<void> fits = add_all(sums, collection, placement, plan[at]); !fits) {
            return fail("The sum of what is allocated: " + fits.error().message());
        }
        if (!has_outcome(collection, placement, plan[at])) {
            return fail("What was executed or is unallocated has more digits than a decimal holds");
        }
    }
    return true;
}

// Of each placement the first one that it is connected to.
std::vector<std::uint32_t> leaders_of(const Collection& collection) {
    const auto count = static_cast<std::uint32_t>(collection.placements.size());
    std::vector<std::uint32_t> leaders(count);
    std::iota(leaders.begin(), leaders.end(), 0U);
    const auto find = [&leaders](std::uint32_t at) {
        while (leaders[at] != at) {
            leaders[at] = leaders[leaders[at]];
            at = leaders[at];
        }
        return at;
    };
    detail::LargeVector<std::uint32_t> first_with(collection.orders.size(), store::none);
    for (std::uint32_t at = 0; at < count; ++at) {
        if (!collection.placements[at].takes_part) {
            continue;
        }
        for (const std::uint32_t order : collection.placements[at].claims.of(collection.claims)) {
            if (first_with[order] == store::none) {
                first_with[order] = at;
                continue;
            }
            const std::uint32_t a = find(first_with[order]);
            const std::uint32_t b = find(at);
            leaders[std::max(a, b)] = std::min(a, b);
        }
    }
    for (std::uint32_t at = 0; at < count; ++at) {
        leaders[at] = find(at);
    }
    return leaders;
}

}  // namespace

std::size_t work_of(const Component& component, const Collection& collection) {
    std::size_t work = 0;
    for (const std::uint32_t at : component.executions) {
        work += collection.placements[collection.executions[at].placement].claims.count;
    }
    return work;
}

Components::Components(const BookData& book, const Collection& collection) {
    add_placements(collection, leaders_of(collection));
    add_executions(book, collection);
}

void Components::add_placements(const Collection& collection,
                                const std::vector<std::uint32_t>& leaders) {
    // How many placements each component has, by its number, then where its next one goes.
    std::vector<std::uint32_t> places;
    std::vector<std::uint32_t> number(leaders.size(), store::none);
    const auto each = [&](auto&& visit) {
        for (std::uint32_t at = 0; at < leaders.size(); ++at) {
            if (collection.placements[at].takes_part) {
                visit(at, number[leaders[at]]);
            }
        }
    };
    each([&](std::uint32_t /*at*/, std::uint32_t& component) {
        if (component == store::none) {
            component = static_cast<std::uint32_t>(places.size());
            places.push_back(0);
        }
        ++places[component];
    });
    all_.resize(places.size());
    std::size_t count = 0;
    for (const std::uint32_t size : places) {
        count += size;
    }
    placements_.resize(count);
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        all_[i].placements = std::span{placements_}.subspan(first, places[i]);
        first += std::exchange(places[i], first);
    }
    each([&](std::uint32_t at, std::uint32_t component) { placements_[places[component]++] = at; });
}

void Components::add_executions(const BookData& book, const Collection& collection) {
    executions_.reserve(collection.executions.size());  // all there are: nothing moves any more
    for (Component& component : all_) {
        const std::size_t first = executions_.size();
        for (const std::uint32_t at : component.placements) {
            const Range range = collection.placements[at].executions;
            for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
                if (collection.executions[i].offers() ||
                    (collection.holds() && !collection.held[i].empty())) {
                    executions_.push_back(i);
                }
            }
        }
        const std::span<std::uint32_t> own = std::span{executions_}.subspan(first);
        if (component.placements.size() > 1) {
            std::sort(own.begin(), own.end(), [&](std::uint32_t a, std::uint32_t b) {
                return is_earlier(book, collection.executions[a], collection.executions[b]);
            });
        }
        component.executions = own;
    }
}

void split_component(const SplitContext& context, const Component& component,
                     Collection& collection, std::vector<PlacementPlan>& plan) {
    const int scale = common_scale(context, collection, component);
    if (is_narrow(context, collection, component, scale)) {
        Splitter<std::int64_t> splitter{context, component, collection, scale};
        while (!splitter.run(plan)) {
        }
    } else {
        fail_unusable_weights(context, component, collection);
        Splitter<Int256> splitter{context, component, collection, scale};
        while (!splitter.run(plan) || !require_sums(context, collection, component, plan)) {
        }
    }
    for (const std::uint32_t at : component.placements) {
        if (collection.placements[at].failure) {
            plan[at] = PlacementPlan{};
        }
    }
}

}  // namespace allot::run
