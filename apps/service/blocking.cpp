// Compares orders with blocks, and keeps the quantity of a block the sum of its orders.
#include "apps/service/blocking.hpp"

#include <algorithm>

#include "apps/service/clock.hpp"
#include "apps/service/field_path.hpp"

namespace allot::service {
namespace {

Block block_like(const Order& order) {
    Block block;
    block.instrument_identifiers = order.instrument_identifiers;
    block.lusid_instrument_id = order.lusid_instrument_id;
    block.side = order.side;
    block.type = order.type;
    block.time_in_force = order.time_in_force;
    block.limit_price = order.limit_price;
    block.stop_price = order.stop_price;
    return block;
}

}  // namespace

bool is_blocked_alike(const Block& a, const Block& b) {
    return same_without_case(a.side, b.side) && a.type == b.type &&
           a.time_in_force == b.time_in_force && a.limit_price == b.limit_price &&
           a.stop_price == b.stop_price && a.instrument_identifiers == b.instrument_identifiers;
}

std::optional<Quantity> total_of(const Draft& draft, const Block& block) {
    Decimal total;
    for (const OrderId& id : block.order_ids) {
        const Order* const order = draft.find<Order>(id.resource());
        if (order == nullptr || !order->quantity) {
            return std::nullopt;
        }
        const Result<Decimal> sum = add(total, order->quantity->units());
        if (!sum) {
            return std::nullopt;
        }
        total = *sum;
    }
    return *Quantity::from(total);
}

Problem blocked_otherwise(const ResourceId& block_id) {
    return make_problem(409, ProblemCode::cannot_update_shared_fields,
                        "block " + block_id.to_string() +
                            " has orders, with other instrument, side, type, timeInForce, "
                            "limitPrice or stopPrice");
}

std::optional<Problem> refuse_joining(const Draft& draft, const Order& order,
                                      const ResourceId& block_id) {
    const Block* const existing = draft.find<Block>(block_id);
    if (existing == nullptr || is_blocked_alike(*existing, block_like(order))) {
        return std::nullopt;
    }
    if (!existing->order_ids.empty()) {
        return blocked_otherwise(block_id);
    }
    if (!draft.store().placements_of(existing->id).empty()) {
        return make_problem(409, ProblemCode::cannot_update_block,
                            "block " + block_id.to_string() +
                                " is placed, and has other fields than order " +
                                order.id.to_string());
    }
    return std::nullopt;
}

std::optional<Problem> draft_joining(Draft& draft, const Order& order, const ResourceId& block_id) {
    Block block;
    const Block* const existing = draft.find<Block>(block_id);
    if (existing != nullptr && !existing->order_ids.empty()) {
        block = *existing;
    } else {
        block = block_like(order);
        block.id = BlockId{block_id};
        block.created_date = *Time::parse(to_wire(draft.stamp().as_at));
    }
    if (existing != nullptr) {
        block.created_date = existing->created_date;
        block.properties = existing->properties;
    }
    block.order_ids.push_back(order.id);
    block.quantity = total_of(draft, block);
    return draft.put(std::move(block));
}

std::vector<ResourceId> blocks_of(const Draft& draft, const OrderId& id) {
    std::vector<ResourceId> blocks;
    const auto lists_it = [&](const Block& block) {
        return std::find(block.order_ids.begin(), block.order_ids.end(), id) !=
               block.order_ids.end();
    };
    for (const ResourceId& block : draft.store().blocks_of(id)) {
        if (lists_it(*draft.find<Block>(block))) {
            blocks.push_back(block);
        }
    }
    draft.visit<Block>([&](const Block& block) {
        const bool is_known =
            std::find(blocks.begin(), blocks.end(), block.id.resource()) != blocks.end();
        if (!is_known && lists_it(block)) {
            blocks.push_back(block.id.resource());
        }
    });
    return blocks;
}

}  // namespace allot::service
