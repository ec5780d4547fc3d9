// The cells of JSON rows for the short way: see prepared_rows.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/io/json_cutter.hpp"
#include "engine/io/json_tree.hpp"
#include "engine/io/prepared_rows.hpp"

namespace allot::io {

// What the value of a field looks like.
enum class JsonForm : std::uint8_t { scalar, id, ids, money, texts, other };

template <class Value>
struct JsonFormOf {
    static constexpr JsonForm form = JsonForm::other;
};
template <class Value>
struct JsonFormOf<std::optional<Value>> : JsonFormOf<Value> {};
template <class Value>
requires(std::is_same_v<Value, std::string> || std::is_same_v<Value, Time> ||
         std::is_same_v<Value, Quantity> ||
         std::is_same_v<Value, Decimal>) struct JsonFormOf<Value> {
    static constexpr JsonForm form = JsonForm::scalar;
};
template <class Kind>
struct JsonFormOf<Id<Kind>> {
    static constexpr JsonForm form = JsonForm::id;
};
template <>
struct JsonFormOf<ResourceId> {
    static constexpr JsonForm form = JsonForm::id;
};
template <class Kind>
struct JsonFormOf<std::vector<Id<Kind>>> {
    static constexpr JsonForm form = JsonForm::ids;
};
template <>
struct JsonFormOf<CurrencyAndAmount> {
    static constexpr JsonForm form = JsonForm::money;
};
template <>
struct JsonFormOf<Identifiers> {
    static constexpr JsonForm form = JsonForm::texts;
};

// The members of one object after the other. Each has to be known under its first name, and to
// stand there once; nothing is escaped.
template <class Entity>
class JsonCells {
  public:
    // Cuts the object that stands here. Returns false where it is not usual.
    [[nodiscard]] bool begin(JsonCutter& cut);

    [[nodiscard]] bool is_spent() const noexcept { return unread_ == 0; }
    [[nodiscard]] bool is_kept(std::size_t field) const noexcept { return !given_.test(field); }
    [[nodiscard]] bool is_currency_kept(std::size_t field) const noexcept {
        return !given_.test(field);
    }
    // Of what is null, every one of these is empty.
    bool text(std::size_t field, std::string_view& out) noexcept {
        const Cell& cell = take(field);
        out = cell.text;
        return cell.kind == JsonKind::text || cell.kind == JsonKind::null;
    }
    bool time(std::size_t field, std::string_view& out) noexcept {
        const Cell& cell = take(field);
        out = cell.text;
        return cell.kind == (out.empty() ? JsonKind::null : JsonKind::text);
    }
    // Of a number, of a string that holds one, or of money.
    bool digits(std::size_t field, std::string_view& out) noexcept {
        const Cell& cell = take(field);
        out = cell.text;
        return out.empty() == (cell.kind == JsonKind::null);
    }
    bool source(std::size_t field, std::string_view& out) noexcept {
        out = take(field).source;
        return true;
    }
    [[nodiscard]] std::string_view currency(std::size_t field) const noexcept {
        return cells_[field].more;
    }
    bool id(std::size_t field, IdView<Entity>& out) const noexcept {
        out = {cells_[field].text, cells_[field].more};
        return RowPacker::is_id(out.scope, out.code);
    }
    bool ids(std::size_t field, std::vector<IdView<Entity>>& out) const {
        if (cells_[field].kind != JsonKind::list) {
            return false;
        }
        out.insert(out.end(), ids_.begin(), ids_.end());
        return true;
    }

  private:
    struct Cell {
        JsonKind kind{};
        std::string_view text{};    // of a scalar; scope of an id; amount of money
        std::string_view more{};    // code of an id; currency of money
        std::string_view source{};  // of what is no scalar
    };
    static constexpr std::array<JsonForm, field_count<Entity>> forms = [] {
        std::array<JsonForm, field_count<Entity>> result{};
        for_each_field<Entity>([&](const auto& field, std::size_t index) {
            result[index] = JsonFormOf<ValueOf<decltype(field.member), Entity>>::form;
        });
        return result;
    }();

    static_assert(std::count(forms.begin(), forms.end(), JsonForm::ids) <= 1);

    [[nodiscard]] const Cell& take(std::size_t field) noexcept {
        --unread_;
        return cells_[field];
    }
    bool find_field(std::string_view key, std::size_t& field) noexcept;
    bool cut_value(JsonCutter& cut, JsonForm form, Cell& cell);
    static bool cut_scalar(JsonCutter& cut, Cell& cell);
    static bool cut_id(JsonCutter& cut, std::string_view& scope, std::string_view& code);
    bool cut_ids(JsonCutter& cut);
    static bool cut_money(JsonCutter& cut, Cell& cell);
    static bool cut_texts(JsonCutter& cut);
    // Calls cut_member(key) for each member of the object that stands here; it cuts the value.
    template <class CutMember>
    static bool cut_members(JsonCutter& cut, const CutMember& cut_member);

    std::size_t unread_{0};  // members that nobody asked for yet
    std::bitset<field_count<Entity>> given_{};
    std::array<Cell, field_count<Entity>> cells_{};
    std::vector<IdView<Entity>> ids_{};  // of the list of the row; it has one at most
    // The field that followed on each in the row before, and at the end the first one.
    std::array<std::size_t, field_count<Entity> + 1> following_{};
};

template <class Entity>
bool JsonCells<Entity>::begin(JsonCutter& cut) {
    given_.reset();
    unread_ = 0;
    std::size_t field = field_count<Entity>;
    return cut_members(cut, [&](std::string_view key) {
        if (!find_field(key, field) || given_.test(field) ||
            !cut_value(cut, forms[field], cells_[field])) {
            return false;
        }
        given_.set(field);
        ++unread_;
        return true;
    });
}

// Members mostly come in the order of the row before. `field` is the one that it follows on.
template <class Entity>
bool JsonCells<Entity>::find_field(std::string_view key, std::size_t& field) noexcept {
    constexpr const auto& names = names_of_fields<Entity>;
    std::size_t& expected = following_[field];
    for (std::size_t tries = 0; names[expected] != key; ++tries) {
        if (tries == names.size()) {
            return false;
        }
        expected = (expected + 1) % names.size();
    }
    field = expected;
    return true;
}

template <class Entity>
bool JsonCells<Entity>::cut_value(JsonCutter& cut, JsonForm form, Cell& cell) {
    const std::size_t begin = cut.at();
    cell = {};
    if (cut.is_at('n')) {
        return cut.take("null");
    }
    bool is_good = false;
    switch (form) {
        case JsonForm::scalar:
            return cut_scalar(cut, cell);
        case JsonForm::id:
            cell.kind = JsonKind::object;
            is_good = cut_id(cut, cell.text, cell.more);
            break;
        case JsonForm::ids:
            cell.kind = JsonKind::list;
            is_good = cut_ids(cut);
            break;
        case JsonForm::money:
            cell.kind = JsonKind::object;
            is_good = cut_money(cut, cell);
            break;
        case JsonForm::texts:
            cell.kind = JsonKind::object;
            is_good = cut_texts(cut);
            break;
        case JsonForm::other:
            return false;
    }
    cell.source = cut.cut_from(begin);
    return is_good;
}

template <class Entity>
bool JsonCells<Entity>::cut_scalar(JsonCutter& cut, Cell& cell) {
    cell.kind = cut.is_at('"') ? JsonKind::text : JsonKind::number;
    return cell.kind == JsonKind::text ? cut.take_plain_text(cell.text)
                                       : cut.take_number(cell.text);
}

template <class Entity>
template <class CutMember>
bool JsonCells<Entity>::cut_members(JsonCutter& cut, const CutMember& cut_member) {
    if (!cut.take('{')) {
        return false;
    }
    do {
        std::string_view key;
        cut.skip_space();
        if (!cut.take_plain_text(key)) {
            return false;
        }
        cut.skip_space();
        if (!cut.take(':')) {
            return false;
        }
        cut.skip_space();
        if (!cut_member(key)) {
            return false;
        }
        cut.skip_space();
    } while (cut.take(','));
    return cut.take('}');
}

// Its two members, each once, and nothing else.
template <class Entity>
bool JsonCells<Entity>::cut_id(JsonCutter& cut, std::string_view& scope, std::string_view& code) {
    return cut_members(cut, [&](std::string_view key) {
        std::string_view& part = key == "scope" ? scope : code;
        return part.empty() && (key == "scope" || key == "code") && cut.take_plain_text(part) &&
               !part.empty();
    });
}

template <class Entity>
bool JsonCells<Entity>::cut_ids(JsonCutter& cut) {
    ids_.clear();
    if (!cut.take('[')) {
        return false;
    }
    cut.skip_space();
    if (cut.take(']')) {
        return true;
    }
    do {
        IdView<Entity>& id = ids_.emplace_back();
        cut.skip_space();
        if (!cut_id(cut, id.scope, id.code) || !RowPacker::is_id(id.scope, id.code)) {
            return false;
        }
        cut.skip_space();
    } while (cut.take(','));
    return cut.take(']');
}

template <class Entity>
bool JsonCells<Entity>::cut_money(JsonCutter& cut, Cell& cell) {
    bool has_currency = false;
    const bool is_good = cut_members(cut, [&](std::string_view key) {
        if (key == "amount") {
            Cell amount;
            const bool is_first = cell.text.empty() && cut_scalar(cut, amount);
            cell.text = amount.text;
            return is_first;
        }
        return key == "currency" && !std::exchange(has_currency, true) &&
               cut.take_plain_text(cell.more);
    });
    return is_good && !cell.text.empty();
}

// An object of strings. Whoever asks for them sees whether one stands there twice.
template <class Entity>
bool JsonCells<Entity>::cut_texts(JsonCutter& cut) {
    return cut_members(cut, [&](std::string_view /*key*/) {
        std::string_view text;
        return cut.take_plain_text(text);
    });
}

}  // namespace allot::io
