// Holdings: what an order has been allocated, and what of it may be taken back.
#include "engine/run/holdings.hpp"

#include <algorithm>
#include <utility>

#include "engine/run/parts.hpp"
#include "engine/run/reversals.hpp"
#include "engine/run/shrink.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

// Row of the latest execution that an allocation names; none: it names none.
std::uint32_t latest_execution(const BookData& book, const AllocationRow& row) {
    if (row.execution != none) {
        return row.execution;
    }
    std::uint32_t latest = none;
    const store::List names = book.allocation_details[row.details].executions;
    std::for_each(book.begin(names), book.end(names), [&](std::uint32_t id) {
        const std::uint32_t at = book.executions.any_row_of(id);
        if (at != none && (latest == none || store::is_earlier(book, latest, at))) {
            latest = at;
        }
    });
    return latest;
}

struct Dated {
    std::uint32_t row{0};
    std::uint32_t execution{none};
    ResourceId id{};
};

bool is_before(const BookData& book, const Dated& a, const Dated& b) {
    if (a.execution != b.execution) {
        return a.execution == none ||
               (b.execution != none && store::is_earlier(book, a.execution, b.execution));
    }
    return a.id < b.id;
}

// Whether a part of it can go: it is what one execution gave, at a price of its own.
bool is_divisible(const BookData& book, const AllocationRow& row) {
    return row.execution != none && !has_shares(book, row);
}

}  // namespace

Holdings holdings_of(const BookData& book, std::uint32_t order) {
    std::vector<Dated> all;
    std::uint32_t number = 0;
    for (const AllocationRow& row : book.allocations) {
        if (book.counts(row) && book.order_id_of(row) == order) {
            all.push_back({number, latest_execution(book, row), store::allocation_id(book, row)});
        }
        ++number;
    }
    std::sort(all.begin(), all.end(),
              [&](const Dated& a, const Dated& b) { return is_before(book, a, b); });
    Holdings holdings;
    for (const Dated& one : all) {
        (is_frozen(book, book.allocations[one.row]) ? holdings.frozen : holdings.free)
            .push_back(one.row);
    }
    return holdings;
}

Quantity units_of(const BookData& book, const std::vector<std::uint32_t>& rows) {
    Quantity sum;
    for (const std::uint32_t row : rows) {
        sum = sum + book.allocations[row].quantity;
    }
    return sum;
}

Result<std::vector<Adjustment>> take_back(const BookData& book,
                                          const std::vector<std::uint32_t>& rows, Quantity units,
                                          const OrderId& order) {
    std::vector<Adjustment> taken;
    for (auto at = rows.rbegin(); at != rows.rend() && !units.is_zero(); ++at) {
        const AllocationRow& row = book.allocations[*at];
        const Quantity part = std::min(units, row.quantity);
        if (is_averaged(book, row) || (part < row.quantity && !is_divisible(book, row))) {
            return Unexpected{Error{ErrorCode::change_touches_allocated,
                                    "order",
                                    order.to_string(),
                                    "quantity",
                                    entangled_text(book, row),
                                    "allocations of one execution each, as a reallocation makes "
                                    "them",
                                    {}}};
        }
        taken.push_back({*at, row.quantity - part});
        units = units - part;
    }
    return taken;
}

std::string to_reverse(const BookData& book, const std::vector<std::uint32_t>& rows,
                       Quantity units) {
    std::string text;
    for (auto at = rows.rbegin(); at != rows.rend() && !units.is_zero(); ++at) {
        const AllocationView view{book, book.allocations[*at]};
        Reversal reversal;
        reversal.units = std::min(units, view.quantity());
        reversal.currency = view.price_currency();
        if (const std::optional<Price> price = view.price()) {
            const Result<Decimal> cash = multiply(reversal.units.units(), price->amount());
            reversal.cash = cash ? std::optional{*cash} : std::nullopt;
        }
        text += text.empty() ? "" : "; ";
        text += units_and_cash(reversal) + " of allocation " + view.id().to_string();
        units = units - reversal.units;
    }
    return text;
}

std::vector<std::uint32_t> placements_of(const BookData& book, const AllocationRow& row) {
    if (row.details == none) {
        return {book.executions.rows[row.execution].placement};
    }
    const store::AllocationDetails& details = book.allocation_details[row.details];
    std::vector<std::uint32_t> placements;
    std::for_each(
        book.begin(details.executions), book.end(details.executions), [&](std::uint32_t execution) {
            if (const std::uint32_t at = book.executions.any_row_of(execution); at != none) {
                placements.push_back(book.executions.rows[at].placement);
            }
        });
    if (placements.empty()) {
        placements.assign(book.begin(details.placements), book.end(details.placements));
    }
    return placements;
}

}  // namespace allot::run
