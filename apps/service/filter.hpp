// Filter: the language in which clients choose from a list: `Quantity gt 100 and Side eq 'Sell'`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/service/field_path.hpp"
#include "apps/service/problem.hpp"

namespace allot::service {

// A literal as written, and what it may mean.
struct Literal {
    std::string text{};
    bool is_quoted{false};
    std::optional<Decimal> number{};
    std::optional<Instant> instant{};
    std::optional<bool> boolean{};
};

// Values from `least` to `most`, both included; monostate: there is no such end.
struct ValueRange {
    FieldValue least{};
    FieldValue most{};
    bool is_prefix{false};  // texts that begin with `least`
};

// What an entity must have to match a filter: a value of `path` in one of the ranges. Several
// ranges are single values.
struct Requirement {
    FieldPath path{};
    std::vector<ValueRange> values{};
};

// Operators eq, neq, gt, gte, lt, lte, in (..), startswith, exists, not exists; not, and, or,
// parentheses; `and` binds tighter than `or`. Text stands in single quotes, doubled inside. A
// missing field equals nothing. Thread safety: as any value.
class Filter {
  public:
    struct Node;

    // Matches everything.
    Filter() = default;
    // Errors: validation_error on `filter`, which names the character.
    template <class Entity>
    [[nodiscard]] static Answer<Filter> parse(std::string_view text);

    template <class Entity>
    [[nodiscard]] bool matches(const Record<Entity>& record) const;

    // Some of what every match has, of texts and times; views into this filter.
    [[nodiscard]] std::vector<Requirement> requirements() const;

  private:
    std::shared_ptr<const Node> root_;
};

}  // namespace allot::service
