// Blocking: which orders may stand in one block, and how they get in and out.
#pragma once

#include "apps/service/draft.hpp"

namespace allot::service {

// True when the blocking fields of both are the same: instrument, side, type, timeInForce,
// limitPrice and stopPrice.
[[nodiscard]] bool is_blocked_alike(const Block& a, const Block& b);

// What the orders of a block want together; nullopt when one of them is not sized in units, or the
// sum has too many digits.
[[nodiscard]] std::optional<Quantity> total_of(const Draft& draft, const Block& block);

// The refusal of a block whose orders differ.
[[nodiscard]] Problem blocked_otherwise(const ResourceId& block_id);

// Why `order` may not join a block; nullopt: it may, or there is no such block yet.
[[nodiscard]] std::optional<Problem> refuse_joining(const Draft& draft, const Order& order,
                                                    const ResourceId& block_id);

// Drafts a block with `order` as its last, made if it is not there. Precondition: the order is
// there or drafted, and may join.
[[nodiscard]] std::optional<Problem> draft_joining(Draft& draft, const Order& order,
                                                   const ResourceId& block_id);

// The blocks that list an order, as drafted so far.
[[nodiscard]] std::vector<ResourceId> blocks_of(const Draft& draft, const OrderId& id);

}  // namespace allot::service
