// Json: a request's body as a tree that keeps the digits of its numbers, and text written as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "allot/result.hpp"

namespace allot::service {

// A JSON value. Numbers are kept as their text: what they mean is decided by the field they stand
// in, and no digit is lost on the way. Members keep their order; no name occurs twice.
class Json {
  public:
    struct Number {
        std::string digits;
    };
    using List = std::vector<Json>;
    using Object = std::vector<std::pair<std::string, Json>>;

    Json() = default;
    explicit Json(bool value) : value_{value} {}
    explicit Json(Number value) : value_{std::move(value)} {}
    explicit Json(std::string value) : value_{std::move(value)} {}
    explicit Json(List value) : value_{std::move(value)} {}
    explicit Json(Object value) : value_{std::move(value)} {}

    [[nodiscard]] bool is_null() const noexcept { return value_.index() == 0; }
    // nullptr when the value is of another kind.
    [[nodiscard]] const bool* boolean() const noexcept { return std::get_if<bool>(&value_); }
    [[nodiscard]] const Number* number() const noexcept { return std::get_if<Number>(&value_); }
    [[nodiscard]] const std::string* text() const noexcept {
        return std::get_if<std::string>(&value_);
    }
    [[nodiscard]] const List* list() const noexcept { return std::get_if<List>(&value_); }
    [[nodiscard]] const Object* object() const noexcept { return std::get_if<Object>(&value_); }
    [[nodiscard]] List* list() noexcept { return std::get_if<List>(&value_); }
    [[nodiscard]] Object* object() noexcept { return std::get_if<Object>(&value_); }

    // The member of that name; nullptr when this is no object, or has none, or it is null.
    [[nodiscard]] const Json* member(std::string_view name) const noexcept;

    // What stands there, in words for messages: "a list", "the text \"x\"", "the number 5".
    [[nodiscard]] std::string description() const;

  private:
    std::variant<std::monostate, bool, Number, std::string, List, Object> value_;
};

struct JsonLimits {
    std::size_t depth{64};
    std::size_t values{8'000'000};  // a tree takes some ten times the memory of the shortest text
};

// Why a text was not taken, with the place: "line 1, column 9: ...".
struct JsonFault {
    std::string detail;
};

// Errors: the text is not JSON or not UTF-8, is nested too deep, has too many values, or an object
// that has a member twice. Complexity: O(bytes); at most `limits.values` values in memory.
[[nodiscard]] Result<Json, JsonFault> parse_json(std::string_view text, const JsonLimits& limits);

// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void append_json(std::string& out, std::string_view text);

}  // namespace allot::service
