// JSON values to the library's own: the kinds of fields that are no templates.
#include "engine/io/json_input.hpp"

#include <utility>

#include "engine/base/text.hpp"

namespace allot::io {

bool JsonInput::wrong_type(const JsonValue& value, const Trail& trail, std::string_view expected) {
    complaints_->add(ErrorCode::field_has_wrong_type, trail, value.shown(), std::string{expected},
                     value.offset());
    return false;
}

bool JsonInput::missing(const JsonValue& value, const Trail& trail) {
    complaints_->add(ErrorCode::field_is_missing, trail, {}, {}, value.offset());
    return false;
}

bool JsonInput::has_kind(const JsonValue& value, const Trail& trail, JsonKind kind) {
    return value.kind() == kind || wrong_type(value, trail, name(kind));
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, std::string& out) {
    if (!has_kind(value, trail, JsonKind::text)) {
        return false;
    }
    out = value.text();
    return true;
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, bool& out) {
    if (!has_kind(value, trail, JsonKind::boolean)) {
        return false;
    }
    out = value.text() == "true";
    return true;
}

std::optional<std::string_view> JsonInput::digits(const JsonValue& value, const Trail& trail) {
    if (value.kind() != JsonKind::number && value.kind() != JsonKind::text) {
        wrong_type(value, trail, "a number");
        return std::nullopt;
    }
    return value.text();
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, Decimal& out) {
    const std::optional<std::string_view> text = digits(value, trail);
    return text && complaints_->take(Decimal::parse(*text), out, trail, *text, value.offset());
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, Quantity& out) {
    const std::optional<std::string_view> text = digits(value, trail);
    return text && complaints_->take(Quantity::parse(*text), out, trail, *text, value.offset());
}

// A number, or a fraction as text: "1/3".
bool JsonInput::read(const JsonValue& value, const Trail& trail, Weight& out) {
    if (value.kind() == JsonKind::text) {
        return complaints_->take(Weight::parse(value.text()), out, trail, value.text(),
                                 value.offset());
    }
    const std::optional<std::string_view> text = digits(value, trail);
    return text && complaints_->take(Weight::parse(*text), out, trail, *text, value.offset());
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, std::uint32_t& out) {
    const std::optional<std::string_view> text = digits(value, trail);
    if (!text) {
        return false;
    }
    const std::optional<std::uint32_t> number = detail::whole_number(*text);
    out = number.value_or(0);
    return number || wrong_type(value, trail, "a whole number");
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, Time& out) {
    return has_kind(value, trail, JsonKind::text) &&
           complaints_->take(Time::parse(value.text()), out, trail, value.text(), value.offset());
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, ResourceId& out) {
    if (!has_kind(value, trail, JsonKind::object)) {
        return false;
    }
    bool all_good = true;
    bool has_scope = false;
    bool has_code = false;
    for (const JsonValue member : value) {
        const Trail inner{&trail, member.key()};
        if (member.key() == "scope") {
            has_scope = true;
            all_good = read(member, inner, out.scope) && all_good;
        } else if (member.key() == "code") {
            has_code = true;
            all_good = read(member, inner, out.code) && all_good;
        } else {
            complaints_->add_unknown(inner, member.offset());
        }
    }
    if (!has_scope) {
        all_good = missing(value, Trail{&trail, "scope"});
    }
    if (!has_code) {
        all_good = missing(value, Trail{&trail, "code"});
    }
    if (!all_good) {
        return false;
    }
    const Result<void> checked = out.check();
    if (!checked) {
        complaints_->add(checked.error().code, Trail{&trail, checked.error().field},
                         checked.error().found, checked.error().expected, value.offset());
    }
    return checked.has_value();
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, CurrencyAndAmount& out) {
    if (!has_kind(value, trail, JsonKind::object)) {
        return false;
    }
    bool all_good = true;
    bool has_amount = false;
    for (const JsonValue member : value) {
        const Trail inner{&trail, member.key()};
        const bool is_given = member.kind() != JsonKind::null;
        if (member.key() == "amount") {
            has_amount = is_given;
            all_good = (!is_given || read(member, inner, out.amount)) && all_good;
        } else if (member.key() == "currency") {
            all_good = (!is_given || read(member, inner, out.currency)) && all_good;
        } else {
            complaints_->add_unknown(inner, member.offset());
        }
    }
    return has_amount ? all_good : missing(value, Trail{&trail, "amount"});
}

bool JsonInput::read_metric(const JsonValue& value, const Trail& trail, Property& out) {
    if (!has_kind(value, trail, JsonKind::object)) {
        return false;
    }
    bool all_good = true;
    bool has_value = false;
    Property::Metric& metric = out.metric.emplace(Property::Metric{});
    for (const JsonValue member : value) {
        const Trail inner{&trail, member.key()};
        const bool is_given = member.kind() != JsonKind::null;
        if (member.key() == "value") {
            has_value = is_given;
            all_good = (!is_given || read(member, inner, metric.value)) && all_good;
        } else if (member.key() == "unit") {
            all_good = (!is_given || read(member, inner, metric.unit)) && all_good;
        } else {
            complaints_->add_unknown(inner, member.offset());
        }
    }
    return has_value ? all_good : missing(value, Trail{&trail, "value"});
}

// {"labelValue":"..."}, {"metricValue":{...}}, {"labelValueSet":{"values":[...]}}.
bool JsonInput::read_property_value(const JsonValue& value, const Trail& trail, Property& out) {
    if (!has_kind(value, trail, JsonKind::object)) {
        return false;
    }
    bool all_good = true;
    for (const JsonValue member : value) {
        const Trail inner{&trail, member.key()};
        if (member.kind() == JsonKind::null) {
            continue;
        }
        if (member.key() == "labelValue") {
            all_good = read(member, inner, out.label) && all_good;
        } else if (member.key() == "metricValue") {
            all_good = read_metric(member, inner, out) && all_good;
        } else if (member.key() == "labelValueSet") {
            if (!has_kind(member, inner, JsonKind::object)) {
                all_good = false;
                continue;
            }
            for (const JsonValue values : member) {
                const Trail innermost{&inner, values.key()};
                if (values.key() == "values") {
                    all_good = read(values, innermost, out.labels) && all_good;
                } else {
                    complaints_->add_unknown(innermost, values.offset());
                }
            }
        } else {
            complaints_->add_unknown(inner, member.offset());
        }
    }
    return all_good;
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, Property& out) {
    return read_property_value(value, trail, out);
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, Properties& out) {
    if (!has_kind(value, trail, JsonKind::object)) {
        return false;
    }
    bool all_good = true;
    for (const JsonValue entry : value) {
        const Trail inner{&trail, entry.key()};
        if (!has_kind(entry, inner, JsonKind::object)) {
            all_good = false;
            continue;
        }
        Property property;
        for (const JsonValue member : entry) {
            const Trail innermost{&inner, member.key()};
            if (member.key() == "key") {
                if (member.kind() != JsonKind::text || member.text() != entry.key()) {
                    complaints_->add(ErrorCode::field_has_wrong_type, innermost, member.shown(),
                                     '"' + std::string{entry.key()} + '"', member.offset());
                    all_good = false;
                }
            } else if (member.key() == "value") {
                all_good = (member.kind() == JsonKind::null ||
                            read_property_value(member, innermost, property)) &&
                           all_good;
            } else if (member.key() != "referenceData") {
                complaints_->add_unknown(innermost, member.offset());
            }
        }
        out.insert_or_assign(std::string{entry.key()}, std::move(property));
    }
    return all_good;
}

bool JsonInput::read(const JsonValue& value, const Trail& trail, VersionNote& out) {
    if (!has_kind(value, trail, JsonKind::object)) {
        return false;
    }
    bool all_good = true;
    for (const JsonValue member : value) {
        const Trail inner{&trail, member.key()};
        if (member.kind() == JsonKind::null) {
            continue;
        }
        if (member.key() == as_at_member) {
            all_good = read(member, inner, out.written.as_at) && all_good;
        } else if (member.key() == user_member) {
            all_good = read(member, inner, out.written.user) && all_good;
        } else if (member.key() == reason_member) {
            all_good = read(member, inner, out.written.reason) && all_good;
        } else if (member.key() == entry_member) {
            all_good = read(member, inner, out.entry) && all_good;
        } else if (member.key() == removed_member) {
            all_good = read(member, inner, out.is_removed) && all_good;
        }
    }
    return all_good;
}

}  // namespace allot::io
