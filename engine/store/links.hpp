// Links: who refers to whom, kept true when versions come and go.
#pragma once

#include "engine/store/book_data.hpp"

namespace allot::store {

// Called when the latest version of an entity changes from `before` to `after`; either may be null.
// Orders refer to nothing. The row pointers must not point into the tables.
void relink(BookData& book, const OrderRow* before, const OrderRow* after);
void relink(BookData& book, const BlockRow* before, const BlockRow* after);
void relink(BookData& book, const PlacementRow* before, const PlacementRow* after);
void relink(BookData& book, const ExecutionRow* before, const ExecutionRow* after);

// Makes BookData::blocks_of_order say what it has to. Reading a book and running it need it not.
void link_blocks_of_orders(BookData& book);

}  // namespace allot::store
