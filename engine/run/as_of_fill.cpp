// Claims as of the fill: an order claims from an execution with what it was when that was made.
#include "engine/run/as_of_fill.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace allot::run {

namespace {

using store::none;

constexpr Instant from_the_start{std::numeric_limits<std::int64_t>::min(), 0};

class Claims {
  public:
    Claims(const BookData& book, const Usage& usage, const Timelines& timelines,
           Collection& collection)
        : book_{&book}, usage_{&usage}, timelines_{&timelines}, collection_{&collection} {}

    void set() {
        timelines_of_.resize(collection_->orders.size());
        is_set_.resize(collection_->orders.size());
        began_.resize(collection_->orders.size());
        for (RunPlacement& placement : collection_->placements) {
            if (has_claims(placement)) {
                look_up(placement);
            }
            if (has_claims(placement) && placement.takes_part) {
                judge(placement);
            }
        }
        for (const RunPlacement& placement : collection_->placements) {
            if (has_claims(placement)) {
                set_orders(placement);
            }
        }
        std::stable_sort(collection_->changes.begin(), collection_->changes.end(),
                         [](const OrderChange& a, const OrderChange& b) {
                             return std::pair{a.order, a.at} < std::pair{b.order, b.at};
                         });
        set_baselines();
    }

  private:
    // Where nothing is on offer, it is still to be told that its claims have changed.
    [[nodiscard]] static bool has_claims(const RunPlacement& placement) {
        return !placement.failure && !placement.is_unsolicited;
    }
    [[nodiscard]] auto claims_of(const RunPlacement& placement) const {
        return placement.claims.of(collection_->claims);
    }
    [[nodiscard]] Instant first_offer(const RunPlacement& placement) const {
        const auto executions = placement.executions.of(collection_->executions);
        return std::find_if(executions.begin(), executions.end(),
                            [](const RunExecution& e) { return e.offers(); })
            ->created;
    }

    void look_up(const RunPlacement& placement) {
        for (const std::uint32_t at : claims_of(placement)) {
            if (timelines_of_[at].moments.empty()) {
                timelines_of_[at] = timelines_->of(collection_->orders[at].id);
            }
        }
    }

    void judge(RunPlacement& placement) const {
        const Instant first = first_offer(placement);
        std::string why = find_removed(placement, first);
        bool is_any_alive = false;
        for (const std::uint32_t at : claims_of(placement)) {
            const Timeline& timeline = timelines_of_[at];
            if (why.empty()) {
                why = what_is_unknown(at, first);
            }
            is_any_alive = is_any_alive ||
                           std::any_of(timeline.moments.begin(), timeline.moments.end(),
                                       [](const OrderMoment& moment) { return !moment.is_dead; });
        }
        if (!why.empty()) {
            fail(placement, FailureType::OrderChangedAfterExecution, std::move(why));
        } else if (!is_any_alive) {
            fail(placement, FailureType::NoOrders, "No order of the placement was ever live");
        }
    }

    void fail(RunPlacement& placement, FailureType type, std::string why) const {
        placement.failure = failure_of(*book_, placement, type, std::move(why));
        placement.takes_part = false;
    }

    // What keeps anybody from knowing what an order was when something was executed; else empty.
    [[nodiscard]] std::string what_is_unknown(std::uint32_t at, const Instant& first) const {
        const Timeline& timeline = timelines_of_[at];
        const RunOrder& order = collection_->orders[at];
        std::string text = "Order ";
        text.append(book_->orders.ids.resource(order.id).to_string());
        if (timeline.is_unsure) {
            return text.append(" has changed, and its versions do not say when");
        }
        if (timeline.is_membership_unsure) {
            return text.append(
                " came to a block or left it, and the versions of the block do not say when");
        }
        if (timeline.changes_one_of_blocks) {
            return text.append(
                " stands in several blocks, and came to one of them or left it while it stood in "
                "another");
        }
        const bool is_dead_throughout =
            timeline.moments.size() == 1 && timeline.moments.front().is_dead;
        if (is_dead_throughout && !(timeline.begun && *timeline.begun <= first)) {
            return text.append(" is ")
                .append(book_->text(book_->kind_of(book_->orders.rows[order.row]).state))
                .append(", and no version of it says since when");
        }
        return {};
    }

    // An order that left a block and the book after something was executed that is on offer.
    [[nodiscard]] std::string find_removed(const RunPlacement& placement,
                                           const Instant& first) const {
        const store::List blocks = book_->placements.rows[placement.row].blocks;
        for (const std::uint32_t* block = book_->begin(blocks); block != book_->end(blocks);
             ++block) {
            for (const std::uint32_t order : timelines_->former_orders(*block)) {
                if (book_->orders.row_of(order) != none) {
                    continue;
                }
                const Timeline timeline = timelines_->of(order);
                if (timeline.is_membership_unsure || !timeline.left || *timeline.left > first) {
                    return "Order " + book_->orders.ids.resource(order).to_string() +
                           " was in a block of the placement, and is not in the book any more";
                }
            }
        }
        return {};
    }

    // The orders as they were in the beginning, and what became of them.
    void set_orders(const RunPlacement& placement) {
        const Instant first = placement.takes_part ? first_offer(placement) : from_the_start;
        Instant last_change = from_the_start;
        for (const std::uint32_t at : claims_of(placement)) {
            const std::vector<OrderMoment>& moments = timelines_of_[at].moments;
            for (std::size_t i = 1; i < moments.size() && moments[i].at <= first; ++i) {
                last_change = std::max(last_change, moments[i].at);
            }
            if (std::exchange(is_set_[at], 1) != 0) {
                continue;
            }
            RunOrder& order = collection_->orders[at];
            order.ordered =
                moments.front().is_dead ? collection_->allocated_to(at) : moments.front().ordered;
            for (std::size_t i = 0; moments.size() > 1 && i < moments.size(); ++i) {
                OrderChange change{moments[i], at};
                change.at = i == 0 ? from_the_start : change.at;
                collection_->changes.push_back(change);
            }
        }
        for (const std::uint32_t at : claims_of(placement)) {
            if (last_change > began_[at].value_or(from_the_start)) {
                began_[at] = last_change;
            }
        }
    }

    // Of what an order has, all but what executions gave it since its claims changed last.
    void set_baselines() {
        if (std::none_of(began_.begin(), began_.end(), [](const auto& at) { return at; })) {
            return;
        }
        collection_->baselines.resize(collection_->orders.size());
        std::map<std::uint32_t, std::uint32_t> position_of;
        for (std::uint32_t at = 0; at < collection_->orders.size(); ++at) {
            if (began_[at]) {
                collection_->baselines[at] = collection_->allocated_to(at);
                position_of.emplace(collection_->orders[at].id, at);
            }
        }
        for (const RunExecution& execution : collection_->executions) {
            usage_->each_part(execution.id, [&](std::uint32_t id, std::optional<Quantity> part) {
                const auto found = position_of.find(id);
                if (found != position_of.end() && part &&
                    *began_[found->second] <= execution.created) {
                    Quantity& baseline = collection_->baselines[found->second];
                    baseline = *part < baseline ? baseline - *part : Quantity{};
                }
            });
        }
    }

    const BookData* book_;
    const Usage* usage_;
    const Timelines* timelines_;
    Collection* collection_;
    std::vector<Timeline> timelines_of_{};         // by order
    std::vector<std::uint8_t> is_set_{};           // by order
    std::vector<std::optional<Instant>> began_{};  // by order: when its claims changed last
};

}  // namespace

void claim_as_of_fill(const BookData& book, const Usage& usage, const Timelines& timelines,
                      Collection& collection) {
    Claims{book, usage, timelines, collection}.set();
}

}  // namespace allot::run
