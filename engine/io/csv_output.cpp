// The library's values to CSV cells.
#include "engine/io/csv_output.hpp"

#include <algorithm>

#include "engine/io/json_output.hpp"

namespace allot::io {

namespace {

// Appends `text` with a backslash before each backslash and each of `specials`.
void append_escaped(std::string& cell, std::string_view text, std::string_view specials) {
    const auto is_special = [specials](char c) {
        return c == '\\' ||
               std::any_of(specials.begin(), specials.end(), [c](char s) { return c == s; });
    };
    // Hardly any text has something to escape, so it goes in whole.
    if (std::none_of(text.begin(), text.end(), is_special)) {
        cell.append(text);
        return;
    }
    for (const char c : text) {
        if (is_special(c)) {
            cell += '\\';
        }
        cell += c;
    }
}

// A label as it is; everything else, and what would be taken for it, as the wire's JSON.
std::string property_text(const Property& property) {
    const bool is_label = property.labels.empty() && !property.metric;
    if (is_label && (property.label.empty() || property.label.front() != '{')) {
        return property.label;
    }
    std::string text;
    JsonOutput{text, NumberStyle::number}.write_property_value(property);
    return text;
}

}  // namespace

void CsvOutput::append_cell(std::string_view value) {
    // A plain loop: looking each byte up in a set of four by a library call costs much more.
    if (std::none_of(value.begin(), value.end(),
                     [](char c) { return c == '"' || c == ',' || c == '\r' || c == '\n'; })) {
        text_->append(value);
        return;
    }
    text_->push_back('"');
    for (const char c : value) {
        text_->append(c == '"' ? 2U : 1U, c);
    }
    text_->push_back('"');
}

void CsvOutput::write(const ResourceId& value) {
    write_id(value.scope, value.code);
}

void CsvOutput::write_id(std::string_view scope, std::string_view code) {
    std::string cell;
    append_escaped(cell, scope, "/");
    cell += '/';
    append_escaped(cell, code, {});
    append_cell(cell);
}

void CsvOutput::append_item_id(std::string& cell, std::string_view scope, std::string_view code) {
    cell += cell.empty() ? "" : "|";
    append_escaped(cell, scope, "/|");
    cell += '/';
    append_escaped(cell, code, "|");
}

void CsvOutput::append_entry(std::string& cell, std::string_view key, std::string_view content) {
    cell += cell.empty() ? "" : "|";
    append_escaped(cell, key, "|=");
    cell += '=';
    append_escaped(cell, content, "|");
}

void CsvOutput::write(const std::optional<CurrencyAndAmount>& value) {
    if (value) {
        write(value->amount);
    }
    text_->push_back(',');
    if (value) {
        append_cell(value->currency);
    }
}

void CsvOutput::write(const PriceView& value) {
    if (value.amount) {
        write(value.amount->amount());
    }
    text_->push_back(',');
    if (value.amount) {
        append_cell(value.currency);
    }
}

void CsvOutput::write(const Properties& value) {
    std::string cell;
    for (const auto& [key, property] : value) {
        append_entry(cell, key, property_text(property));
    }
    append_cell(cell);
}

}  // namespace allot::io
