// The measured distributions that a generated day draws from, as integers.
#pragma once

#include <cstdint>

#include "engine/backtest/random.hpp"

namespace allot {

// The size of one fill, in units: heavy tail, clustered at round lots, as in the consolidated
// prints of US equities of 7 to 11 October 2013 (1,336,079 prints).
[[nodiscard]] std::int64_t draw_fill_size(Random& random);

// Mean of draw_fill_size, in units.
inline constexpr std::int64_t mean_fill_size = 456;

// A log-normal number with median 1000 and sigma 1.5, cut at its 0.01 % and 99.99 % quantiles
// (4 to 264681).
[[nodiscard]] std::int64_t draw_log_normal(Random& random);

// Mean of draw_log_normal.
inline constexpr std::int64_t mean_log_normal = 3135;

}  // namespace allot
