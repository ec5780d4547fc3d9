// Decimals to text in the caller's memory.
#pragma once

#include <cstddef>

#include "allot/decimal.hpp"

namespace allot::detail {

// No decimal has a longer text: a sign, 36 digits and a point; or a sign, "0." and 28 places.
inline constexpr std::size_t longest_decimal_text = 38;

// Writes what Decimal::to_string() gives to `to`, which has room for longest_decimal_text bytes.
// Returns the end of what was written. Complexity: O(digits).
[[nodiscard]] char* print(const Decimal& decimal, char* to) noexcept;

}  // namespace allot::detail
