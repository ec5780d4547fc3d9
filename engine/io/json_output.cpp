// The library's values to JSON text.
#include "engine/io/json_output.hpp"

#include <string>

#include "engine/base/put_bytes.hpp"
#include "engine/io/special_bytes.hpp"

namespace allot::io {

namespace {

void append_escaped(TextBuffer& text, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
        case '"':
            text.append("\\\"");
            break;
        case '\\':
            text.append("\\\\");
            break;
        case '\n':
            text.append("\\n");
            break;
        case '\r':
            text.append("\\r");
            break;
        case '\t':
            text.append("\\t");
            break;
        default: {
            const auto byte = static_cast<unsigned char>(c);
            text.append("\\u00");
            text.push_back(digits[byte >> 4U]);
            text.push_back(digits[byte & 0xFU]);
        }
    }
}

}  // namespace

void JsonOutput::write(std::string_view value) {
    if (is_plain_in_json(value)) {
        char* to = text_->room(value.size() + 2);
        *to++ = '"';
        to = detail::put_bytes(to, value);
        *to++ = '"';
        text_->extend_to(to);
        return;
    }
    text_->push_back('"');
    std::size_t written = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (is_special_in_json(value[i])) {
            text_->append(value.substr(written, i - written));
            append_escaped(*text_, value[i]);
            written = i + 1;
        }
    }
    text_->append(value.substr(written));
    text_->push_back('"');
}

void JsonOutput::write(const Decimal& value) {
    text_->extend_to(put(text_->room(longest_number), value));
}

char* JsonOutput::put(char* to, const Decimal& value) const noexcept {
    if (numbers_ != NumberStyle::text) {
        return detail::print(value, to);
    }
    *to++ = '"';
    to = detail::print(value, to);
    *to++ = '"';
    return to;
}

void JsonOutput::write_id(std::string_view scope, std::string_view code) {
    constexpr std::string_view before_scope{"{\"scope\":\""};
    constexpr std::string_view before_code{"\",\"code\":\""};
    if (is_plain_in_json(scope) && is_plain_in_json(code)) {
        char* to = text_->room(before_scope.size() + scope.size() + before_code.size() +
                               code.size() + end_of_id.size());
        to = detail::put_bytes(detail::put_bytes(to, before_scope), scope);
        to = detail::put_bytes(detail::put_bytes(to, before_code), code);
        text_->extend_to(detail::put_bytes(to, end_of_id));
        return;
    }
    text_->append("{\"scope\":");
    write(scope);
    text_->append(",\"code\":");
    write(code);
    text_->push_back('}');
}

void JsonOutput::write_money(const Decimal& amount, std::string_view currency) {
    text_->append("{\"amount\":");
    write(amount);
    if (!currency.empty()) {
        text_->append(",\"currency\":");
        write(currency);
    }
    text_->push_back('}');
}

void JsonOutput::write_property_value(const Property& value) {
    bool is_first = true;
    text_->push_back('{');
    if (!value.label.empty()) {
        member("labelValue", is_first);
        write(value.label);
    }
    if (value.metric) {
        member("metricValue", is_first);
        text_->append("{\"value\":");
        write(value.metric->value);
        if (!value.metric->unit.empty()) {
            text_->append(",\"unit\":");
            write(value.metric->unit);
        }
        text_->push_back('}');
    }
    if (!value.labels.empty()) {
        member("labelValueSet", is_first);
        text_->append("{\"values\":");
        write(value.labels);
        text_->push_back('}');
    }
    text_->push_back('}');
}

void JsonOutput::write(const Properties& value) {
    char separator = '{';
    for (const auto& [key, property] : value) {
        text_->push_back(separator);
        separator = ',';
        write(key);
        text_->append(":{\"key\":");
        write(key);
        if (property != Property{}) {
            text_->append(",\"value\":");
            write_property_value(property);
        }
        text_->push_back('}');
    }
    text_->append(value.empty() ? "{}" : "}");
}

void JsonOutput::write(const VersionNote& value, std::size_t version_number) {
    bool is_first = true;
    text_->push_back('{');
    member(version_number_member, is_first);
    text_->append(std::to_string(version_number));
    const auto write_given = [&](std::string_view name, const std::string& content) {
        if (!content.empty()) {
            member(name, is_first);
            write(content);
        }
    };
    write_given(as_at_member, value.written.as_at);
    write_given(user_member, value.written.user);
    write_given(reason_member, value.written.reason);
    if (value.entry != 0) {
        member(entry_member, is_first);
        text_->append(std::to_string(value.entry));
    }
    if (value.is_removed) {
        member(removed_member, is_first);
        write(true);
    }
    text_->push_back('}');
}

}  // namespace allot::io
