// The cells of CSV rows for the short way: see prepared_rows.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "engine/io/csv_input.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/prepared_rows.hpp"

namespace allot::io {

// What a row of cells looks like: where the fields stand.
template <class Entity>
struct CellOrder {
    static constexpr std::size_t no_cell = static_cast<std::size_t>(-1);

    CellOrder() {
        cell_of.fill(no_cell);
        currency_of.fill(no_cell);
    }
    std::size_t columns{0};
    // So many cells a row begins with that are hardly ever those of the row before; what follows
    // them often is.
    std::size_t head{0};
    std::array<std::size_t, field_count<Entity>> cell_of{};
    std::array<std::size_t, field_count<Entity>> currency_of{};
};

// Whether a field has another value in each row, as a rule. Ids of what a row belongs to and lists
// of them must be among these: each row has a place of its own for them.
[[nodiscard]] inline bool changes_by_row(std::string_view field) noexcept {
    constexpr std::array<std::string_view, 9> fields{
        "id",   "orderIds",    "blockIds",   "quantity", "placementId", "instrumentIdentifiers",
        "date", "createdDate", "portfolioId"};
    return std::find(fields.begin(), fields.end(), field) != fields.end();
}
// The cells of one row after the other.
template <class Entity>
class CsvCells {
  public:
    // `has_backslash`: somewhere in the stretch.
    CsvCells(const CellOrder<Entity>& order, bool has_backslash) noexcept
        : order_{&order}, has_backslash_{has_backslash} {}

    // The row that was read last.
    void begin(const CsvReader& reader) noexcept {
        cells_ = reader.cells().data();
        unread_ = reader.filled();
        kept_from_ = reader.has_tail() ? order_->head : CellOrder<Entity>::no_cell;
    }
    [[nodiscard]] bool is_spent() const noexcept { return unread_ == 0; }

    // Kept is what the row has in common with the one before.
    [[nodiscard]] bool is_kept(std::size_t field) const noexcept {
        return order_->cell_of[field] >= kept_from_;
    }
    [[nodiscard]] bool is_currency_kept(std::size_t field) const noexcept {
        return order_->currency_of[field] >= kept_from_;
    }
    [[nodiscard]] std::string_view currency(std::size_t field) noexcept {
        return take(order_->currency_of[field]);
    }
    bool source(std::size_t field, std::string_view& out) noexcept {
        out = take(order_->cell_of[field]);
        return true;
    }
    // One kind of cell is like the other.
    bool text(std::size_t field, std::string_view& out) noexcept { return source(field, out); }
    bool time(std::size_t field, std::string_view& out) noexcept { return source(field, out); }
    bool digits(std::size_t field, std::string_view& out) noexcept { return source(field, out); }
    bool id(std::size_t field, IdView<Entity>& out) const noexcept {
        return divide(cells_[order_->cell_of[field]].text, out);
    }
    bool ids(std::size_t field, std::vector<IdView<Entity>>& out) const;

  private:
    [[nodiscard]] std::string_view take(std::size_t cell) noexcept {
        unread_ -= cells_[cell].text.empty() ? 0U : 1U;
        return cells_[cell].text;
    }
    // Divides an id in which nothing is escaped.
    [[nodiscard]] bool divide(std::string_view text, IdView<Entity>& id) const noexcept {
        const std::size_t slash = text.find('/');
        if (slash == std::string_view::npos ||
            (has_backslash_ && text.find('\\') != std::string_view::npos)) {
            return false;
        }
        id = {text.substr(0, slash), text.substr(slash + 1)};
        return RowPacker::is_id(id.scope, id.code);
    }

    const CellOrder<Entity>* order_;
    bool has_backslash_;
    const CsvCell* cells_{nullptr};
    std::size_t unread_{0};  // cells with text that nobody asked for yet
    std::size_t kept_from_{CellOrder<Entity>::no_cell};
};

template <class Entity>
bool CsvCells<Entity>::ids(std::size_t field, std::vector<IdView<Entity>>& out) const {
    std::string_view rest = cells_[order_->cell_of[field]].text;
    while (!rest.empty()) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        if (!divide(rest.substr(0, bar), out.emplace_back()) || bar + 1 == rest.size()) {
            return false;
        }
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    return true;
}

// Makes a set of identifiers of its cell.
struct CsvIdentifiers {
    bool operator()(std::string_view cell, Identifiers& out) const {
        Complaints complaints{true};
        return CsvInput{complaints}.read(CsvCell{cell, 0}, Trail{}, out);
    }
};

// A stretch of a file, and what was made of its rows.
template <class Entity>
struct CsvStretch {
    std::vector<char> bytes{};
    std::string_view text{};
    std::optional<Error> problem{};       // for which there is no text
    std::size_t begin{0};                 // of the rows
    std::uint64_t lines_before_begin{0};  // line feeds
    std::optional<std::size_t> byte_not_utf8{};
    PreparedRows<Entity> rows{};
    std::uint64_t lines{0};  // line feeds of the whole text
};

// What the rows of a stretch end with, from the first cell on that a row may have in common with
// the one before, and the row that it was of.
template <class Entity>
struct CsvTail {
    std::string_view text{};
    typename RowOf<Entity>::Type row{};
};

template <class Entity>
void remember_tail(const CsvReader& reader, const CellOrder<Entity>& order, std::string_view text,
                   const typename RowOf<Entity>::Type& row, CsvTail<Entity>& tail) {
    constexpr std::size_t fewest_cells = 4;  // what is less is not worth a look
    if (reader.has_tail() || order.head + fewest_cells > order.columns) {
        return;
    }
    const std::size_t begin = reader.cells()[order.head].offset;
    const std::string_view end = text.substr(begin, reader.end() - begin);
    if (end.ends_with('\n') && end.find('"') == std::string_view::npos) {
        tail = {end, row};
    }
}

// Prepares all rows of the text from `begin` on. What is no CSV is left to the long way.
// `mutex` is that of referred_ids().
template <class Entity>
void prepare_csv(BookData& book, const CellOrder<Entity>& order, CsvStretch<Entity>& stretch,
                 std::shared_mutex& mutex) {
    PreparedRows<Entity>& rows = stretch.rows;
    rows.clear();
    stretch.byte_not_utf8 = first_byte_not_utf8(stretch.text);
    if (stretch.byte_not_utf8) {
        return;
    }
    CsvCells<Entity> cells{order, stretch.text.find('\\') != std::string_view::npos};
    RowPreparer<Entity, CsvCells<Entity>> preparer{book, cells, rows};
    CsvTail<Entity> tail;
    CsvReader reader{stretch.text};
    reader.go_to(stretch.begin, stretch.lines_before_begin);
    while (reader.next(order.head, tail.text)) {
        auto& item = rows.items.emplace_back();
        item.offset = reader.offset();
        item.lines_before = reader.lines_before();
        if (reader.has_tail()) {
            item.row = tail.row;
        }
        cells.begin(reader);
        if (preparer.prepare((reader.has_tail() || reader.cells().size() == order.columns) &&
                             reader.is_text_itself())) {
            remember_tail(reader, order, stretch.text, item.row, tail);
        }
    }
    if (reader.failure()) {
        auto& item = rows.items.emplace_back();
        item.offset = reader.offset();
        item.lines_before = reader.lines_before();
        (void)preparer.prepare(false);
    }
    stretch.lines = reader.lines();
    find_referred(book, rows, mutex);
}

}  // namespace allot::io
