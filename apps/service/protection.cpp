// Compares what is to be written with what is stored and allocated.
#include "apps/service/protection.hpp"

#include <algorithm>

#include "apps/service/field_path.hpp"
#include "apps/service/run_book.hpp"

namespace allot::service {
namespace {

// The allocations that count, of those with these ids.
std::vector<const Allocation*> living(const Store& store, const IdList& ids) {
    std::vector<const Allocation*> found;
    for (const ResourceId& id : ids) {
        const RecordPtr<Allocation>* const record = store.find<Allocation>(id);
        if (record != nullptr && !is_cancelled((*record)->value)) {
            found.push_back(&(*record)->value);
        }
    }
    return found;
}

template <class Entity>
Problem refusal(const ResourceId& id, const std::string& what) {
    Problem problem;
    problem.status = info(ErrorCode::change_touches_allocated).http_status;
    problem.code = kind_info<Entity>.cannot_update;
    problem.detail = "change touches what is allocated, " +
                     std::string{kind_info<Entity>.singular} + ' ' + id.to_string() + ": " + what;
    return problem;
}

bool disagree(const Identifiers& a, const Identifiers& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& entry) {
        const auto found = b.find(entry.first);
        return found != b.end() && found->second != entry.second;
    });
}

template <class Entity>
std::optional<Problem> refuse_new_side(const Entity& stored, const Entity& wanted) {
    if (!same_without_case(stored.side, wanted.side)) {
        return refusal<Entity>(wanted.id.resource(),
                               "side, found " + wanted.side + ", expected " + stored.side);
    }
    if (disagree(stored.instrument_identifiers, wanted.instrument_identifiers)) {
        return refusal<Entity>(wanted.id.resource(),
                               "instrumentIdentifiers, expected the instrument it has");
    }
    return std::nullopt;
}

// The sum, or nullopt when it needs more digits than a decimal has.
std::optional<Decimal> sum_of(const std::vector<const Allocation*>& allocations) {
    Decimal sum;
    for (const Allocation* allocation : allocations) {
        const Result<Decimal> next = add(sum, allocation->quantity.units());
        if (!next) {
            return std::nullopt;
        }
        sum = *next;
    }
    return sum;
}

template <class Entity>
std::optional<Problem> refuse_less(const Entity& wanted, const std::optional<Quantity>& quantity,
                                   const std::vector<const Allocation*>& allocations) {
    const std::optional<Decimal> allocated = sum_of(allocations);
    if (allocated && quantity && *allocated <= quantity->units()) {
        return std::nullopt;
    }
    return refusal<Entity>(
        wanted.id.resource(),
        "quantity, found " + (quantity ? quantity->to_string() : "none") + ", expected at least " +
            (allocated ? allocated->to_string() : "what is allocated") + " which is allocated");
}

std::optional<Problem> refuse(const Store& store, const Order& stored, const Order& wanted) {
    const auto allocations = living(store, store.allocations_of(wanted.id));
    if (allocations.empty()) {
        return std::nullopt;
    }
    if (stored.portfolio_id != wanted.portfolio_id) {
        return refusal<Order>(wanted.id.resource(), "portfolioId, expected the one it has");
    }
    if (std::optional<Problem> problem = refuse_new_side(stored, wanted)) {
        return problem;
    }
    return refuse_less(wanted, wanted.quantity, allocations);
}

std::optional<Problem> refuse(const Store& store, const Execution& stored,
                              const Execution& wanted) {
    if (living(store, store.allocations_of(wanted.id)).empty()) {
        return std::nullopt;
    }
    if (stored.placement_id != wanted.placement_id) {
        return refusal<Execution>(wanted.id.resource(), "placementId, expected the one it has");
    }
    return refuse_new_side(stored, wanted);
}

std::optional<Problem> refuse(const Store& store, const Placement& stored,
                              const Placement& wanted) {
    if (living(store, store.allocations_of(wanted.id)).empty()) {
        return std::nullopt;
    }
    const auto& blocks = wanted.block_ids;
    for (const BlockId& id : stored.block_ids) {
        if (std::find(blocks.begin(), blocks.end(), id) == blocks.end()) {
            return refusal<Placement>(wanted.id.resource(),
                                      "blockIds, expected to keep " + id.to_string());
        }
    }
    return refuse_new_side(stored, wanted);
}

std::optional<Problem> refuse(const Store& store, const Block& stored, const Block& wanted) {
    const auto& orders = wanted.order_ids;
    for (const OrderId& id : stored.order_ids) {
        if (living(store, store.allocations_of(id)).empty()) {
            continue;
        }
        if (std::find(orders.begin(), orders.end(), id) == orders.end()) {
            return refusal<Block>(wanted.id.resource(),
                                  "orderIds, expected to keep " + id.to_string());
        }
        if (std::optional<Problem> problem = refuse_new_side(stored, wanted)) {
            return problem;
        }
    }
    return std::nullopt;
}

// An allocation is the client's to correct.
std::optional<Problem> refuse(const Store& /*store*/, const Allocation& /*stored*/,
                              const Allocation& /*wanted*/) {
    return std::nullopt;
}

}  // namespace

template <class Entity>
std::optional<Problem> refuse_change(const Store& store, const Entity& wanted) {
    const RecordPtr<Entity>* const stored = store.find<Entity>(wanted.id.resource());
    return stored == nullptr ? std::nullopt : refuse(store, (*stored)->value, wanted);
}

std::optional<Problem> refuse_less_than_allocated(const Store& store, const Execution& wanted,
                                                  const std::vector<Allocation>& after) {
    auto allocations = living(store, store.allocations_of(wanted.id));
    // One that names several executions takes from this one what the run decides.
    std::erase_if(allocations, [](const Allocation* a) { return a->execution_ids.size() != 1; });
    for (const Allocation& one : after) {
        std::erase_if(allocations, [&](const Allocation* a) { return a->id == one.id; });
        if (!is_cancelled(one)) {
            allocations.push_back(&one);
        }
    }
    return allocations.empty() ? std::nullopt
                               : refuse_less(wanted, std::optional{wanted.quantity}, allocations);
}

template <class Entity>
std::optional<Problem> refuse_removal(const Store& store, const ResourceId& id) {
    if constexpr (std::is_same_v<Entity, Allocation>) {
        return std::nullopt;
    } else if constexpr (std::is_same_v<Entity, Block>) {
        Block without = (*store.find<Block>(id))->value;
        without.order_ids.clear();
        return refuse_change(store, without);
    } else {
        if (living(store, store.allocations_of(Id<Entity>{id})).empty()) {
            return std::nullopt;
        }
        return refusal<Entity>(id, "it has allocations; delete or cancel them first");
    }
}

#define ALLOT_SERVICE_KIND(Entity)                                              \
    template std::optional<Problem> refuse_change(const Store&, const Entity&); \
    template std::optional<Problem> refuse_removal<Entity>(const Store&, const ResourceId&);
ALLOT_SERVICE_KIND(Order)
ALLOT_SERVICE_KIND(Block)
ALLOT_SERVICE_KIND(Placement)
ALLOT_SERVICE_KIND(Execution)
ALLOT_SERVICE_KIND(Allocation)
#undef ALLOT_SERVICE_KIND

}  // namespace allot::service
