// Pages, and the tokens that lead from one to the next.
#include "apps/service/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "apps/service/filter.hpp"
#include "apps/service/graph_source.hpp"

namespace allot::service {
namespace {

constexpr std::size_t most_per_page = 5000;  // also when no limit is given
constexpr std::size_t longest_filter = 16'384;
constexpr std::size_t longest_token = 500;

struct SortKey {
    FieldPath path;
    bool descends{false};
};

// Where a page goes on. Behind an id when the list is sorted by id and the id is short enough for a
// token, else behind so many entities.
struct Place {
    Instant as_at{};
    std::uint64_t question{0};  // hash of what the list was asked for
    std::size_t skip{0};
    std::optional<ResourceId> after{};
};

std::uint64_t hash_of(std::string_view text, std::uint64_t start = 0xCBF29CE484222325ULL) {
    for (const char c : text) {
        start = (start ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    return (start ^ 0xFFU) * 0x100000001B3ULL;  // so that "ab","c" is not "a","bc"
}

constexpr std::string_view base64_signs =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string to_base64(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = group << 8U |
                    (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            const bool is_filling = i + j > bytes.size();
            out += is_filling ? '=' : base64_signs[group >> (18 - 6 * j) & 63U];
        }
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    for (const char c : text) {
        const std::size_t at = base64_signs.find(c);
        if (at == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(at);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xFFU);
        }
    }
    return out;
}

std::string token_of(const Place& place) {
    std::string text = fmt::format("{} {} {} {}", place.as_at.seconds, place.as_at.nanoseconds,
                                   place.question, place.skip);
    if (place.after) {
        text += ' ' + std::to_string(place.after->scope.size()) + ' ' + place.after->scope +
                place.after->code;
    }
    return to_base64(text);
}

// Takes a number from the front of `text`, and the space behind it.
template <class Number>
bool take_number(std::string_view& text, Number& out) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{}) {
        return false;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(text.starts_with(' ') ? 1 : 0);
    return true;
}

std::optional<Place> place_of(std::string token) {
    // A `+` that a client did not encode arrives as a space.
    std::replace(token.begin(), token.end(), ' ', '+');
    const std::optional<std::string> decoded =
        token.empty() || token.size() > longest_token ? std::nullopt : from_base64(token);
    if (!decoded) {
        return std::nullopt;
    }
    std::string_view text = *decoded;
    Place place;
    if (!take_number(text, place.as_at.seconds) || !take_number(text, place.as_at.nanoseconds) ||
        !take_number(text, place.question) || !take_number(text, place.skip)) {
        return std::nullopt;
    }
    std::size_t scope_size = 0;
    if (!text.empty()) {
        if (!take_number(text, scope_size) || scope_size > text.size()) {
            return std::nullopt;
        }
        place.after = ResourceId{std::string{text.substr(0, scope_size)},
                                 std::string{text.substr(scope_size)}};
    }
    return place;
}

std::size_t number_parameter(const Target& target, std::string_view name, std::size_t least,
                             std::size_t most, std::size_t usual, Findings& findings) {
    const std::string* const text = target.parameter(name);
    if (text == nullptr) {
        return usual;
    }
    std::size_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, problem] = std::from_chars(text->data(), end, number);
    if (problem != std::errc{} || stop != end || number < least || number > most) {
        findings.add(
            std::string{name},
            fmt::format("found {}, expected a whole number from {} to {}", *text, least, most));
        return usual;
    }
    return number;
}

// "quantity DESC", or by sign "-quantity"; an empty path where it is neither.
std::pair<std::string_view, bool> sort_order_of(std::string_view text, bool by_sign) {
    if (by_sign) {
        const bool descends = text.starts_with('-');
        return {text.substr(descends ? 1 : 0), descends};
    }
    const std::size_t space = text.rfind(' ');
    const std::string_view way = space == std::string_view::npos ? "" : text.substr(space + 1);
    const bool descends = same_without_case(way, "DESC");
    if (!descends && !same_without_case(way, "ASC")) {
        return {};
    }
    return {text.substr(0, space), descends};
}

template <class Entity>
Answer<std::vector<SortKey>> sort_keys_of(const Target& target, bool by_sign) {
    std::vector<SortKey> keys;
    for (const std::string& text : target.parameters("sortBy")) {
        const auto [name, descends] = sort_order_of(text, by_sign);
        const auto path = name.empty() ? std::nullopt : FieldPath::parse<Entity>(name);
        if (!path) {
            Problem problem;
            problem.code = ProblemCode::sort_field_not_supported;
            problem.detail = !name.empty()
                                 ? "sortBy, there is no field `" +
                                       std::string{name.substr(0, 200)} + "` to sort by"
                                 : "sortBy, found " + text.substr(0, 200) +
                                       (by_sign ? ", expected a field, or - and a field"
                                                : ", expected a field, a space, and ASC or DESC");
            return Unexpected{std::move(problem)};
        }
        keys.push_back({*path, descends});
    }
    return keys;
}

// Text, numbers, times and truth compare with their own kind; nothing comes before everything.
bool is_less(const FieldValue& a, const FieldValue& b) {
    const auto plain = [](const FieldValue& value) -> FieldValue {
        const auto* const property = std::get_if<const Property*>(&value);
        if (property == nullptr) {
            return value;
        }
        if ((*property)->metric) {
            return (*property)->metric->value;
        }
        return std::string_view{(*property)->label};
    };
    return plain(a) < plain(b);
}

template <class Entity>
std::vector<RecordPtr<Entity>> sorted(std::vector<RecordPtr<Entity>> records,
                                      const std::vector<SortKey>& keys) {
    struct Row {
        std::vector<FieldValue> values;
        RecordPtr<Entity> record;
    };
    std::vector<Row> rows;
    rows.reserve(records.size());
    for (RecordPtr<Entity>& record : records) {
        Row row;
        for (const SortKey& key : keys) {
            row.values.push_back(key.path.value_in(*record));
        }
        row.record = std::move(record);
        rows.push_back(std::move(row));
    }
    // They come sorted by id, which decides between equals.
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto& first = keys[i].descends ? b.values[i] : a.values[i];
            const auto& second = keys[i].descends ? a.values[i] : b.values[i];
            if (is_less(first, second)) {
                return true;
            }
            if (is_less(second, first)) {
                return false;
            }
        }
        return false;
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        records[i] = std::move(rows[i].record);
    }
    return records;
}

// Up to one more than `limit`, which tells that there is a next page.
template <class Entity, class Source>
std::vector<RecordPtr<Entity>> collect(const Source& store, const Place& place,
                                       const Filter& filter, const std::vector<SortKey>& keys,
                                       std::size_t limit, std::size_t& looked_at) {
    std::vector<RecordPtr<Entity>> records;
    std::size_t skip = keys.empty() && !place.after ? place.skip : 0;
    const auto look = [&](const RecordPtr<Entity>& record) {
        ++looked_at;
        if (filter.matches(*record) && (skip == 0 || skip-- == 0)) {
            records.push_back(record);
        }
        return !keys.empty() || records.size() <= limit;
    };
    store.template visit<Entity>(place.after, place.as_at, filter.requirements(), look);
    if (!keys.empty()) {
        records = sorted(std::move(records), keys);
        const std::size_t first = std::min(place.skip, records.size());
        const std::size_t last = std::min(first + limit + 1, records.size());
        records = {records.begin() + static_cast<std::ptrdiff_t>(first),
                   records.begin() + static_cast<std::ptrdiff_t>(last)};
    }
    return records;
}

Problem bad_token(const std::string& name) {
    Problem problem;
    problem.code = ProblemCode::bad_pagination_token;
    problem.detail = name +
                     ", expected a token that this list has given, with the same filter, sortBy "
                     "and asAt";
    return problem;
}

// Where the page begins: as the token says, or at the beginning.
Answer<Place> begin_of(const Instant& last_write, const Target& target, const char* token_name,
                       std::uint64_t question, const std::optional<Instant>& as_at,
                       std::size_t start) {
    const std::string* const token = target.parameter(token_name);
    if (token == nullptr) {
        return Place{as_at.value_or(last_write), question, start, std::nullopt};
    }
    std::optional<Place> place = place_of(*token);
    if (!place || place->question != question) {
        return Unexpected{bad_token(token_name)};
    }
    return *std::move(place);
}

}  // namespace

std::optional<Instant> as_at_of(const Target& target, Findings& findings, const char* name) {
    const std::string* const text = target.parameter(name);
    if (text == nullptr || text->empty()) {
        return std::nullopt;
    }
    std::string fixed = *text;
    // The offset's `+` that a client did not encode arrives as a space.
    if (const std::size_t clock = fixed.find('T'); clock != std::string::npos) {
        std::replace(fixed.begin() + static_cast<std::ptrdiff_t>(clock), fixed.end(), ' ', '+');
    }
    const Result<Instant> instant = parse_instant(fixed);
    if (!instant) {
        findings.add(name, instant.error().message());
        return std::nullopt;
    }
    return *instant;
}

std::vector<std::string> property_keys_of(const Target& target, Findings& findings) {
    std::vector<std::string> keys = target.parameters("propertyKeys");
    for (const std::string& key : keys) {
        if (std::count(key.begin(), key.end(), '/') < 2) {
            findings.add("propertyKeys",
                         "found " + key.substr(0, 200) + ", expected DOMAIN/SCOPE/CODE");
        }
    }
    return keys;
}

template <class Entity, class Source>
Answer<Page<Entity>> list_page(const Source& source, const Target& target, const ListRules& rules) {
    Findings findings;
    const std::optional<Instant> as_at = as_at_of(target, findings);
    const std::size_t limit =
        number_parameter(target, "limit", 1, most_per_page, most_per_page, findings);
    const std::size_t start =
        number_parameter(target, "start", 0, std::numeric_limits<std::int32_t>::max(), 0, findings);
    const std::string* const filter_text = target.parameter("filter");
    if (filter_text != nullptr && filter_text->size() > longest_filter) {
        findings.add("filter", fmt::format("found {} bytes, expected at most {}",
                                           filter_text->size(), longest_filter));
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    Answer<Filter> filter = Filter::parse<Entity>(filter_text == nullptr ? "" : *filter_text);
    if (!filter) {
        return Unexpected{std::move(filter).error()};
    }
    Answer<std::vector<SortKey>> keys = sort_keys_of<Entity>(target, rules.sorts_by_sign);
    if (!keys) {
        return Unexpected{std::move(keys).error()};
    }
    std::uint64_t question = hash_of(kind_info<Entity>.plural);
    question = hash_of(rules.parent ? rules.parent->to_string() : "", question);
    question = hash_of(filter_text == nullptr ? "" : *filter_text, question);
    for (const std::string& text : target.parameters("sortBy")) {
        question = hash_of(text, question);
    }
    if (as_at) {
        question = hash_of(fmt::format("{} {}", as_at->seconds, as_at->nanoseconds), question);
    }
    Answer<Place> place =
        begin_of(source.last_write(), target, rules.token, question, as_at, start);
    if (!place) {
        return Unexpected{std::move(place).error()};
    }
    Page<Entity> page;
    page.records = collect<Entity>(source, *place, *filter, *keys, limit, page.looked_at);
    if (page.records.size() > limit) {
        page.records.pop_back();
        constexpr std::size_t longest_id = 250;  // such that its token is within the wire's limit
        const ResourceId& last = page.records.back()->value.id.resource();
        const bool is_by_id = keys->empty() && last.scope.size() + last.code.size() <= longest_id;
        // Counted from the beginning: behind a long id only that tells where a page goes on.
        place->skip += limit;
        page.next = token_of(
            {place->as_at, question, place->skip, is_by_id ? std::optional{last} : std::nullopt});
    }
    return page;
}

// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are types.
#define ALLOT_SERVICE_LIST(Entity, Source)                                                \
    template Answer<Page<Entity>> list_page<Entity, Source>(const Source&, const Target&, \
                                                            const ListRules&);
// NOLINTEND(bugprone-macro-parentheses)
ALLOT_SERVICE_LIST(Order, Store)
ALLOT_SERVICE_LIST(Block, Store)
ALLOT_SERVICE_LIST(Placement, Store)
ALLOT_SERVICE_LIST(Execution, Store)
ALLOT_SERVICE_LIST(Allocation, Store)
ALLOT_SERVICE_LIST(GraphBlock, GraphSource)
ALLOT_SERVICE_LIST(GraphPlacement, GraphSource)
#undef ALLOT_SERVICE_LIST

}  // namespace allot::service
