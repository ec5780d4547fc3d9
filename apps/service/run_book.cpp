// Follows the links of the store from the placements of a run to everything that it reads.
#include "apps/service/run_book.hpp"

#include <algorithm>
#include <unordered_set>

#include "apps/service/booking.hpp"
#include "apps/service/field_path.hpp"

namespace allot::service {
namespace {

class Collector {
  public:
    Collector(const Store& store, const std::vector<std::string>& dead_states)
        : store_{store}, dead_states_{dead_states} {}

    Result<BookBuilder::Quarantined, Errors> collect(const std::vector<PlacementId>& placements) {
        for (const PlacementId& id : placements) {
            want_with_descendants(id);
        }
        const std::size_t own = wanted_.size();  // the rest come through allocations
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            add_placement(*wanted_[i], i < own);
        }
        for (const OrderId& claim : claims_) {
            for (const ResourceId& id : store_.allocations_of(claim)) {
                add_allocation(id, false);
            }
        }
        add_rest();
        return builder_.build_quarantined();
    }

  private:
    using Ids = std::unordered_set<ResourceId, HashOfId>;

    void want(const ResourceId& id) {
        const RecordPtr<Placement>* const record = store_.find<Placement>(id);
        if (record != nullptr && placements_.insert(id).second) {
            wanted_.push_back(&(*record)->value);
        }
    }

    void want_with_descendants(const PlacementId& id) {
        const std::size_t first = wanted_.size();
        want(id.resource());
        for (std::size_t i = first; i < wanted_.size(); ++i) {
            const PlacementId parent = wanted_[i]->id;
            for (const ResourceId& child : store_.children_of(parent)) {
                want(child);
            }
        }
    }

    void add_placement(const Placement& stored, bool is_own) {
        Placement placement = stored;
        // A parent that is there has no say in what its child receives.
        if (placement.parent_placement_id) {
            const ResourceId& parent = placement.parent_placement_id->resource();
            if (!placements_.contains(parent) && store_.find<Placement>(parent) != nullptr) {
                placement.parent_placement_id.reset();
            }
        }
        positive_or_none(placement.quantity);
        note_portfolio_and_instrument(placement.instrument_identifiers);
        builder_.add(placement);
        for (const BlockId& id : placement.block_ids) {
            add_block(id, is_own);
        }
        for (const ResourceId& id : store_.executions_of(placement.id)) {
            add_execution(id);
            for (const ResourceId& allocation : store_.allocations_of(ExecutionId{id})) {
                add_allocation(allocation, true);
            }
        }
        for (const ResourceId& id : store_.allocations_of(placement.id)) {
            add_allocation(id, true);
        }
    }

    void add_block(const BlockId& id, bool is_own) {
        const RecordPtr<Block>* const record = store_.find<Block>(id.resource());
        if (record == nullptr) {
            return;
        }
        for (const OrderId& order : (*record)->value.order_ids) {
            add_order(order);
            if (is_own && is_claim_.insert(order.resource()).second) {
                claims_.push_back(order);
            }
        }
        if (blocks_.insert(id.resource()).second) {
            Block block = (*record)->value;
            positive_or_none(block.quantity);
            builder_.add(block);
        }
    }

    void add_order(const OrderId& id) {
        const RecordPtr<Order>* const record = store_.find<Order>(id.resource());
        if (record == nullptr || !orders_.insert(id.resource()).second) {
            return;
        }
        const Order& order = (*record)->value;
        if (order.portfolio_id && portfolios_.insert(order.portfolio_id->resource()).second) {
            const auto known = store_.portfolios.find(*order.portfolio_id);
            if (known != store_.portfolios.end()) {
                builder_.add(known->second);
            }
        }
        const bool has_size = order.quantity || order.amount || order.weight;
        if (!has_size || (order.quantity && order.quantity->is_zero())) {
            builder_.add(sized(order));
        } else {
            builder_.add(order);
        }
    }

    // An order as a book takes it, of one that it would not.
    [[nodiscard]] Order sized(Order order) const {
        if (order.quantity) {
            // A book has no order of nothing. One in a dead state makes no claim either.
            order.quantity.reset();
            order.state = dead_states_.empty() ? "" : dead_states_.front();
        }
        order.weight = Decimal{0};  // without quantity the run says QuantityMissing
        return order;
    }

    void add_execution(const ResourceId& id) {
        const RecordPtr<Execution>* const record = store_.find<Execution>(id);
        if (record == nullptr || !executions_.insert(id).second) {
            return;
        }
        if (!(*record)->value.quantity.is_zero()) {  // nothing was executed
            builder_.add((*record)->value);
        }
    }

    // `uses_up`: it takes from executions of these placements, so whatever it takes from counts.
    // Otherwise it only uses up what its order wants, and what else it names, and is there, does
    // not matter.
    void add_allocation(const ResourceId& id, bool uses_up) {
        const RecordPtr<Allocation>* const record = store_.find<Allocation>(id);
        if (record == nullptr || !allocations_.insert(id).second) {
            return;
        }
        Allocation allocation = (*record)->value;
        if (is_booked(allocation) && !is_cancelled(allocation)) {
            allocation.state = "Booked";  // which a run knows as frozen
        }
        add_order(allocation.allocated_order_id);
        if (uses_up) {
            for (const PlacementId& placement : allocation.placement_ids) {
                want(placement.resource());
            }
            for (const ExecutionId& execution : allocation.execution_ids) {
                if (const auto* taken = store_.find<Execution>(execution.resource())) {
                    want((*taken)->value.placement_id.resource());
                }
            }
        } else {
            std::erase_if(allocation.placement_ids, [&](const PlacementId& placement) {
                return store_.find<Placement>(placement.resource()) != nullptr;
            });
            std::erase_if(allocation.execution_ids, [&](const ExecutionId& execution) {
                return store_.find<Execution>(execution.resource()) != nullptr;
            });
        }
        if (!allocation.quantity.is_zero()) {
            builder_.add(allocation);
        }
    }

    void note_portfolio_and_instrument(const Identifiers& identifiers) {
        identifiers_.push_back(identifiers);
    }

    void add_rest() {
        for (const auto& [name, code] : store_.algorithms) {
            builder_.add_algorithm(name, code);
        }
        for (const Instrument& instrument : store_.instruments) {
            const auto shares_one = [&](const Identifiers& own) {
                return std::any_of(own.begin(), own.end(), [&](const auto& entry) {
                    const auto found = instrument.instrument_identifiers.find(entry.first);
                    return found != instrument.instrument_identifiers.end() &&
                           found->second == entry.second;
                });
            };
            if (std::any_of(identifiers_.begin(), identifiers_.end(), shares_one)) {
                builder_.add(instrument);
            }
        }
    }

    static void positive_or_none(std::optional<Quantity>& quantity) {
        if (quantity && quantity->is_zero()) {
            quantity.reset();
        }
    }

    const Store& store_;
    const std::vector<std::string>& dead_states_;
    BookBuilder builder_;
    std::vector<const Placement*> wanted_;
    std::vector<OrderId> claims_;
    std::vector<Identifiers> identifiers_;
    Ids placements_, blocks_, orders_, executions_, allocations_, portfolios_, is_claim_;
};

}  // namespace

bool is_cancelled(const Allocation& allocation) noexcept {
    return same_without_case(allocation.state, "Cancelled") ||
           same_without_case(allocation.state, "Canceled");
}

Result<BookBuilder::Quarantined, Errors> make_run_book(
    const Store& store, const std::vector<PlacementId>& placements,
    const std::vector<std::string>& dead_states) {
    return Collector{store, dead_states}.collect(placements);
}

}  // namespace allot::service
