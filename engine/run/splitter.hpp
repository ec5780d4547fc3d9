// Splitter: one pass over the fills of a component, in one integer width.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/scaled.hpp"
#include "engine/base/whole_weights.hpp"
#include "engine/run/ask.hpp"
#include "engine/run/audit.hpp"
#include "engine/run/component.hpp"
#include "engine/run/limits.hpp"

namespace allot::run {

// Text that does not depend on the integer width (splitter.cpp).
[[nodiscard]] std::uint64_t key_of(const SplitContext& context, const Collection& collection,
                                   const RunExecution& execution);
[[nodiscard]] std::string describe(const BookData& book, const Collection& collection,
                                   const RunPlacement& placement, const RunExecution& execution,
                                   const Violation& violation, int scale);
// Units as a number for a message.
[[nodiscard]] std::string in_units(const Int256& units, int scale);
[[nodiscard]] std::string order_text(const BookData& book, const RunOrder& order);

template <SplitInteger Int>
[[nodiscard]] Int units_of(const Quantity& quantity, int scale) {
    Int units{};
    (void)detail::to_scaled(quantity.units(), scale, units);
    return units;
}

// A limit that does not fit is above everything that does, and binds nobody.
template <SplitInteger Int>
[[nodiscard]] Int limit_of(const std::optional<Quantity>& limit, int scale) {
    Int units{0};
    if (limit && !detail::to_scaled(limit->units(), scale, units)) {
        units = Int{detail::narrow_limit};
    }
    return units;
}

// What the rule is told of the claims of one placement; by rank.
template <SplitInteger Int>
struct ClaimFacts {
    std::vector<Int> weights{};
    std::vector<std::uint32_t> tiers{};
    std::vector<std::uint8_t> houses{};
    std::vector<std::uint32_t> portfolios{};
    std::vector<std::uint8_t> named{};
    // Portfolios with a cap: the cap and the claims it binds together.
    std::vector<std::pair<Int, std::vector<std::size_t>>> caps{};
};

// Weights of the claims of a placement; empty when nobody asks. Complexity: O(claims).
[[nodiscard]] std::vector<Weight> weights_of(const Collection& collection,
                                             const RunPlacement& placement, const Needs& needs);

template <SplitInteger Int>
class Splitter {
  public:
    Splitter(const SplitContext& context, const Component& component, Collection& collection,
             int scale)
        : context_{&context},
          component_{&component},
          collection_{&collection},
          limits_{&context.algorithm.constraints()},
          scale_{scale},
          is_single_{component.placements.size() == 1} {
        number_orders();
        for (const std::uint32_t at : component.placements) {
            collect_facts(at);
        }
    }

    // Returns false when a placement failed on the way.
    [[nodiscard]] bool run(std::vector<PlacementPlan>& plan) {
        start();
        for (const std::uint32_t at : component_->placements) {
            plan[at] = PlacementPlan{};
        }
        return limits_->binds_totals() ? split_placements(plan) : split_fills(plan);
    }

  private:
    using Positions = std::vector<std::uint32_t>;

    // A placement that shares no order has its claims lie in rank order, so that a split looks at
    // the numbers where they are.
    void number_orders() {
        for (const std::uint32_t at : component_->placements) {
            const auto claims = collection_->placements[at].claims.of(collection_->claims);
            orders_.insert(orders_.end(), claims.begin(), claims.end());
        }
        if (is_single_) {
            return;
        }
        std::sort(orders_.begin(), orders_.end());
        orders_.erase(std::unique(orders_.begin(), orders_.end()), orders_.end());
        for (const std::uint32_t at : component_->placements) {
            Positions& local = claims_[at];
            for (const std::uint32_t order :
                 collection_->placements[at].claims.of(collection_->claims)) {
                local.push_back(static_cast<std::uint32_t>(
                    std::lower_bound(orders_.begin(), orders_.end(), order) - orders_.begin()));
            }
        }
    }

    void collect_facts(std::uint32_t at) {
        const RunPlacement& placement = collection_->placements[at];
        const Needs& needs = context_->algorithm.info().needs;
        const std::string_view named = context_->algorithm.named_portfolio();
        ClaimFacts<Int>& facts = facts_[at];
        (void)detail::to_whole_weights(weights_of(*collection_, placement, needs), facts.weights);
        std::map<std::uint32_t, std::size_t> capped;
        const auto claims = placement.claims.of(collection_->claims);
        for (std::size_t rank = 0; rank < claims.size(); ++rank) {
            const RunOrder& order = collection_->orders[claims[rank]];
            const Portfolio& portfolio = collection_->portfolio_of(order);
            if (needs.tiers) {
                facts.tiers.push_back(portfolio.tier);
                facts.houses.push_back(portfolio.house ? 1 : 0);
            }
            if (needs.portfolios) {
                facts.portfolios.push_back(order.portfolio);
            }
            if (!named.empty()) {
                const bool is_it =
                    context_->book.portfolios.resource(order.portfolio).to_string() == named;
                facts.named.push_back(is_it ? 1 : 0);
            }
            if (portfolio.cap) {
                const auto [entry, is_new] = capped.emplace(order.portfolio, facts.caps.size());
                if (is_new) {
                    facts.caps.push_back({limit_of<Int>(portfolio.cap, scale_), {}});
                }
                facts.caps[entry->second].second.push_back(rank);
            }
        }
    }

    void start() {
        const std::size_t count = orders_.size();
        ordered_.resize(count);
        allocated_.resize(count);
        outstanding_.resize(count);
        baseline_.assign(count, Int{0});
        for (std::size_t i = 0; i < count; ++i) {
            const RunOrder& order = collection_->orders[orders_[i]];
            ordered_[i] = units_of<Int>(order.ordered, scale_);
            allocated_[i] = units_of<Int>(order.allocated, scale_);
            outstanding_[i] =
                allocated_[i] < ordered_[i] ? Int{ordered_[i] - allocated_[i]} : Int{0};
        }
    }

    [[nodiscard]] Int offered(const RunExecution& execution) const {
        return units_of<Int>(execution.quantity, scale_) - units_of<Int>(execution.used, scale_);
    }

    [[nodiscard]] bool split_fills(std::vector<PlacementPlan>& plan) {
        for (const std::uint32_t at : component_->executions) {
            const std::uint32_t placement = collection_->executions[at].placement;
            if (!collection_->placements[placement].failure && !split({&at, 1}, plan[placement])) {
                return false;
            }
        }
        return true;
    }

    // Under bond minima a placement is split as a whole, at the time of its first fill.
    [[nodiscard]] bool split_placements(std::vector<PlacementPlan>& plan) {
        std::map<std::uint32_t, Positions> fills;
        Positions in_order;
        for (const std::uint32_t at : component_->executions) {
            Positions& of_placement = fills[collection_->executions[at].placement];
            if (of_placement.empty()) {
                in_order.push_back(collection_->executions[at].placement);
            }
            of_placement.push_back(at);
        }
        for (const std::uint32_t placement : in_order) {
            if (!collection_->placements[placement].failure &&
                !split(fills[placement], plan[placement])) {
                return false;
            }
        }
        return true;
    }

    // Sets a failure and returns false, or plans the shares of some fills of one placement.
    [[nodiscard]] bool split(std::span<const std::uint32_t> fills, PlacementPlan& plan) {
        const RunExecution& first = collection_->executions[fills.front()];
        RunPlacement& placement = collection_->placements[first.placement];
        Split<Int> split = look_at(first.placement);
        for (const std::uint32_t at : fills) {
            split.available += offered(collection_->executions[at]);
        }
        const Int available = split.available;
        split.lot = units_of<Int>(placement.lot, scale_);
        set_limits(first.placement, split);
        split.key = context_->algorithm.info().properties.seeded
                        ? key_of(*context_, *collection_, first)
                        : 0;
        if (context_->options.explain) {
            begin_explanation(placement, fills, plan);
            split.explanation = &plan.explanations.back().steps;
            explain_limits(split);
        }
        shares_.assign(split.outstanding.size(), Int{0});
        if (std::optional<Failure> failure = propose(placement, first, split)) {
            placement.failure = std::move(failure);
            return false;
        }
        judge_rest(first.placement, split, available, plan);
        return apply(fills, plan);
    }

    // A split over the claims of a placement as they stand.
    [[nodiscard]] Split<Int> look_at(std::uint32_t at) {
        Split<Int> split;
        const ClaimFacts<Int>& facts = facts_[at];
        split.weights = facts.weights;
        split.tiers = facts.tiers;
        split.houses = facts.houses;
        split.portfolios = facts.portfolios;
        split.named = facts.named;
        if (is_single_) {
            split.outstanding = outstanding_;
            split.ordered = ordered_;
            split.allocated = allocated_;
            split.baseline = baseline_;
            return split;
        }
        const Positions& claims = claims_[at];
        const auto gather = [&claims](const std::vector<Int>& all, std::vector<Int>& own) {
            own.resize(claims.size());
            for (std::size_t i = 0; i < claims.size(); ++i) {
                own[i] = all[claims[i]];
            }
            return std::span<const Int>{own};
        };
        split.outstanding = gather(outstanding_, claim_outstanding_);
        split.ordered = gather(ordered_, claim_ordered_);
        split.allocated = gather(allocated_, claim_allocated_);
        split.baseline = gather(baseline_, claim_baseline_);
        return split;
    }

    void set_limits(std::uint32_t at, Split<Int>& split) {
        const ClaimFacts<Int>& facts = facts_[at];
        split.minimum = limit_of<Int>(limits_->minimum, scale_);
        split.denomination = limit_of<Int>(limits_->denomination, scale_);
        split.increment = limit_of<Int>(limits_->increment, scale_);
        split.leave = limit_of<Int>(limits_->leave, scale_);
        split.room = split.outstanding;
        if (!limits_->cap && facts.caps.empty() && facts.weights.empty() &&
            !context_->options.strict_lot) {
            return;
        }
        room_.assign(split.outstanding.begin(), split.outstanding.end());
        for (std::size_t i = 0; i < room_.size(); ++i) {
            if (limits_->cap) {
                limit(room_[i], Int{limit_of<Int>(limits_->cap, scale_) - split.allocated[i]});
            }
            if (!facts.weights.empty() && facts.weights[i] == Int{0}) {
                room_[i] = Int{0};
            }
        }
        for (const auto& [cap, claims] : facts.caps) {
            Int left = cap;
            for (const std::size_t claim : claims) {
                left -= split.allocated[claim];
            }
            divide_cap(left > Int{0} ? left : Int{0}, std::span{claims}, split.outstanding,
                       std::span<Int>{room_});
        }
        if (context_->options.strict_lot) {
            keep_whole_lots(std::span<Int>{room_}, split.available, split.lot);
        }
        if (!std::equal(room_.begin(), room_.end(), split.outstanding.begin())) {
            split.room = room_;
        }
    }

    void begin_explanation(const RunPlacement& placement, std::span<const std::uint32_t> fills,
                           PlacementPlan& plan) const {
        const BookData& book = context_->book;
        SplitExplanation explanation;
        explanation.placement = book.placements.ids.id<Placement>(placement.id);
        Quantity available;
        for (const std::uint32_t at : fills) {
            const RunExecution& execution = collection_->executions[at];
            explanation.executions.push_back(
                book.executions.ids.id<Execution>(book.executions.rows[execution.row].head.id));
            available = available + (execution.quantity - execution.used);
        }
        explanation.available = available;
        for (const std::uint32_t order : placement.claims.of(collection_->claims)) {
            explanation.claims.push_back(book.orders.ids.id<Order>(collection_->orders[order].id));
        }
        explanation.steps = Explanation{scale_};
        plan.explanations.push_back(std::move(explanation));
    }

    // Lets the rule propose and the audit judge.
    [[nodiscard]] std::optional<Failure> propose(const RunPlacement& placement,
                                                 const RunExecution& execution,
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

    // Why what is left is left: the orders are full, or their limits keep it.
    void judge_rest(std::uint32_t at, const Split<Int>& split, const Int& available,
                    PlacementPlan& plan) const {
        Int left = available;
        Int outstanding{0};
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            left -= shares_[i];
            outstanding += split.outstanding[i];
        }
        if (left == Int{0}) {
            return;
        }
        plan.is_over_executed = plan.is_over_executed || outstanding < available;
        const Int wanted = outstanding < available ? outstanding : available;
        if (available - left < wanted) {
            plan.kept = why_kept(at, split, left);
        }
    }

    // What is left, and the first of the orders that want some of it with what stops them.
    [[nodiscard]] std::string why_kept(std::uint32_t at, const Split<Int>& split,
                                       const Int& left) const {
        constexpr std::size_t most_named = 3;
        const RunPlacement& placement = collection_->placements[at];
        const auto claims = placement.claims.of(collection_->claims);
        std::string text = in_units(Int256{left}, scale_) + " stay unallocated";
        std::size_t count = 0;
        for (std::size_t i = 0; i < claims.size(); ++i) {
            const Int more = split.outstanding[i] - shares_[i];
            if (more == Int{0} || ++count > most_named) {
                continue;
            }
            text += "; order " + order_text(context_->book, collection_->orders[claims[i]]) +
                    " wants " + in_units(Int256{more}, scale_) + " more, " +
                    (shares_[i] == split.room[i]
                         ? "but may have no more than " + in_units(Int256{split.room[i]}, scale_)
                         : "but no part of what is left may be had under its minima");
        }
        return count > most_named ? text + "; and " + std::to_string(count - most_named) + " more"
                                  : text;
    }

    // Moves the shares into the state and lays them over the fills in time order.
    [[nodiscard]] bool apply(std::span<const std::uint32_t> fills, PlacementPlan& plan) {
        const RunExecution& first = collection_->executions[fills.front()];
        const Positions* claims = is_single_ ? nullptr : &claims_[first.placement];
        std::size_t fill = 0;
        Int left = fills.size() == 1 ? Int{0} : offered(first);
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            if (shares_[i] == Int{0}) {
                continue;
            }
            const std::size_t local = claims == nullptr ? i : (*claims)[i];
            outstanding_[local] -= shares_[i];
            allocated_[local] += shares_[i];
            PlannedShare share{fills[fill], orders_[local], static_cast<std::uint32_t>(i), {}};
            if (fills.size() == 1) {
                if (!add(share, shares_[i], first.placement, plan)) {
                    return false;
                }
                continue;
            }
            for (Int rest = shares_[i]; rest > Int{0};) {
                while (left == Int{0}) {
                    left = offered(collection_->executions[fills[++fill]]);
                }
                const Int part = rest < left ? rest : left;
                share.execution = fills[fill];
                if (!add(share, part, first.placement, plan)) {
                    return false;
                }
                rest -= part;
                left -= part;
            }
        }
        return true;
    }

    [[nodiscard]] bool add(PlannedShare share, const Int& units, std::uint32_t at,
                           PlacementPlan& plan) {
        if (!detail::to_quantity(units, scale_, share.quantity)) {
            RunPlacement& placement = collection_->placements[at];
            placement.failure =
                failure_of(context_->book, placement, FailureType::QuantityOutOfRange,
                           "A share has more digits than a decimal holds");
            return false;
        }
        plan.shares.push_back(share);
        return true;
    }

    const SplitContext* context_;
    const Component* component_;
    Collection* collection_;
    const Constraints* limits_;
    int scale_;
    bool is_single_;
    Positions orders_{};                           // of the component
    std::map<std::uint32_t, Positions> claims_{};  // by placement; into orders_
    std::map<std::uint32_t, ClaimFacts<Int>> facts_{};
    std::vector<Int> ordered_{};  // by position in orders_
    std::vector<Int> allocated_{};
    std::vector<Int> outstanding_{};
    std::vector<Int> baseline_{};           // zero until versions of orders fill it
    std::vector<Int> claim_outstanding_{};  // by rank, of the placement at hand
    std::vector<Int> claim_ordered_{};
    std::vector<Int> claim_allocated_{};
    std::vector<Int> claim_baseline_{};
    std::vector<Int> room_{};
    std::vector<Int> shares_{};
};

}  // namespace allot::run
