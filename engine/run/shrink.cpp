// Shrink: who keeps how much of an execution of which less is left than was allocated.
#include "engine/run/shrink.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "allot/registry.hpp"
#include "allot/split.hpp"

namespace allot::run {

namespace {

using store::none;

struct Holding {
    std::size_t position{0};  // in the list that was asked about
    bool has_date{false};
    Instant date{};
    ResourceId id{};
};

// In the order in which leftover lots are given.
std::vector<Holding> ranked(const BookData& book, const std::vector<std::uint32_t>& rows) {
    std::vector<Holding> holdings;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const detail::AllocationRow& row = book.allocations[rows[i]];
        const store::OrderRow& order = book.orders.rows[row.order];
        holdings.push_back(
            {i, order.date.text != 0, order.date.instant(), store::allocation_id(book, row)});
    }
    const auto rank = [](const Holding& h) { return std::tuple{!h.has_date, h.date, h.id}; };
    std::sort(holdings.begin(), holdings.end(),
              [&](const Holding& a, const Holding& b) { return rank(a) < rank(b); });
    return holdings;
}

Quantity lot_of(const BookData& book, const detail::AllocationRow& row) {
    if (row.placement == none) {
        return Quantity{1};
    }
    const store::LotLookup lot = store::lot_of(
        book,
        book.identifiers.set(store::identifiers_of(book, book.placements.rows[row.placement])));
    return lot.is_known ? lot.lot : Quantity{1};
}

}  // namespace

std::vector<std::uint32_t> allocations_of(const BookData& book, std::uint32_t execution) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t at = book.first_allocation(execution); at != none;
         at = book.allocations[at].next_of_execution) {
        if (book.counts(book.allocations[at])) {
            rows.push_back(at);
        }
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

bool is_frozen(const BookData& book, const detail::AllocationRow& row) {
    const std::uint32_t state = book.state_of(row);
    return state != none && store::is_frozen_allocation(book.text(state));
}

Result<std::vector<Quantity>> shrink(const BookData& book, const std::vector<std::uint32_t>& rows,
                                     const Quantity& left) {
    std::vector<Quantity> kept(rows.size());
    if (rows.empty() || left.is_zero()) {
        return kept;
    }
    const std::vector<Holding> holdings = ranked(book, rows);
    SplitRequest request;
    request.available = left;
    request.lot = lot_of(book, book.allocations[rows.front()]);
    for (const Holding& holding : holdings) {
        request.claims.push_back(book.allocations[rows[holding.position]].quantity);
    }
    const auto rule = Registry::with_builtins().find("PR-FIFO");
    const Result<SplitResult> shares = split(*rule.value(), request);
    if (!shares) {
        return Unexpected{shares.error()};
    }
    for (std::size_t i = 0; i < holdings.size(); ++i) {
        kept[holdings[i].position] = shares->shares[i];
    }
    return kept;
}

}  // namespace allot::run
