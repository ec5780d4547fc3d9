// Amend: an order becomes another after part of it was allocated, and its allocations follow.
#include "engine/run/amend.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/adjust.hpp"
#include "engine/run/holdings.hpp"
#include "engine/run/recorded.hpp"
#include "engine/store/links.hpp"

namespace allot::run {

namespace {

using store::none;

Error refusal(ErrorCode code, const OrderId& id, std::string field, std::string found,
              std::string expected) {
    return Error{
        code, "order", id.to_string(), std::move(field), std::move(found), std::move(expected), {}};
}

// What speaks against amending the order at all.
std::optional<Error> find_objection(const BookData& book, const Amendment& amendment,
                                    const Written& written) {
    const OrderId& id = amendment.order;
    if (written.reason.empty()) {
        return refusal(ErrorCode::reason_is_missing, id, "reason", "none",
                       "why it is not what it was");
    }
    if (book.orders.find(book.orders.ids.find(id.scope(), id.code())) == nullptr) {
        return refusal(ErrorCode::reference_is_missing, id, "id", id.to_string(),
                       "an order in the book");
    }
    if (!amendment.quantity && !amendment.state) {
        return refusal(ErrorCode::option_is_not_valid, id, "amendment", "neither",
                       "a quantity, a state, or both");
    }
    if (amendment.quantity && amendment.quantity->is_zero()) {
        return refusal(ErrorCode::quantity_is_not_positive, id, "quantity", "0",
                       "more than zero, or a removal");
    }
    return std::nullopt;
}

Order amended(Order order, const Amendment& amendment) {
    if (amendment.quantity) {
        order.quantity = amendment.quantity;
    }
    order.state = amendment.state.value_or(order.state);
    return order;
}

// What has to be taken back so that the order has no more than is ordered now.
Result<std::vector<Adjustment>> excess_of(const BookData& book, const Order& order,
                                          std::uint32_t number) {
    const Quantity allocated = book.allocated(number);
    const Quantity ordered = order.quantity.value_or(Quantity{});
    if (allocated <= ordered) {
        return std::vector<Adjustment>{};
    }
    const Holdings holdings = holdings_of(book, number);
    const Quantity frozen = units_of(book, holdings.frozen);
    if (order.quantity && frozen > ordered) {
        return Unexpected{refusal(
            ErrorCode::change_touches_allocated, order.id, "quantity", ordered.to_string(),
            frozen.to_string() + " or more, which are booked or closed; for less, reverse first " +
                to_reverse(book, holdings.frozen, frozen - ordered))};
    }
    if (!order.quantity) {
        return Unexpected{refusal(ErrorCode::change_touches_allocated, order.id, "quantity", "none",
                                  allocated.to_string() + " or more, which are allocated")};
    }
    return take_back(book, holdings.free, allocated - ordered, order.id);
}

}  // namespace

std::vector<PlacementId> placements_around(BookData& book, std::uint32_t order,
                                           const std::vector<Adjustment>& adjustments) {
    std::set<PlacementId> ids;
    store::link_blocks_of_orders(book);
    book.blocks_of_order.each(order, [&](std::uint32_t block) {
        book.placements_of_block.each(block, [&](std::uint32_t placement) {
            ids.insert(book.placements.ids.id<Placement>(placement));
        });
    });
    for (const Adjustment& adjustment : adjustments) {
        for (const std::uint32_t id : placements_of(book, book.allocations[adjustment.row])) {
            ids.insert(book.placements.ids.id<Placement>(id));
        }
    }
    return {ids.begin(), ids.end()};
}

Result<RunResult> amend(Book& book, const Amendment& amendment, const Written& written) {
    BookData& data = book.data();
    if (std::optional<Error> objection = find_objection(data, amendment, written)) {
        return Unexpected{*std::move(objection)};
    }
    const OrderId& id = amendment.order;
    const std::uint32_t number = data.orders.ids.find(id.scope(), id.code());
    const Order before = unpack(data, *data.orders.find(number));
    const Order after = amended(before, amendment);
    const Result<std::vector<Adjustment>> excess = excess_of(data, after, number);
    if (!excess) {
        return Unexpected{excess.error()};
    }
    const std::vector<PlacementId> placements = placements_around(data, number, *excess);
    const Result<Planned> planned = plan_for(data, placements, written);
    if (!planned) {
        return Unexpected{planned.error()};
    }
    RecordOptions options;
    note_amendment(amendment, options);
    const RunRecord record = record_for(data, *planned, written, options);
    std::optional<RunEntry> entry;
    if (after != before || !excess->empty()) {
        entry.emplace(data, record);
    }
    RunResult result = write_adjusted(data, adjusted_rows(data, *excess, std::nullopt, written));
    // Its allocations fit it by now, and nothing else of it is another, so that it is taken.
    book.put(after, written).value();
    if (const Result<void> stated = state_outcomes(data, placements, record, result); !stated) {
        return Unexpected{stated.error()};
    }
    return result;
}

}  // namespace allot::run
