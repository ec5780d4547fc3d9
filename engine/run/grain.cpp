// Grain: what the shares of a run become, an allocation for each fill or one for each order.
#include "engine/run/grain.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/run/group.hpp"
#include "engine/run/shrink.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

class Drafter {
  public:
    Drafter(const BookData& book, const RunOptions& options, const Planned& planned)
        : book_{&book}, options_{&options}, planned_{&planned} {}

    std::vector<Draft> drafts() && {
        for (std::uint32_t at = 0; at < planned_->plan.size(); ++at) {
            draft(at);
        }
        return std::move(drafts_);
    }

  private:
    // Number of the fill or group, and rank.
    using Key = std::pair<std::uint32_t, std::uint32_t>;

    void draft(std::uint32_t at) {
        const PlacementPlan& plan = planned_->plan[at];
        const RunPlacement& placement = planned_->collection.placements[at];
        const auto claims = placement.claims.of(planned_->collection.claims);
        std::map<std::string, std::uint32_t> groups;
        std::vector<std::string> texts;
        std::map<Key, Draft> by_key;
        const PlannedShare* share = plan.shares.data();
        for (const PlannedFill& fill : plan.fills) {
            const RunExecution& execution = planned_->collection.executions[fill.execution];
            std::uint32_t number = fill.execution;
            if (options_->grain == Grain::order) {
                const auto next = static_cast<std::uint32_t>(groups.size());
                number = groups.try_emplace(group_of(*book_, execution.row), next).first->second;
            }
            for (const PlannedShare* const end = share + fill.shares; share != end; ++share) {
                const std::uint32_t order = planned_->collection.orders[claims[share->rank]].id;
                Draft& draft =
                    by_key.try_emplace({number, share->rank}, Draft{at, order, share->rank})
                        .first->second;
                add_part(*book_, draft.parts, {execution.id, share->quantity});
                draft.added = draft.added + share->quantity;
            }
        }
        for (auto& [key, draft] : by_key) {
            find_place(draft);
            drafts_.push_back(std::move(draft));
        }
    }

    [[nodiscard]] std::uint32_t row_of(const Part& part) const {
        return book_->executions.any_row_of(part.execution);
    }

    [[nodiscard]] ResourceId id_of(const Draft& draft, std::uint16_t ordinal) const {
        const std::uint32_t placement = planned_->collection.placements[draft.placement].id;
        const std::string_view scope = book_->placements.ids.scope(placement);
        const std::string_view order_scope = book_->orders.ids.scope(draft.order);
        const std::string_view order_code = book_->orders.ids.code(draft.order);
        const std::uint32_t execution = draft.parts.front().execution;
        if (options_->grain == Grain::execution) {
            return store::derived_allocation_id(scope, book_->executions.ids.scope(execution),
                                                book_->executions.ids.code(execution), order_scope,
                                                order_code, ordinal);
        }
        const std::string_view code = book_->placements.ids.code(placement);
        std::string suffix;
        if (ordinal > 1) {
            suffix.append("-").append(std::to_string(ordinal));
        }
        std::string hashed;
        for (const std::string_view part : {scope, code, order_scope, order_code}) {
            hashed.append(part).push_back('\0');
        }
        hashed += group_of(*book_, row_of(draft.parts.front()));
        return {std::string{scope},
                store::legible_code(code, order_code, hashed,
                                    store::longest_derived_code - suffix.size()) +
                    suffix};
    }

    // Whether more units of the draft may be added to what is stored.
    [[nodiscard]] bool goes_on(const Draft& draft, const AllocationRow& row,
                               const std::optional<std::vector<Part>>& parts) const {
        if (is_frozen(*book_, row) || !parts || book_->order_id_of(row) != draft.order ||
            has_shares(*book_, row) != (options_->grain == Grain::order) ||
            (is_averaged(*book_, row) && options_->pricing.method != PriceMethod::average)) {
            return false;
        }
        const store::ExecutionRow& own = book_->executions.rows[row_of(draft.parts.front())];
        const std::string group = group_of(*book_, row_of(draft.parts.front()));
        return std::all_of(parts->begin(), parts->end(), [&](const Part& part) {
            const store::ExecutionRow& other = book_->executions.rows[row_of(part)];
            return options_->grain == Grain::execution
                       ? part.execution == draft.parts.front().execution
                       : other.placement == own.placement &&
                             group_of(*book_, row_of(part)) == group;
        });
    }

    void find_place(Draft& draft) const {
        for (std::uint16_t ordinal = 1;; ++ordinal) {
            draft.id = id_of(draft, ordinal);
            const std::uint32_t number = book_->allocation_index.find(*book_, draft.id);
            if (number == none) {
                break;
            }
            const AllocationRow& row = book_->allocations[number];
            if (!book_->counts(row)) {
                if (book_->order_id_of(row) == draft.order) {
                    draft.previous = number;
                    break;
                }
                continue;
            }
            const std::optional<std::vector<Part>> parts = parts_of(*book_, row);
            if (goes_on(draft, row, parts)) {
                draft.previous = number;
                draft.goes_on = true;
                for (const Part& part : *parts) {
                    add_part(*book_, draft.parts, part);
                }
                break;
            }
        }
        for (const Part& part : draft.parts) {
            draft.quantity = draft.quantity + part.units;
        }
    }

    const BookData* book_;
    const RunOptions* options_;
    const Planned* planned_;
    std::vector<Draft> drafts_{};
};

}  // namespace

std::vector<Draft> drafts_of(const BookData& book, const RunOptions& options,
                             const Planned& planned) {
    return Drafter{book, options, planned}.drafts();
}

}  // namespace allot::run
