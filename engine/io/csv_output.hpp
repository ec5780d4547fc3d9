// The library's values to CSV cells: one overload of `write` for each kind of field.
// docs/formats.md says how ids, lists and maps stand in a cell.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/decimal_text.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/text_output.hpp"

namespace allot::io {

// Appends rows to a text.
class CsvOutput {
  public:
    // What stands behind the code of an unquoted id.
    static constexpr std::string_view end_of_id{};
    // No number is longer, and hardly a cell of an id.
    static constexpr std::size_t longest_number = detail::longest_decimal_text;
    static constexpr std::size_t usual_id_bytes = 48;

    explicit CsvOutput(TextBuffer& text) noexcept : text_{&text} {}

    // One line with the names of all columns.
    template <class Entity>
    void write_header() {
        for_each_field<Entity>([&](const auto& field, std::size_t index) {
            text_->append(index == 0 ? "" : ",");
            text_->append(field.column);
            if (is_money<ValueOf<decltype(field.member), Entity>>) {
                text_->append(",");
                text_->append(field.column);
                text_->append(currency_suffix);
            }
        });
        end_row();
    }

    // One line with all fields.
    template <class Entity>
    void write_row(const Entity& entity) {
        bool is_first = true;
        for_each_field<Entity>([&](const auto& field, std::size_t) {
            write_field(field, std::invoke(field.member, entity), is_first);
        });
        end_row();
    }

    // The same in pieces: the fields of an allocation, and what ends the line.
    void write_fields(const AllocationView& allocation, bool& is_first) {
        for_each_field<Allocation>([&](const auto& field, std::size_t) {
            write_field(field, std::invoke(field.view, allocation), is_first);
        });
    }
    template <class FieldType, class T>
    void write_field(const FieldType& /*field*/, const T& value, bool& is_first) {
        if (!is_first) {
            text_->push_back(',');
        }
        is_first = false;
        write(value);
    }
    void end_row() { text_->push_back('\n'); }

    // The same in the caller's memory: what stands before the value of a field that is not the
    // first, and a number. Return the end of what was written.
    template <class FieldType>
    static constexpr std::size_t size_before(const FieldType& /*field*/) {
        return 1;
    }
    template <class FieldType>
    static char* put_before(char* to, const FieldType& /*field*/) noexcept {
        *to++ = ',';
        return to;
    }
    static char* put(char* to, const Decimal& value) noexcept { return detail::print(value, to); }

  private:
    void write(std::string_view value) { append_cell(value); }
    void write(const std::string& value) { append_cell(value); }
    void write(bool value) { text_->append(value ? "true" : "false"); }
    void write(const Decimal& value);
    void write(const Quantity& value) { write(value.units()); }
    void write(std::uint32_t value) { write(Decimal{value}); }
    void write(const Weight& value) { append_cell(value.to_string()); }
    void write(const Time& value) { append_cell(value.to_string()); }
    void write(const ResourceId& value) { write_id(value.scope, value.code); }
    void write(const std::optional<CurrencyAndAmount>& value);
    void write(const PriceView& value);
    void write(const Properties& value);

    template <class Kind>
    void write(const Id<Kind>& value) {
        write_id(value.scope(), value.code());
    }
    template <class Kind>
    void write(const IdView<Kind>& value) {
        write_id(value.scope, value.code);
    }
    template <class T>
    void write(const std::optional<T>& value) {
        if (value) {
            write(*value);
        }
    }
    template <class Kind>
    void write(const std::vector<Id<Kind>>& ids) {
        write_items(ids, [](CellText& cell, const Id<Kind>& id) {
            cell.append_item_id(id.scope(), id.code());
        });
    }
    template <class Kind>
    void write(const std::vector<IdView<Kind>>& ids) {
        write_views(ids);
    }
    template <class Kind>
    void write(const std::array<IdView<Kind>, 1>& ids) {
        write_views(ids);
    }
    template <class Less>
    void write(const std::map<std::string, std::string, Less>& value) {
        write_items(value, [](CellText& cell, const auto& entry) {
            cell.append_entry(entry.first, entry.second);
        });
    }

    // The content of a cell on its way into the text, unquoted so far.
    class CellText {
      public:
        explicit CellText(TextBuffer& text) noexcept : text_{&text}, begin_{text.size()} {}
        // With a backslash before each byte of the classes `specials`.
        void append(std::string_view text, unsigned specials);
        void append_id(std::string_view scope, std::string_view code);
        void append_item_id(std::string_view scope, std::string_view code);
        void append_entry(std::string_view key, std::string_view content);
        // Puts quotes around the cell where RFC 4180 wants them.
        void close();

      private:
        void append_separator();

        TextBuffer* text_;
        std::size_t begin_;
        unsigned seen_{0};  // classes of the bytes of the cell
    };

    template <class Items, class Append>
    void write_items(const Items& items, Append append) {
        CellText cell{*text_};
        for (const auto& item : items) {
            append(cell, item);
        }
        cell.close();
    }
    template <class Ids>
    void write_views(const Ids& ids) {
        write_items(ids,
                    [](CellText& cell, const auto& id) { cell.append_item_id(id.scope, id.code); });
    }
    void write_id(std::string_view scope, std::string_view code);
    void append_cell(std::string_view value);

    TextBuffer* text_;
};

}  // namespace allot::io
