// Split: placements that share orders, taken together, fill by fill.
#include "engine/run/component.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "engine/base/hash.hpp"
#include "engine/base/scaled.hpp"
#include "engine/run/ask.hpp"
#include "engine/run/audit.hpp"
#include "engine/run/outcome.hpp"

namespace allot::run {

namespace {

// The finest scale among everything that meets in a component.
int common_scale(const BookData& book, const Collection& collection, const Component& component) {
    int scale = 0;
    const auto meet = [&scale](const Quantity& quantity) {
        scale = std::max(scale, quantity.units().scale());
    };
    for (const std::uint32_t at : component.placements) {
        const RunPlacement& placement = collection.placements[at];
        meet(placement.lot);
        for (const std::uint32_t order : placement.claims.of(collection.claims)) {
            meet(collection.orders[order].ordered);
            meet(collection.orders[order].allocated);
        }
        for (const RunExecution& execution : placement.executions.of(collection.executions)) {
            meet(execution.quantity);
            meet(execution.used);
            meet(book.used(book.executions.rows[execution.row].head.id));
        }
    }
    return scale;
}

// Whether every number and every sum of the component stays below 2^62 at this scale.
bool is_narrow(const BookData& book, const Collection& collection, const Component& component,
               int scale) {
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
                   add(allocated, collection.orders[order].allocated);
        }
        for (const RunExecution& execution : placement.executions.of(collection.executions)) {
            std::int64_t used = 0;
            fits = fits && add(executed, execution.quantity) &&
                   add(used, book.used(book.executions.rows[execution.row].head.id));
        }
        if (!fits) {
            return false;
        }
    }
    return true;
}

template <SplitInteger Int>
Int units_of(const Quantity& quantity, int scale) {
    Int units{};
    (void)detail::to_scaled(quantity.units(), scale, units);
    return units;
}

std::string in_units(const std::string& text, int scale) {
    return scale == 0 ? text : text + " x 10^-" + std::to_string(scale);
}

std::string describe(const BookData& book, const Collection& collection,
                     const RunPlacement& placement, const RunExecution& execution,
                     const Violation& violation, int scale) {
    std::string text = "law: " + violation.law;
    if (violation.claim) {
        const std::uint32_t order = placement.claims.of(collection.claims)[*violation.claim];
        text += "; claim " + std::to_string(*violation.claim + 1) + " (order " +
                book.orders.ids.resource(collection.orders[order].id).to_string() + ")";
    }
    const std::uint32_t fill = book.executions.rows[execution.row].head.id;
    return text + "; execution " + book.executions.ids.resource(fill).to_string() + "; found " +
           in_units(violation.found, scale) + ", expected " + in_units(violation.expected, scale);
}

std::uint64_t key_of(const SplitContext& context, const RunPlacement& placement,
                     const RunExecution& execution) {
    const store::IdPool& placements = context.book.placements.ids;
    const store::IdPool& executions = context.book.executions.ids;
    const std::uint32_t fill = context.book.executions.rows[execution.row].head.id;
    std::string text{context.seed};
    for (const std::string_view part :
         {placements.scope(placement.id), placements.code(placement.id), executions.scope(fill),
          executions.code(fill)}) {
        text.push_back('\0');
        text.append(part);
    }
    return detail::hash64(text);
}

// One pass over the fills of a component, in one integer width.
template <SplitInteger Int>
class Splitter {
  public:
    Splitter(const SplitContext& context, const Component& component, Collection& collection,
             int scale)
        : context_{&context}, component_{&component}, collection_{&collection}, scale_{scale} {
        for (const std::uint32_t at : component.placements) {
            const RunPlacement& placement = collection.placements[at];
            const auto claims = placement.claims.of(collection.claims);
            orders_.insert(orders_.end(), claims.begin(), claims.end());
        }
        std::sort(orders_.begin(), orders_.end());
        orders_.erase(std::unique(orders_.begin(), orders_.end()), orders_.end());
        for (const std::uint32_t at : component.placements) {
            std::vector<std::uint32_t>& local = claims_[at];
            for (const std::uint32_t order :
                 collection.placements[at].claims.of(collection.claims)) {
                local.push_back(static_cast<std::uint32_t>(
                    std::lower_bound(orders_.begin(), orders_.end(), order) - orders_.begin()));
            }
        }
    }

    // Returns false when a placement failed on the way.
    bool run(std::vector<std::vector<PlannedShare>>& plan, std::vector<bool>& over_executed) {
        start();
        for (const std::uint32_t at : component_->placements) {
            plan[at].clear();
            over_executed[at] = false;
        }
        for (const std::uint32_t at : component_->executions) {
            const std::uint32_t placement = collection_->executions[at].placement;
            if (collection_->placements[placement].failure) {
                continue;
            }
            if (!split(at, plan[placement])) {
                return false;
            }
            over_executed[placement] = over_executed[placement] || is_over_;
        }
        return true;
    }

  private:
    void start() {
        const std::size_t count = orders_.size();
        ordered_.resize(count);
        allocated_.resize(count);
        outstanding_.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            const RunOrder& order = collection_->orders[orders_[i]];
            ordered_[i] = units_of<Int>(order.ordered, scale_);
            allocated_[i] = units_of<Int>(order.allocated, scale_);
            outstanding_[i] =
                allocated_[i] < ordered_[i] ? Int{ordered_[i] - allocated_[i]} : Int{0};
        }
    }

    // Sets a failure and returns false, or plans the shares of one fill.
    bool split(std::uint32_t at, std::vector<PlannedShare>& plan) {
        const RunExecution& execution = collection_->executions[at];
        RunPlacement& placement = collection_->placements[execution.placement];
        const std::vector<std::uint32_t>& claims = claims_[execution.placement];
        gather(claims);
        Split<Int> split;
        split.outstanding = claim_outstanding_;
        split.room = claim_outstanding_;
        split.ordered = claim_ordered_;
        split.allocated = claim_allocated_;
        split.baseline = claim_baseline_;
        split.available =
            Int{units_of<Int>(execution.quantity, scale_) - units_of<Int>(execution.used, scale_)};
        split.lot = units_of<Int>(placement.lot, scale_);
        const PropertySheet& sheet = context_->algorithm.info().properties;
        split.key = sheet.seeded ? key_of(*context_, placement, execution) : 0;
        shares_.assign(claims.size(), Int{0});
        if (std::optional<Failure> failure = propose(placement, execution, split)) {
            placement.failure = std::move(failure);
            return false;
        }
        return apply(at, claims, split, plan);
    }

    void gather(const std::vector<std::uint32_t>& claims) {
        const std::size_t count = claims.size();
        claim_outstanding_.resize(count);
        claim_ordered_.resize(count);
        claim_allocated_.resize(count);
        claim_baseline_.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            claim_outstanding_[i] = outstanding_[claims[i]];
            claim_ordered_[i] = ordered_[claims[i]];
            claim_allocated_[i] = allocated_[claims[i]];
        }
    }

    // Lets the rule propose and the audit judge.
    std::optional<Failure> propose(const RunPlacement& placement, const RunExecution& execution,
                                   const Split<Int>& split) {
        const Algorithm& algorithm = context_->algorithm;
        if (const std::optional<std::string> why =
                run::ask(algorithm, split, std::span<Int>{shares_})) {
            return failure_of(context_->book, placement, FailureType::AlgorithmRefused,
                              algorithm.info().code + ": " + *why);
        }
        if (const std::optional<Violation> violation =
                audit(split, std::span<const Int>{shares_}, algorithm.info())) {
            return failure_of(
                context_->book, placement, FailureType::AlgorithmViolation,
                describe(context_->book, *collection_, placement, execution, *violation, scale_));
        }
        return std::nullopt;
    }

    bool apply(std::uint32_t at, const std::vector<std::uint32_t>& claims, const Split<Int>& split,
               std::vector<PlannedShare>& plan) {
        Int given{0};
        Int room{0};
        for (std::size_t i = 0; i < claims.size(); ++i) {
            room += split.outstanding[i];
            if (shares_[i] == Int{0}) {
                continue;
            }
            given += shares_[i];
            outstanding_[claims[i]] -= shares_[i];
            allocated_[claims[i]] += shares_[i];
            PlannedShare share{at, orders_[claims[i]], static_cast<std::uint32_t>(i), {}};
            if (!detail::to_quantity(shares_[i], scale_, share.quantity)) {
                RunPlacement& placement =
                    collection_->placements[collection_->executions[at].placement];
                placement.failure =
                    failure_of(context_->book, placement, FailureType::QuantityOutOfRange,
                               "A share has more digits than a decimal holds");
                return false;
            }
            plan.push_back(share);
        }
        is_over_ = given < split.available && room < split.available;
        return true;
    }

    const SplitContext* context_;
    const Component* component_;
    Collection* collection_;
    int scale_;
    std::vector<std::uint32_t> orders_{};                           // of the component, ascending
    std::map<std::uint32_t, std::vector<std::uint32_t>> claims_{};  // by placement; into orders_
    std::vector<Int> ordered_{};                                    // by position in orders_
    std::vector<Int> allocated_{};
    std::vector<Int> outstanding_{};
    std::vector<Int> claim_outstanding_{};  // by rank, of the placement at hand
    std::vector<Int> claim_ordered_{};
    std::vector<Int> claim_allocated_{};
    std::vector<Int> claim_baseline_{};  // zero until versions of orders fill it
    std::vector<Int> shares_{};
    bool is_over_{false};
};

// The sums that a commit makes: of orders, of executions and of allocations that grow.
class CommitSums {
  public:
    CommitSums(const BookData& book, const Collection& collection)
        : book_{&book}, collection_{&collection} {}

    // Adds a share to every sum it goes into. Errors: those of Decimal arithmetic.
    [[nodiscard]] Result<void> add(const PlannedShare& share) {
        const RunOrder& order = collection_->orders[share.order];
        const std::uint32_t execution =
            book_->executions.rows[collection_->executions[share.execution].row].head.id;
        Result<void> fits = add_to(of_order_, order.id, order.allocated, share.quantity);
        if (fits) {
            fits = add_to(of_execution_, execution, book_->used(execution), share.quantity);
        }
        for (std::uint32_t at = book_->first_allocation(execution); fits && at != store::none;
             at = book_->allocations[at].next_of_execution) {
            const detail::AllocationRow& row = book_->allocations[at];
            if (row.is_latest && book_->order_id_of(row) == order.id) {
                fits = require(allot::add(row.quantity.units(), share.quantity.units()));
            }
        }
        return fits;
    }

  private:
    using Sums = std::map<std::uint32_t, Decimal>;

    static Result<void> require(const Result<Decimal>& sum) {
        return sum ? Result<void>{} : Result<void>{Unexpected{sum.error()}};
    }
    static Result<void> add_to(Sums& sums, std::uint32_t key, const Quantity& start,
                               const Quantity& more) {
        Decimal& sum = sums.try_emplace(key, start.units()).first->second;
        const Result<Decimal> next = allot::add(sum, more.units());
        sum = next ? *next : sum;
        return require(next);
    }

    const BookData* book_;
    const Collection* collection_;
    Sums of_order_{};
    Sums of_execution_{};
};

// All sums of a commit and of the outcomes must be decimals. In 64 bits they always are; otherwise
// the first placement at which one is not fails. Returns whether all fit.
bool require_sums(const SplitContext& context, Collection& collection, const Component& component,
                  const std::vector<std::vector<PlannedShare>>& plan) {
    CommitSums sums{context.book, collection};
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
        for (const PlannedShare& share : plan[at]) {
            if (const Result<void> fits = sums.add(share); !fits) {
                return fail("The sum of what is allocated: " + fits.error().message());
            }
        }
        if (!has_outcome(collection, placement, plan[at])) {
            return fail("What was executed or is unallocated has more digits than a decimal holds");
        }
    }
    return true;
}

}  // namespace

std::vector<Component> components_of(const BookData& book, const Collection& collection) {
    const auto count = static_cast<std::uint32_t>(collection.placements.size());
    std::vector<std::uint32_t> leader(count);
    std::iota(leader.begin(), leader.end(), 0U);
    const auto find = [&leader](std::uint32_t at) {
        while (leader[at] != at) {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        return at;
    };
    std::vector<std::uint32_t> first_with(collection.orders.size(), store::none);
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
            leader[std::max(a, b)] = std::min(a, b);
        }
    }
    std::vector<Component> components;
    std::vector<std::uint32_t> number(count, store::none);
    for (std::uint32_t at = 0; at < count; ++at) {
        if (!collection.placements[at].takes_part) {
            continue;
        }
        const std::uint32_t root = find(at);
        if (number[root] == store::none) {
            number[root] = static_cast<std::uint32_t>(components.size());
            components.emplace_back();
        }
        Component& component = components[number[root]];
        component.placements.push_back(at);
        const Range range = collection.placements[at].executions;
        for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
            if (collection.executions[i].offers()) {
                component.executions.push_back(i);
            }
        }
    }
    for (Component& component : components) {
        if (component.placements.size() > 1) {
            std::sort(component.executions.begin(), component.executions.end(),
                      [&](std::uint32_t a, std::uint32_t b) {
                          return store::is_earlier(book, collection.executions[a].row,
                                                   collection.executions[b].row);
                      });
        }
    }
    return components;
}

void split_component(const SplitContext& context, const Component& component,
                     Collection& collection, std::vector<std::vector<PlannedShare>>& plan,
                     std::vector<bool>& over_executed) {
    const int scale = common_scale(context.book, collection, component);
    if (is_narrow(context.book, collection, component, scale)) {
        Splitter<std::int64_t> splitter{context, component, collection, scale};
        while (!splitter.run(plan, over_executed)) {
        }
    } else {
        Splitter<Int256> splitter{context, component, collection, scale};
        while (!splitter.run(plan, over_executed) ||
               !require_sums(context, collection, component, plan)) {
        }
    }
    for (const std::uint32_t at : component.placements) {
        if (collection.placements[at].failure) {
            plan[at].clear();
            over_executed[at] = false;
        }
    }
    if (context.progress) {
        context.progress(component.executions.size());
    }
}

}  // namespace allot::run
