// Measures added up, compared and averaged: distances in each of their three units by itself.
#pragma once

#include <algorithm>
#include <cstddef>

#include "allot/backtest.hpp"

namespace allot::backtest {

inline constexpr int shown_places = 6;

// Throws Refusal when a sum is no decimal.
inline void add_to(Distance& sum, const Distance& other) {
    sum.units = sum.units + other.units;
    sum.lots = sum.lots + other.lots;
    sum.share = sum.share + other.share;
}

inline void add_to(Leftovers& sum, const Leftovers& other) {
    sum.count += other.count;
    sum.units = sum.units + other.units;
    sum.worth = sum.worth + other.worth;
}

inline void raise(Distance& most, const Distance& other) {
    most.units = std::max(most.units, other.units);
    most.lots = std::max(most.lots, other.lots);
    most.share = std::max(most.share, other.share);
}

// The mean, rounded half_even to the places that are shown; of nothing, nothing.
[[nodiscard]] inline Distance divided(const Distance& sum, std::size_t count) {
    const auto mean = [count](const Decimal& value) {
        return divide(value, Decimal{count}, shown_places, Rounding::half_even).value();
    };
    return count == 0 ? Distance{} : Distance{mean(sum.units), mean(sum.lots), mean(sum.share)};
}

}  // namespace allot::backtest
