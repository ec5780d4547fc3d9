// Stand-ins: the orders through which portfolios receive what was traded in a block that lists
// none.
#include "engine/run/stand_ins.hpp"

#include <optional>
#include <string>
#include <utility>

namespace allot::run {

namespace {

using store::none;

// Side and instrument as its block and placement have them. An order is sized by something: until
// it has received a quantity by the weight of this run, rounded where that is no decimal.
Order stand_in_of(const Placement& placement, const Block& block,
                  const std::pair<const PortfolioId, Weight>& part) {
    constexpr int places = 10;
    const auto& [portfolio, weight] = part;
    Order order;
    order.id = stand_in_id(block.id, portfolio);
    order.side = block.side.empty() ? placement.side : block.side;
    order.portfolio_id = portfolio;
    order.weight = divide(weight.numerator(), weight.divisor(), places, Rounding::half_even)
                       .value_or(weight.numerator());
    order.instrument_identifiers = block.instrument_identifiers.empty()
                                       ? placement.instrument_identifiers
                                       : block.instrument_identifiers;
    order.properties[std::string{stand_in_property_key}].label = block.id.to_string();
    return order;
}

}  // namespace

std::uint32_t unsolicited_block(const BookData& book, std::uint32_t placement_row) {
    const store::List blocks = book.placements.rows[placement_row].blocks;
    std::uint32_t first = none;
    for (std::uint32_t b = 0; b < blocks.count; ++b) {
        const std::uint32_t id = book.lists[blocks.first + b];
        const store::BlockRow* block = book.blocks.find(id);
        if (block == nullptr || block->orders.count != 0) {
            return none;
        }
        first = first == none ? id : first;
    }
    return first;
}

OrderId stand_in_id(const BlockId& block, const PortfolioId& portfolio) {
    const std::string code = block.code() + "-" + portfolio.scope() + "-" + portfolio.code();
    if (store::is_word(block.code()) && store::is_word(portfolio.scope()) &&
        store::is_word(portfolio.code()) && code.size() <= store::longest_derived_code) {
        return OrderId{block.scope(), code};
    }
    return OrderId{block.scope(),
                   store::hashed_code(block.scope(), block.code(), portfolio.scope(),
                                      portfolio.code(), store::longest_derived_code)};
}

void place_stand_ins(Book& book, const RunRequest& request,
                     std::span<const PlacementId> placements) {
    for (const PlacementId& id : placements) {
        const std::uint32_t number = book.data().placements.ids.find(id.scope(), id.code());
        const std::uint32_t row = book.data().placements.row_of(number);
        const std::uint32_t block = row == none ? none : unsolicited_block(book.data(), row);
        if (block == none) {
            continue;
        }
        const Placement placement = book.find(id).value();
        const Block first = book.find(book.data().blocks.ids.id<Block>(block)).value();
        for (const auto& part : request.weights) {
            if (!part.second.is_zero() && !book.find(stand_in_id(first.id, part.first))) {
                static_cast<void>(
                    book.put(stand_in_of(placement, first, part), request.options.written));
            }
        }
    }
}

void size_stand_ins(Book& book, std::span<const OrderId> orders, const Written& written) {
    for (const OrderId& id : orders) {
        std::optional<Order> order = book.find(id);
        const Quantity allocated = book.allocated(id);
        if (order && !allocated.is_zero() && order->quantity != allocated) {
            order->quantity = allocated;
            order->weight.reset();
            static_cast<void>(book.put(*order, written));
        }
    }
}

}  // namespace allot::run
