// Draws the orders that real prints are executed for.
#include "engine/backtest/print_orders.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "engine/backtest/day_tables.hpp"
#include "engine/backtest/day_text.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/uint128.hpp"

namespace allot {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t arrival_ms = 120 * minute_ms;

// executed / ratio, rounded up.
std::int64_t ordered_for(std::int64_t executed, const Decimal& ratio) {
    const auto part = static_cast<detail::Uint128>(ratio.mantissa_low());
    const detail::Uint128 whole =
        static_cast<detail::Uint128>(executed) * detail::power_of_ten(ratio.scale());
    return static_cast<std::int64_t>((whole + part - 1) / part);
}

// Log-normal sizes that sum to `ordered`: one unit each, and of the others a part like its weight,
// by differences of rounded-down running sums. Precondition: ordered >= orders.size().
void draw_sizes(Random& random, std::int64_t ordered, std::vector<SketchedOrder>& orders) {
    std::vector<std::int64_t> running;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        sum += draw_log_normal(random);
        running.push_back(sum);
    }
    const auto rest =
        static_cast<detail::Uint128>(ordered - static_cast<std::int64_t>(orders.size()));
    std::int64_t given = 0;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const auto up_to = static_cast<std::int64_t>(
            rest * static_cast<detail::Uint128>(running[i]) / static_cast<detail::Uint128>(sum));
        orders[i].quantity = 1 + up_to - given;
        given = up_to;
    }
}

// As many different portfolios as there are orders, then the same again.
void draw_portfolios(Random& random, std::uint32_t count, std::vector<SketchedOrder>& orders) {
    std::vector<std::uint32_t> portfolios(count);
    std::iota(portfolios.begin(), portfolios.end(), 0U);
    for (std::size_t i = 0; i < orders.size(); ++i) {
        if (i < portfolios.size()) {
            std::swap(portfolios[i], portfolios[i + random.below(portfolios.size() - i)]);
        }
        orders[i].portfolio = portfolios[i % portfolios.size()];
    }
}

}  // namespace

Result<PrintOrders> draw_orders(const PrintParameters& parameters, const PrintSource& source) {
    PrintOrders drawn;
    drawn.quantity = ordered_for(source.counts().executed, parameters.fill_ratio);
    if (drawn.quantity < std::int64_t{parameters.orders}) {
        Error error = refused("orders", std::to_string(parameters.orders),
                              "at most one for each of the " + std::to_string(drawn.quantity) +
                                  " units that are ordered");
        error.place.file = source.path();
        return Unexpected{std::move(error)};
    }
    Random random{parameters.seed ^ detail::hash64(source.instrument() + '/' + source.date())};
    drawn.is_buy = random.chance(55);
    drawn.placed_at_ms = source.counts().first_ns / ns_per_ms - 1'000;
    drawn.block_at_ms = drawn.placed_at_ms - minute_ms;
    drawn.orders.resize(parameters.orders);
    draw_portfolios(random, parameters.portfolios, drawn.orders);
    draw_sizes(random, drawn.quantity, drawn.orders);
    for (SketchedOrder& order : drawn.orders) {
        order.at_ms = random.between(drawn.block_at_ms - arrival_ms, drawn.block_at_ms - 1);
    }
    std::stable_sort(
        drawn.orders.begin(), drawn.orders.end(),
        [](const SketchedOrder& a, const SketchedOrder& b) { return a.at_ms < b.at_ms; });
    return drawn;
}

}  // namespace allot
