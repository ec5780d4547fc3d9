// Record: one version of an entity, with when it was written and by which request.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "allot/id.hpp"
#include "allot/time.hpp"

namespace allot::service {

// One write: all that it changes has the same stamp.
struct Stamp {
    Instant as_at{};
    std::string request_id{};
};

template <class Entity>
struct Record {
    Entity value{};
    std::shared_ptr<const Stamp> created{};   // the first write since it last was not there
    std::shared_ptr<const Stamp> modified{};  // the write that made this version
    int number{1};                            // of the version, from 1
    bool is_deleted{false};                   // value is then what was deleted
};

template <class Entity>
using RecordPtr = std::shared_ptr<const Record<Entity>>;

}  // namespace allot::service
