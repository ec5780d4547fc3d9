// Paths are found in, and followed through, the tables of fields.
#include "apps/service/field_path.hpp"

#include <algorithm>

#include "apps/service/order_graph.hpp"

namespace allot::service {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

bool same_without_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

// Looks for the field of a name, and judges the rest of the path by the member's type.
struct FieldPath::Finder {
    std::string_view name;
    std::string_view rest;   // behind the name; a key without its brackets
    std::string_view whole;  // both, for fields with a point in their names
    int at{0};
    std::optional<FieldPath> found{};

    template <class Member>
    void operator()(const FieldInfo& field, const Member& member) {
        if (same_without_case(field.request, whole)) {
            rest = {};
            judge(member);
        } else if (same_without_case(field.request, name) ||
                   same_without_case(field.response, name)) {
            judge(member);
        }
        ++at;
    }

    void give(Part part, FieldKind kind, std::string_view key = {}) {
        found.emplace();
        found->field_ = at;
        found->part_ = part;
        found->kind_ = kind;
        found->key_ = key;
    }
    void give_whole(FieldKind kind) {
        if (rest.empty()) {
            give(Part::whole, kind);
        }
    }

    void judge(const std::string& /*member*/) { give_whole(FieldKind::text); }
    void judge(const Quantity& /*member*/) { give_whole(FieldKind::number); }
    void judge(const Decimal& /*member*/) { give_whole(FieldKind::number); }
    void judge(const Time& /*member*/) { give_whole(FieldKind::instant); }
    void judge(const Instant& /*member*/) { give_whole(FieldKind::instant); }
    void judge(const bool& /*member*/) { give_whole(FieldKind::boolean); }
    void judge(const ResourceId& /*member*/) {
        if (same_without_case(rest, "scope")) {
            give(Part::scope, FieldKind::text);
        } else if (same_without_case(rest, "code")) {
            give(Part::code, FieldKind::text);
        }
    }
    template <class Kind>
    void judge(const Id<Kind>& id) {
        judge(id.resource());
    }
    void judge(const CurrencyAndAmount& /*member*/) {
        if (rest.empty() || same_without_case(rest, "amount")) {
            give(Part::amount, FieldKind::number);
        } else if (same_without_case(rest, "currency")) {
            give(Part::currency, FieldKind::text);
        }
    }
    void judge(const Identifiers& /*member*/) {
        if (!rest.empty()) {
            give(Part::key, FieldKind::text, rest);
        }
    }
    void judge(const Properties& /*member*/) {
        if (!rest.empty()) {
            give(Part::key, FieldKind::property, rest);
        }
    }
    template <class Kind>
    void judge(const std::vector<Id<Kind>>& /*member*/) {}  // lists are not compared
    template <class Member>
    void judge(const std::optional<Member>& /*member*/) {
        judge(Member{});
    }
};

struct FieldPath::Getter {
    const FieldPath& path;
    int at{0};
    FieldValue value{};

    template <class Member>
    void operator()(const FieldInfo& /*field*/, const Member& member) {
        if (at++ == path.field_) {
            get(member);
        }
    }

    void get(const std::string& member) {
        if (!member.empty()) {
            value = std::string_view{member};
        }
    }
    void get(const Quantity& member) { value = member.units(); }
    void get(const Decimal& member) { value = member; }
    void get(const Time& member) { value = member.instant(); }
    void get(const Instant& member) { value = member; }
    void get(bool member) { value = member; }
    void get(const ResourceId& member) {
        value = std::string_view{path.part_ == Part::scope ? member.scope : member.code};
    }
    template <class Kind>
    void get(const Id<Kind>& member) {
        get(member.resource());
    }
    void get(const CurrencyAndAmount& member) {
        if (path.part_ == Part::amount) {
            value = member.amount;
        } else {
            get(member.currency);
        }
    }
    // Keys are looked up as written first; without regard to case only when that finds nothing.
    template <class Value>
    const Value* entry(const std::map<std::string, Value, std::less<>>& entries) const {
        auto found = entries.find(path.key_);
        if (found == entries.end()) {
            found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
                return same_without_case(entry.first, path.key_);
            });
        }
        return found == entries.end() ? nullptr : &found->second;
    }
    void get(const Identifiers& member) {
        if (const std::string* text = entry(member)) {
            get(*text);
        }
    }
    void get(const Properties& member) {
        if (const Property* property = entry(member)) {
            value = property;
        }
    }
    template <class Kind>
    void get(const std::vector<Id<Kind>>& /*member*/) {}
    template <class Member>
    void get(const std::optional<Member>& member) {
        if (member) {
            get(*member);
        }
    }
};

template <class Entity>
std::optional<FieldPath> FieldPath::parse(std::string_view text) {
    if constexpr (std::is_same_v<Entity, GraphBlock> || std::is_same_v<Entity, GraphPlacement>) {
        // What is graphed stands in a member of its own.
        const std::string_view own = kind_info<Entity>.singular;
        if (text.size() > own.size() && text[own.size()] == '.' &&
            same_without_case(text.substr(0, own.size()), own)) {
            text.remove_prefix(own.size() + 1);
        }
    }
    const std::size_t end = std::min(text.find_first_of(".["), text.size());
    std::string_view rest = text.substr(end);
    if (rest.starts_with('[') && rest.ends_with(']')) {
        rest = rest.substr(1, rest.size() - 2);
    } else if (rest.starts_with('.')) {
        rest.remove_prefix(1);
    }
    if (rest.empty() != (end == text.size()) || rest.starts_with('[')) {
        return std::nullopt;
    }
    const std::string_view name = text.substr(0, end);
    if (same_without_case(name, "version")) {
        FieldPath path;
        path.kind_ = FieldKind::instant;
        const bool is_created = same_without_case(rest, "asAtCreated");
        path.part_ = is_created ? Part::created : Part::modified;
        const bool is_known = is_created || same_without_case(rest, "asAtDate") ||
                              same_without_case(rest, "asAtModified");
        return is_known ? std::optional{path} : std::nullopt;
    }
    Finder finder{name, rest, text};
    const Entity nothing;
    visit_fields(nothing, finder);
    return std::move(finder.found);
}

template <class Entity>
FieldValue FieldPath::value_in(const Record<Entity>& record) const {
    if (field_ < 0) {
        return part_ == Part::created ? record.created->as_at : record.modified->as_at;
    }
    Getter getter{*this};
    visit_fields(record.value, getter);
    return getter.value;
}

#define ALLOT_SERVICE_KIND(Entity)                                                     \
    template std::optional<FieldPath> FieldPath::parse<Entity>(std::string_view text); \
    template FieldValue FieldPath::value_in(const Record<Entity>& record) const;
ALLOT_SERVICE_KIND(Order)
ALLOT_SERVICE_KIND(Block)
ALLOT_SERVICE_KIND(Placement)
ALLOT_SERVICE_KIND(Execution)
ALLOT_SERVICE_KIND(Allocation)
ALLOT_SERVICE_KIND(GraphBlock)
ALLOT_SERVICE_KIND(GraphPlacement)
#undef ALLOT_SERVICE_KIND

}  // namespace allot::service
