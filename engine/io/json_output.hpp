// The library's values to JSON text: one overload of `write` for each kind of field.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allot/book_file.hpp"
#include "engine/base/decimal_text.hpp"
#include "engine/base/put_bytes.hpp"
#include "engine/io/fields.hpp"
#include "engine/io/text_output.hpp"

namespace allot::io {

// Whether a field says something; what does not is left out of files.
template <class T>
[[nodiscard]] bool is_given(const T&) {
    return true;
}
template <class T>
[[nodiscard]] bool is_given(const std::optional<T>& value) {
    return value.has_value();
}
template <class T>
[[nodiscard]] bool is_given(const std::vector<T>& value) {
    return !value.empty();
}
template <class Key, class T, class Less>
[[nodiscard]] bool is_given(const std::map<Key, T, Less>& value) {
    return !value.empty();
}
[[nodiscard]] inline bool is_given(const std::string& value) {
    return !value.empty();
}
[[nodiscard]] inline bool is_given(std::string_view value) {
    return !value.empty();
}
[[nodiscard]] inline bool is_given(const PriceView& value) {
    return value.amount.has_value();
}

// Appends JSON to a text.
class JsonOutput {
  public:
    // What stands behind the code of an id.
    static constexpr std::string_view end_of_id{"\"}"};
    // No number is longer, and hardly a member that is an id.
    static constexpr std::size_t longest_number = detail::longest_decimal_text + 2;
    static constexpr std::size_t usual_id_bytes = 112;

    JsonOutput(TextBuffer& text, NumberStyle numbers) noexcept : text_{&text}, numbers_{numbers} {}

    [[nodiscard]] NumberStyle numbers() const noexcept { return numbers_; }

    // Appends what is JSON already.
    void raw(std::string_view json) { text_->append(json); }

    // Opens the next member of an object: `"name":`, behind a comma but for the first.
    void member(std::string_view name, bool& is_first) {
        char* to = text_->room(name.size() + 4);
        *to = ',';
        to += is_first ? 0 : 1;
        is_first = false;
        *to++ = '"';
        to = detail::put_bytes(to, name);
        text_->extend_to(detail::put_bytes(to, "\":"));
    }

    void write(std::string_view value);
    void write(const std::string& value) { write(std::string_view{value}); }
    void write(bool value) { text_->append(value ? "true" : "false"); }
    void write(const Decimal& value);
    void write(const Quantity& value) { write(value.units()); }
    void write(std::uint32_t value) { write(Decimal{value}); }
    // A fraction that is no decimal goes out as text: "1/3".
    void write(const Weight& value) {
        value.divisor() == Decimal{1} ? write(value.numerator())
                                      : write(std::string_view{value.to_string()});
    }
    void write(const Time& value) { write(value.to_string()); }
    void write(const ResourceId& value) { write_id(value.scope, value.code); }
    void write(const CurrencyAndAmount& value) { write_money(value.amount, value.currency); }
    void write(const PriceView& value) { write_money(value.amount->amount(), value.currency); }
    void write(const Properties& value);
    void write_property_value(const Property& value);
    void write(const VersionNote& value, std::size_t version_number);

    template <class Kind>
    void write(const Id<Kind>& value) {
        write_id(value.scope(), value.code());
    }
    template <class Kind>
    void write(const IdView<Kind>& value) {
        write_id(value.scope, value.code);
    }
    template <class T>
    void write(const std::optional<T>& value) {
        write(*value);
    }
    template <class T>
    void write(const std::vector<T>& value) {
        write_items(value);
    }
    template <class Kind>
    void write(const std::array<IdView<Kind>, 1>& value) {
        write_items(value);
    }
    template <class Less>
    void write(const std::map<std::string, std::string, Less>& value) {
        char separator = '{';
        for (const auto& [key, content] : value) {
            text_->push_back(separator);
            separator = ',';
            write(key);
            text_->push_back(':');
            write(content);
        }
        text_->append(value.empty() ? "{}" : "}");
    }

    // The fields of an entity, without the braces.
    template <class Entity>
    void write_fields(const Entity& entity, bool& is_first) {
        for_each_field<Entity>([&](const auto& field, std::size_t) {
            write_field(field, std::invoke(field.member, entity), is_first);
        });
    }
    void write_fields(const AllocationView& allocation, bool& is_first) {
        for_each_field<Allocation>([&](const auto& field, std::size_t) {
            write_field(field, std::invoke(field.view, allocation), is_first);
        });
    }

    // A field with its name, if it says something.
    template <class FieldType, class T>
    void write_field(const FieldType& field, const T& value, bool& is_first) {
        if (field.need == Need::required || is_given(value)) {
            member(field.name, is_first);
            write(value);
        }
    }

    // The same in the caller's memory: what stands before the value of a field that is not the
    // first, and a number. Return the end of what was written.
    template <class FieldType>
    static constexpr std::size_t size_before(const FieldType& field) {
        return field.name.size() + 4;
    }
    template <class FieldType>
    static char* put_before(char* to, const FieldType& field) noexcept {
        return detail::put_bytes(detail::put_bytes(detail::put_bytes(to, ",\""), field.name),
                                 "\":");
    }
    [[nodiscard]] char* put(char* to, const Decimal& value) const noexcept;

  private:
    template <class Items>
    void write_items(const Items& items) {
        char separator = '[';
        for (const auto& item : items) {
            text_->push_back(separator);
            separator = ',';
            write(item);
        }
        text_->append(items.empty() ? "[]" : "]");
    }
    void write_id(std::string_view scope, std::string_view code);
    void write_money(const Decimal& amount, std::string_view currency);

    TextBuffer* text_;
    NumberStyle numbers_;
};

}  // namespace allot::io
