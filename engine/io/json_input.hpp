// JSON values to the library's own: one overload of `read` for each kind of field.
#pragma once

#include <bitset>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/complaints.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/json_tree.hpp"

namespace allot::io {

// Reads values and notes what is wrong with them. Every `read` returns whether `out` was set.
class JsonInput {
  public:
    explicit JsonInput(Complaints& complaints) noexcept : complaints_{&complaints} {}

    bool read(const JsonValue& value, const Trail& trail, std::string& out);
    bool read(const JsonValue& value, const Trail& trail, bool& out);
    bool read(const JsonValue& value, const Trail& trail, Decimal& out);
    bool read(const JsonValue& value, const Trail& trail, Quantity& out);
    bool read(const JsonValue& value, const Trail& trail, Weight& out);
    bool read(const JsonValue& value, const Trail& trail, std::uint32_t& out);
    bool read(const JsonValue& value, const Trail& trail, Time& out);
    bool read(const JsonValue& value, const Trail& trail, ResourceId& out);
    bool read(const JsonValue& value, const Trail& trail, CurrencyAndAmount& out);
    bool read(const JsonValue& value, const Trail& trail, Property& out);
    bool read(const JsonValue& value, const Trail& trail, Properties& out);

    template <class Kind>
    bool read(const JsonValue& value, const Trail& trail, Id<Kind>& out) {
        ResourceId id;
        if (!read(value, trail, id)) {
            return false;
        }
        out = Id<Kind>{std::move(id)};
        return true;
    }

    template <class T>
    bool read(const JsonValue& value, const Trail& trail, std::optional<T>& out) {
        T content{};
        if (!read(value, trail, content)) {
            return false;
        }
        out = std::move(content);
        return true;
    }

    template <class T>
    bool read(const JsonValue& value, const Trail& trail, std::vector<T>& out) {
        if (!has_kind(value, trail, JsonKind::list)) {
            return false;
        }
        bool all_good = true;
        std::size_t number = 0;
        for (const JsonValue item : value) {
            T content{};
            all_good = read(item, Trail{&trail, {}, number++}, content) && all_good;
            out.push_back(std::move(content));
        }
        return all_good;
    }

    // Text by name; a null says that there is none.
    template <class Less>
    bool read(const JsonValue& value, const Trail& trail,
              std::map<std::string, std::string, Less>& out) {
        if (!has_kind(value, trail, JsonKind::object)) {
            return false;
        }
        bool all_good = true;
        for (const JsonValue member : value) {
            if (member.kind() == JsonKind::null) {
                continue;
            }
            std::string content;
            all_good = read(member, Trail{&trail, member.key()}, content) && all_good;
            out.insert_or_assign(std::string{member.key()}, std::move(content));
        }
        return all_good;
    }

    // Who wrote the version: the members of the service's Version that a book keeps, and its own.
    bool read(const JsonValue& value, const Trail& trail, VersionNote& out);

    // A whole entity. `version` takes the content of its member of that name, if the entity has
    // versions. Problems of single members are noted and the rest is read all the same.
    template <class Entity>
    void read_entity(const JsonValue& value, Entity& out, VersionNote& version);

  private:
    // Notes a value of another kind. Returns whether the kind is right.
    bool has_kind(const JsonValue& value, const Trail& trail, JsonKind kind);
    bool wrong_type(const JsonValue& value, const Trail& trail, std::string_view expected);
    bool missing(const JsonValue& value, const Trail& trail);
    bool read_metric(const JsonValue& value, const Trail& trail, Property& out);
    bool read_property_value(const JsonValue& value, const Trail& trail, Property& out);
    // The digits of a number, or of a string that holds one.
    [[nodiscard]] std::optional<std::string_view> digits(const JsonValue& value,
                                                         const Trail& trail);

    template <class Entity>
    bool read_member(const JsonValue& member, Entity& out, std::bitset<field_count<Entity>>& seen,
                     std::bitset<field_count<Entity>>& seen_as_other);

    Complaints* complaints_;
};

template <class Entity>
bool JsonInput::read_member(const JsonValue& member, Entity& out,
                            std::bitset<field_count<Entity>>& seen,
                            std::bitset<field_count<Entity>>& seen_as_other) {
    bool is_known = false;
    const std::string_view key = member.key();
    for_each_field<Entity>([&](const auto& field, std::size_t index) {
        if (is_known ||
            (key != field.name && (field.other_name.empty() || key != field.other_name))) {
            return;
        }
        is_known = true;
        const Trail trail{nullptr, key};
        const bool is_other = key != field.name;
        if (seen.test(index) && is_other != seen_as_other.test(index)) {
            complaints_->add(ErrorCode::file_is_not_json, trail, "the same under both of its names",
                             "one of them", member.offset());
            return;
        }
        seen_as_other.set(index, is_other);
        if (member.kind() == JsonKind::null) {
            return;  // the same as not given
        }
        seen.set(index);
        read(member, trail, std::invoke(field.member, out));
    });
    return is_known;
}

template <class Entity>
void JsonInput::read_entity(const JsonValue& value, Entity& out, VersionNote& version) {
    std::bitset<field_count<Entity>> seen;
    std::bitset<field_count<Entity>> seen_as_other;  // under its second name
    for (const JsonValue member : value) {
        const std::string_view key = member.key();
        const Trail trail{nullptr, key};
        if ((has_versions<Entity> || is_fact<Entity>)&&key == version_member) {
            if (member.kind() != JsonKind::null) {
                read(member, trail, version);
            }
            continue;
        }
        bool is_dropped = false;
        for (const std::string_view dropped : Schema<Entity>::dropped) {
            is_dropped = is_dropped || key == dropped;
        }
        if (is_dropped) {
            continue;
        }
        if (!read_member(member, out, seen, seen_as_other)) {
            complaints_->add_unknown(trail, member.offset(), names_of_fields<Entity>);
        }
    }
    for_each_field<Entity>([&](const auto& field, std::size_t index) {
        if (field.need == Need::required && !seen.test(index)) {
            missing(value, Trail{nullptr, field.name});
        }
    });
}

// Reads a text that is one JSON value. Returns false where it is no JSON, where a member stands in
// it twice, and where `out` was not set: what is wrong with the value is in `complaints` then.
template <class Value>
[[nodiscard]] bool read_json_value(std::string_view text, const Trail& trail,
                                   Complaints& complaints, Value& out) {
    class Handler final : public JsonHandler {
      public:
        Handler(const Trail& trail, Complaints& complaints, Value& out)
            : trail_{&trail}, complaints_{&complaints}, out_{&out} {}
        JsonStep begin(const JsonPath& /*path*/, JsonKind /*kind*/,
                       std::size_t /*offset*/) override {
            return JsonStep::record;
        }
        bool value(const JsonPath& /*path*/, const JsonTree& tree) override {
            is_good_ = tree.repeated_members().empty() &&
                       JsonInput{*complaints_}.read(tree.root(), *trail_, *out_);
            return true;
        }
        void repeated(const JsonPath& /*path*/, std::size_t /*offset*/) override {}
        [[nodiscard]] bool is_good() const noexcept { return is_good_; }

      private:
        const Trail* trail_;
        Complaints* complaints_;
        Value* out_;
        bool is_good_{false};
    };
    Handler handler{trail, complaints, out};
    return !walk_json(text, handler) && handler.is_good();
}

}  // namespace allot::io
