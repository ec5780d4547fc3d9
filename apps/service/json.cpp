// JSON of requests, read with the library's SAX interface because that hands over the digits.
#include "apps/service/json.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

namespace allot::service {
namespace {

// "line 2, column 5" of the byte that `count` bytes were read up to.
std::string place_of(std::string_view text, std::size_t count) {
    const std::string_view before =
        text.substr(0, std::min(count == 0 ? 0 : count - 1, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t last_end = before.rfind('\n');
    const std::size_t column =
        last_end == std::string_view::npos ? before.size() + 1 : before.size() - last_end;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Builds the tree. A callback that returns false ends the reading, with `fault` filled.
class TreeMaker {
  public:
    TreeMaker(std::string_view text, const JsonLimits& limits) : text_{text}, limits_{limits} {}

    bool null() { return add(Json{}) != nullptr; }
    bool boolean(bool value) { return add(Json{value}) != nullptr; }
    bool number_integer(std::int64_t value) {
        return add(Json{Json::Number{std::to_string(value)}}) != nullptr;
    }
    bool number_unsigned(std::uint64_t value) {
        return add(Json{Json::Number{std::to_string(value)}}) != nullptr;
    }
    bool number_float(double /*value*/, const std::string& digits) {
        return add(Json{Json::Number{digits}}) != nullptr;
    }
    bool string(std::string& value) { return add(Json{std::move(value)}) != nullptr; }
    bool binary(std::vector<std::uint8_t>& /*bytes*/) { return refuse("binary data"); }
    bool start_object(std::size_t /*count*/) { return open(Json{Json::Object{}}); }
    bool start_array(std::size_t /*count*/) { return open(Json{Json::List{}}); }
    bool end_array() {
        open_.pop_back();
        return true;
    }

    bool key(std::string& name) {
        open_.back()->object()->emplace_back(std::move(name), Json{});
        return true;
    }

    // Looks for doubles when all members are there: comparing each with each would take forever on
    // an object of a million members.
    bool end_object() {
        const Json::Object& members = *open_.back()->object();
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const auto& [name, value] : members) {
            names.push_back(name);
        }
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) {
            return refuse("the object that ends before here has the member \"" +
                          std::string{twice->substr(0, 200)} + "\" twice");
        }
        open_.pop_back();
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*last_token*/,
                     const nlohmann::detail::exception& /*reason*/) {
        fault.detail = place_of(text_, position) + ": this is not JSON";
        return false;
    }

    Json root;
    JsonFault fault;

  private:
    bool refuse(const std::string& why) {
        fault.detail = why;
        return false;
    }

    Json* add(Json value) {
        if (++values_ > limits_.values) {
            refuse("more than " + std::to_string(limits_.values) + " values");
            return nullptr;
        }
        if (open_.empty()) {
            root = std::move(value);
            return &root;
        }
        if (Json::List* list = open_.back()->list()) {
            return &list->emplace_back(std::move(value));
        }
        Json& member = open_.back()->object()->back().second;
        member = std::move(value);
        return &member;
    }

    // The containers above one that is being filled do not grow, so pointers to them hold.
    bool open(Json container) {
        if (open_.size() >= limits_.depth) {
            return refuse("nested deeper than " + std::to_string(limits_.depth) + " levels");
        }
        Json* const placed = add(std::move(container));
        if (placed == nullptr) {
            return false;
        }
        open_.push_back(placed);
        return true;
    }

    std::string_view text_;
    JsonLimits limits_;
    std::size_t values_{0};
    std::vector<Json*> open_;
};

// The length of the UTF-8 sequence at the beginning of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return 0;
        }
    }
    const bool is_overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool is_surrogate = first == 0xED && byte(1) >= 0xA0;
    const bool is_beyond = first == 0xF4 && byte(1) >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\r':
            out += "\\r";
            return;
        default:
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 15U];
    }
}

}  // namespace

const Json* Json::member(std::string_view name) const noexcept {
    if (const Object* members = object()) {
        for (const auto& [own_name, value] : *members) {
            if (own_name == name) {
                return value.is_null() ? nullptr : &value;
            }
        }
    }
    return nullptr;
}

std::string Json::description() const {
    constexpr std::size_t longest = 200;
    const auto cut = [](const std::string& text) {
        return text.size() <= longest ? text : text.substr(0, longest) + "...";
    };
    if (const bool* value = boolean()) {
        return *value ? "true" : "false";
    }
    if (const Number* value = number()) {
        return "the number " + cut(value->digits);
    }
    if (const std::string* value = text()) {
        return "the text \"" + cut(*value) + '"';
    }
    return list() != nullptr ? "a list" : object() != nullptr ? "an object" : "null";
}

Result<Json, JsonFault> parse_json(std::string_view text, const JsonLimits& limits) {
    TreeMaker maker{text, limits};
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &maker)) {
        return Unexpected{std::move(maker.fault)};
    }
    return std::move(maker.root);
}

void append_json(std::string& out, std::string_view text) {
    const auto is_plain = [](char c) { return c >= ' ' && c < 127 && c != '"' && c != '\\'; };
    out += '"';
    while (!text.empty()) {
        const auto plain = static_cast<std::size_t>(
            std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            break;
        }
        const std::size_t length = utf8_length(text);
        const char c = text.front();
        if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) {
            append_escaped(out, c);
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    out += '"';
}

}  // namespace allot::service
