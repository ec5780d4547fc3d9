// Pricing: how many allocations an order gets, and at which price.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "allot/id.hpp"
#include "allot/price.hpp"

namespace allot {

// The words for the values of an option of a run, in their order, as they stand on the command line
// and in run records.
template <class Option>
inline constexpr std::array<std::string_view, 0> option_words{};

// The word for one of them.
template <class Option>
[[nodiscard]] constexpr std::string_view word_of(Option value) noexcept {
    return option_words<Option>[static_cast<std::size_t>(value)];
}

// What one allocation stands for.
enum class Grain : std::uint8_t {
    execution,  // what an order has of one execution
    order,      // what an order has of a placement, apart by currency, settlement currency and
                // date, trade date and counterparty
};
template <>
inline constexpr std::array<std::string_view, 2> option_words<Grain>{"execution", "order"};

// Which price allocations have, and of which fills they are.
enum class PriceMethod : std::uint8_t {
    fill,      // that of the fill; of several fills of one allocation their average
    average,   // one for all that is allocated (see AverageOver) and not booked
    high_low,  // shares are fixed first; the highest price then goes to the order that ranks first
    low_high,  // the lowest price goes to the order that ranks first
    fifo,      // the earliest fill goes to the order that ranks first
};
template <>
inline constexpr std::array<std::string_view, 5> option_words<PriceMethod>{
    "fill", "average", "high-low", "low-high", "fifo"};

// What a price is averaged over.
enum class AverageOver : std::uint8_t {
    placement,  // what is allocated of it, apart as under Grain::order
    block,  // what is allocated of all placements of the block on one trade date, in one currency
};
template <>
inline constexpr std::array<std::string_view, 2> option_words<AverageOver>{"placement", "block"};

// How allocations are priced. Thread safety: as any value.
struct Pricing {
    PriceMethod method{PriceMethod::fill};
    AverageOver average_over{AverageOver::placement};
    // Averages are rounded half_even at so many places, 0 to 28. What the rounding leaves over is
    // in PlacementOutcome::residuals.
    int scale{10};
    // > 0: averages are rounded to a multiple of it instead, up for orders that buy and down for
    // those that sell, as futures exchanges do.
    std::optional<Decimal> tick{};
    // To whom residuals are booked. Each then names it in the result, and the run record says it
    // together with the amounts. No allocation is made: it is cash, not units. nullopt: nobody.
    std::optional<PortfolioId> residual_account{};
};

}  // namespace allot
