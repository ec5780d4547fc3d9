// Stand-ins: the orders through which portfolios receive what was traded in a block that lists
// none.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "allot/engine.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// Marks a stand-in; its label is the block, "scope/code".
inline constexpr std::string_view stand_in_property_key = "Order/allot/StandsFor";

// The block whose stand-ins the placement is split to: its first, when none of its blocks lists an
// order. none: its orders are split to, or nothing is.
[[nodiscard]] std::uint32_t unsolicited_block(const BookData& book, std::uint32_t placement_row);

// A function of block and portfolio alone, so that a later run finds the order again.
[[nodiscard]] OrderId stand_in_id(const BlockId& block, const PortfolioId& portfolio);

// Puts the missing stand-ins of these placements. One that the book refuses stays missing, and its
// placement then fails the run.
void place_stand_ins(Book& book, const RunRequest& request,
                     std::span<const PlacementId> placements);

// Gives stand-ins the quantity that is allocated to them, if any. Precondition: they are in the
// book.
void size_stand_ins(Book& book, std::span<const OrderId> orders, const Written& written);

}  // namespace allot::run
