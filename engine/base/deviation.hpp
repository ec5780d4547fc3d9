// The largest distance of shares from exact pro rata, decided exactly in every width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "allot/decimal.hpp"
#include "allot/integer.hpp"

namespace allot::detail {

struct LargestDeviation {
    std::size_t index{0};  // the first of those with the largest distance
    Decimal lots{};        // rounded half_even to 6 places
    bool is_above_one_lot{false};
};

// max over i of |received[i] - executed * ordered[i] / sum of ordered| / lot, all in the same unit.
// Nothing when the sum of ordered is zero, or the distance has more digits than a Decimal.
// Precondition: same length, nothing negative, lot > 0. Complexity: O(length).
[[nodiscard]] std::optional<LargestDeviation> largest_deviation(
    std::span<const std::int64_t> received, std::span<const std::int64_t> ordered,
    std::int64_t executed, std::int64_t lot);
[[nodiscard]] std::optional<LargestDeviation> largest_deviation(std::span<const Int256> received,
                                                                std::span<const Int256> ordered,
                                                                const Int256& executed,
                                                                const Int256& lot);

}  // namespace allot::detail
