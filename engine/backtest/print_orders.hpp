// Draws the orders that real prints are executed for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/backtest/day_sketch.hpp"
#include "engine/backtest/print_source.hpp"

namespace allot {

// Times in milliseconds after midnight of the prints' day, below zero for the day before.
struct PrintOrders {
    bool is_buy{true};
    std::int64_t quantity{0};  // of all orders
    std::int64_t block_at_ms{0};
    std::int64_t placed_at_ms{0};
    std::vector<SketchedOrder> orders{};  // in the order of their times
};

// Depends on the seed, the numbers of orders and portfolios, the fill ratio; and of the source on
// instrument, date, executed units and time of the first fill. Precondition: the parameters are
// within their bounds. Errors: option_is_not_valid (fewer units than orders).
[[nodiscard]] Result<PrintOrders> draw_orders(const PrintParameters& parameters,
                                              const PrintSource& source);

}  // namespace allot
