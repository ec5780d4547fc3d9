// Writes each kind of member; numbers are written from their exact digits.
#include "apps/service/entity_writer.hpp"

#include <algorithm>

#include "apps/service/clock.hpp"
#include "apps/service/json.hpp"

namespace allot::service {
namespace {

// The fields that responses promise even where the request did not give them.
bool is_promised(std::string_view name) {
    return name == "lusidInstrumentId" || name == "instrumentIdentifiers" || name == "orderIds" ||
           name == "blockIds" || name == "state" || name == "isSwept";
}

class Writer {
  public:
    Writer(std::string& out, bool has_promised_state, const std::vector<std::string>* keys)
        : out_{out}, has_promised_state_{has_promised_state}, property_keys_{keys} {}

    // Nothing that was not given.
    void writes_stored() { is_stored_ = true; }

    template <class Member>
    void operator()(const FieldInfo& field, const Member& member) {
        field_ = field.response;
        write(member);
    }

  private:
    void name() {
        out_ += out_.back() == '{' ? "\"" : ",\"";
        out_ += field_;
        out_ += "\":";
    }

    void write(const std::string& text) {
        if (!text.empty()) {
            name();
            append_json(out_, text);
        } else if (is_stored_) {
            return;
        } else if (field_ == "lusidInstrumentId") {
            name();
            out_ += "\"LUID_ZZZZZZZZ\"";
        } else if (field_ == "state" && has_promised_state_) {
            name();
            out_ += "\"New\"";
        }
    }
    void write(const std::optional<bool>& value) {
        if (is_stored_ && !value) {
            return;
        }
        name();
        out_ += value.value_or(false) ? "true" : "false";
    }
    void write(const Decimal& number) {
        name();
        number.append_to(out_);
    }
    void write(const Quantity& quantity) { write(quantity.units()); }
    void write(const Time& time) {
        name();
        append_json(out_, is_stored_ ? time.to_string() : to_wire(time));
    }
    void write(const CurrencyAndAmount& money) {
        name();
        out_ += "{\"amount\":";
        money.amount.append_to(out_);
        out_ += ",\"currency\":";
        append_json(out_, money.currency);
        out_ += '}';
    }
    void write(const ResourceId& id) {
        name();
        write_id(out_, id.scope, id.code);
    }
    template <class Kind>
    void write(const Id<Kind>& id) {
        write(id.resource());
    }
    template <class Member>
    void write(const std::optional<Member>& member) {
        if (member) {
            write(*member);
        }
    }
    template <class Kind>
    void write(const std::vector<Id<Kind>>& ids) {
        if (ids.empty() && !is_promised(field_)) {
            return;
        }
        name();
        out_ += '[';
        for (const Id<Kind>& id : ids) {
            out_ += out_.back() == '[' ? "" : ",";
            write_id(out_, id.scope(), id.code());
        }
        out_ += ']';
    }
    void write(const Identifiers& identifiers) {
        name();
        out_ += '{';
        for (const auto& [key, value] : identifiers) {
            out_ += out_.back() == '{' ? "" : ",";
            append_json(out_, key);
            out_ += ':';
            append_json(out_, value);
        }
        out_ += '}';
    }
    void write(const Properties& properties) {
        name();
        out_ += '{';
        for (const auto& [key, property] : properties) {
            if (property_keys_ != nullptr &&
                std::find(property_keys_->begin(), property_keys_->end(), key) ==
                    property_keys_->end()) {
                continue;
            }
            out_ += out_.back() == '{' ? "" : ",";
            append_json(out_, key);
            out_ += ":{\"key\":";
            append_json(out_, key);
            out_ += ",\"value\":";
            write_value(property);
            out_ += '}';
        }
        out_ += '}';
    }
    // A property has one kind of value.
    void write_value(const Property& property) {
        if (property.metric) {
            out_ += "{\"metricValue\":{\"value\":";
            property.metric->value.append_to(out_);
            if (!property.metric->unit.empty()) {
                out_ += ",\"unit\":";
                append_json(out_, property.metric->unit);
            }
            out_ += "}}";
        } else if (!property.labels.empty()) {
            out_ += "{\"labelValueSet\":{\"values\":[";
            for (const std::string& label : property.labels) {
                out_ += out_.back() == '[' ? "" : ",";
                append_json(out_, label);
            }
            out_ += "]}}";
        } else {
            out_ += "{\"labelValue\":";
            append_json(out_, property.label);
            out_ += '}';
        }
    }

    std::string& out_;
    bool has_promised_state_;
    const std::vector<std::string>* property_keys_;
    std::string_view field_;
    bool is_stored_{false};
};

void write_version(std::string& out, const Stamp& created, const Stamp& modified, int number) {
    const auto text = [&](const char* name, std::string_view value) {
        out += ",\"";
        out += name;
        out += "\":";
        append_json(out, value);
    };
    const std::string as_at = to_wire(modified.as_at);
    out += ",\"version\":{\"effectiveFrom\":\"0001-01-01T00:00:00.0000000+00:00\"";
    text("asAtDate", as_at);
    text("asAtCreated", to_wire(created.as_at));
    text("requestIdCreated", created.request_id);
    text("asAtModified", as_at);
    text("requestIdModified", modified.request_id);
    out += ",\"asAtVersionNumber\":" + std::to_string(number) + '}';
}

}  // namespace

void write_id(std::string& out, std::string_view scope, std::string_view code) {
    out += "{\"scope\":";
    append_json(out, scope);
    out += ",\"code\":";
    append_json(out, code);
    out += '}';
}

template <class Entity>
void write_record(std::string& out, const Record<Entity>& record,
                  const std::vector<std::string>* property_keys) {
    out += '{';
    Writer writer{out, std::is_same_v<Entity, Placement>, property_keys};
    visit_fields(record.value, writer);
    write_version(out, *record.created, *record.modified, record.number);
    out += ",\"links\":[]}";
}

template <class Entity>
void write_stored(std::string& out, const Entity& entity) {
    out += '{';
    Writer writer{out, false, nullptr};
    writer.writes_stored();
    visit_fields(entity, writer);
    out += '}';
}

template <class Member>
void write_member(std::string& out, std::string_view name, const Member& member) {
    Writer{out, false, nullptr}(FieldInfo{name}, member);
}

template void write_member(std::string&, std::string_view, const std::string&);
template void write_member(std::string&, std::string_view, const Identifiers&);
template void write_member(std::string&, std::string_view, const Properties&);
template void write_member(std::string&, std::string_view, const Decimal&);
template void write_member(std::string&, std::string_view, const std::optional<Decimal>&);
template void write_member(std::string&, std::string_view, const CurrencyAndAmount&);
template void write_member(std::string&, std::string_view, const Time&);
template void write_member(std::string&, std::string_view, const std::optional<Time>&);
template void write_member(std::string&, std::string_view, const ResourceId&);
template void write_stored(std::string&, const Order&);
template void write_stored(std::string&, const Block&);
template void write_stored(std::string&, const Placement&);
template void write_stored(std::string&, const Execution&);
template void write_stored(std::string&, const Allocation&);
template void write_record(std::string&, const Record<Order>&, const std::vector<std::string>*);
template void write_record(std::string&, const Record<Block>&, const std::vector<std::string>*);
template void write_record(std::string&, const Record<Placement>&, const std::vector<std::string>*);
template void write_record(std::string&, const Record<Execution>&, const std::vector<std::string>*);
template void write_record(std::string&, const Record<Allocation>&,
                           const std::vector<std::string>*);

}  // namespace allot::service
