// Reads each kind of member; entities are read by going through their tables of fields.
#include "apps/service/entity_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace allot::service {
namespace {

std::string wrong_type(const Json& json, std::string_view expected) {
    return fmt::format("field has the wrong type, found {}, expected {}", json.description(),
                       expected);
}

// An error of the library without what the path says already.
std::string text_of(Error error) {
    error.entity.clear();
    error.id.clear();
    error.field.clear();
    return error.message();
}

const std::string* read_text(const Json& json, const std::string& path, Findings& findings) {
    const std::string* const text = json.text();
    if (text == nullptr) {
        findings.add(path, wrong_type(json, "text"));
    }
    return text;
}

// Reads the members of one entity out of one object.
class Reader {
  public:
    Reader(const Json& json, const std::string& path, Strictness strictness, Findings& findings)
        : json_{json}, path_{path}, strictness_{strictness}, findings_{findings} {}

    // What is stored has the names of responses, and every member that was given.
    void reads_stored() { is_stored_ = true; }

    // Only these, and none of them has to be there.
    void reads_only(const std::vector<std::string_view>& fields) { only_ = &fields; }

    template <class Member>
    void operator()(const FieldInfo& field, Member& member) {
        if (field.presence == Presence::response_only && !is_stored_) {
            return;
        }
        if (only_ != nullptr &&
            std::find(only_->begin(), only_->end(), field.request) == only_->end()) {
            return;
        }
        const bool is_required =
            field.presence == Presence::required && !is_stored_ && only_ == nullptr;
        field_ = is_stored_ ? field.response : field.request;
        known_.push_back(field_);
        const Json* const found = json_.member(field_);
        if (found != nullptr) {
            read(*found, member);
            if (is_required && is_blank(*found)) {
                findings_.add(path(), "field is empty, expected text");
            }
        } else if (is_required) {
            findings_.add(path(), "field is missing");
        }
    }

    void refuse_unknown_members() const {
        if (!strictness_.unknown_members) {
            return;
        }
        for (const auto& [name, value] : *json_.object()) {
            if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
                findings_.add(path_ + '.' + name.substr(0, 200), "field is unknown");
            }
        }
    }

  private:
    [[nodiscard]] std::string path() const { return path_ + '.' + std::string{field_}; }
    [[nodiscard]] static bool is_blank(const Json& json) {
        return json.text() != nullptr && json.text()->empty();
    }

    void read(const Json& json, std::string& out) {
        if (const std::string* text = read_text(json, path(), findings_)) {
            out = *text;
        }
    }
    void read(const Json& json, std::optional<bool>& out) {
        if (const bool* value = json.boolean()) {
            out = *value;
        } else {
            findings_.add(path(), wrong_type(json, "true or false"));
        }
    }
    void read(const Json& json, std::optional<Decimal>& out) {
        out = read_decimal(json, path(), findings_);
    }
    void read(const Json& json, Quantity& out) {
        const Result<Quantity> quantity = Quantity::from(read_decimal(json, path(), findings_));
        if (!quantity) {
            findings_.add(path(), text_of(quantity.error()));
        } else if (quantity->is_zero() && strictness_.zero_quantities && json.number()) {
            findings_.add(path(), "quantity is not positive, found 0, expected more than zero");
        } else {
            out = *quantity;
        }
    }
    void read(const Json& json, std::optional<Quantity>& out) { read(json, out.emplace()); }
    void read(const Json& json, Time& out) {
        const std::string* const text = read_text(json, path(), findings_);
        if (text == nullptr) {
            return;
        }
        if (Result<Time> time = Time::parse(*text)) {
            out = *std::move(time);
        } else {
            findings_.add(path(), text_of(time.error()));
        }
    }
    void read(const Json& json, std::optional<Time>& out) {
        if (!is_blank(json)) {
            read(json, out.emplace());
        }
    }
    void read(const Json& json, std::optional<CurrencyAndAmount>& out) {
        if (json.object() == nullptr) {
            findings_.add(path(), wrong_type(json, "an object with amount and currency"));
            return;
        }
        out.emplace();
        if (const Json* amount = json.member("amount")) {
            out->amount = read_decimal(*amount, path() + ".amount", findings_);
        }
        if (const Json* currency = json.member("currency")) {
            if (const auto* text = read_text(*currency, path() + ".currency", findings_)) {
                out->currency = *text;
            }
        }
    }
    void read(const Json& json, std::optional<ResourceId>& out) {
        out = read_id(json, path(), findings_);
    }
    template <class Kind>
    void read(const Json& json, Id<Kind>& out) {
        out = Id<Kind>{read_id(json, path(), findings_)};
    }
    template <class Kind>
    void read(const Json& json, std::optional<Id<Kind>>& out) {
        out = Id<Kind>{read_id(json, path(), findings_)};
    }
    template <class Kind>
    void read(const Json& json, std::vector<Id<Kind>>& out) {
        for (ResourceId& id : read_ids(json, path(), findings_)) {
            out.emplace_back(std::move(id));
        }
    }
    void read(const Json& json, Identifiers& out) {
        const Json::Object* const members = json.object();
        if (members == nullptr) {
            findings_.add(path(), wrong_type(json, "an object of texts"));
            return;
        }
        for (const auto& [key, value] : *members) {
            if (value.is_null()) {
                continue;
            }
            if (const auto* text = read_text(value, path() + '.' + key, findings_)) {
                out.insert_or_assign(key, *text);
            }
        }
    }
    void read(const Json& json, Properties& out) {
        const Json::Object* const members = json.object();
        if (members == nullptr) {
            findings_.add(path(), wrong_type(json, "an object of properties"));
            return;
        }
        for (const auto& [key, value] : *members) {
            if (!value.is_null()) {
                out.insert_or_assign(key, read_property(value, path() + '.' + key));
            }
        }
    }
    Property read_property(const Json& json, const std::string& path) {
        Property property;
        if (json.object() == nullptr) {
            findings_.add(path, wrong_type(json, "an object with key and value"));
            return property;
        }
        const Json* const value = json.member("value");
        if (value == nullptr) {
            return property;
        }
        if (value->object() == nullptr) {
            findings_.add(path + ".value", wrong_type(*value, "an object"));
            return property;
        }
        read_label(*value, path, property);
        if (const Json* metric = value->member("metricValue")) {
            read_metric(*metric, path + ".value.metricValue",
                        property.metric.emplace(Property::Metric{}));
        }
        return property;
    }
    void read_label(const Json& value, const std::string& path, Property& property) {
        if (const Json* label = value.member("labelValue")) {
            if (const auto* text = read_text(*label, path + ".value.labelValue", findings_)) {
                property.label = *text;
            }
        }
        const Json* const set = value.member("labelValueSet");
        if (set == nullptr) {
            return;
        }
        const Json* const labels = set->member("values");
        if (labels == nullptr || labels->list() == nullptr) {
            findings_.add(path + ".value.labelValueSet.values", "field is missing or no list");
            return;
        }
        for (const Json& label : *labels->list()) {
            if (const auto* text =
                    read_text(label, path + ".value.labelValueSet.values", findings_)) {
                property.labels.push_back(*text);
            }
        }
    }
    void read_metric(const Json& json, const std::string& path, Property::Metric& metric) {
        if (json.object() == nullptr) {
            findings_.add(path, wrong_type(json, "an object with value and unit"));
            return;
        }
        if (const Json* number = json.member("value")) {
            metric.value = read_decimal(*number, path + ".value", findings_);
        }
        if (const Json* unit = json.member("unit")) {
            if (const auto* text = read_text(*unit, path + ".unit", findings_)) {
                metric.unit = *text;
            }
        }
    }

    const Json& json_;
    const std::string& path_;
    Strictness strictness_;
    Findings& findings_;
    std::string_view field_;
    std::vector<std::string_view> known_;
    bool is_stored_{false};
    const std::vector<std::string_view>* only_{nullptr};
};

template <class Entity>
void find_instrument(Entity& entity) {
    const auto luid = entity.instrument_identifiers.find("Instrument/default/LusidInstrumentId");
    entity.lusid_instrument_id =
        luid == entity.instrument_identifiers.end() ? "LUID_ZZZZZZZZ" : luid->second;
}

}  // namespace

ResourceId read_id(const Json& json, const std::string& path, Findings& findings) {
    ResourceId id;
    if (json.object() == nullptr) {
        findings.add(path, wrong_type(json, "an object with scope and code"));
        return id;
    }
    const auto part = [&](const char* name, std::string& out) {
        const Json* const member = json.member(name);
        if (member == nullptr) {
            findings.add(path + '.' + name, "field is missing");
            return false;
        }
        const std::string* const text = read_text(*member, path + '.' + name, findings);
        out = text == nullptr ? "" : *text;
        return text != nullptr;
    };
    const bool has_scope = part("scope", id.scope);
    const bool has_code = part("code", id.code);
    if (has_scope && has_code) {
        if (const Result<void> checked = id.check(); !checked) {
            findings.add(path, checked.error().message());
        }
    }
    return id;
}

std::vector<ResourceId> read_ids(const Json& json, const std::string& path, Findings& findings) {
    std::vector<ResourceId> ids;
    const Json::List* const list = json.list();
    if (list == nullptr) {
        findings.add(path, wrong_type(json, "a list of ids"));
        return ids;
    }
    ids.reserve(list->size());
    for (std::size_t i = 0; i < list->size(); ++i) {
        ids.push_back(read_id((*list)[i], fmt::format("{}[{}]", path, i), findings));
    }
    return ids;
}

Decimal read_decimal(const Json& json, const std::string& path, Findings& findings) {
    const Json::Number* const number = json.number();
    if (number == nullptr) {
        findings.add(path, wrong_type(json, "a number"));
        return {};
    }
    Result<Decimal> decimal = Decimal::parse(number->digits);
    if (!decimal) {
        findings.add(path, text_of(decimal.error()));
        return {};
    }
    return *decimal;
}

template <class Entity>
Entity read_entity(const Json& json, const std::string& path, Strictness strictness,
                   Findings& findings) {
    Entity entity;
    if (json.object() == nullptr) {
        findings.add(path, wrong_type(json, "an object"));
        return entity;
    }
    Reader reader{json, path, strictness, findings};
    visit_fields(entity, reader);
    reader.refuse_unknown_members();
    find_instrument(entity);
    return entity;
}

template <class Entity>
void read_partial(const Json& json, const std::string& path,
                  const std::vector<std::string_view>& fields, Entity& entity, Findings& findings) {
    Reader reader{json, path, {}, findings};
    reader.reads_only(fields);
    visit_fields(entity, reader);
    find_instrument(entity);
}

template void read_partial(const Json&, const std::string&, const std::vector<std::string_view>&,
                           Order&, Findings&);
template void read_partial(const Json&, const std::string&, const std::vector<std::string_view>&,
                           Block&, Findings&);
template void read_partial(const Json&, const std::string&, const std::vector<std::string_view>&,
                           Placement&, Findings&);

template <class Entity>
Entity read_stored(const Json& json, Findings& findings) {
    Entity entity;
    const std::string path = "stored";
    Reader reader{json, path, {}, findings};
    reader.reads_stored();
    visit_fields(entity, reader);
    return entity;
}

template Order read_stored(const Json&, Findings&);
template Block read_stored(const Json&, Findings&);
template Placement read_stored(const Json&, Findings&);
template Execution read_stored(const Json&, Findings&);
template Allocation read_stored(const Json&, Findings&);
template Order read_entity(const Json&, const std::string&, Strictness, Findings&);
template Block read_entity(const Json&, const std::string&, Strictness, Findings&);
template Placement read_entity(const Json&, const std::string&, Strictness, Findings&);
template Execution read_entity(const Json&, const std::string&, Strictness, Findings&);
template Allocation read_entity(const Json&, const std::string&, Strictness, Findings&);

}  // namespace allot::service
