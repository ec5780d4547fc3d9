// Splitter: one pass over the fills of a component, in one integer width.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/scaled.hpp"
#include "engine/base/whole_weights.hpp"
#include "engine/run/ask.hpp"
#include "engine/run/audit.hpp"
#include "engine/run/component.hpp"
#include "engine/run/group.hpp"
#include "engine/run/guards.hpp"
#include "engine/run/held_claims.hpp"
#include "engine/run/limits.hpp"
#include "engine/run/ranked_anew.hpp"

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
          has_common_claims_{all_claim_the_same()},
          own_(component.placements.size()) {
        number_orders();
        collect_changes();
        for (std::size_t i = 0; i < own_.size(); ++i) {
            collect_facts(component.placements[i], own_[i]);
        }
    }

    // Returns false when a placement failed on the way.
    [[nodiscard]] bool run(std::vector<PlacementPlan>& plan) {
        start();
        if (context_->listener != nullptr) {
            context_->listener->start(*component_, scale_, std::is_same_v<Int, Int256>);
        }
        for (const std::uint32_t at : component_->placements) {
            plan[at] = PlacementPlan{};
            if (context_->listener != nullptr) {
                continue;
            }
            const RunPlacement& placement = collection_->placements[at];
            plan[at].shares.reserve(std::min<std::size_t>(
                std::size_t{placement.claims.count} * placement.executions.count, first_shares));
        }
        const bool pools = limits_->binds_totals() || context_->options.pool;
        if (!(pools ? split_placements(plan) : split_fills(plan))) {
            return false;
        }
        for (std::size_t i = 0; i < own_.size(); ++i) {
            state_sums(own_[i], plan[component_->placements[i]]);
        }
        return true;
    }

  private:
    using Positions = std::vector<std::uint32_t>;

    static constexpr bool is_narrow = std::is_same_v<Int, std::int64_t>;
    // Room for shares that a plan begins with, if it can need that much.
    static constexpr std::size_t first_shares = 4096;

    // What the splitter knows of one placement.
    struct Own {
        Positions claims{};  // into orders_; empty where the claims are orders_ itself
        ClaimFacts<Int> facts{};
        Int lot{};
        bool is_unsolicited{false};    // claims by weight, of no size
        bool has_limit_prices{false};  // which are to be kept
        bool is_limited{false};        // the room of claims may be less than what is outstanding
        Int kept{};                    // what nobody could have, where claims have no size
        std::vector<std::uint8_t> is_pinned{};  // by rank; empty: none is
        bool is_full{false};                    // no claim has anything outstanding
        std::size_t changes{0};                 // of its orders, so far
        std::size_t claim_count{0};
        std::vector<Int> received{};  // by rank, of several fills of this run; else empty
        Positions ranks{};  // claims in the order of dates as they are now; empty: as collected
    };

    [[nodiscard]] Own& own(std::uint32_t placement) {
        if (own_.size() == 1) {
            return own_.front();
        }
        const auto all = component_->placements;
        return own_[static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), placement) -
                                             all.begin())];
    }

    // Placements of one block mostly have the same claims. These lie in rank order then, so that a
    // split looks at the numbers where they are.
    [[nodiscard]] bool all_claim_the_same() const {
        const auto claims_of = [this](std::uint32_t at) {
            return collection_->placements[at].claims.of(collection_->claims);
        };
        const auto first = claims_of(component_->placements.front());
        return std::all_of(component_->placements.begin() + 1, component_->placements.end(),
                           [&](std::uint32_t at) {
                               const auto other = claims_of(at);
                               return std::equal(first.begin(), first.end(), other.begin(),
                                                 other.end());
                           });
    }

    void number_orders() {
        for (const std::uint32_t at : component_->placements) {
            const auto claims = collection_->placements[at].claims.of(collection_->claims);
            orders_.insert(orders_.end(), claims.begin(), claims.end());
            if (has_common_claims_) {
                return;
            }
        }
        std::sort(orders_.begin(), orders_.end());
        orders_.erase(std::unique(orders_.begin(), orders_.end()), orders_.end());
        for (std::size_t i = 0; i < own_.size(); ++i) {
            for (const std::uint32_t order :
                 collection_->placements[component_->placements[i]].claims.of(
                     collection_->claims)) {
                own_[i].claims.push_back(static_cast<std::uint32_t>(
                    std::lower_bound(orders_.begin(), orders_.end(), order) - orders_.begin()));
            }
        }
    }

    // The changes of this component's orders.
    void collect_changes() {
        for (std::size_t at = 0; at < orders_.size(); ++at) {
            for (const OrderChange& change : collection_->changes_of(orders_[at])) {
                changes_.emplace_back(&change, at);
            }
        }
        std::stable_sort(changes_.begin(), changes_.end(),
                         [](const auto& a, const auto& b) { return a.first->at < b.first->at; });
    }

    [[nodiscard]] static bool contains(const Positions& claims, std::uint32_t local) {
        return std::find(claims.begin(), claims.end(), local) != claims.end();
    }

    // Brings an order to what it is from a change on.
    void apply_change(const OrderChange& change, std::size_t at) {
        ordered_[at] = change.is_dead ? allocated_[at] : units_of<Int>(change.ordered, scale_);
        outstanding_[at] =
            allocated_[at] < ordered_[at] ? Int{ordered_[at] - allocated_[at]} : Int{0};
        if (!dates_.empty() && !change.is_dead) {
            dates_[at] = {!change.has_date, change.date};
        }
    }

    // Brings the orders to what they are at a time.
    void apply_changes(const Instant& now) {
        bool is_any = false;
        for (; next_change_ < changes_.size() && changes_[next_change_].first->at <= now;
             ++next_change_) {
            const auto& [change, at] = changes_[next_change_];
            apply_change(*change, at);
            for (Own& own : own_) {
                begin_anew(own, at);
            }
            is_any = true;
        }
        if (is_any) {
            rank_anew();
        }
    }

    // What changed before the first fill is in the baselines already.
    void apply_earlier_changes() {
        const Instant first = collection_->executions[component_->executions.front()].created;
        dates_.clear();
        for (std::size_t at = 0; !collection_->ties.empty() && at < orders_.size(); ++at) {
            const store::StoredTime& date =
                context_->book.orders.rows[collection_->orders[orders_[at]].row].date;
            dates_.emplace_back(date.text == 0, date.instant());
        }
        for (; next_change_ < changes_.size() && changes_[next_change_].first->at <= first;
             ++next_change_) {
            apply_change(*changes_[next_change_].first, changes_[next_change_].second);
        }
        rank_anew();
    }

    // The claims of each placement by the dates that their orders have now.
    void rank_anew() {
        for (std::size_t i = 0; !dates_.empty() && i < own_.size(); ++i) {
            const Range claims = collection_->placements[component_->placements[i]].claims;
            const auto ties = claims.of(collection_->ties);
            Positions& ranks = own_[i].ranks;
            ranks.resize(claims.count);
            std::iota(ranks.begin(), ranks.end(), 0U);
            std::sort(ranks.begin(), ranks.end(), [&](std::uint32_t a, std::uint32_t b) {
                return std::pair{dates_[local_of(own_[i], a)], ties[a]} <
                       std::pair{dates_[local_of(own_[i], b)], ties[b]};
            });
            if (std::is_sorted(ranks.begin(), ranks.end())) {
                ranks.clear();
            }
        }
    }

    // When an order of a placement changes, what follows is shared by what is outstanding then,
    // also by cumulative rules.
    void begin_anew(Own& own, std::size_t changed) {
        if (has_common_claims_) {
            baseline_ = allocated_;
        } else if (contains(own.claims, static_cast<std::uint32_t>(changed))) {
            for (const std::uint32_t local : own.claims) {
                baseline_[local] = allocated_[local];
            }
        } else {
            return;
        }
        own.is_full = false;
        ++own.changes;
    }

    void collect_facts(std::uint32_t at, Own& own) {
        const RunPlacement& placement = collection_->placements[at];
        own.lot = units_of<Int>(placement.lot, scale_);
        own.claim_count = placement.claims.count;
        const Needs& needs = context_->algorithm.info().needs;
        const std::string_view named = context_->algorithm.named_portfolio();
        ClaimFacts<Int>& facts = own.facts;
        (void)detail::to_whole_weights(weights_of(*collection_, placement, needs), facts.weights);
        std::map<std::uint32_t, std::size_t> capped;
        const auto claims = placement.claims.of(collection_->claims);
        const bool is_asked =
            needs.tiers || needs.portfolios || !named.empty() || !collection_->portfolios.empty();
        for (std::size_t rank = 0; is_asked && rank < claims.size(); ++rank) {
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
        own.is_unsolicited = placement.is_unsolicited;
        own.is_limited = own.is_unsolicited || limits_->cap || !facts.caps.empty() ||
                         !facts.weights.empty() || context_->options.strict_lot ||
                         collection_->holds();
        own.has_limit_prices =
            context_->options.beyond_limit == BeyondLimit::no_claim &&
            std::any_of(claims.begin(), claims.end(), [this](std::uint32_t order) {
                return collection_->limits.contains(order);
            });
        own.is_limited = own.is_limited || own.has_limit_prices;
        for (std::size_t rank = 0; collection_->holds() && rank < claims.size(); ++rank) {
            own.is_pinned.push_back(collection_->orders[claims[rank]].is_pinned ? 1 : 0);
        }
    }

    void start() {
        const std::size_t count = orders_.size();
        next_change_ = 0;
        ordered_.resize(count);
        allocated_.resize(count);
        outstanding_.resize(count);
        baseline_.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            const RunOrder& order = collection_->orders[orders_[i]];
            ordered_[i] = units_of<Int>(order.ordered, scale_);
            allocated_[i] = units_of<Int>(collection_->allocated_to(orders_[i]), scale_);
            baseline_[i] = units_of<Int>(collection_->baseline_of(orders_[i]), scale_);
            outstanding_[i] =
                allocated_[i] < ordered_[i] ? Int{ordered_[i] - allocated_[i]} : Int{0};
            if (order.is_stand_in) {
                outstanding_[i] = ordered_[i];  // a weight stays what it is
            }
        }
        apply_earlier_changes();
        reserve_held();
        for (std::size_t i = 0; i < own_.size(); ++i) {
            own_[i].is_full = false;
            own_[i].changes = 0;
            own_[i].kept = Int{0};
            if (is_narrow &&
                collection_->placements[component_->placements[i]].executions.count > 1) {
                own_[i].received.assign(own_[i].claim_count, Int{0});
            }
        }
    }

    [[nodiscard]] std::size_t local_of(const Own& own, std::size_t rank) const {
        return has_common_claims_ ? rank : own.claims[rank];
    }

    // What is held of fills that are still to come limits room until then.
    void reserve_held() {
        reserved_.assign(collection_->holds() ? orders_.size() : 0, Int{0});
        for (std::size_t i = 0; i < component_->executions.size() && collection_->holds(); ++i) {
            const std::uint32_t at = component_->executions[i];
            const std::uint32_t placement = collection_->executions[at].placement;
            if (collection_->placements[placement].failure) {
                continue;
            }
            for (const Held& held : collection_->held[at]) {
                reserved_[local_of(own(placement), held.rank)] +=
                    units_of<Int>(held.frozen, scale_) + units_of<Int>(held.pinned, scale_);
            }
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

    // Under bond minima a placement is split as a whole, at the time of its first fill. So is, on
    // request, what belongs to one group of it.
    [[nodiscard]] bool split_placements(std::vector<PlacementPlan>& plan) {
        using Pool = std::pair<std::uint32_t, std::string>;
        std::map<Pool, Positions> fills;
        std::vector<Pool> in_order;
        for (const std::uint32_t at : component_->executions) {
            const RunExecution& execution = collection_->executions[at];
            const Pool pool{execution.placement, limits_->binds_totals()
                                                     ? std::string{}
                                                     : group_of(context_->book, execution.row)};
            Positions& of_pool = fills[pool];
            if (of_pool.empty()) {
                in_order.push_back(pool);
            }
            of_pool.push_back(at);
        }
        for (const Pool& pool : in_order) {
            if (!collection_->placements[pool.first].failure &&
                !split(fills[pool], plan[pool.first])) {
                return false;
            }
        }
        return true;
    }

    // Sets a failure and returns false, or plans the shares of some fills of one placement.
    [[nodiscard]] bool split(std::span<const std::uint32_t> fills, PlacementPlan& plan) {
        const RunExecution& first = collection_->executions[fills.front()];
        RunPlacement& placement = collection_->placements[first.placement];
        Own& own = this->own(first.placement);
        apply_changes(first.created);
        if (is_changed_between(fills, own)) {
            placement.failure = failure_of(
                context_->book, placement, FailureType::OrderChangedAfterExecution,
                "The rule splits all executions of a placement at once, and an order of it has "
                "changed between them");
            return false;
        }
        if (collection_->holds()) {
            return split_around_held(fills, placement, own, plan);
        }
        if (own.is_full && !context_->options.explain && context_->listener == nullptr) {
            plan.is_over_executed = true;  // whatever the rule, nobody may have anything
            return true;
        }
        Split<Int> split = look_at(own);
        for (const std::uint32_t at : fills) {
            split.available += offered(collection_->executions[at]);
        }
        const Int available = split.available;
        set_up(fills, placement, own, split, plan);
        shares_.assign(split.outstanding.size(), Int{0});
        if (std::optional<Failure> failure = propose(placement, first, split)) {
            placement.failure = *std::move(failure);
            return false;
        }
        judge_rest(first.placement, split, available, plan);
        if (context_->listener != nullptr) {
            tell(fills, split);
            move(own);
            return true;
        }
        return is_ordered_still(first, placement, own) && apply(fills, own, plan);
    }

    // Whether an order changes from one of several fills that are split at once to another.
    [[nodiscard]] bool is_changed_between(std::span<const std::uint32_t> fills, const Own& own) {
        if (fills.size() == 1) {
            return false;
        }
        const Instant& last = collection_->executions[fills.back()].created;
        for (std::size_t i = next_change_; i < changes_.size() && changes_[i].first->at <= last;
             ++i) {
            const auto changed = static_cast<std::uint32_t>(changes_[i].second);
            if (has_common_claims_ || contains(own.claims, changed)) {
                return true;
            }
        }
        return false;
    }

    // Whatever an order was when something was executed, it receives no more than it asks for now:
    // else its placement fails.
    [[nodiscard]] bool is_ordered_still(const RunExecution& execution, RunPlacement& placement,
                                        const Own& own) {
        for (std::size_t rank = 0; !changes_.empty() && rank < shares_.size(); ++rank) {
            const std::size_t local = local_of(own, rank);
            const RunOrder& order = collection_->orders[orders_[local]];
            if (shares_[rank] == Int{0} || collection_->changes_of(orders_[local]).empty()) {
                continue;
            }
            const Int has = allocated_[local] + shares_[rank];
            if (has > ordered_at_last(local)) {
                const std::uint32_t id = context_->book.executions.rows[execution.row].head.id;
                placement.failure = failure_of(
                    context_->book, placement, FailureType::OrderChangedAfterExecution,
                    "Order " + order_text(context_->book, order) + " would have " +
                        in_units(Int256{has}, scale_) + " with its share of execution " +
                        context_->book.executions.ids.resource(id).to_string() + ", and asks for " +
                        in_units(Int256{ordered_at_last(local)}, scale_) + " now");
                return false;
            }
        }
        return true;
    }

    // Tells the listener what each fill gives: of several, the claims take in order of rank.
    void tell(std::span<const std::uint32_t> fills, const Split<Int>& split) {
        if (fills.size() == 1) {
            context_->listener->add(FillShares<Int>{
                fills[0], offered(collection_->executions[fills[0]]), split.outstanding, shares_,
                own(collection_->executions[fills[0]].placement).changes});
            return;
        }
        std::vector<Int> outstanding{split.outstanding.begin(), split.outstanding.end()};
        std::vector<Int> rest = shares_;
        for (const std::uint32_t fill : fills) {
            const Int all = offered(collection_->executions[fill]);
            Int left = all;
            std::vector<Int> parts(rest.size(), Int{0});
            for (std::size_t i = 0; i < rest.size() && left > Int{0}; ++i) {
                parts[i] = rest[i] < left ? rest[i] : left;
                rest[i] -= parts[i];
                left -= parts[i];
            }
            context_->listener->add(
                FillShares<Int>{fill, all, outstanding, parts,
                                own(collection_->executions[fill].placement).changes});
            for (std::size_t i = 0; i < parts.size(); ++i) {
                outstanding[i] -= parts[i];
            }
        }
    }

    // Moves the shares into the state.
    void move(Own& own) {
        change(allocated_, own, std::plus<Int>{});
        if (!own.is_unsolicited) {
            change(outstanding_, own, std::minus<Int>{});
        }
        if (!own.received.empty()) {
            combine(own.received, std::plus<Int>{});
        }
    }
    template <class Operation>
    void change(std::vector<Int>& state, const Own& own, const Operation& operation) {
        if (has_common_claims_) {
            return combine(state, operation);
        }
        for (std::size_t rank = 0; rank < shares_.size(); ++rank) {
            Int& number = state[own.claims[rank]];
            number = operation(number, shares_[rank]);
        }
    }
    // Number by number in the order of ranks, of which compilers take several at a time.
    template <class Operation>
    void combine(std::vector<Int>& state, const Operation& operation) {
        std::transform(state.begin(), state.end(), shares_.begin(), state.begin(), operation);
    }

    // Lot, limits, key and explanation of a split.
    void set_up(std::span<const std::uint32_t> fills, const RunPlacement& placement, const Own& own,
                Split<Int>& split, PlacementPlan& plan) {
        split.lot = own.lot;
        set_limits(own, split, fills);
        split.key = context_->algorithm.info().properties.seeded
                        ? key_of(*context_, *collection_, collection_->executions[fills.front()])
                        : 0;
        if (context_->options.explain) {
            begin_explanation(placement, fills, plan);
            split.explanation = &plan.notes.ensure().explanations.back().steps;
            explain_limits(split);
        }
    }

    // Splits around what is held: a claim that holds more than its share keeps that, and the rest
    // is split among the others again, until no claim holds more.
    [[nodiscard]] bool split_around_held(std::span<const std::uint32_t> fills,
                                         RunPlacement& placement, Own& own, PlacementPlan& plan) {
        const std::uint32_t at = collection_->executions[fills.front()].placement;
        const Int free = take_up_held(fills, own);
        const std::size_t explained = plan.notes ? plan.notes->explanations.size() : 0;
        for (bool again = free > Int{0}; again;) {
            if (plan.notes) {
                plan.notes.ensure().explanations.resize(explained);
            }
            Split<Int> split = look_at(own);
            split.outstanding = held_.leave_out_fixed(split.outstanding);
            split.available = free + held_.held_by_sharing();
            const Int available = split.available;
            set_up(fills, placement, own, split, plan);
            explain_held(available, plan);
            shares_.assign(shares_.size(), Int{0});
            if (std::optional<Failure> failure =
                    propose(placement, collection_->executions[fills.front()], split)) {
                placement.failure = *std::move(failure);
                return false;
            }
            again = held_.fix_above(shares_);
            if (!again) {
                judge_sharing(at, own, split, available, plan);
            }
        }
        if (free > Int{0}) {
            held_.leave_out_held(shares_);
        }
        if (!is_ordered_still(collection_->executions[fills.front()], placement, own)) {
            return false;
        }
        if (const std::optional<Violation> violation = audit_around_held(fills, own)) {
            placement.failure =
                failure_of(context_->book, placement, FailureType::AlgorithmViolation,
                           describe(context_->book, *collection_, placement,
                                    collection_->executions[fills.front()], *violation, scale_));
            return false;
        }
        const bool is_done = apply(fills, own, plan);
        count_frozen(own);
        return is_done;
    }

    // What is held of the fills at hand is no longer to come. Returns what is left of them for new
    // shares, pins taken off.
    [[nodiscard]] Int take_up_held(std::span<const std::uint32_t> fills, const Own& own) {
        held_.begin(own.claim_count);
        shares_.assign(own.claim_count, Int{0});
        for (std::size_t rank = 0; rank < own.is_pinned.size(); ++rank) {
            if (own.is_pinned[rank] != 0) {
                held_.fix(rank);
            }
        }
        Int free{0};
        for (const std::uint32_t at : fills) {
            free += offered(collection_->executions[at]);
            for (const Held& held : collection_->held[at]) {
                const Int frozen = units_of<Int>(held.frozen, scale_);
                const Int pinned = units_of<Int>(held.pinned, scale_);
                held_.hold(held.rank, frozen, pinned);
                reserved_[local_of(own, held.rank)] -= frozen + pinned;
                shares_[held.rank] += pinned;
                free -= pinned;
            }
        }
        return free;
    }

    // The frozen part of the fills at hand is from now on allocated like the rest.
    void count_frozen(const Own& own) {
        for (std::size_t rank = 0; rank < own.claim_count; ++rank) {
            const std::size_t local = local_of(own, rank);
            const Int& frozen = held_.frozen(rank);
            allocated_[local] += frozen;
            if (!own.is_unsolicited) {
                outstanding_[local] -= std::min(frozen, outstanding_[local]);
            }
        }
    }

    // What a claim may have beside what it has: less than outstanding while some is reserved.
    [[nodiscard]] Int unreserved(const Own& own, std::size_t rank) const {
        const std::size_t local = local_of(own, rank);
        const Int room = ordered_[local] - allocated_[local] - reserved_[local];
        return room > Int{0} ? room : Int{0};
    }

    void limit_by_held(const Own& own, const Split<Int>& split) {
        for (std::size_t i = 0; i < room_.size(); ++i) {
            if (held_.is_fixed(i)) {
                room_[i] = Int{0};
            } else if (!own.is_unsolicited) {
                limit(room_[i], unreserved(own, i));
            } else {
                limit(room_[i], split.available);
            }
        }
    }

    void judge_sharing(std::uint32_t at, const Own& own, Split<Int> split, const Int& available,
                       PlacementPlan& plan) {
        std::vector<Int> outstanding(split.outstanding.begin(), split.outstanding.end());
        for (std::size_t i = 0; i < outstanding.size() && !own.is_unsolicited; ++i) {
            limit(outstanding[i], unreserved(own, i));
        }
        split.outstanding = outstanding;
        judge_rest(at, split, available, plan);
    }

    void explain_held(const Int& available, PlacementPlan& plan) const {
        if (!context_->options.explain) {
            return;
        }
        SplitExplanation& explanation = plan.notes.ensure().explanations.back();
        (void)detail::to_quantity(available, scale_, explanation.available);
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            if (held_.is_fixed(i)) {
                explanation.steps.add(i, StepKind::held, Int256{held_.fixed_part(i)},
                                      held_.pinned(i) > Int{0} ? "pinned" : "booked or closed");
            }
        }
    }

    // What an order asks for when all is over. In the meantime it may be less: what is frozen for a
    // cancelled order stays.
    [[nodiscard]] Int ordered_at_last(std::size_t local) const {
        const RunOrder& order = collection_->orders[orders_[local]];
        return collection_->changes_of(orders_[local]).empty()
                   ? ordered_[local]
                   : units_of<Int>(context_->book.orders.rows[order.row].quantity, scale_);
    }

    // Counts anew from the collection, not from what the split made of it.
    [[nodiscard]] std::optional<Violation> audit_around_held(std::span<const std::uint32_t> fills,
                                                             const Own& own) const {
        HeldAudit<Int> facts;
        for (const std::uint32_t at : fills) {
            facts.executed += units_of<Int>(collection_->executions[at].quantity, scale_);
            facts.kept += units_of<Int>(collection_->executions[at].used, scale_);
        }
        for (std::size_t rank = 0; rank < own.claim_count; ++rank) {
            const std::size_t local = local_of(own, rank);
            facts.has.push_back(allocated_[local] + held_.frozen(rank) + reserved_[local]);
            facts.ordered.push_back(own.is_unsolicited ? Int{facts.has.back() + facts.executed}
                                                       : ordered_at_last(local));
        }
        return audit_held(facts, std::span<const Int>{shares_});
    }

    // A split over the claims of a placement as they stand.
    [[nodiscard]] Split<Int> look_at(const Own& own) {
        Split<Int> split;
        split.weights = own.facts.weights;
        split.tiers = own.facts.tiers;
        split.houses = own.facts.houses;
        split.portfolios = own.facts.portfolios;
        split.named = own.facts.named;
        if (has_common_claims_) {
            split.outstanding = outstanding_;
            split.ordered = ordered_;
            split.allocated = allocated_;
            split.baseline = baseline_;
            return split;
        }
        const auto gather = [&own](const std::vector<Int>& all, std::vector<Int>& here) {
            here.resize(own.claims.size());
            for (std::size_t i = 0; i < own.claims.size(); ++i) {
                here[i] = all[own.claims[i]];
            }
            return std::span<const Int>{here};
        };
        split.outstanding = gather(outstanding_, claim_outstanding_);
        split.ordered = gather(ordered_, claim_ordered_);
        split.allocated = gather(allocated_, claim_allocated_);
        split.baseline = gather(baseline_, claim_baseline_);
        return split;
    }

    void set_limits(const Own& own, Split<Int>& split, std::span<const std::uint32_t> fills) {
        const ClaimFacts<Int>& facts = own.facts;
        split.minimum = limit_of<Int>(limits_->minimum, scale_);
        split.denomination = limit_of<Int>(limits_->denomination, scale_);
        split.increment = limit_of<Int>(limits_->increment, scale_);
        split.leave = limit_of<Int>(limits_->leave, scale_);
        split.room = split.outstanding;
        if (!own.is_limited) {
            return;
        }
        room_.assign(split.outstanding.begin(), split.outstanding.end());
        if (own.is_unsolicited) {
            room_.assign(room_.size(), split.available);
        }
        const auto has = [&](std::size_t claim) {
            return collection_->holds() ? Int{split.allocated[claim] + held_.fixed_part(claim) +
                                              reserved_[local_of(own, claim)]}
                                        : split.allocated[claim];
        };
        for (std::size_t i = 0; i < room_.size(); ++i) {
            if (limits_->cap) {
                limit(room_[i], Int{limit_of<Int>(limits_->cap, scale_) - has(i)});
            }
            if (!facts.weights.empty() && facts.weights[i] == Int{0}) {
                room_[i] = Int{0};
            }
        }
        for (const auto& [cap, claims] : facts.caps) {
            Int left = cap;
            for (const std::size_t claim : claims) {
                left -= has(claim);
            }
            left = left > Int{0} ? left : Int{0};
            if (own.is_unsolicited) {
                limit(room_[claims.front()], left);  // a portfolio has one claim
            } else {
                divide_cap(left, std::span{claims}, split.outstanding, std::span<Int>{room_});
            }
        }
        if (collection_->holds()) {
            limit_by_held(own, split);
        }
        if (own.has_limit_prices) {
            limit_by_price(fills);
        }
        if (context_->options.strict_lot) {
            keep_whole_lots(std::span<Int>{room_}, split.available, split.lot);
        }
        if (!std::equal(room_.begin(), room_.end(), split.outstanding.begin())) {
            split.room = room_;
        }
    }

    // No room in fills beyond the limit price of the order.
    void limit_by_price(std::span<const std::uint32_t> fills) {
        const RunExecution& first = collection_->executions[fills.front()];
        const auto claims = collection_->placements[first.placement].claims.of(collection_->claims);
        for (const std::uint32_t at : fills) {
            const store::ExecutionRow& row =
                context_->book.executions.rows[collection_->executions[at].row];
            for (std::size_t i = 0; i < room_.size(); ++i) {
                if (is_beyond_limit(context_->book, *collection_, claims[i], row)) {
                    room_[i] = Int{0};
                }
            }
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
        plan.notes.ensure().explanations.push_back(std::move(explanation));
    }

    // Lets the rule propose and the audit judge.
    [[nodiscard]] std::optional<Failure> propose(const RunPlacement& placement,
                                                 const RunExecution& execution,
                                                 const Split<Int>& split) {
        const Positions& ranks = own(execution.placement).ranks;
        if (ranks.empty()) {
            return propose(placement, execution, split, shares_, {});
        }
        RankedAnew<Int> anew{split, ranks};
        std::optional<Failure> failure =
            propose(placement, execution, anew.split(), anew.shares(), ranks);
        anew.put_back(shares_);
        return failure;
    }

    // The same of claims that stand in the order of `ranks`, unless that is empty.
    [[nodiscard]] std::optional<Failure> propose(const RunPlacement& placement,
                                                 const RunExecution& execution,
                                                 const Split<Int>& split, std::span<Int> shares,
                                                 std::span<const std::uint32_t> ranks) {
        const Algorithm& algorithm = context_->algorithm;
        if (const std::optional<std::string> why = run::ask(algorithm, split, shares)) {
            return failure_of(context_->book, placement, FailureType::AlgorithmRefused,
                              algorithm.info().code + ": " + *why);
        }
        if (std::optional<Violation> violation =
                audit(split, std::span<const Int>{shares}, algorithm.info())) {
            if (violation->claim && !ranks.empty()) {
                violation->claim = ranks[*violation->claim];
            }
            return failure_of(
                context_->book, placement, FailureType::AlgorithmViolation,
                describe(context_->book, *collection_, placement, execution, *violation, scale_));
        }
        return std::nullopt;
    }

    // Why what is left is left: the orders are full, or their limits keep it.
    void judge_rest(std::uint32_t at, const Split<Int>& split, const Int& available,
                    PlacementPlan& plan) {
        Int left = available;
        for (const Int& share : shares_) {
            left -= share;
        }
        if (left == Int{0}) {
            return;
        }
        if (Own& own = this->own(at); own.is_unsolicited) {
            own.kept += left;
            plan.notes.ensure().kept =
                in_units(Int256{own.kept}, scale_) +
                " stay unallocated: caps, minima or whole lots keep every portfolio from "
                "it";
            return;
        }
        Int outstanding{0};
        for (const Int& quantity : split.outstanding) {
            outstanding += quantity;
        }
        plan.is_over_executed = plan.is_over_executed || outstanding < available;
        own(at).is_full = outstanding == available - left;
        const Int wanted = outstanding < available ? outstanding : available;
        if (available - left < wanted) {
            plan.notes.ensure().kept = why_kept(at, split, left);
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
            text +=
                "; order " + order_text(context_->book, collection_->orders[claims[i]]) +
                " wants " + in_units(Int256{more}, scale_) + " more, but " +
                (shares_[i] == split.room[i]
                     ? "may have no more than " + in_units(Int256{split.room[i]}, scale_)
                 : context_->options.strict_lot && left < split.lot
                     ? "what is left is less than a lot of " + in_units(Int256{split.lot}, scale_)
                     : "no part of what is left may be had under its minima");
        }
        return count > most_named ? text + "; and " + std::to_string(count - most_named) + " more"
                                  : text;
    }

    // Moves the shares into the state and lays them over the fills in time order.
    [[nodiscard]] bool apply(std::span<const std::uint32_t> fills, Own& own, PlacementPlan& plan) {
        move(own);
        if (fills.size() > 1) {
            return plan_several(fills, plan);
        }
        const std::size_t first = plan.shares.size();
        const std::span<const Int> shares{shares_};
        for (std::size_t i = 0; i < shares.size(); ++i) {
            if (shares[i] != Int{0} && !add(i, shares[i], plan)) {
                return fail_share(fills[0]);
            }
        }
        end_fill(fills[0], first, plan);
        return true;
    }

    [[nodiscard]] bool plan_several(std::span<const std::uint32_t> fills, PlacementPlan& plan) {
        std::size_t fill = 0;
        Int left = offered(collection_->executions[fills.front()]);
        std::size_t first = plan.shares.size();  // of the fill at hand
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            for (Int rest = shares_[i]; rest > Int{0};) {
                while (left == Int{0}) {
                    end_fill(fills[fill], first, plan);
                    first = plan.shares.size();
                    left = offered(collection_->executions[fills[++fill]]);
                }
                const Int part = rest < left ? rest : left;
                if (!add(i, part, plan)) {
                    return fail_share(fills[fill]);
                }
                rest -= part;
                left -= part;
            }
        }
        end_fill(fills[fill], first, plan);
        return true;
    }

    // Returns false when the share is no decimal. Written in place: a copy of what has just been
    // written waits for it.
    [[nodiscard]] bool add(std::size_t rank, const Int& units, PlacementPlan& plan) const {
        PlannedShare& share = plan.shares.emplace_back();
        share.rank = static_cast<std::uint32_t>(rank);
        return detail::to_quantity(units, scale_, share.quantity);
    }

    [[nodiscard]] bool fail_share(std::uint32_t fill) {
        RunPlacement& placement = collection_->placements[collection_->executions[fill].placement];
        placement.failure = failure_of(context_->book, placement, FailureType::QuantityOutOfRange,
                                       "A share has more digits than a decimal holds");
        return false;
    }

    // In 64 bits every sum is a decimal. In other widths whoever needs sums makes them share by
    // share.
    void state_sums(const Own& own, PlacementPlan& plan) const {
        if (plan.fills.size() < 2) {
            return;
        }
        for (std::uint32_t rank = 0; rank < own.received.size(); ++rank) {
            if (own.received[rank] != Int{0}) {
                PlannedShare sum{{}, rank};
                (void)detail::to_quantity(own.received[rank], scale_, sum.quantity);
                plan.sums.push_back(sum);
            }
        }
    }

    // Notes a fill whose shares are those from `first` on, if there are any.
    static void end_fill(std::uint32_t fill, std::size_t first, PlacementPlan& plan) {
        if (const std::size_t count = plan.shares.size() - first; count != 0) {
            plan.fills.push_back({fill, static_cast<std::uint32_t>(count)});
        }
    }

    const SplitContext* context_;
    const Component* component_;
    Collection* collection_;
    const Constraints* limits_;
    int scale_;
    bool has_common_claims_;
    std::vector<Own> own_;        // by position in the component
    Positions orders_{};          // of the component
    std::vector<Int> ordered_{};  // by position in orders_
    std::vector<Int> allocated_{};
    std::vector<Int> outstanding_{};
    std::vector<Int> baseline_{};
    std::vector<Int> claim_outstanding_{};  // by rank, of the placement at hand
    std::vector<Int> claim_ordered_{};
    std::vector<Int> claim_allocated_{};
    std::vector<Int> claim_baseline_{};
    std::vector<Int> room_{};
    std::vector<Int> shares_{};
    // By time, each with the position of its order in orders_.
    std::vector<std::pair<const OrderChange*, std::size_t>> changes_{};
    std::size_t next_change_{0};
    // By position in orders_, those without one last. Empty: ranks stay as collected.
    std::vector<std::pair<bool, Instant>> dates_{};
    // Of a reallocation.
    HeldClaims<Int> held_{};       // of the fills at hand
    std::vector<Int> reserved_{};  // held of fills to come; by position in orders_
};

}  // namespace allot::run
