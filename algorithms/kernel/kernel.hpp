// The split kernel: exact pro-rata floors of many claims at the speed of memory. Rules call it
// through algorithms/proportional.hpp; plain.hpp holds its plain twins, which are tested to give
// the same results. How it works: multiplier.hpp. How it is compiled for different processors:
// forms.hpp.
#pragma once

#include <cstdint>
#include <span>

#include "allot/integer.hpp"

namespace allot::kernel {

// Writes floor(floor(quantity * weights[i] / total) / lot) * lot for every i, exactly, and returns
// the sum of what was written. Precondition: all weights >= 0, total = their sum > 0,
// 0 <= quantity <= total, lot > 0, one share a weight; `shares` and `weights` do not overlap.
// Complexity: O(claims), and one division. Takes no memory. Thread safety: any thread.
std::int64_t proportional_floor(std::int64_t quantity, std::span<const std::int64_t> weights,
                                std::int64_t total, std::int64_t lot,
                                std::span<std::int64_t> shares) noexcept;
Int256 proportional_floor(const Int256& quantity, std::span<const Int256> weights,
                          const Int256& total, const Int256& lot,
                          std::span<Int256> shares) noexcept;

inline constexpr std::size_t claims_per_group = 8;

// Adds a lot to each of the first claims: to whole groups of claims, up to the first group in which
// one has no room for a lot, or for which `leftover` is not enough. Returns how many claims got
// one. Precondition: 0 <= share <= outstanding for each claim, leftover >= 0, lot > 0.
std::size_t give_to_groups(std::int64_t leftover, std::span<const std::int64_t> outstanding,
                           std::int64_t lot, std::span<std::int64_t> shares) noexcept;

// The sum. Precondition (narrow): it fits. Errors (wide): std::overflow_error when it does not fit.
[[nodiscard]] std::int64_t sum(std::span<const std::int64_t> values) noexcept;
[[nodiscard]] Int256 sum(std::span<const Int256> values);

}  // namespace allot::kernel
