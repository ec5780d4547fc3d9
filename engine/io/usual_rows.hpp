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

// The same as parse_instant() of a time of the day `date` in UTC, as files are full of them; its
// midnight is known. Returns false for all other texts, and whatever is no time.
[[nodiscard]] bool read_time_of_date(std::string_view text, std::string_view date,
                                     std::int64_t midnight, Instant& out) noexcept;

// Text to what a row holds of it. Every function returns false when the long way has to be taken.
// Precondition: all text is UTF-8.
class RowPacker {
  public:
    explicit RowPacker(BookData& book) noexcept : book_{&book} {}

    [[nodiscard]] BookData& book() noexcept { return *book_; }

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
bool read_kind(Source& in, store::OrderKind& kind) {
    return in.text(number_of<Order>("side"), kind.side) && kind.side != 0 &&
           in.text(number_of<Order>("state"), kind.state) &&
           in.text(number_of<Order>("type"), kind.type) &&
           in.text(number_of<Order>("timeInForce"), kind.time_in_force) &&
           in.id(number_of<Order>("custodianAccountId"), in.book().custodians, kind.custodian) &&
           in.text(number_of<Order>("instrumentScope"), kind.instrument_scope) &&
           in.text(number_of<Order>("lusidInstrumentId"), kind.lusid_instrument_id);
}

// `in.kind()` takes the fields of read_kind().
template <class Source>
bool read_usual(Source& in, store::OrderRow& row) {
    return in.quantity(number_of<Order>("quantity"), row.quantity, row.head.has_quantity) &&
           row.head.has_quantity &&
           in.id(number_of<Order>("portfolioId"), in.book().portfolios, row.portfolio) &&
           in.identifiers(number_of<Order>("instrumentIdentifiers"), row.identifiers) &&
           in.time(number_of<Order>("date"), row.date) && in.kind(row.kind);
}

template <class Source>
bool read_usual(Source& in, store::BlockRow& row) {
    return in.text(number_of<Block>("side"), row.side) &&
           in.quantity(number_of<Block>("quantity"), row.quantity, row.head.has_quantity) &&
           in.identifiers(number_of<Block>("instrumentIdentifiers"), row.identifiers) &&
           in.time(number_of<Block>("createdDate"), row.created_date) &&
           in.text(number_of<Block>("type"), row.type) &&
           in.text(number_of<Block>("timeInForce"), row.time_in_force) &&
           in.text(number_of<Block>("lusidInstrumentId"), row.lusid_instrument_id) &&
           in.template ids<Order>(number_of<Block>("orderIds"), in.book().orders.ids, row.orders);
}

template <class Source>
bool read_usual(Source& in, store::PlacementRow& row) {
    BookData& book = in.book();
    return in.id(number_of<Placement>("parentPlacementId"), book.placements.ids, row.parent) &&
           in.text(number_of<Placement>("side"), row.side) &&
           in.quantity(number_of<Placement>("quantity"), row.quantity, row.head.has_quantity) &&
           in.identifiers(number_of<Placement>("instrumentIdentifiers"), row.identifiers) &&
           in.text(number_of<Placement>("state"), row.state) &&
           in.text(number_of<Placement>("type"), row.type) &&
           in.text(number_of<Placement>("timeInForce"), row.time_in_force) &&
           in.time(number_of<Placement>("createdDate"), row.created_date) &&
           in.text(number_of<Placement>("counterparty"), row.counterparty) &&
           in.text(number_of<Placement>("lusidInstrumentId"), row.lusid_instrument_id) &&
           in.template ids<Block>(number_of<Placement>("blockIds"), book.blocks.ids, row.blocks) &&
           row.blocks.count != 0;
}

template <class Source>
bool read_usual(Source& in, store::ExecutionRow& row) {
    bool has_quantity = false;
    return in.id(number_of<Execution>("placementId"), in.book().placements.ids, row.placement) &&
           row.placement != store::none &&
           in.quantity(number_of<Execution>("quantity"), row.quantity, has_quantity) &&
           has_quantity && in.kept_time(number_of<Execution>("createdDate"), row.created_date) &&
           row.created_date.text != 0 &&
           in.money(number_of<Execution>("price"), row.price, row.price_currency, row.has_price) &&
           in.text(number_of<Execution>("side"), row.side) &&
           in.identifiers(number_of<Execution>("instrumentIdentifiers"), row.identifiers) &&
           in.text(number_of<Execution>("state"), row.state) &&
           in.text(number_of<Execution>("type"), row.type) &&
           in.kept_time(number_of<Execution>("settlementDate"), row.settlement_date) &&
           in.text(number_of<Execution>("settlementCurrency"), row.settlement_currency) &&
           in.decimal(number_of<Execution>("settlementCurrencyFxRate"), row.fx_rate,
                      row.has_fx_rate) &&
           in.text(number_of<Execution>("counterparty"), row.counterparty) &&
           in.text(number_of<Execution>("lusidInstrumentId"), row.lusid_instrument_id);
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

}  // namespace allot::io
