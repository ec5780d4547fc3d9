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
        for (const OrderId* const claim : claims_) {
            for (const ResourceId& id : store_.allocations_of(*claim)) {
                add_allocation(id, false);
            }
        }
        add_rest();
        return builder_.build_quarantined();
    }

  private:
    // True for the first time.
    bool is_new(const void* record) { return seen_.insert(record).second; }

    void want(const ResourceId& id) {
        const RecordPtr<Placement>* const record = store_.find<Placement>(id);
        if (record != nullptr && is_new(record->get())) {
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

    void add_placement(const Placement& placement, bool is_own) {
        if (has_parent_elsewhere(placement)) {
            Placement alone = placement;
            alone.parent_placement_id.reset();
            add_positive(alone);
        } else {
            add_positive(placement);
        }
        identifiers_.push_back(&placement.instrument_identifiers);
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

    // A parent that is there, but not in this run, has no say in what its child receives.
    [[nodiscard]] bool has_parent_elsewhere(const Placement& placement) const {
        if (!placement.parent_placement_id) {
            return false;
        }
        const auto* const parent =
            store_.find<Placement>(placement.parent_placement_id->resource());
        return parent != nullptr && !seen_.contains(parent->get());
    }

    void add_block(const BlockId& id, bool is_own) {
        const RecordPtr<Block>* const record = store_.find<Block>(id.resource());
        if (record == nullptr) {
            return;
        }
        for (const OrderId& order : (*record)->value.order_ids) {
            const Order* const added = add_order(order);
            if (is_own && (added == nullptr || is_claim_.insert(added).second)) {
                claims_.push_back(&order);
            }
        }
        if (is_new(record->get())) {
            add_positive((*record)->value);
        }
    }

    // A quantity of 0 is none to a book.
    template <class Entity>
    void add_positive(const Entity& entity) {
        if (entity.quantity && entity.quantity->is_zero()) {
            Entity without = entity;
            without.quantity.reset();
            builder_.add(without);
        } else {
            builder_.add(entity);
        }
    }

    // The order, whether it is new or not; nullptr: it is not there.
    const Order* add_order(const OrderId& id) {
        const RecordPtr<Order>* const record = store_.find<Order>(id.resource());
        if (record == nullptr) {
            return nullptr;
        }
        const Order& order = (*record)->value;
        if (!is_new(record->get())) {
            return &order;
        }
        if (order.portfolio_id) {
            const auto known = store_.portfolios.find(*order.portfolio_id);
            if (known != store_.portfolios.end() && is_new(&known->second)) {
                builder_.add(known->second);
            }
        }
        const bool has_size = order.quantity || order.amount || order.weight;
        if (!has_size || (order.quantity && order.quantity->is_zero())) {
            builder_.add(sized(order));
        } else {
            builder_.add(order);
        }
        return &order;
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
        if (record == nullptr || !is_new(record->get())) {
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
        if (record == nullptr || !is_new(record->get())) {
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

    void add_rest() {
        for (const auto& [name, code] : store_.algorithms) {
            builder_.add_algorithm(name, code);
        }
        for (const Instrument& instrument : store_.instruments) {
            const auto shares_one = [&](const Identifiers* own) {
                return std::any_of(own->begin(), own->end(), [&](const auto& entry) {
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

    const Store& store_;
    const std::vector<std::string>& dead_states_;
    BookBuilder builder_;
    std::vector<const Placement*> wanted_;
    // All of these stand in the store, which does not change meanwhile.
    std::vector<const OrderId*> claims_;
    std::vector<const Identifiers*> identifiers_;
    std::unordered_set<const void*> seen_;  // records, and portfolios
    std::unordered_set<const Order*> is_claim_;
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
