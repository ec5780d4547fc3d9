// The short way of a list of a JSON book: its items are prepared stretch by stretch, on several
// threads, and taken in their order (see prepared_rows.hpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <shared_mutex>
#include <string_view>

#include "engine/io/ahead.hpp"
#include "engine/io/json_cells.hpp"
#include "engine/io/json_cutter.hpp"
#include "engine/io/json_input.hpp"
#include "engine/io/prepared_rows.hpp"

namespace allot::io {

// Makes a set of identifiers of its JSON.
struct JsonIdentifiers {
    bool operator()(std::string_view json, Identifiers& out) const {
        Complaints complaints{true};
        return read_json_value(json, Trail{}, complaints, out);
    }
};

// What the lists of one document have in common.
struct JsonLists {
    BookData* book{nullptr};
    std::string_view source{};     // the whole document, which is UTF-8
    std::size_t bytes_at_once{0};  // of a stretch, about
    std::size_t threads{1};
    std::shared_mutex referred_mutex{};  // of referred_ids()
};

template <class Entity>
class JsonList {
  public:
    explicit JsonList(JsonLists& lists)
        : lists_{&lists}, finisher_{*lists.book, lists.referred_mutex} {}

    // Takes items, from the one at `offset` on, up to the end of the list or up to one that has to
    // take the long way; calls add(row, offset) for each. Returns where the last one taken ends, or
    // `offset`.
    template <class Add>
    std::size_t take(std::size_t offset, const Add& add);
    // Stops what is done ahead. To be called when the list has ended, before the ids change that it
    // refers to.
    void end() {
        stretch_ = nullptr;
        ahead_.reset();
    }

  private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    struct Stretch {
        std::size_t begin{0};  // of its first item, if what was guessed is right
        std::size_t limit{0};  // items that begin here or behind it belong to the next one
        PreparedRows<Entity> rows{};
        std::size_t next{0};  // where the item behind the last one begins, or nowhere
    };

    // Goes to the item at `offset`.
    void go_to(std::size_t offset);
    void begin_ahead(std::size_t offset);
    bool fill(Stretch& stretch);
    [[nodiscard]] std::size_t guess_from(std::size_t offset) const;
    void prepare(Stretch& stretch) const;
    void use(Stretch& stretch) {
        stretch_ = &stretch;
        item_ = 0;
        finisher_.begin(stretch.rows);
    }

    JsonLists* lists_;
    RowFinisher<Entity, JsonIdentifiers> finisher_;
    Stretch* stretch_{nullptr};  // that items are taken from
    std::size_t item_{0};        // of it, the next one
    // For fill(): where the next stretch begins, or nowhere, and what its first item begins with.
    std::size_t next_begin_{nowhere};
    std::string_view beginning_{};
    std::unique_ptr<Ahead<Stretch>> ahead_{};  // the last member: its threads use the others
};

template <class Entity>
template <class Add>
std::size_t JsonList<Entity>::take(std::size_t offset, const Add& add) {
    std::size_t end = offset;
    for (std::size_t next = offset; next != nowhere;) {
        go_to(next);
        PreparedRows<Entity>& rows = stretch_->rows;
        auto& item = rows.items[item_];
        if (item.row.head.id == store::none || !finisher_.finish(item_)) {
            break;
        }
        add(item.row, item.offset);
        end = item.end;
        ++item_;
        next = item_ < rows.items.size() ? rows.items[item_].offset : stretch_->next;
    }
    return end;
}

template <class Entity>
void JsonList<Entity>::go_to(std::size_t offset) {
    const auto is_before = [&](const auto& item) { return item.offset < offset; };
    while (true) {
        if (stretch_ != nullptr) {
            // Over what took the long way, and what is no item in truth.
            const auto& items = stretch_->rows.items;
            const auto from = items.begin() + static_cast<std::ptrdiff_t>(item_);
            item_ = static_cast<std::size_t>(std::find_if_not(from, items.end(), is_before) -
                                             items.begin());
            if (item_ < items.size()) {
                break;
            }
        } else if (!ahead_) {
            begin_ahead(offset);
        }
        Stretch* const stretch = ahead_->next();
        if (stretch == nullptr) {
            end();
        } else {
            use(*stretch);
        }
    }
    if (stretch_->rows.items[item_].offset != offset) {
        // Where the stretch begins was guessed wrong, or the one before it has ended early. Any
        // item that begins where the next one is expected will do, whatever stands before it: what
        // is made of it depends on nothing else.
        stretch_->begin = offset;
        prepare(*stretch_);
        use(*stretch_);
    }
}

// One item begins like the other, as a rule.
template <class Entity>
void JsonList<Entity>::begin_ahead(std::size_t offset) {
    constexpr std::size_t longest = 64;
    const std::string_view item = lists_->source.substr(offset, longest);
    next_begin_ = offset;
    beginning_ = item.substr(0, item.find(':') + 1);
    const bool is_long = guess_from(offset + lists_->bytes_at_once) != nowhere;
    ahead_ = std::make_unique<Ahead<Stretch>>(
        is_long ? lists_->threads : 1,
        typename Ahead<Stretch>::Work{.fill = [this](Stretch& stretch) { return fill(stretch); },
                                      .prepare = [this](Stretch& stretch) { prepare(stretch); }});
}

template <class Entity>
bool JsonList<Entity>::fill(Stretch& stretch) {
    if (next_begin_ == nowhere) {
        return false;
    }
    stretch.begin = next_begin_;
    stretch.limit = stretch.begin + lists_->bytes_at_once;
    next_begin_ = guess_from(stretch.limit);
    if (next_begin_ != nowhere) {
        stretch.limit = next_begin_;
    }
    return true;
}

// Where an item begins, not much behind `offset`, or nowhere.
template <class Entity>
std::size_t JsonList<Entity>::guess_from(std::size_t offset) const {
    const std::string_view source = lists_->source;
    const std::string_view text =
        offset < source.size() ? source.substr(offset, lists_->bytes_at_once) : std::string_view{};
    for (std::size_t at = beginning_.empty() ? nowhere : text.find(beginning_); at < text.size();
         at = text.find(beginning_, at + 1)) {
        const std::size_t before = source.find_last_not_of(" \t\r\n", offset + at - 1);
        if (source[before] == ',') {
            return offset + at;
        }
    }
    return nowhere;
}

// There is one item at least, the one that the stretch begins with.
template <class Entity>
void JsonList<Entity>::prepare(Stretch& stretch) const {
    PreparedRows<Entity>& rows = stretch.rows;
    rows.clear();
    JsonCells<Entity> cells;
    RowPreparer<Entity, JsonCells<Entity>> preparer{*lists_->book, cells, rows};
    // What is longer takes the long way: where the beginning was guessed wrong, a string may seem
    // to go on to the end of the document.
    JsonCutter cut{lists_->source.substr(0, stretch.limit + lists_->bytes_at_once)};
    cut.go_to(stretch.begin);
    stretch.next = nowhere;
    bool has_next = true;
    while (has_next) {
        auto& item = rows.items.emplace_back();
        item.offset = cut.at();
        bool is_whole = cells.begin(cut);
        (void)preparer.prepare(is_whole);
        if (!is_whole) {
            cut.go_to(item.offset);
            is_whole = cut.skip_value();
        }
        item.end = cut.at();
        cut.skip_space();
        has_next = is_whole && cut.take(',');
        cut.skip_space();
        if (has_next && cut.at() >= stretch.limit) {
            stretch.next = cut.at();
            has_next = false;
        }
    }
    find_referred(*lists_->book, rows, lists_->referred_mutex);
}

}  // namespace allot::io
