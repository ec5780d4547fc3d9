// The library's values to CSV cells.
#include "engine/io/csv_output.hpp"

#include <algorithm>
#include <array>

#include "engine/base/put_bytes.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/special_bytes.hpp"

namespace allot::io {

namespace {

// What a byte can mean in a cell. Text is looked at once for all of it.
constexpr unsigned wants_quotes = 1;  // RFC 4180: " , CR LF
constexpr unsigned is_backslash = 2;
constexpr unsigned is_slash = 4;
constexpr unsigned is_bar = 8;
constexpr unsigned is_equals = 16;

constexpr std::array<std::uint8_t, 256> class_of_byte = [] {
    std::array<std::uint8_t, 256> classes{};
    for (const char c : {'"', ',', '\r', '\n'}) {
        classes[static_cast<unsigned char>(c)] = wants_quotes;
    }
    classes['\\'] = is_backslash;
    classes['/'] = is_slash;
    classes['|'] = is_bar;
    classes['='] = is_equals;
    return classes;
}();

unsigned classes_of(std::string_view text) noexcept {
    unsigned classes = 0;
    for (const char c : text) {
        classes |= class_of_byte[static_cast<unsigned char>(c)];
    }
    return classes;
}

// A label as it is; everything else, and what would be taken for it, as the wire's JSON.
std::string property_text(const Property& property) {
    const bool is_label = property.labels.empty() && !property.metric;
    if (is_label && (property.label.empty() || property.label.front() != '{')) {
        return property.label;
    }
    TextBuffer text;
    JsonOutput{text, NumberStyle::number}.write_property_value(property);
    return std::string{text.view()};
}

}  // namespace

void CsvOutput::CellText::append(std::string_view text, unsigned specials) {
    if (is_plain_in_csv(text)) {
        text_->append(text);
        return;
    }
    const unsigned classes = classes_of(text);
    seen_ |= classes;
    if ((classes & (specials | is_backslash)) == 0) {
        text_->append(text);
        return;
    }
    for (const char c : text) {
        if ((classes_of({&c, 1}) & (specials | is_backslash)) != 0) {
            text_->push_back('\\');
        }
        text_->push_back(c);
    }
}

void CsvOutput::CellText::append_separator() {
    if (text_->size() != begin_) {
        text_->push_back('|');
    }
}

void CsvOutput::CellText::append_id(std::string_view scope, std::string_view code) {
    append(scope, is_slash);
    text_->push_back('/');
    append(code, 0);
}

void CsvOutput::CellText::append_item_id(std::string_view scope, std::string_view code) {
    append_separator();
    append(scope, is_slash | is_bar);
    text_->push_back('/');
    append(code, is_bar);
}

void CsvOutput::CellText::append_entry(std::string_view key, std::string_view content) {
    append_separator();
    append(key, is_bar | is_equals);
    text_->push_back('=');
    append(content, is_bar);
}

void CsvOutput::CellText::close() {
    if ((seen_ & wants_quotes) == 0) {
        return;
    }
    const std::string cell{text_->view().substr(begin_)};
    text_->cut(begin_);
    text_->push_back('"');
    for (const char c : cell) {
        if (c == '"') {
            text_->push_back('"');
        }
        text_->push_back(c);
    }
    text_->push_back('"');
}

void CsvOutput::append_cell(std::string_view value) {
    if (is_plain_in_csv(value) || (classes_of(value) & wants_quotes) == 0) {
        text_->append(value);
        return;
    }
    text_->push_back('"');
    for (const char c : value) {
        if (c == '"') {
            text_->push_back('"');
        }
        text_->push_back(c);
    }
    text_->push_back('"');
}

void CsvOutput::write(const Decimal& value) {
    text_->extend_to(put(text_->room(longest_number), value));
}

void CsvOutput::write_id(std::string_view scope, std::string_view code) {
    if (is_plain_in_csv(scope) && is_plain_in_csv(code)) {
        char* to = detail::put_bytes(text_->room(scope.size() + 1 + code.size()), scope);
        *to++ = '/';
        text_->extend_to(detail::put_bytes(to, code));
        return;
    }
    CellText cell{*text_};
    cell.append_id(scope, code);
    cell.close();
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
    write_items(value, [](CellText& cell, const auto& entry) {
        cell.append_entry(entry.first, property_text(entry.second));
    });
}

}  // namespace allot::io
