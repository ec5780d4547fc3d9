// JSON in two layers: see json_tree.hpp. The grammar is nlohmann::json's; numbers are taken from
// the source, digit by digit, and never from the double it makes of them.
#include "engine/io/json_tree.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/text.hpp"

namespace allot::io {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

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

}  // namespace

std::string_view name(JsonKind kind) noexcept {
    switch (kind) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return "true or false";
        case JsonKind::number:
            return "a number";
        case JsonKind::text:
            return "a string";
        case JsonKind::object:
            return "an object";
        case JsonKind::list:
            return "a list";
    }
    return "";
}

JsonKind JsonValue::kind() const noexcept {
    return tree_->nodes_[index_].kind;
}

std::string_view JsonValue::key() const noexcept {
    const JsonTree::Node& node = tree_->nodes_[index_];
    return std::string_view{tree_->texts_}.substr(node.key_begin, node.key_size);
}

std::string_view JsonValue::text() const noexcept {
    const JsonTree::Node& node = tree_->nodes_[index_];
    const std::string_view where =
        node.kind == JsonKind::text ? std::string_view{tree_->texts_} : tree_->source_;
    return where.substr(node.text_begin, node.text_size);
}

std::size_t JsonValue::offset() const noexcept {
    const JsonTree::Node& node = tree_->nodes_[index_];
    if (node.kind == JsonKind::object || node.kind == JsonKind::list) {
        return node.end - 1;
    }
    if (node.kind != JsonKind::text) {
        return node.text_begin;
    }
    return text_begin(tree_->source_, node.end);
}

std::string JsonValue::shown() const {
    switch (kind()) {
        case JsonKind::object:
        case JsonKind::list:
            return std::string{name(kind())};
        case JsonKind::text:
            return '"' + detail::shown(text()) + '"';
        default:
            return detail::shown(text());
    }
}

JsonValue::iterator& JsonValue::iterator::operator++() noexcept {
    index_ = tree_->nodes_[index_].next;
    return *this;
}

JsonValue::iterator JsonValue::begin() const noexcept {
    return {tree_, index_ + 1};
}

JsonValue::iterator JsonValue::end() const noexcept {
    return {tree_, tree_->nodes_[index_].next};
}

std::vector<JsonValue> JsonTree::repeated_members() const {
    std::vector<JsonValue> repeated;
    std::vector<JsonValue> members;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].kind != JsonKind::object) {
            continue;
        }
        const JsonValue object{*this, i};
        members.clear();
        for (const JsonValue member : object) {
            members.push_back(member);
        }
        std::stable_sort(members.begin(), members.end(),
                         [](const JsonValue& a, const JsonValue& b) { return a.key() < b.key(); });
        for (std::size_t m = 1; m < members.size(); ++m) {
            if (members[m].key() == members[m - 1].key()) {
                repeated.push_back(members[m]);
            }
        }
    }
    return repeated;
}

// The handler nlohmann::json calls for every token.
class JsonStream {
  public:
    JsonStream(std::string_view source, JsonHandler& handler)
        : source_{source}, handler_{&handler}, tree_{source} {
        cursor_.seen = source.data();
    }

    std::optional<JsonFailure> run() {
        const char* const begin = source_.data();
        const bool done =
            nlohmann::json::sax_parse(CountingIterator{begin, &cursor_},
                                      CountingIterator{begin + source_.size(), &cursor_}, this);
        return done || stopped_ ? std::nullopt : std::optional{std::move(failure_)};
    }

    bool null() { return literal(JsonKind::null, 4); }
    bool boolean(bool value) { return literal(JsonKind::boolean, value ? 4 : 5); }
    bool number_integer(std::int64_t /*value*/) { return number(); }
    bool number_unsigned(std::uint64_t /*value*/) { return number(); }
    bool number_float(double /*value*/, const std::string& /*text*/) { return number(); }
    bool string(std::string& value) {
        const std::size_t begin = recording_ ? keep(value) : 0;
        return scalar(
            {.kind = JsonKind::text, .text_begin = begin, .text_size = value.size(), .end = seen()},
            value);
    }
    bool binary(nlohmann::json::binary_t& /*value*/) { return false; }
    bool start_object(std::size_t /*elements*/) { return open(JsonKind::object); }
    bool start_array(std::size_t /*elements*/) { return open(JsonKind::list); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(std::string& value) {
        if (recording_) {
            key_size_ = value.size();
            key_begin_ = keep(value);
        } else if (skipped_ == 0) {
            Level& level = levels_.back();
            path_.back() = value;
            is_repeated_ = !level.names.insert(value).second;
            if (is_repeated_) {
                handler_->repeated(path_, text_begin(source_, seen()));
            }
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string& last_token,
                     const nlohmann::json::exception& fault) {
        failure_ = describe(position, last_token, fault);
        return false;
    }

  private:
    // An object or list that was entered.
    struct Level {
        std::set<std::string, std::less<>> names{};  // of its members so far
    };

    [[nodiscard]] std::size_t seen() const noexcept {
        return static_cast<std::size_t>(cursor_.seen - source_.data());
    }

    [[nodiscard]] std::size_t token_begin(std::string_view token, std::size_t last) const noexcept;
    [[nodiscard]] JsonFailure describe(std::size_t position, const std::string& last_token,
                                       const nlohmann::json::exception& fault) const;

    std::size_t keep(std::string_view text) {
        const std::size_t begin = tree_.texts_.size();
        tree_.texts_ += text;
        return begin;
    }

    bool literal(JsonKind kind, std::size_t size) {
        return scalar({.kind = kind, .text_begin = seen() - size, .text_size = size, .end = seen()},
                      {});
    }

    // The lexer has looked at the byte behind the number, if there is one.
    bool number() {
        std::size_t end = seen();
        if (!belongs_to_number(source_[end - 1])) {
            --end;
        }
        const std::size_t begin = number_begin(source_, end);
        return scalar(
            {.kind = JsonKind::number, .text_begin = begin, .text_size = end - begin, .end = end},
            {});
    }

    void append(JsonTree::Node node) {
        node.key_begin = key_begin_;
        node.key_size = key_size_;
        key_begin_ = key_size_ = 0;
        node.next = tree_.nodes_.size() + 1;
        tree_.nodes_.push_back(node);
    }

    JsonStep step(JsonKind kind, std::size_t offset) {
        if (is_repeated_) {
            is_repeated_ = false;
            return JsonStep::skip;
        }
        return handler_->begin(path_, kind, offset);
    }

    void start_recording() {
        tree_.nodes_.clear();
        tree_.texts_.clear();
        key_begin_ = key_size_ = 0;
    }

    bool hand_over() {
        if (!handler_->value(path_, tree_)) {
            stopped_ = true;
            return false;
        }
        return true;
    }

    bool scalar(JsonTree::Node node, std::string_view text) {
        if (recording_) {
            append(node);
            return true;
        }
        if (skipped_ > 0) {
            return true;
        }
        const std::size_t begin =
            node.kind == JsonKind::text ? text_begin(source_, node.end) : node.text_begin;
        if (step(node.kind, begin) != JsonStep::record) {
            return true;
        }
        start_recording();
        if (node.kind == JsonKind::text) {
            node.text_begin = keep(text);
        }
        append(node);
        return hand_over();
    }

    bool open(JsonKind kind) {
        if (++depth_ > deepest_json) {
            failure_ = {.found = "more than " + std::to_string(deepest_json) + " levels of nesting",
                        .expected = "at most " + std::to_string(deepest_json),
                        .offset = seen() - 1};
            return false;
        }
        if (!recording_ && skipped_ == 0) {
            switch (step(kind, seen() - 1)) {
                case JsonStep::enter:
                    levels_.emplace_back();
                    path_.emplace_back();
                    return true;
                case JsonStep::skip:
                    skipped_ = 1;
                    return true;
                case JsonStep::record:
                    start_recording();
                    recording_ = true;
                    break;
            }
        } else if (skipped_ > 0) {
            ++skipped_;
            return true;
        }
        open_nodes_.push_back(tree_.nodes_.size());
        append({.kind = kind, .end = seen()});
        return true;
    }

    bool close() {
        --depth_;
        if (skipped_ > 0) {
            --skipped_;
            return true;
        }
        if (!recording_) {
            levels_.pop_back();
            path_.pop_back();
            return true;
        }
        tree_.nodes_[open_nodes_.back()].next = tree_.nodes_.size();
        open_nodes_.pop_back();
        if (!open_nodes_.empty()) {
            return true;
        }
        recording_ = false;
        return hand_over();
    }

    std::string_view source_;
    JsonHandler* handler_;
    Cursor cursor_{};
    JsonTree tree_;
    std::vector<std::size_t> open_nodes_{};  // containers of the tree that are not closed yet
    std::size_t key_begin_{0};
    std::size_t key_size_{0};
    std::vector<Level> levels_{};
    JsonPath path_{};
    std::size_t depth_{0};
    std::size_t skipped_{0};  // open containers that are being read over
    bool recording_{false};
    bool is_repeated_{false};
    bool stopped_{false};
    JsonFailure failure_{};
};

// Where the token begins whose last byte is at `last`, by what the library calls it.
std::size_t JsonStream::token_begin(std::string_view token, std::size_t last) const noexcept {
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
JsonFailure JsonStream::describe(std::size_t position, const std::string& last_token,
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

std::optional<JsonFailure> walk_json(std::string_view source, JsonHandler& handler) {
    return JsonStream{source, handler}.run();
}

}  // namespace allot::io
