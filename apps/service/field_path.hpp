// FieldPath: which value of an entity a filter or a sort order asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "apps/service/fields.hpp"
#include "apps/service/record.hpp"

namespace allot::service {

// What stands at a path in one entity; views into it. monostate: nothing.
using FieldValue =
    std::variant<std::monostate, std::string_view, Decimal, Instant, bool, const Property*>;

enum class FieldKind : std::uint8_t { text, number, instant, boolean, property };

class FieldPath {
  public:
    // Finds "quantity", "Id.Scope", "price.amount", "instrumentIdentifiers[KEY]",
    // "properties.KEY", "version.asAtDate" without regard to case; nullopt when there is none such.
    template <class Entity>
    [[nodiscard]] static std::optional<FieldPath> parse(std::string_view text);

    [[nodiscard]] FieldKind kind() const noexcept { return kind_; }
    template <class Entity>
    [[nodiscard]] FieldValue value_in(const Record<Entity>& record) const;

    friend bool operator==(const FieldPath&, const FieldPath&) = default;

  private:
    enum class Part : std::uint8_t { whole, scope, code, amount, currency, key, created, modified };
    struct Finder;
    struct Getter;

    int field_{-1};  // number in the table of fields; -1: of the version
    Part part_{Part::whole};
    std::string key_{};  // of a property or an identifier
    FieldKind kind_{};
};

// "abc" and "ABC" are the same.
[[nodiscard]] bool same_without_case(std::string_view a, std::string_view b) noexcept;

}  // namespace allot::service
