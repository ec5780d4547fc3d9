// The short way of the rows of a CSV file, in two steps (see usual_rows.hpp for what it is). What
// can be made of a stretch of the file without the book is made first, on any thread: cells are
// cut, numbers and times are read, and texts and ids get numbers of the stretch's own. Then, in the
// order of the rows, those numbers become the book's.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/text_ends.hpp"
#include "engine/io/csv_input.hpp"
#include "engine/io/csv_table.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/usual_rows.hpp"
#include "engine/store/time_text.hpp"

namespace allot::io {

// The texts of a stretch, with numbers from 1; 0 is the empty text. Most cells repeat one that was
// there before: a small table finds it again. One that it has forgotten gets a second number.
class StretchTexts {
  public:
    struct Entry {
        std::string_view text{};
        std::size_t scope_size{0};          // of an id
        std::uint32_t number{store::none};  // the book's, when it is known
    };

    StretchTexts() { clear(); }
    void clear() {
        entries_.assign(1, Entry{{}, 0, 0});  // the empty text and the empty set have that number
        slots_.fill(Slot{});
    }
    // The number that `text` has among those of its kind, or 0.
    [[nodiscard]] std::uint32_t find(std::size_t kind, std::string_view text) noexcept {
        const detail::TextEnds ends = detail::ends_of(text);
        wanted_ = {ends.first, ends.last, static_cast<std::uint32_t>(text.size()),
                   static_cast<std::uint32_t>(kind), 0};
        pair_ = &slots_[2 * pair_of(kind, text.size(), ends)];
        for (const Slot* slot = pair_; slot != pair_ + 2; ++slot) {
            if (slot->first == ends.first && slot->last == ends.last &&
                slot->size == wanted_.size && slot->kind == wanted_.kind && slot->number != 0 &&
                (text.size() <= 16 || entries_[slot->number].text == text)) {
                return slot->number;
            }
        }
        return 0;
    }
    // Adds the text that was looked for last and not found.
    std::uint32_t add_wanted(std::string_view text, std::size_t scope_size = 0) {
        wanted_.number = add(text, scope_size);
        pair_[1] = pair_[0];
        pair_[0] = wanted_;
        return wanted_.number;
    }
    // Adds a text that nobody will look for.
    std::uint32_t add(std::string_view text, std::size_t scope_size = 0) {
        entries_.push_back({text, scope_size, store::none});
        return static_cast<std::uint32_t>(entries_.size() - 1);
    }
    [[nodiscard]] Entry& entry(std::uint32_t number) noexcept { return entries_[number]; }

  private:
    // Up to 16 bytes, ends and size are all that there is to a text.
    struct Slot {
        std::uint64_t first{0};
        std::uint64_t last{0};
        std::uint32_t size{0};
        std::uint32_t kind{0};
        std::uint32_t number{0};
    };
    static constexpr unsigned pair_bits = 9;

    static std::size_t pair_of(std::size_t kind, std::size_t size,
                               const detail::TextEnds& ends) noexcept {
        constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;
        const std::uint64_t mixed =
            (ends.first ^ (ends.last << 7U | ends.last >> 57U)) * golden + (kind << 5U ^ size);
        return static_cast<std::size_t>(mixed * golden >> (64U - pair_bits));
    }

    std::vector<Entry> entries_{};
    std::array<Slot, std::size_t{2} << pair_bits> slots_{};  // a text has one place in a pair
    Slot* pair_{nullptr};
    Slot wanted_{};
};

// The kinds of the orders of a stretch: of its texts, until the book's number is known. One that is
// forgotten gets a second number.
class StretchKinds {
  public:
    struct Entry {
        store::OrderKind kind{};
        std::uint32_t number{store::none};  // the book's, when it is known
    };

    StretchKinds() { clear(); }
    void clear() {
        entries_.assign(1, Entry{});
        slots_.fill(0);
    }
    [[nodiscard]] Entry& entry(std::uint32_t number) noexcept { return entries_[number]; }
    [[nodiscard]] std::uint32_t number_of(const store::OrderKind& kind) {
        std::uint32_t& slot = slots_[slot_of(kind)];
        if (!(entries_[slot].kind == kind)) {
            slot = static_cast<std::uint32_t>(entries_.size());
            entries_.push_back({kind, store::none});
        }
        return slot;
    }

  private:
    static constexpr std::size_t slot_count = 64;

    static std::size_t slot_of(const store::OrderKind& kind) noexcept {
        std::size_t mixed = 0;
        for (const std::uint32_t part :
             {kind.side, kind.state, kind.type, kind.time_in_force, kind.instrument_scope,
              kind.lusid_instrument_id, kind.custodian}) {
            mixed = mixed * 31 + part;
        }
        return mixed % slot_count;
    }

    std::vector<Entry> entries_{};
    std::array<std::uint32_t, slot_count> slots_{};  // numbers; that of entry 0: none
};

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

// A stretch of a file, and what was made of its rows.
template <class Entity>
struct PreparedRows {
    struct Item {
        typename RowOf<Entity>::Type row{};  // head.id is none where the long way has to be taken
        std::size_t offset{0};
        std::uint64_t lines_before{0};
    };

    std::vector<char> bytes{};
    std::string_view text{};
    std::optional<Error> problem{};       // for which there is no text
    std::size_t begin{0};                 // of the rows
    std::uint64_t lines_before_begin{0};  // line feeds
    std::optional<std::size_t> byte_not_utf8{};
    std::vector<Item> items{};
    std::vector<IdView<Entity>> ids{};  // of the items
    // Ids of the entities of the file before, which most rows refer to (of another kind in truth),
    // and their numbers; none: not known yet.
    std::vector<IdView<Entity>> referred{};
    std::vector<std::uint32_t> referred_numbers{};
    StretchTexts texts{};
    StretchKinds kinds{};
    std::uint64_t lines{0};  // line feeds of the whole text
};

// The ids of the entities of the file before. They are all known by then, as a rule, so that
// threads look them up; who adds one all the same keeps them out meanwhile.
template <class Entity>
[[nodiscard]] store::IdPool& referred_ids(BookData& book) noexcept {
    if constexpr (std::is_same_v<Entity, Placement>) {
        return book.blocks.ids;
    } else if constexpr (std::is_same_v<Entity, Execution>) {
        return book.placements.ids;
    } else {
        return book.orders.ids;
    }
}

// Whether that is what a field with one id refers to.
template <class Entity>
[[nodiscard]] constexpr bool is_referred(std::size_t field) noexcept {
    if constexpr (std::is_same_v<Entity, Execution>) {
        return field == number_of<Execution>("placementId");
    }
    return field == field_count<Entity>;
}

// The first step. Takes the fields of one row after the other for read_usual().
template <class Entity>
class RowPreparer {
  public:
    // Of the book nothing but the ids referred to is looked at: it is there to name its parts.
    RowPreparer(BookData& book, const CellOrder<Entity>& order, PreparedRows<Entity>& rows)
        : book_{&book}, order_{&order}, rows_{&rows} {}

    // Prepares all rows of the text from `begin` on. What is no CSV is left to the long way.
    void prepare(std::shared_mutex& referred_mutex);

    [[nodiscard]] BookData& book() noexcept { return *book_; }
    bool text(std::size_t field, std::uint32_t& out) {
        return is_kept(order_->cell_of[field]) || text_in(order_->cell_of[field], out);
    }
    bool identifiers(std::size_t field, std::uint32_t& out) {
        if (!is_kept(order_->cell_of[field])) {
            const std::string_view cell = take(order_->cell_of[field]);
            out = cell.empty() ? 0 : number_of_text(field + 1, cell);
        }
        return true;
    }
    bool kept_time(std::size_t field, store::StoredTime& out);
    bool time(std::size_t field, store::StoredTime& out);
    bool quantity(std::size_t field, Quantity& out, bool& is_given) {
        return number<Quantity>(field, out, is_given, &RowPacker::quantity);
    }
    bool decimal(std::size_t field, Decimal& out, bool& is_given) {
        return number<Decimal>(field, out, is_given, &RowPacker::decimal);
    }
    bool money(std::size_t field, Decimal& out, std::uint32_t& currency, bool& is_given) {
        const std::size_t cell = order_->currency_of[field];
        return decimal(field, out, is_given) && (is_kept(cell) || text_in(cell, currency)) &&
               (is_given || currency == 0);
    }
    bool id(std::size_t field, store::IdPool& pool, std::uint32_t& out);
    template <class Kind>
    bool ids(std::size_t field, store::IdPool& pool, store::List& out);
    bool kind(std::uint32_t& out);

  private:
    static constexpr std::size_t texts_of_book = 0;  // a kind of text; others go by their field

    void prepare_items();
    bool prepare_row(typename RowOf<Entity>::Type& row);
    void remember_tail(const CsvReader& reader, const typename RowOf<Entity>::Type& row);
    // Whether the row has that field already: it is that of the row before, or no file has it.
    [[nodiscard]] bool is_kept(std::size_t cell) const noexcept { return cell >= kept_from_; }
    bool text_in(std::size_t number_of_cell, std::uint32_t& out) {
        const std::string_view cell = take(number_of_cell);
        out = cell.empty() ? 0 : number_of_text(texts_of_book, cell);
        return true;
    }
    template <class Number>
    bool number(std::size_t field, Number& out, bool& is_given,
                bool (*read)(std::string_view, Number&)) {
        if (is_kept(order_->cell_of[field])) {
            return true;
        }
        const std::string_view cell = take(order_->cell_of[field]);
        is_given = !cell.empty();
        out = Number{};
        return cell.empty() || read(cell, out);
    }
    // Precondition: !is_kept(cell).
    [[nodiscard]] std::string_view take(std::size_t cell) noexcept {
        unread_ -= cells_[cell].text.empty() ? 0U : 1U;
        return cells_[cell].text;
    }
    std::uint32_t number_of_text(std::size_t kind, std::string_view cell) {
        const std::uint32_t known = rows_->texts.find(kind, cell);
        return known != 0 ? known : rows_->texts.add_wanted(cell);
    }
    // Divides an id in which nothing is escaped.
    [[nodiscard]] bool divide(std::string_view text, IdView<Entity>& id) const noexcept;
    bool instant(std::string_view text, Instant& out);

    struct LastTime {
        std::string_view text{};
        store::StoredTime time{};
    };

    BookData* book_;
    const CellOrder<Entity>* order_;
    PreparedRows<Entity>* rows_;
    bool has_backslash_{false};  // somewhere in the stretch
    const CsvCell* cells_{nullptr};
    std::size_t unread_{0};    // cells with text that nobody asked for yet
    std::string_view date_{};  // of the time that was read last, and the second it begins with
    std::int64_t midnight_{0};
    std::array<LastTime, field_count<Entity>> last_times_{};
    // What rows may have in common with the one before, and where the cells begin that the row at
    // hand has in common with it.
    std::string_view tail_{};
    typename RowOf<Entity>::Type tail_row_{};
    std::size_t kept_from_{CellOrder<Entity>::no_cell};
};

template <class Entity>
void RowPreparer<Entity>::prepare(std::shared_mutex& referred_mutex) {
    PreparedRows<Entity>& rows = *rows_;
    rows.items.clear();
    rows.ids.clear();
    rows.referred.clear();
    rows.referred_numbers.clear();
    rows.texts.clear();
    rows.kinds.clear();
    rows.byte_not_utf8 = first_byte_not_utf8(rows.text);
    if (rows.byte_not_utf8) {
        return;
    }
    prepare_items();
    if (!rows.referred.empty()) {
        const std::shared_lock lock{referred_mutex};
        const std::span<const IdView<Entity>> ids{rows.referred};
        std::as_const(referred_ids<Entity>(*book_)).find(ids, rows.referred_numbers);
    }
}

template <class Entity>
void RowPreparer<Entity>::prepare_items() {
    PreparedRows<Entity>& rows = *rows_;
    has_backslash_ = rows.text.find('\\') != std::string_view::npos;
    CsvReader reader{rows.text};
    reader.go_to(rows.begin, rows.lines_before_begin);
    while (reader.next(order_->head, tail_)) {
        auto& item = rows.items.emplace_back();
        item.offset = reader.offset();
        item.lines_before = reader.lines_before();
        cells_ = reader.cells().data();
        unread_ = reader.filled();
        kept_from_ = CellOrder<Entity>::no_cell;
        if (reader.has_tail()) {
            item.row = tail_row_;
            kept_from_ = order_->head;
        }
        const std::size_t referred = rows.referred.size();
        if ((reader.has_tail() || reader.cells().size() == order_->columns) &&
            reader.is_text_itself() && prepare_row(item.row)) {
            item.row.head.id = 0;
            remember_tail(reader, item.row);
        } else {
            item.row.head.id = store::none;
            rows.referred.resize(referred);
            rows.ids.resize(rows.items.size());
        }
    }
    if (reader.failure()) {
        auto& item = rows.items.emplace_back();
        item.offset = reader.offset();
        item.lines_before = reader.lines_before();
        item.row.head.id = store::none;
        rows.ids.emplace_back();
    }
    rows.lines = reader.lines();
}

template <class Entity>
bool RowPreparer<Entity>::prepare_row(typename RowOf<Entity>::Type& row) {
    IdView<Entity>& id = rows_->ids.emplace_back();
    return divide(take(order_->cell_of[number_of<Entity>("id")]), id) && read_usual(*this, row) &&
           unread_ == 0;
}

template <class Entity>
void RowPreparer<Entity>::remember_tail(const CsvReader& reader,
                                        const typename RowOf<Entity>::Type& row) {
    constexpr std::size_t fewest_cells = 4;  // what is less is not worth a look
    if (reader.has_tail() || order_->head + fewest_cells > order_->columns) {
        return;
    }
    const std::size_t begin = reader.cells()[order_->head].offset;
    const std::string_view tail = rows_->text.substr(begin, reader.end() - begin);
    if (tail.ends_with('\n') && tail.find('"') == std::string_view::npos) {
        tail_ = tail;
        tail_row_ = row;
    }
}

template <class Entity>
bool RowPreparer<Entity>::divide(std::string_view text, IdView<Entity>& id) const noexcept {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos ||
        (has_backslash_ && text.find('\\') != std::string_view::npos)) {
        return false;
    }
    id = {text.substr(0, slash), text.substr(slash + 1)};
    return RowPacker::is_id(id.scope, id.code);
}

template <class Entity>
bool RowPreparer<Entity>::instant(std::string_view text, Instant& out) {
    if (!date_.empty() && read_time_of_date(text, date_, midnight_, out)) {
        return true;
    }
    const Result<Instant> read = parse_instant(text);
    if (!read) {
        return false;
    }
    out = *read;
    // What follows is likely to be of the same day.
    if (const std::string_view date = text.substr(0, store::date_size); date != date_) {
        date_ = date;
        midnight_ = parse_instant(date)->seconds;
    }
    return true;
}

// The text is kept, and most of these repeat the row before.
template <class Entity>
bool RowPreparer<Entity>::kept_time(std::size_t field, store::StoredTime& out) {
    if (is_kept(order_->cell_of[field])) {
        return true;
    }
    const std::string_view cell = take(order_->cell_of[field]);
    if (cell.empty()) {
        out = {};
        return true;
    }
    LastTime& last = last_times_[field];
    if (last.text != cell) {
        Instant read;
        if (!instant(cell, read)) {
            return false;
        }
        last = {cell, {read.seconds, read.nanoseconds, rows_->texts.add(cell)}};
    }
    out = last.time;
    return true;
}

template <class Entity>
bool RowPreparer<Entity>::time(std::size_t field, store::StoredTime& out) {
    if (is_kept(order_->cell_of[field])) {
        return true;
    }
    const std::string_view cell = take(order_->cell_of[field]);
    Instant read;
    if (cell.empty()) {
        out = {};
        return true;
    }
    if (!instant(cell, read)) {
        return false;
    }
    const std::uint32_t form = store::form_of(cell);
    out = {read.seconds, read.nanoseconds, form != 0 ? form : rows_->texts.add(cell)};
    return true;
}

template <class Entity>
bool RowPreparer<Entity>::id(std::size_t field, store::IdPool& /*pool*/, std::uint32_t& out) {
    if (is_kept(order_->cell_of[field])) {
        return true;
    }
    const std::string_view cell = take(order_->cell_of[field]);
    if (cell.empty()) {
        out = store::none;
        return true;
    }
    if (is_referred<Entity>(field)) {
        out = static_cast<std::uint32_t>(rows_->referred.size());
        return divide(cell, rows_->referred.emplace_back());
    }
    out = rows_->texts.find(field + 1, cell);
    if (out == 0) {
        IdView<Entity> id;
        if (!divide(cell, id)) {
            return false;
        }
        out = rows_->texts.add_wanted(cell, id.scope.size());
    }
    return true;
}

template <class Entity>
template <class Kind>
bool RowPreparer<Entity>::ids(std::size_t field, store::IdPool& /*pool*/, store::List& out) {
    out = {};
    if (is_kept(order_->cell_of[field])) {
        return true;
    }
    std::string_view rest = take(order_->cell_of[field]);
    std::vector<IdView<Entity>>& referred = rows_->referred;
    out.first = static_cast<std::uint32_t>(referred.size());
    while (!rest.empty()) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        if (!divide(rest.substr(0, bar), referred.emplace_back()) || bar + 1 == rest.size()) {
            return false;
        }
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    out.count = static_cast<std::uint32_t>(referred.size()) - out.first;
    return true;
}

template <class Entity>
bool RowPreparer<Entity>::kind(std::uint32_t& out) {
    StretchKinds& kinds = rows_->kinds;
    store::OrderKind kind = kinds.entry(out).kind;  // of which some fields may be kept
    if (!read_kind(*this, kind)) {
        return false;
    }
    out = kinds.number_of(kind);
    return true;
}

// The second step: the numbers of a prepared row become the book's. Takes for read_usual() what the
// first step has put into the row.
template <class Entity>
class RowFinisher {
  public:
    RowFinisher(BookData& book, std::shared_mutex& referred_mutex)
        : packer_{book}, referred_mutex_{&referred_mutex} {}

    // The rows of a stretch, from the first on.
    void begin(PreparedRows<Entity>& rows) noexcept {
        rows_ = &rows;
        known_ids_ = 0;
    }
    // Finishes the next usual row. Returns false, with nothing left in the book, when the long way
    // has to be taken after all.
    bool finish(std::size_t item);

    [[nodiscard]] BookData& book() noexcept { return packer_.book(); }
    bool text(std::size_t /*field*/, std::uint32_t& out) {
        StretchTexts::Entry& entry = rows_->texts.entry(out);
        if (entry.number == store::none) {
            entry.number = book().texts.intern(entry.text);
        }
        out = entry.number;
        return true;
    }
    bool kept_time(std::size_t field, store::StoredTime& out) {
        return (out.text & store::not_kept) != 0 || text(field, out.text);
    }
    bool time(std::size_t field, store::StoredTime& out) { return kept_time(field, out); }
    static bool quantity(std::size_t /*field*/, const Quantity& out, bool& is_given) {
        is_given = !out.is_zero();
        return true;
    }
    static bool decimal(std::size_t /*field*/, const Decimal& /*out*/, bool& /*is_given*/) {
        return true;
    }
    bool money(std::size_t field, const Decimal& /*out*/, std::uint32_t& currency,
               bool& /*is_given*/) {
        return text(field, currency);
    }
    bool id(std::size_t field, store::IdPool& pool, std::uint32_t& out);
    template <class Kind>
    bool ids(std::size_t field, store::IdPool& pool, store::List& out);
    bool identifiers(std::size_t field, std::uint32_t& out);
    bool kind(std::uint32_t& out);

  private:
    static constexpr std::size_t rows_at_once = 32;

    void intern_ids(std::size_t item);
    [[nodiscard]] std::uint32_t number_of_referred(std::uint32_t referred, store::IdPool& pool) {
        const std::uint32_t known = rows_->referred_numbers[referred];
        if (known != store::none) {
            return known;
        }
        const IdView<Entity>& id = rows_->referred[referred];
        const std::scoped_lock lock{*referred_mutex_};
        return pool.intern(id.scope, id.code);
    }

    RowPacker packer_;
    std::shared_mutex* referred_mutex_;
    PreparedRows<Entity>* rows_{nullptr};
    // The numbers of the ids of items up to known_ids_.
    std::vector<std::uint32_t> numbers_{};
    std::size_t first_number_{0};
    std::size_t known_ids_{0};
};

template <class Entity>
bool RowFinisher<Entity>::finish(std::size_t item) {
    if (item >= known_ids_) {
        intern_ids(item);
    }
    auto& row = rows_->items[item].row;
    std::vector<std::uint32_t>& lists = book().lists;
    const std::size_t lists_before = lists.size();
    row.head.id = numbers_[item - first_number_];
    if (table_of<Entity>(book()).any_row_of(row.head.id) == store::none && read_usual(*this, row)) {
        return true;
    }
    lists.resize(lists_before);
    return false;
}

// Several at once, which hides the time that memory takes.
template <class Entity>
void RowFinisher<Entity>::intern_ids(std::size_t item) {
    std::size_t end = item;
    while (end < rows_->items.size() && end < item + rows_at_once &&
           rows_->items[end].row.head.id != store::none) {
        ++end;
    }
    first_number_ = item;
    known_ids_ = end;
    numbers_.clear();
    const std::span<const IdView<Entity>> ids{rows_->ids};
    table_of<Entity>(book()).ids.intern(ids.subspan(item, end - item), numbers_);
}

template <class Entity>
bool RowFinisher<Entity>::id(std::size_t field, store::IdPool& pool, std::uint32_t& out) {
    if (out == store::none) {
        return true;
    }
    if (is_referred<Entity>(field)) {
        out = number_of_referred(out, pool);
        return true;
    }
    StretchTexts::Entry& entry = rows_->texts.entry(out);
    if (entry.number == store::none) {
        entry.number = pool.intern(entry.text.substr(0, entry.scope_size),
                                   entry.text.substr(entry.scope_size + 1));
    }
    out = entry.number;
    return true;
}

template <class Entity>
template <class Kind>
bool RowFinisher<Entity>::ids(std::size_t /*field*/, store::IdPool& pool, store::List& out) {
    std::vector<std::uint32_t>& lists = book().lists;
    const std::uint32_t from = out.first;
    out.first = static_cast<std::uint32_t>(lists.size());
    for (std::uint32_t i = 0; i < out.count; ++i) {
        lists.push_back(number_of_referred(from + i, pool));
    }
    return true;
}

template <class Entity>
bool RowFinisher<Entity>::kind(std::uint32_t& out) {
    StretchKinds::Entry& entry = rows_->kinds.entry(out);
    if (entry.number == store::none) {
        store::OrderKind kind = entry.kind;
        if (!read_kind(*this, kind)) {
            return false;
        }
        entry.number = book().order_kinds.intern(kind);
    }
    out = entry.number;
    return true;
}

template <class Entity>
bool RowFinisher<Entity>::identifiers(std::size_t /*field*/, std::uint32_t& out) {
    StretchTexts::Entry& entry = rows_->texts.entry(out);
    if (entry.number == store::none) {
        const std::string_view cell = entry.text;
        const bool is_good = packer_.identifiers(
            cell,
            [&](Identifiers& identifiers) {
                Complaints complaints{true};
                return CsvInput{complaints}.read(CsvCell{cell, 0}, Trail{}, identifiers);
            },
            entry.number);
        if (!is_good) {
            return false;
        }
    }
    out = entry.number;
    return true;
}

}  // namespace allot::io
