// Writing entities into responses, as the wire shapes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/service/fields.hpp"
#include "apps/service/record.hpp"

namespace allot::service {

// Appends the entity with its version. What is not given is left out. `property_keys`: only these
// properties; nullptr: all.
template <class Entity>
void write_record(std::string& out, const Record<Entity>& record,
                  const std::vector<std::string>* property_keys = nullptr);

// Appends the entity as it is, nothing added and times as received: read_stored gives it back.
template <class Entity>
void write_stored(std::string& out, const Entity& entity);

// Appends `"name":value` to an object that has been begun, with the comma where one is wanted.
// What is not given is left out.
template <class Member>
void write_member(std::string& out, std::string_view name, const Member& member);

// Appends {"scope":...,"code":...}.
void write_id(std::string& out, std::string_view scope, std::string_view code);

}  // namespace allot::service
