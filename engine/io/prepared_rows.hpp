// The short way of rows from a file, in two steps (see usual_rows.hpp for what it is). What can be
// made of a stretch of the file without the book is made first, on any thread: numbers and times
// are read, and texts and ids get numbers of the stretch's own. Then, in the order of the rows,
// those numbers become the book's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/text_ends.hpp"
#include "engine/io/usual_rows.hpp"
#include "engine/store/time_text.hpp"

namespace allot::io {

// The texts of a stretch, with numbers from 1; 0 is the empty text. Most of them repeat one that
// was there before: a small table finds it again. One that it has forgotten gets a second number.
class StretchTexts {
  public:
    struct Entry {
        std::string_view text{};
        std::string_view scope{};  // of an id
        std::string_view code{};
        std::uint32_t number{store::none};  // the book's, when it is known
    };

    StretchTexts() { clear(); }
    void clear() {
        entries_.assign(1,
                        Entry{{}, {}, {}, 0});  // the empty text and the empty set have that number
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
    std::uint32_t add_wanted(std::string_view text, std::string_view scope = {},
                             std::string_view code = {}) {
        wanted_.number = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back({text, scope, code, store::none});
        pair_[1] = pair_[0];
        pair_[0] = wanted_;
        return wanted_.number;
    }
    // Adds a text that nobody will look for.
    std::uint32_t add(std::string_view text) {
        entries_.push_back({text, {}, {}, store::none});
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

// What was made of the rows of a stretch.
template <class Entity>
struct PreparedRows {
    struct Item {
        typename RowOf<Entity>::Type row{};  // head.id is none where the long way has to be taken
        std::size_t offset{0};
        std::size_t end{0};             // just behind it, where that is asked for
        std::uint64_t lines_before{0};  // line feeds, where they are asked for
    };

    std::vector<Item> items{};
    std::vector<IdView<Entity>> ids{};  // of the items
    // Ids of the entities that stand before, which most rows refer to (of another kind in truth),
    // and their numbers; none: not known yet.
    std::vector<IdView<Entity>> referred{};
    std::vector<std::uint32_t> referred_numbers{};
    StretchTexts texts{};
    StretchKinds kinds{};

    void clear() {
        items.clear();
        ids.clear();
        referred.clear();
        referred_numbers.clear();
        texts.clear();
        kinds.clear();
    }
};

// The ids of the entities that stand in a book before. They are all known by then, as a rule, so
// that threads look them up; who adds one all the same keeps them out meanwhile.
template <class Entity>
[[nodiscard]] const store::IdPool& referred_ids(const BookData& book) noexcept {
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
// Looks up what prepared rows refer to. `mutex` is that of referred_ids().
template <class Entity>
void find_referred(const BookData& book, PreparedRows<Entity>& rows, std::shared_mutex& mutex) {
    if (!rows.referred.empty()) {
        const std::shared_lock lock{mutex};
        const std::span<const IdView<Entity>> ids{rows.referred};
        referred_ids<Entity>(book).find(ids, rows.referred_numbers);
    }
}

// The first step. Takes the fields of one row after the other for read_usual(), out of `Cells`:
//   is_kept(field)    the row has that field already, or nobody gives it
//   text, time, digits, source(field, view)
//                     what the file has there, empty for nothing; false where that is of another
//                     kind. Each field is asked for once
//   id(field, id), ids(field, list)
//                     the id, or the ids, that source(field) was
//   is_currency_kept(field), currency(field)
//                     what goes with the digits of money
//   is_spent()        whether everything that the row has was asked for
template <class Entity, class Cells>
class RowPreparer {
  public:
    using Item = typename PreparedRows<Entity>::Item;

    // Of the book nothing is looked at: it is there to name its parts.
    RowPreparer(BookData& book, Cells& cells, PreparedRows<Entity>& rows)
        : book_{&book}, cells_{&cells}, rows_{&rows} {}

    // Puts the cells at hand into the last item, whose ids it adds. One that is not usual is left
    // to the long way. Returns whether it is.
    bool prepare(bool is_usual);

    [[nodiscard]] BookData& book() noexcept { return *book_; }
    bool text(std::size_t field, std::uint32_t& out) {
        std::string_view text;
        if (cells_->is_kept(field)) {
            return true;
        }
        out = 0;
        return cells_->text(field, text) && (text.empty() || number_of(texts_of_book, text, out));
    }
    bool identifiers(std::size_t field, std::uint32_t& out) {
        std::string_view source;
        if (cells_->is_kept(field)) {
            return true;
        }
        out = 0;
        return cells_->source(field, source) &&
               (source.empty() || number_of(field + 1, source, out));
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
        if (!decimal(field, out, is_given)) {
            return false;
        }
        if (!cells_->is_currency_kept(field)) {
            const std::string_view text = cells_->currency(field);
            currency = 0;
            if (!text.empty()) {
                (void)number_of(texts_of_book, text, currency);
            }
        }
        return is_given || currency == 0;
    }
    bool id(std::size_t field, store::IdPool& pool, std::uint32_t& out);
    template <class Kind>
    bool ids(std::size_t field, store::IdPool& pool, store::List& out);
    bool kind(std::uint32_t& out);

  private:
    static constexpr std::size_t texts_of_book = 0;  // a kind of text; others go by their field

    bool prepare_row(typename RowOf<Entity>::Type& row);
    template <class Number>
    bool number(std::size_t field, Number& out, bool& is_given,
                bool (*read)(std::string_view, Number&)) {
        std::string_view digits;
        if (cells_->is_kept(field)) {
            return true;
        }
        out = Number{};
        const bool is_good = cells_->digits(field, digits);
        is_given = !digits.empty();
        return is_good && (!is_given || read(digits, out));
    }
    // The number that the stretch has for a text, always.
    bool number_of(std::size_t kind, std::string_view text, std::uint32_t& out) {
        const std::uint32_t known = rows_->texts.find(kind, text);
        out = known != 0 ? known : rows_->texts.add_wanted(text);
        return true;
    }
    bool instant(std::string_view text, Instant& out);

    struct LastTime {
        std::string_view text{};
        store::StoredTime time{};
    };

    BookData* book_;
    Cells* cells_;
    PreparedRows<Entity>* rows_;
    std::string_view date_{};  // of the time that was read last, and the second it begins with
    std::int64_t midnight_{0};
    std::array<LastTime, field_count<Entity>> last_times_{};
};

template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::prepare(bool is_usual) {
    auto& row = rows_->items.back().row;
    const std::size_t referred = rows_->referred.size();
    rows_->ids.emplace_back();
    if (is_usual && prepare_row(row)) {
        row.head.id = 0;
        return true;
    }
    row.head.id = store::none;
    rows_->referred.resize(referred);
    return false;
}

template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::prepare_row(typename RowOf<Entity>::Type& row) {
    constexpr std::size_t field = io::number_of<Entity>("id");
    std::string_view source;
    return !cells_->is_kept(field) && cells_->source(field, source) && !source.empty() &&
           cells_->id(field, rows_->ids.back()) && read_usual(*this, row) && cells_->is_spent();
}

template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::instant(std::string_view text, Instant& out) {
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
template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::kept_time(std::size_t field, store::StoredTime& out) {
    std::string_view text;
    if (cells_->is_kept(field)) {
        return true;
    }
    out = {};
    if (!cells_->time(field, text)) {
        return false;
    }
    if (text.empty()) {
        return true;
    }
    LastTime& last = last_times_[field];
    if (last.text != text) {
        Instant read;
        if (!instant(text, read)) {
            return false;
        }
        last = {text, {read.seconds, read.nanoseconds, rows_->texts.add(text)}};
    }
    out = last.time;
    return true;
}

template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::time(std::size_t field, store::StoredTime& out) {
    std::string_view text;
    Instant read;
    if (cells_->is_kept(field)) {
        return true;
    }
    out = {};
    if (!cells_->time(field, text) || (!text.empty() && !instant(text, read))) {
        return false;
    }
    if (!text.empty()) {
        const std::uint32_t form = store::form_of(text);
        out = {read.seconds, read.nanoseconds, form != 0 ? form : rows_->texts.add(text)};
    }
    return true;
}

template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::id(std::size_t field, store::IdPool& /*pool*/,
                                    std::uint32_t& out) {
    std::string_view source;
    if (cells_->is_kept(field)) {
        return true;
    }
    out = store::none;
    if (!cells_->source(field, source)) {
        return false;
    }
    if (source.empty()) {
        return true;
    }
    if (is_referred<Entity>(field)) {
        out = static_cast<std::uint32_t>(rows_->referred.size());
        return cells_->id(field, rows_->referred.emplace_back());
    }
    out = rows_->texts.find(field + 1, source);
    if (out == 0) {
        IdView<Entity> id;
        if (!cells_->id(field, id)) {
            return false;
        }
        out = rows_->texts.add_wanted(source, id.scope, id.code);
    }
    return true;
}

template <class Entity, class Cells>
template <class Kind>
bool RowPreparer<Entity, Cells>::ids(std::size_t field, store::IdPool& /*pool*/, store::List& out) {
    std::string_view source;
    out = {};
    if (cells_->is_kept(field)) {
        return true;
    }
    out.first = static_cast<std::uint32_t>(rows_->referred.size());
    if (!cells_->source(field, source) || !cells_->ids(field, rows_->referred)) {
        return false;
    }
    out.count = static_cast<std::uint32_t>(rows_->referred.size()) - out.first;
    return true;
}

template <class Entity, class Cells>
bool RowPreparer<Entity, Cells>::kind(std::uint32_t& out) {
    StretchKinds& kinds = rows_->kinds;
    store::OrderKind kind = kinds.entry(out).kind;  // of which some fields may be kept
    if (!read_kind(*this, kind)) {
        return false;
    }
    out = kinds.number_of(kind);
    return true;
}

// The second step: the numbers of a prepared row become the book's. Takes for read_usual() what the
// first step has put into the row. `ReadIdentifiers` makes a set of identifiers of its text in the
// file, and returns false where that text is out of the ordinary.
template <class Entity, class ReadIdentifiers>
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

template <class Entity, class ReadIdentifiers>
bool RowFinisher<Entity, ReadIdentifiers>::finish(std::size_t item) {
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
template <class Entity, class ReadIdentifiers>
void RowFinisher<Entity, ReadIdentifiers>::intern_ids(std::size_t item) {
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

template <class Entity, class ReadIdentifiers>
bool RowFinisher<Entity, ReadIdentifiers>::id(std::size_t field, store::IdPool& pool,
                                              std::uint32_t& out) {
    if (out == store::none) {
        return true;
    }
    if (is_referred<Entity>(field)) {
        out = number_of_referred(out, pool);
        return true;
    }
    StretchTexts::Entry& entry = rows_->texts.entry(out);
    if (entry.number == store::none) {
        entry.number = pool.intern(entry.scope, entry.code);
    }
    out = entry.number;
    return true;
}

template <class Entity, class ReadIdentifiers>
template <class Kind>
bool RowFinisher<Entity, ReadIdentifiers>::ids(std::size_t /*field*/, store::IdPool& pool,
                                               store::List& out) {
    std::vector<std::uint32_t>& lists = book().lists;
    const std::uint32_t from = out.first;
    out.first = static_cast<std::uint32_t>(lists.size());
    for (std::uint32_t i = 0; i < out.count; ++i) {
        lists.push_back(number_of_referred(from + i, pool));
    }
    return true;
}

template <class Entity, class ReadIdentifiers>
bool RowFinisher<Entity, ReadIdentifiers>::kind(std::uint32_t& out) {
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

template <class Entity, class ReadIdentifiers>
bool RowFinisher<Entity, ReadIdentifiers>::identifiers(std::size_t /*field*/, std::uint32_t& out) {
    StretchTexts::Entry& entry = rows_->texts.entry(out);
    if (entry.number == store::none &&
        !packer_.identifiers(
            entry.text,
            [&](Identifiers& identifiers) { return ReadIdentifiers{}(entry.text, identifiers); },
            entry.number)) {
        return false;
    }
    out = entry.number;
    return true;
}

}  // namespace allot::io
