// The library's values to CSV cells: one overload of `write` for each kind of field.
// docs/formats.md says how ids, lists and maps stand in a cell.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/fields.hpp"

namespace allot::io {

// Appends rows to a text.
class CsvOutput {
  public:
    explicit CsvOutput(std::string& text) noexcept : text_{&text} {}

    // One line with the names of all columns.
    template <class Entity>
    void write_header() {
        for_each_field<Entity>([&](const auto& field, std::size_t index) {
            text_->append(index == 0 ? "" : ",");
            text_->append(field.column);
            if (is_money<ValueOf<decltype(field.member), Entity>>) {
                text_->append(",").append(field.column).append(currency_suffix);
            }
        });
        end_row();
    }

    // One line with all fields.
    template <class Entity>
    void write_row(const Entity& entity) {
        for_each_field<Entity>([&](const auto& field, std::size_t index) {
            text_->append(index == 0 ? "" : ",");
            write(std::invoke(field.member, entity));
        });
        end_row();
    }
    void write_row(const AllocationView& allocation) {
        for_each_field<Allocation>([&](const auto& field, std::size_t index) {
            text_->append(index == 0 ? "" : ",");
            write(std::invoke(field.view, allocation));
        });
        end_row();
    }

  private:
    void write(std::string_view value) { append_cell(value); }
    void write(const std::string& value) { append_cell(value); }
    void write(bool value) { text_->append(value ? "true" : "false"); }
    void write(const Decimal& value) { value.append_to(*text_); }
    void write(const Quantity& value) { write(value.units()); }
    void write(const Time& value) { append_cell(value.to_string()); }
    void write(const ResourceId& value);
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
        std::string cell;
        for (const Id<Kind>& id : ids) {
            append_item_id(cell, id.scope(), id.code());
        }
        append_cell(cell);
    }
    template <class Kind>
    void write(const std::vector<IdView<Kind>>& ids) {
        std::string cell;
        for (const IdView<Kind>& id : ids) {
            append_item_id(cell, id.scope, id.code);
        }
        append_cell(cell);
    }
    template <class Less>
    void write(const std::map<std::string, std::string, Less>& value) {
        std::string cell;
        for (const auto& [key, content] : value) {
            append_entry(cell, key, content);
        }
        append_cell(cell);
    }

    void end_row() { text_->push_back('\n'); }
    void write_id(std::string_view scope, std::string_view code);
    static void append_item_id(std::string& cell, std::string_view scope, std::string_view code);
    static void append_entry(std::string& cell, std::string_view key, std::string_view content);
    // Quotes where RFC 4180 wants it.
    void append_cell(std::string_view value);

    std::string* text_;
};

}  // namespace allot::io
