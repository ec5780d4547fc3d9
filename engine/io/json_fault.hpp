// What is wrong with a text that is not JSON, in words.
#pragma once

#include <optional>
#include <string_view>

#include "engine/io/json_tree.hpp"

namespace allot::io {

// The first fault of grammar in `source`, or nothing when it is JSON. Slow: for texts that are
// known to have one. Precondition: `source` is UTF-8. Complexity: O(bytes).
[[nodiscard]] std::optional<JsonFailure> find_fault(std::string_view source);

}  // namespace allot::io
