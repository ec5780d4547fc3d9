// The short way of a row into a book: fields go from the file's text to the store's row, without an
// entity and its strings between. It is for rows in which nothing is out of the ordinary. Whatever
// else there is (a problem, an amount that few rows have, a property, a second row of the same id)
// makes it give up, and the reader takes the long way, which knows what to say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/io/fields.hpp"
#include "engine/store/book_data.hpp"

namespace allot::io {

// Number of the field that JSON calls `name`.
template <class Entity>
[[nodiscard]] consteval std::size_t number_of(std::string_view name) {
    std::size_t number = field_count<Entity>;
    for_each_field<Entity>([&](const auto& field, std::size_t index) {
        number = field.name == name ? index : number;
    });
    if (number == field_count<Entity>) {
        throw name;  // no constant expression: does not compile
    }
    return number;
}

template <class Entity>
inline constexpr bool has_usual_rows =
    std::is_same_v<Entity, Order> || std::is_same_v<Entity, Block> ||
    std::is_same_v<Entity, Placement> || std::is_same_v<Entity, Execution>;

// Text to what a row holds of it. Every function returns false when the long way has to be taken.
// Precondition: all text is UTF-8.
class RowPacker {
  public:
    explicit RowPacker(BookData& book) noexcept : book_{&book} {}

    [[nodiscard]] BookData& book() noexcept { return *book_; }

    // What a field had in the row before: most fields repeat themselves.
    struct Memo {
        std::uint32_t text{0};
        store::StoredTime time{};
    };
    void text(std::string_view text, Memo& memo, std::uint32_t& out);
    bool time(std::string_view text, Memo& memo, store::StoredTime& out);
    bool order_time(std::string_view text, store::StoredTime& out);
    static bool decimal(std::string_view text, Decimal& out);
    static bool quantity(std::string_view text, Quantity& out);
    static bool is_id(std::string_view scope, std::string_view code) noexcept;
    // The set of identifiers that stands as `source` in the file; `read(Identifiers&)` is asked for
    // what was not there before.
    template <class Read>
    bool identifiers(std::string_view source, Read read, std::uint32_t& out);

  private:
    static constexpr std::size_t most_known_identifiers = 65536;

    BookData* book_;
    store::TextPool sources_{};  // of sets of identifiers that were read before
    std::vector<std::uint32_t> identifiers_{0};
};

template <class Read>
bool RowPacker::identifiers(std::string_view source, Read read, std::uint32_t& out) {
    if (const std::uint32_t known = sources_.find(source); known != store::none) {
        out = identifiers_[known];
        return true;
    }
    Identifiers identifiers;
    if (!read(identifiers)) {
        return false;
    }
    out = book_->identifiers.intern(identifiers);
    if (identifiers_.size() < most_known_identifiers) {
        (void)sources_.intern(source);
        identifiers_.push_back(out);
    }
    return true;
}

// `Source` gives the fields of one row by their numbers; a field without a value leaves `out`
// alone.
template <class Source>
bool read_usual(Source& in, store::OrderRow& row) {
    constexpr auto at = [](std::string_view name) consteval {
        return number_of<Order>(name);
    };
    BookData& book = in.book();
    return in.text(at("side"), row.side) && row.side != 0 &&
           in.quantity(at("quantity"), row.quantity, row.has_quantity) && row.has_quantity &&
           in.id(at("portfolioId"), book.portfolios, row.portfolio) &&
           in.identifiers(at("instrumentIdentifiers"), row.identifiers) &&
           in.order_time(at("date"), row.date) && in.text(at("state"), row.state) &&
           in.text(at("type"), row.type) && in.text(at("timeInForce"), row.time_in_force) &&
           in.id(at("custodianAccountId"), book.custodians, row.custodian) &&
           in.text(at("instrumentScope"), row.instrument_scope) &&
           in.text(at("lusidInstrumentId"), row.lusid_instrument_id);
}

template <class Source>
bool read_usual(Source& in, store::BlockRow& row) {
    constexpr auto at = [](std::string_view name) consteval {
        return number_of<Block>(name);
    };
    return in.text(at("side"), row.side) &&
           in.quantity(at("quantity"), row.quantity, row.has_quantity) &&
           in.identifiers(at("instrumentIdentifiers"), row.identifiers) &&
           in.time(at("createdDate"), row.created_date) && in.text(at("type"), row.type) &&
           in.text(at("timeInForce"), row.time_in_force) &&
           in.text(at("lusidInstrumentId"), row.lusid_instrument_id) &&
           in.template ids<Order>(at("orderIds"), in.book().orders.ids, row.orders);
}

template <class Source>
bool read_usual(Source& in, store::PlacementRow& row) {
    constexpr auto at = [](std::string_view name) consteval {
        return number_of<Placement>(name);
    };
    BookData& book = in.book();
    return in.id(at("parentPlacementId"), book.placements.ids, row.parent) &&
           in.text(at("side"), row.side) &&
           in.quantity(at("quantity"), row.quantity, row.has_quantity) &&
           in.identifiers(at("instrumentIdentifiers"), row.identifiers) &&
           in.text(at("state"), row.state) && in.text(at("type"), row.type) &&
           in.text(at("timeInForce"), row.time_in_force) &&
           in.time(at("createdDate"), row.created_date) &&
           in.text(at("counterparty"), row.counterparty) &&
           in.text(at("lusidInstrumentId"), row.lusid_instrument_id) &&
           in.template ids<Block>(at("blockIds"), book.blocks.ids, row.blocks) &&
           row.blocks.count != 0;
}

template <class Source>
bool read_usual(Source& in, store::ExecutionRow& row) {
    constexpr auto at = [](std::string_view name) consteval {
        return number_of<Execution>(name);
    };
    bool has_quantity = false;
    return in.id(at("placementId"), in.book().placements.ids, row.placement) &&
           row.placement != store::none &&
           in.quantity(at("quantity"), row.quantity, has_quantity) && has_quantity &&
           in.time(at("createdDate"), row.created_date) && row.created_date.text != 0 &&
           in.money(at("price"), row.price, row.price_currency, row.has_price) &&
           in.text(at("side"), row.side) &&
           in.identifiers(at("instrumentIdentifiers"), row.identifiers) &&
           in.text(at("state"), row.state) && in.text(at("type"), row.type) &&
           in.time(at("settlementDate"), row.settlement_date) &&
           in.text(at("settlementCurrency"), row.settlement_currency) &&
           in.decimal(at("settlementCurrencyFxRate"), row.fx_rate, row.has_fx_rate) &&
           in.text(at("counterparty"), row.counterparty) &&
           in.text(at("lusidInstrumentId"), row.lusid_instrument_id);
}

template <class Entity>
struct RowOf;
template <>
struct RowOf<Order> {
    using Type = store::OrderRow;
};
template <>
struct RowOf<Block> {
    using Type = store::BlockRow;
};
template <>
struct RowOf<Placement> {
    using Type = store::PlacementRow;
};
template <>
struct RowOf<Execution> {
    using Type = store::ExecutionRow;
};

template <class Entity>
[[nodiscard]] auto& table_of(BookData& book) {
    if constexpr (std::is_same_v<Entity, Order>) {
        return book.orders;
    } else if constexpr (std::is_same_v<Entity, Block>) {
        return book.blocks;
    } else if constexpr (std::is_same_v<Entity, Placement>) {
        return book.placements;
    } else {
        return book.executions;
    }
}

// Reads one row and appends it to the book. Returns false, with nothing appended, when the long way
// has to be taken. `in.is_spent()` says whether every value of the row was asked for.
template <class Entity, class Source>
bool take_usual(Source& in, BookBuilder& builder, const Place& place) {
    BookData& book = in.book();
    const std::size_t lists = book.lists.size();
    auto& table = table_of<Entity>(book);
    typename RowOf<Entity>::Type row;
    row.head.id = store::none;
    if (in.id(number_of<Entity>("id"), table.ids, row.head.id) && row.head.id != store::none &&
        table.any_row_of(row.head.id) == store::none && read_usual(in, row) && in.is_spent()) {
        builder.add_row(row, place);
        return true;
    }
    book.lists.resize(lists);
    return false;
}

}  // namespace allot::io
