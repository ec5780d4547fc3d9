// Links: who refers to whom, kept true when versions come and go.
#include "engine/store/links.hpp"

#include <algorithm>

namespace allot::store {

void relink(BookData& /*book*/, const OrderRow* /*before*/, const OrderRow* /*after*/) {}

void link_blocks_of_orders(BookData& book) {
    if (book.knows_blocks_of_orders) {
        return;
    }
    book.knows_blocks_of_orders = true;
    for (std::uint32_t id = 0; id < book.blocks.latest.size(); ++id) {
        if (const BlockRow* block = book.blocks.find(id)) {
            relink(book, nullptr, block);
        }
    }
}

void relink(BookData& book, const BlockRow* before, const BlockRow* after) {
    if (!book.knows_blocks_of_orders) {
        return;
    }
    if (before != nullptr) {
        std::for_each(book.begin(before->orders), book.end(before->orders),
                      [&](std::uint32_t id) { book.blocks_of_order.remove(id, before->head.id); });
    }
    if (after != nullptr) {
        std::for_each(book.begin(after->orders), book.end(after->orders),
                      [&](std::uint32_t id) { book.blocks_of_order.add(id, after->head.id); });
    }
}

void relink(BookData& book, const PlacementRow* before, const PlacementRow* after) {
    if (before != nullptr) {
        std::for_each(book.begin(before->blocks), book.end(before->blocks), [&](std::uint32_t id) {
            book.placements_of_block.remove(id, before->head.id);
        });
        if (before->parent != none) {
            book.children_of_placement.remove(before->parent, before->head.id);
        }
    }
    if (after != nullptr) {
        std::for_each(book.begin(after->blocks), book.end(after->blocks),
                      [&](std::uint32_t id) { book.placements_of_block.add(id, after->head.id); });
        if (after->parent != none) {
            book.children_of_placement.add(after->parent, after->head.id);
        }
    }
}

void relink(BookData& book, const ExecutionRow* before, const ExecutionRow* after) {
    if (before != nullptr && (after == nullptr || before->placement != after->placement)) {
        book.executions_of_placement.remove(before->placement, before->head.id);
    }
    if (after != nullptr && (before == nullptr || before->placement != after->placement)) {
        book.executions_of_placement.add(after->placement, after->head.id);
    }
    // Whether more was allocated than executed depends on the quantity just written.
    if (before != nullptr && book.used(before->head.id) > before->quantity) {
        --book.overused_executions;
    }
    if (after != nullptr && book.used(after->head.id) > after->quantity) {
        ++book.overused_executions;
    }
}

}  // namespace allot::store
