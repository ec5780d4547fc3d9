// JSON in two layers: see json_tree.hpp. Own code, because what fits needs more than a parser
// gives: the place of every value, numbers digit by digit, members that stand there twice.
#include "engine/io/json_tree.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/text.hpp"
#include "engine/io/json_cutter.hpp"
#include "engine/io/json_fault.hpp"

namespace allot::io {

namespace {

using detail::is_digit;

void append_utf8(std::string& text, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80U) {
        put(point);
    } else if (point < 0x800U) {
        put(0xC0U | point >> 6U);
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000U) {
        put(0xE0U | point >> 12U);
        put(0x80U | (point >> 6U & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | point >> 18U);
        put(0x80U | (point >> 12U & 0x3FU));
        put(0x80U | (point >> 6U & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

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
    return tree_->text_of(tree_->nodes_[index_].key);
}

std::string_view JsonValue::text() const noexcept {
    return tree_->text_of(tree_->nodes_[index_].text);
}

std::size_t JsonValue::offset() const noexcept {
    return tree_->nodes_[index_].begin;
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

// Walks a text by the grammar of RFC 8259. Every function that reads something returns false when
// reading ends there: at a fault, or because the handler wants no more.
class JsonStream {
  public:
    JsonStream(std::string_view source, JsonHandler& handler)
        : source_{source}, cut_{source}, handler_{&handler}, tree_{source} {}

    std::optional<JsonFailure> run() {
        (void)cut_.take("\xEF\xBB\xBF");
        cut_.skip_space();
        const bool is_good = read_value({}) && (cut_.skip_space(), cut_.is_at_end());
        if (is_good || stopped_) {
            return std::nullopt;
        }
        // What is wrong is said by one who has the words for it.
        if (std::optional<JsonFailure> failure = find_fault(source_)) {
            return failure;
        }
        return JsonFailure{.found = "a byte that belongs to no JSON", .offset = cut_.at()};
    }

  private:
    using Text = JsonTree::Text;

    enum class Mode : std::uint8_t { walking, recording, skipping };

    bool read_value(Text key);
    bool read_scalar(JsonTree::Node node);
    bool read_container(JsonTree::Node node);
    bool read_members();
    bool read_items();
    bool read_key(Text& key);
    bool read_text(Text& text);
    bool read_escape(std::string& out);
    bool read_hex(std::uint32_t& out);
    // Precondition: there is one.
    char take_byte() noexcept {
        const char byte = cut_.byte();
        cut_.go_to(cut_.at() + 1);
        return byte;
    }
    // Lets the handler read items its own way. Returns whether there was one for it.
    bool is_read_by_handler() {
        const std::size_t begin = cut_.at();
        if (mode_ == Mode::walking) {
            cut_.go_to(handler_->items(path_, begin));
        }
        return cut_.at() != begin;
    }
    [[nodiscard]] JsonStep step(JsonKind kind, std::size_t begin);
    void start_recording();
    bool hand_over();

    std::size_t append(const JsonTree::Node& node) {
        tree_.nodes_.push_back(node);
        tree_.nodes_.back().next = tree_.nodes_.size();
        return tree_.nodes_.size() - 1;
    }

    std::string_view source_;
    JsonCutter cut_;
    JsonHandler* handler_;
    JsonTree tree_;
    std::size_t depth_{0};
    Mode mode_{Mode::walking};
    JsonPath path_{};
    std::vector<std::set<std::string, std::less<>>> names_{};  // of the members of what was entered
    bool is_repeated_{false};
    bool stopped_{false};
};

JsonStep JsonStream::step(JsonKind kind, std::size_t begin) {
    return std::exchange(is_repeated_, false) ? JsonStep::skip
                                              : handler_->begin(path_, kind, begin);
}

void JsonStream::start_recording() {
    tree_.nodes_.clear();
    tree_.texts_.clear();
}

bool JsonStream::hand_over() {
    stopped_ = !handler_->value(path_, tree_);
    return !stopped_;
}

bool JsonStream::read_value(Text key) {
    if (cut_.is_at_end()) {
        return false;
    }
    JsonTree::Node node{.key = key, .begin = cut_.at()};
    switch (cut_.byte()) {
        case '{':
            node.kind = JsonKind::object;
            return read_container(node);
        case '[':
            node.kind = JsonKind::list;
            return read_container(node);
        case '"':
            node.kind = JsonKind::text;
            break;
        case 't':
        case 'f':
            node.kind = JsonKind::boolean;
            break;
        case 'n':
            node.kind = JsonKind::null;
            break;
        default:
            node.kind = JsonKind::number;
    }
    return read_scalar(node);
}

bool JsonStream::read_scalar(JsonTree::Node node) {
    const std::size_t kept = tree_.texts_.size();
    bool is_good = false;
    if (node.kind == JsonKind::text) {
        is_good = read_text(node.text);
    } else if (node.kind == JsonKind::number) {
        is_good = cut_.take_number();
    } else {
        const char first = cut_.byte();
        is_good = cut_.take(std::string_view{first == 't'   ? "true"
                                             : first == 'f' ? "false"
                                                            : "null"});
    }
    if (!is_good) {
        return false;
    }
    if (node.kind != JsonKind::text) {
        node.text = {node.begin, cut_.at() - node.begin, true};
    }
    if (mode_ == Mode::recording) {
        append(node);
        return true;
    }
    const bool is_wanted =
        mode_ == Mode::walking && step(node.kind, node.begin) == JsonStep::record;
    if (is_wanted) {
        tree_.nodes_.clear();
        append(node);
    }
    const bool goes_on = !is_wanted || hand_over();
    tree_.texts_.resize(kept);
    return goes_on;
}

bool JsonStream::read_container(JsonTree::Node node) {
    if (++depth_ > deepest_json) {
        return false;
    }
    const Mode before = mode_;
    if (mode_ == Mode::walking) {
        const JsonStep wanted = step(node.kind, node.begin);
        if (wanted == JsonStep::enter) {
            path_.emplace_back();
            names_.emplace_back();
        } else {
            mode_ = wanted == JsonStep::record ? Mode::recording : Mode::skipping;
            start_recording();
        }
    }
    const std::size_t number = mode_ == Mode::recording ? append(node) : 0;
    cut_.go_to(node.begin + 1);
    if (!(node.kind == JsonKind::object ? read_members() : read_items())) {
        return false;
    }
    --depth_;
    if (mode_ == Mode::recording) {
        tree_.nodes_[number].next = tree_.nodes_.size();
        mode_ = before;
        return before == Mode::recording || hand_over();
    }
    if (mode_ == Mode::walking) {
        path_.pop_back();
        names_.pop_back();
    }
    mode_ = before;
    return true;
}

bool JsonStream::read_members() {
    cut_.skip_space();
    if (cut_.take('}')) {
        return true;
    }
    while (true) {
        Text key;
        if (!read_key(key)) {
            return false;
        }
        cut_.skip_space();
        if (!cut_.take(':')) {
            return false;
        }
        cut_.skip_space();
        if (!read_value(key)) {
            return false;
        }
        cut_.skip_space();
        if (!cut_.take(',')) {
            return cut_.take('}');
        }
        cut_.skip_space();
    }
}

bool JsonStream::read_items() {
    cut_.skip_space();
    if (cut_.take(']')) {
        return true;
    }
    while (true) {
        if (!is_read_by_handler() && !read_value({})) {
            return false;
        }
        cut_.skip_space();
        if (!cut_.take(',')) {
            return cut_.take(']');
        }
        cut_.skip_space();
    }
}

bool JsonStream::read_key(Text& key) {
    const std::size_t begin = cut_.at();
    if (!cut_.is_at('"') || !read_text(key)) {
        return false;
    }
    if (mode_ == Mode::walking) {
        path_.back() = tree_.text_of(key);
        is_repeated_ = !names_.back().insert(path_.back()).second;
        if (is_repeated_) {
            handler_->repeated(path_, begin);
        }
    }
    if (mode_ != Mode::recording) {
        key = {};
        tree_.texts_.clear();
    }
    return true;
}

// A text without escapes stays where it is.
bool JsonStream::read_text(Text& text) {
    const std::size_t begin = cut_.at() + 1;
    cut_.go_to(begin);
    cut_.skip_plain_text();
    const std::size_t plain = cut_.at() - begin;
    if (cut_.take('"')) {
        text = {begin, plain, true};
        return true;
    }
    std::string& out = tree_.texts_;
    text = {out.size(), 0, false};
    out += source_.substr(begin, plain);
    while (!cut_.is_at_end() && !cut_.is_at('"')) {
        const char c = take_byte();
        if (static_cast<unsigned char>(c) < 0x20U || (c == '\\' && !read_escape(out))) {
            return false;
        }
        if (c != '\\') {
            out += c;
        }
    }
    text.size = out.size() - text.begin;
    return cut_.take('"');
}

// What stands behind a backslash.
bool JsonStream::read_escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (cut_.is_at_end()) {
        return false;
    }
    const char letter = take_byte();
    if (letter != 'u') {
        const std::size_t which = letters.find(letter);
        out += which == std::string_view::npos ? '\0' : meanings[which];
        return which != std::string_view::npos;
    }
    std::uint32_t point = 0;
    if (!read_hex(point)) {
        return false;
    }
    if (point >= 0xD800U && point < 0xE000U) {
        // A character beyond 16 bits is a pair: the high half, then the low one.
        std::uint32_t low = 0;
        if (point >= 0xDC00U || !cut_.take('\\') || !cut_.take('u') || !read_hex(low) ||
            low < 0xDC00U || low >= 0xE000U) {
            return false;
        }
        point = 0x10000U + ((point - 0xD800U) << 10U) + (low - 0xDC00U);
    }
    append_utf8(out, point);
    return true;
}

bool JsonStream::read_hex(std::uint32_t& out) {
    constexpr std::size_t digits = 4;
    out = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const char c = cut_.is_at_end() ? '\0' : take_byte();
        const auto lower = static_cast<char>(c | 0x20);
        if (is_digit(c)) {
            out = out * 16 + static_cast<std::uint32_t>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            out = out * 16 + static_cast<std::uint32_t>(lower - 'a') + 10;
        } else {
            return false;
        }
    }
    return true;
}

std::optional<JsonFailure> walk_json(std::string_view source, JsonHandler& handler) {
    return JsonStream{source, handler}.run();
}

}  // namespace allot::io
