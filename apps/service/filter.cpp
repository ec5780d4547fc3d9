// The filter language: parsed once into a tree, then asked for each entity.
#include "apps/service/filter.hpp"

#include <algorithm>
#include <array>
#include <compare>

#include "apps/service/order_graph.hpp"

namespace allot::service {

enum class FilterOperator : std::uint8_t {
    all,
    any,
    none,
    eq,
    neq,
    gt,
    gte,
    lt,
    lte,
    in,
    starts,
    exists
};

namespace {

struct Word {
    std::string_view text;
    FilterOperator meaning;
};
constexpr std::array comparisons = {
    Word{"eq", FilterOperator::eq},        Word{"neq", FilterOperator::neq},
    Word{"gt", FilterOperator::gt},        Word{"gte", FilterOperator::gte},
    Word{"lt", FilterOperator::lt},        Word{"lte", FilterOperator::lte},
    Word{"in", FilterOperator::in},        Word{"startswith", FilterOperator::starts},
    Word{"exists", FilterOperator::exists}};

// How `value` stands to `literal`; nullopt when they do not compare, as with nothing.
std::optional<std::strong_ordering> compare(const FieldValue& value, const Literal& literal) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        return *text <=> std::string_view{literal.text};
    }
    if (const auto* number = std::get_if<Decimal>(&value); number && literal.number) {
        return *number <=> *literal.number;
    }
    if (const auto* instant = std::get_if<Instant>(&value); instant && literal.instant) {
        return *instant <=> *literal.instant;
    }
    if (const auto* boolean = std::get_if<bool>(&value); boolean && literal.boolean) {
        return static_cast<int>(*boolean) <=> static_cast<int>(*literal.boolean);
    }
    return std::nullopt;
}

// A property is a number when it is a metric, else its label.
FieldValue value_of(const Property& property) {
    if (property.metric) {
        return property.metric->value;
    }
    return std::string_view{property.label};
}

bool holds(FilterOperator op, const std::optional<std::strong_ordering>& order) {
    switch (op) {
        case FilterOperator::eq:
        case FilterOperator::in:
            return order && *order == 0;
        case FilterOperator::gt:
            return order && *order > 0;
        case FilterOperator::gte:
            return order && *order >= 0;
        case FilterOperator::lt:
            return order && *order < 0;
        case FilterOperator::lte:
            return order && *order <= 0;
        default:
            return false;
    }
}

bool compares(FilterOperator op, const FieldValue& value, const std::vector<Literal>& literals) {
    return std::any_of(literals.begin(), literals.end(), [&](const Literal& literal) {
        if (op == FilterOperator::starts) {
            const auto* const text = std::get_if<std::string_view>(&value);
            return text != nullptr && text->starts_with(literal.text);
        }
        return holds(op, compare(value, literal));
    });
}

}  // namespace

struct Filter::Node {
    FilterOperator op{};
    FieldPath path{};
    std::vector<Literal> literals{};
    std::vector<Node> children{};

    template <class Entity>
    [[nodiscard]] bool matches(const Record<Entity>& record) const {
        const auto asks = [&](const Node& child) { return child.matches(record); };
        switch (op) {
            case FilterOperator::all:
                return std::all_of(children.begin(), children.end(), asks);
            case FilterOperator::any:
                return std::any_of(children.begin(), children.end(), asks);
            case FilterOperator::none:
                return std::none_of(children.begin(), children.end(), asks);
            case FilterOperator::exists:
                return path.value_in(record).index() != 0;
            case FilterOperator::neq:
                return !compare_all(FilterOperator::eq, path.value_in(record));
            default:
                return compare_all(op, path.value_in(record));
        }
    }

    // Of a set of labels any may match.
    [[nodiscard]] bool compare_all(FilterOperator own, const FieldValue& value) const {
        const auto* const property = std::get_if<const Property*>(&value);
        if (property == nullptr) {
            return compares(own, value, literals);
        }
        if (!(*property)->labels.empty()) {
            return std::any_of((*property)->labels.begin(), (*property)->labels.end(),
                               [&](const std::string& label) {
                                   return compares(own, std::string_view{label}, literals);
                               });
        }
        return compares(own, value_of(**property), literals);
    }
};

namespace {

using Node = Filter::Node;

// The values that a comparison allows, bounds included; monostate at both ends: any.
ValueRange range_of(const Node& node, const Literal& literal) {
    const FieldValue value = node.path.kind() == FieldKind::text
                                 ? FieldValue{std::string_view{literal.text}}
                                 : FieldValue{*literal.instant};
    switch (node.op) {
        case FilterOperator::eq:
        case FilterOperator::in:
            return {value, value};
        case FilterOperator::gt:
        case FilterOperator::gte:
            return {value, {}};
        case FilterOperator::lt:
        case FilterOperator::lte:
            return {{}, value};
        case FilterOperator::starts:
            return {value, {}, true};
        default:
            return {};
    }
}

bool is_plain(const Requirement& requirement) {
    return requirement.values.size() == 1 && !requirement.values.front().is_prefix;
}

// `from X and to Y` is one range: alone, each half may be met by nearly all.
void add_requirement(std::vector<Requirement>& out, Requirement made) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Requirement& own) {
        return own.path == made.path && is_plain(own);
    });
    if (same == out.end() || !is_plain(made)) {
        out.push_back(std::move(made));
        return;
    }
    ValueRange& own = same->values.front();
    const ValueRange& other = made.values.front();
    own.least = std::max(own.least, other.least);  // monostate comes before all
    if (own.most.index() == 0 || (other.most.index() != 0 && other.most < own.most)) {
        own.most = other.most;
    }
}

void collect_requirements(const Node& node, std::vector<Requirement>& out) {
    if (node.op == FilterOperator::all) {
        for (const Node& child : node.children) {
            collect_requirements(child, out);
        }
        return;
    }
    const bool is_ordered =
        node.path.kind() == FieldKind::text || node.path.kind() == FieldKind::instant;
    if (!is_ordered || node.op == FilterOperator::neq || node.literals.empty()) {
        return;
    }
    Requirement made;
    made.path = node.path;
    for (const Literal& literal : node.literals) {
        made.values.push_back(range_of(node, literal));
    }
    add_requirement(out, std::move(made));
}

// Reads a filter from left to right. What is wrong is kept in `fault`, with its place; every
// function that returns false has filled it.
class Parser {
  public:
    using FindPath = std::optional<FieldPath> (*)(std::string_view);

    Parser(std::string_view text, FindPath find_path) : text_{text}, find_path_{find_path} {}

    bool parse(Node& root) {
        if (!parse_any(root)) {
            return false;
        }
        skip_space();
        return at_ == text_.size() || refuse("the end, `and` or `or` was expected");
    }

    std::string fault;

  private:
    static constexpr int deepest = 100;

    bool refuse(const std::string& what) { return refuse_at(at_, what); }
    bool refuse_at(std::size_t at, const std::string& what) {
        const std::string_view before = text_.substr(0, at);
        const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
        });
        fault = "at character " + std::to_string(characters + 1) + ": " + what;
        return false;
    }

    void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
    // The next word, up to a space, a parenthesis or a comma; it is not taken.
    std::string_view peek_word() {
        skip_space();
        return text_.substr(at_, text_.find_first_of(" \t\r\n(),", at_) - at_);
    }
    bool take_word(std::string_view word) {
        if (!same_without_case(peek_word(), word)) {
            return false;
        }
        at_ += word.size();
        return true;
    }
    bool take_sign(char sign) {
        skip_space();
        if (at_ < text_.size() && text_[at_] == sign) {
            ++at_;
            return true;
        }
        return false;
    }

    bool parse_list(Node& node, FilterOperator op, std::string_view word,
                    bool (Parser::*part)(Node&)) {
        Node first;
        if (!(this->*part)(first)) {
            return false;
        }
        if (!same_without_case(peek_word(), word)) {
            node = std::move(first);
            return true;
        }
        node.op = op;
        node.children.push_back(std::move(first));
        while (take_word(word)) {
            if (!(this->*part)(node.children.emplace_back())) {
                return false;
            }
        }
        return true;
    }
    bool parse_any(Node& node) {
        return parse_list(node, FilterOperator::any, "or", &Parser::parse_all);
    }
    bool parse_all(Node& node) {
        return parse_list(node, FilterOperator::all, "and", &Parser::parse_one);
    }

    bool parse_one(Node& node) {
        if (++depth_ > deepest) {
            return refuse("nested deeper than " + std::to_string(deepest) + " levels");
        }
        bool is_read = false;
        if (take_sign('(')) {
            is_read = parse_any(node) && (take_sign(')') || refuse("`)` was expected"));
        } else if (take_word("not")) {
            node.op = FilterOperator::none;
            is_read = parse_one(node.children.emplace_back());
        } else {
            is_read = parse_comparison(node);
        }
        --depth_;
        return is_read;
    }

    // A path may have spaces inside [ ] only.
    std::string_view take_path() {
        skip_space();
        const std::size_t begin = at_;
        at_ = std::min(text_.find_first_of(" \t\r\n(),[", begin), text_.size());
        if (at_ < text_.size() && text_[at_] == '[') {
            const std::size_t close = text_.find(']', at_);
            at_ = close == std::string_view::npos ? text_.size() : close + 1;
        }
        return text_.substr(begin, at_ - begin);
    }

    bool parse_comparison(Node& node) {
        skip_space();
        const std::size_t begin = at_;
        const std::string_view path = take_path();
        if (path.empty()) {
            return refuse_at(begin, "a field was expected");
        }
        const std::optional<FieldPath> found = find_path_(path);
        if (!found) {
            return refuse_at(
                begin, "there is no field `" + std::string{path.substr(0, 200)} + "` to filter by");
        }
        node.path = *found;
        if (take_word("not")) {
            node.op = FilterOperator::none;
            Node& child = node.children.emplace_back();
            child.path = *found;
            child.op = FilterOperator::exists;
            return take_word("exists") || refuse("`exists` was expected");
        }
        const std::string_view word = peek_word();
        const auto* const op =
            std::find_if(comparisons.begin(), comparisons.end(),
                         [&](const Word& w) { return same_without_case(w.text, word); });
        if (op == comparisons.end()) {
            return refuse("eq, neq, gt, gte, lt, lte, in, startswith or exists was expected");
        }
        at_ += word.size();
        node.op = op->meaning;
        return parse_literals(node);
    }

    bool parse_literals(Node& node) {
        if (node.op == FilterOperator::exists) {
            return true;
        }
        if (node.op != FilterOperator::in) {
            return parse_literal(node);
        }
        if (!take_sign('(')) {
            return refuse("`(` was expected");
        }
        do {
            if (!parse_literal(node)) {
                return false;
            }
        } while (take_sign(','));
        return take_sign(')') || refuse("`,` or `)` was expected");
    }

    bool parse_literal(Node& node) {
        skip_space();
        const std::size_t begin = at_;
        Literal& literal = node.literals.emplace_back();
        if (begin < text_.size() && text_[begin] == '\'') {
            if (!take_quoted(literal)) {
                return refuse_at(begin, "the text that begins here has no end");
            }
        } else {
            literal.text = peek_word();
            if (literal.text.empty()) {
                return refuse("a value was expected");
            }
            at_ += literal.text.size();
        }
        return give_meaning(literal, node, begin);
    }

    bool take_quoted(Literal& literal) {
        literal.is_quoted = true;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\'' && text_.substr(at_ + 1, 1) != "'") {
                ++at_;
                return true;
            }
            at_ += text_[at_] == '\'' ? 1U : 0U;
            literal.text += text_[at_];
        }
        return false;
    }

    // Whether the literal can be compared with the field is known before any entity is looked at.
    bool give_meaning(Literal& literal, const Node& node, std::size_t begin) {
        if (const Result<Decimal> number = Decimal::parse(literal.text)) {
            literal.number = *number;
        }
        if (const Result<Instant> instant = parse_instant(literal.text)) {
            literal.instant = *instant;
        }
        if (literal.text == "true" || literal.text == "false") {
            literal.boolean = literal.text == "true";
        }
        if (node.op == FilterOperator::starts && node.path.kind() != FieldKind::text &&
            node.path.kind() != FieldKind::property) {
            return refuse_at(begin, "only text can be asked how it starts");
        }
        switch (node.path.kind()) {
            case FieldKind::text:
                return literal.is_quoted || refuse_at(begin, "text in single quotes was expected");
            case FieldKind::number:
                return literal.number || refuse_at(begin, "a number was expected");
            case FieldKind::instant:
                return literal.instant || refuse_at(begin, "a date or time was expected");
            case FieldKind::boolean:
                return literal.boolean || refuse_at(begin, "true or false was expected");
            case FieldKind::property:
                return literal.is_quoted || literal.number ||
                       refuse_at(begin, "text in single quotes, or a number, was expected");
        }
        return false;
    }

    std::string_view text_;
    FindPath find_path_;
    std::size_t at_{0};
    int depth_{0};
};

}  // namespace

template <class Entity>
Answer<Filter> Filter::parse(std::string_view text) {
    Filter filter;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return filter;
    }
    auto root = std::make_shared<Node>();
    Parser parser{text, &FieldPath::parse<Entity>};
    if (!parser.parse(*root)) {
        Findings findings;
        findings.add("filter", std::move(parser.fault));
        return Unexpected{findings.take()};
    }
    filter.root_ = std::move(root);
    return filter;
}

template <class Entity>
bool Filter::matches(const Record<Entity>& record) const {
    return root_ == nullptr || root_->matches(record);
}

std::vector<Requirement> Filter::requirements() const {
    std::vector<Requirement> out;
    if (root_ != nullptr) {
        collect_requirements(*root_, out);
    }
    return out;
}

#define ALLOT_SERVICE_KIND(Entity)                                        \
    template Answer<Filter> Filter::parse<Entity>(std::string_view text); \
    template bool Filter::matches(const Record<Entity>& record) const;
ALLOT_SERVICE_KIND(Order)
ALLOT_SERVICE_KIND(Block)
ALLOT_SERVICE_KIND(Placement)
ALLOT_SERVICE_KIND(Execution)
ALLOT_SERVICE_KIND(Allocation)
ALLOT_SERVICE_KIND(GraphBlock)
ALLOT_SERVICE_KIND(GraphPlacement)
#undef ALLOT_SERVICE_KIND

}  // namespace allot::service
