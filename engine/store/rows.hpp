// Rows: how entities lie in a book, with text and ids as numbers of pools.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "allot/id.hpp"
#include "allot/price.hpp"
#include "allot/property.hpp"
#include "allot/quantity.hpp"
#include "allot/time.hpp"
#include "engine/base/prefetch.hpp"
#include "engine/store/pools.hpp"

namespace allot::store {

// An instant and the number of its text as received; text 0 means "not given". The text is not kept
// where it follows from the instant (see text_of): a day has millions of them. That of an execution
// or an allocation always is, because views of allocations show it.
struct StoredTime {
    std::int64_t seconds{0};
    std::uint32_t nanoseconds{0};
    std::uint32_t text{0};

    [[nodiscard]] Instant instant() const noexcept { return {seconds, nanoseconds}; }
};

// A stretch of BookData::lists.
struct List {
    std::uint32_t first{0};
    std::uint32_t count{0};
};

// What every version of every entity has.
struct RowHead {
    std::uint32_t id{0};           // number in the pool of its kind
    std::uint32_t previous{none};  // row of the version before
    std::uint32_t written{0};      // number in BookData::writings
    bool is_removed{false};        // this version says that the entity is gone
    bool has_quantity{false};      // of what may be without
};

// Amounts that few entities have, and properties: kept beside the rows.
struct Extras {
    std::optional<CurrencyAndAmount> price{};
    std::optional<CurrencyAndAmount> limit_price{};
    std::optional<CurrencyAndAmount> stop_price{};
    std::optional<CurrencyAndAmount> amount{};
    std::optional<Decimal> number{};  // an order's weight, an execution's average price
    std::optional<ResourceId> order_book_id{};
    std::optional<ResourceId> order_instruction{};
    std::optional<ResourceId> package{};
    std::optional<bool> is_swept{};
    std::string execution_system{};
    std::string entry_type{};
    Properties properties{};

    friend bool operator==(const Extras&, const Extras&) = default;
};

struct OrderRow {
    RowHead head{};
    std::uint32_t portfolio{none};
    std::uint32_t kind{0};  // number in BookData::order_kinds
    Quantity quantity{};
    StoredTime date{};
    std::uint32_t identifiers{0};
    std::uint32_t extras{none};
};
// A run looks at orders that lie far apart: each is one line of the processor's cache.
static_assert(sizeof(OrderRow) == 64);

struct BlockRow {
    RowHead head{};
    List orders{};
    Quantity quantity{};
    StoredTime created_date{};
    std::uint32_t side{0};
    std::uint32_t type{0};
    std::uint32_t time_in_force{0};
    std::uint32_t identifiers{0};
    std::uint32_t lusid_instrument_id{0};
    std::uint32_t extras{none};
};

struct PlacementRow {
    RowHead head{};
    List blocks{};
    std::uint32_t parent{none};
    Quantity quantity{};
    StoredTime created_date{};
    std::uint32_t side{0};
    std::uint32_t state{0};
    std::uint32_t type{0};
    std::uint32_t time_in_force{0};
    std::uint32_t identifiers{0};
    std::uint32_t counterparty{0};
    std::uint32_t lusid_instrument_id{0};
    std::uint32_t extras{none};
};

struct ExecutionRow {
    RowHead head{};
    std::uint32_t placement{none};
    Quantity quantity{};
    Decimal price{};
    Decimal fx_rate{};
    StoredTime created_date{};
    StoredTime settlement_date{};
    std::uint32_t price_currency{0};
    std::uint32_t side{0};
    std::uint32_t state{0};
    std::uint32_t type{0};
    std::uint32_t identifiers{0};
    std::uint32_t settlement_currency{0};
    std::uint32_t counterparty{0};
    std::uint32_t lusid_instrument_id{0};
    std::uint32_t extras{none};
    bool has_price{false};
    bool has_fx_rate{false};
};

// What an allocation says when it is not just what follows from its execution and order.
struct AllocationDetails {
    std::uint32_t id{none};  // none: the id follows from execution and order
    std::uint32_t order{none};
    std::uint32_t portfolio{none};
    std::uint32_t custodian{none};
    List placements{};
    List executions{};
    Decimal price{};
    Decimal fx_rate{};
    StoredTime date{};
    StoredTime settlement_date{};
    std::uint32_t price_currency{0};
    std::uint32_t side{0};
    std::uint32_t state{0};
    std::uint32_t type{0};
    std::uint32_t identifiers{0};
    std::uint32_t settlement_currency{0};
    std::uint32_t counterparty{0};
    std::uint32_t instrument_scope{0};
    std::uint32_t lusid_instrument_id{0};
    std::uint32_t extras{none};  // properties, without the run's
    bool has_price{false};
    bool has_fx_rate{false};
};

// Calls for a row that will be looked at soon.
template <class Row>
void prefetch(const Row& row) noexcept {
    constexpr std::size_t line = 64;
    const auto* const bytes = reinterpret_cast<const char*>(&row);
    for (std::size_t at = 0; at < sizeof(Row); at += line) {
        detail::prefetch(bytes + at);
    }
    detail::prefetch(bytes + sizeof(Row) - 1);
}

}  // namespace allot::store
