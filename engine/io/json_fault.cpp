// What is wrong with a text that is not JSON: nlohmann::json says it, and its words are taken
// apart.
#include "engine/io/json_fault.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/text.hpp"

namespace allot::io {

namespace {

using detail::is_digit;

// Where the string begins whose closing quote stands just before `end`. Every quote within a string
// stands behind an odd number of backslashes, its opening quote behind none.
std::size_t text_begin(std::string_view source, std::size_t end) noexcept {
    std::size_t at = end - 1;
    while (at > 0) {
        --at;
        if (source[at] != '"') {
            continue;
        }
        std::size_t first = at;
        while (first > 0 && source[first - 1] == '\\') {
            --first;
        }
        if ((at - first) % 2 == 0) {
            break;
        }
    }
    return at;
}

bool belongs_to_number(char c) noexcept {
    return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// Where the number begins that ends just before `end`.
std::size_t number_begin(std::string_view source, std::size_t end) noexcept {
    while (end > 0 && belongs_to_number(source[end - 1])) {
        --end;
    }
    return end;
}

// How far the lexer has read, and whether it is within the exponent of a number.
struct Cursor {
    const char* seen{nullptr};
    bool in_text{false};
    bool escaped{false};
    bool in_exponent{false};
    char previous{0};

    void pass(char c) noexcept {
        if (in_text) {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            in_text = true;
            in_exponent = false;
        } else if ((c == 'e' || c == 'E') && is_digit(previous)) {
            in_exponent = true;
        } else if (!is_digit(c) && c != '+' && c != '-') {
            in_exponent = false;
        }
        previous = c;
    }
};

// Feeds the lexer and notes how far it has got. Digits of exponents are shown to it as zeros: it
// would stop the whole reading at 1e400, which is one bad number of one row.
class CountingIterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    CountingIterator(const char* at, Cursor* cursor) noexcept : at_{at}, cursor_{cursor} {}

    char operator*() const noexcept { return cursor_->in_exponent && is_digit(*at_) ? '0' : *at_; }
    CountingIterator& operator++() noexcept {
        cursor_->pass(*at_);
        cursor_->seen = ++at_;
        return *this;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b) noexcept {
        return a.at_ == b.at_;
    }

  private:
    const char* at_;
    Cursor* cursor_;
};

// The handler nlohmann::json calls for every token: takes all, until the grammar is broken.
class FaultFinder {
  public:
    explicit FaultFinder(std::string_view source) noexcept : source_{source} {
        cursor_.seen = source.data();
    }

    std::optional<JsonFailure> run() {
        const char* const begin = source_.data();
        const bool done =
            nlohmann::json::sax_parse(CountingIterator{begin, &cursor_},
                                      CountingIterator{begin + source_.size(), &cursor_}, this);
        return done ? std::nullopt : std::optional{std::move(failure_)};
    }

    bool null() { return true; }
    bool boolean(bool /*value*/) { return true; }
    bool number_integer(std::int64_t /*value*/) { return true; }
    bool number_unsigned(std::uint64_t /*value*/) { return true; }
    bool number_float(double /*value*/, const std::string& /*text*/) { return true; }
    bool string(std::string& /*value*/) { return true; }
    bool binary(nlohmann::json::binary_t& /*value*/) { return false; }
    bool key(std::string& /*value*/) { return true; }
    bool start_object(std::size_t /*elements*/) { return open(); }
    bool start_array(std::size_t /*elements*/) { return open(); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t position, const std::string& last_token,
                     const nlohmann::json::exception& fault) {
        failure_ = describe(position, last_token, fault);
        return false;
    }

  private:
    [[nodiscard]] std::size_t token_begin(std::string_view token, std::size_t last) const noexcept;
    [[nodiscard]] JsonFailure describe(std::size_t position, const std::string& last_token,
                                       const nlohmann::json::exception& fault) const;

    bool open() {
        if (++depth_ <= deepest_json) {
            return true;
        }
        failure_ = {.found = "more than " + std::to_string(deepest_json) + " levels of nesting",
                    .expected = "at most " + std::to_string(deepest_json),
                    .offset = static_cast<std::size_t>(cursor_.seen - source_.data()) - 1};
        return false;
    }
    bool close() {
        --depth_;
        return true;
    }

    std::string_view source_;
    Cursor cursor_{};
    std::size_t depth_{0};
    JsonFailure failure_{};
};

// Where the token begins whose last byte is at `last`, by what the library calls it.
std::size_t FaultFinder::token_begin(std::string_view token, std::size_t last) const noexcept {
    if (token == "string literal") {
        return text_begin(source_, last + 1);
    }
    if (token == "true literal" || token == "null literal") {
        return last - 3;
    }
    if (token == "false literal") {
        return last - 4;
    }
    if (token == "number literal") {
        return number_begin(source_, last + 1);
    }
    return last;
}

// The library says "[json....] parse error at line 1, column 5: syntax error while parsing value -
// unexpected end of input; expected '}'": taken apart, so that our own line and column stand.
JsonFailure FaultFinder::describe(std::size_t position, const std::string& last_token,
                                  const nlohmann::json::exception& fault) const {
    JsonFailure failure;
    failure.offset = std::min(position > 0 ? position - 1 : 0, source_.size());
    constexpr int number_overflow = 406;
    if (fault.id == number_overflow) {
        failure.code = ErrorCode::decimal_has_too_many_digits;
        failure.found = detail::shown(last_token);
        failure.offset = position - std::min(position, last_token.size());
        return failure;
    }
    std::string_view what{fault.what()};
    if (const std::size_t dash = what.find(" - "); dash != std::string_view::npos) {
        what.remove_prefix(dash + 3);
    }
    if (const std::size_t wanted = what.rfind("; expected "); wanted != std::string_view::npos) {
        failure.expected = detail::shown(what.substr(wanted + 11));
        what = what.substr(0, wanted);
    }
    if (what.substr(0, 11) == "unexpected ") {
        what.remove_prefix(11);
        failure.offset = token_begin(what, failure.offset);
    }
    failure.found = detail::shown(what);
    return failure;
}

}  // namespace

std::optional<JsonFailure> find_fault(std::string_view source) {
    return FaultFinder{source}.run();
}

}  // namespace allot::io
