// Weights as whole numbers, for rules.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "allot/integer.hpp"
#include "allot/weight.hpp"

namespace allot::detail {

// The smallest whole numbers in the same proportions. Returns false, and leaves `out` alone, when
// their sum does not fit (2^62, or 2^190).
[[nodiscard]] bool to_whole_weights(std::span<const Weight> weights,
                                    std::vector<std::int64_t>& out);
[[nodiscard]] bool to_whole_weights(std::span<const Weight> weights, std::vector<Int256>& out);

}  // namespace allot::detail
