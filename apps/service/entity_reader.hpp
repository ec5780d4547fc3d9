// Reading entities out of requests: every problem is found, and named by field.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/service/fields.hpp"
#include "apps/service/json.hpp"
#include "apps/service/problem.hpp"

namespace allot::service {

// What a request's body is held to. Members that nobody knows are read over by default, because
// clients of several years send different ones.
struct Strictness {
    bool unknown_members{false};  // refuse them
    bool zero_quantities{false};  // refuse them
};

// The entity in `json`, named `path` in messages. What is wrong goes to `findings`; the entity is
// then not to be used.
template <class Entity>
[[nodiscard]] Entity read_entity(const Json& json, const std::string& path, Strictness strictness,
                                 Findings& findings);

// Sets those of the members `fields` that `json` gives, and leaves the others as they are;
// properties are added to. Precondition: `json` is an object.
template <class Entity>
void read_partial(const Json& json, const std::string& path,
                  const std::vector<std::string_view>& fields, Entity& entity, Findings& findings);

// The entity that write_stored wrote.
template <class Entity>
[[nodiscard]] Entity read_stored(const Json& json, Findings& findings);

// {"scope":...,"code":...}
[[nodiscard]] ResourceId read_id(const Json& json, const std::string& path, Findings& findings);
[[nodiscard]] std::vector<ResourceId> read_ids(const Json& json, const std::string& path,
                                               Findings& findings);
// A number, digit by digit.
[[nodiscard]] Decimal read_decimal(const Json& json, const std::string& path, Findings& findings);

}  // namespace allot::service
