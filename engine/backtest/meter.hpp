// Meter: follows one block under one rule, fill by fill, and says at the end how far its orders
// were from what is theirs. docs/backtest.md defines the measures.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "allot/backtest.hpp"
#include "engine/run/component.hpp"

namespace allot::backtest {

// What became of one order of a block.
struct OrderNumbers {
    Decimal ordered{};  // outstanding at the start of the period, or more if it grew
    Decimal allocated{};
    Distance mean{};  // over fills; rounded to 12 places, as what follows is added up
    Distance time_weighted{};
    Decimal cash_difference{};
    Decimal deviation_profit{};
    std::optional<Decimal> price_difference{};  // basis points, in its favour above zero
    Leftovers leftovers{};
    std::size_t tickets{0};
    double lead{0};  // statistic: mean over fills of its distance with its sign, share of the order
};

struct BlockNumbers {
    std::vector<OrderNumbers> orders{};  // by rank
    std::size_t fills{0};
    Decimal ordered{};
    Decimal executed{};
    Decimal allocated{};
    Tracking tracking{};               // means rounded to 6 places
    std::size_t worst_rank{0};         // of the order with the worst distance in units
    std::uint32_t worst_execution{0};  // position in Collection::executions
    std::size_t worst_fill{0};         // from 1
    bool has_worst{false};             // some order was off its exact part
    std::optional<Decimal> average_price{};
    std::optional<Decimal> largest_price_difference{};
    double price_deviation{0};         // statistic: in money
    double price_deviation_points{0};  // statistic: in basis points
    bool has_points{false};            // the average price is not zero
    Decimal cash_moved{};
    std::size_t take_backs{0};
    MisplacedCurve misplaced{};
};

// What a meter is told of its block before the first fill.
struct MeterStart {
    std::vector<Quantity> outstanding{};  // by rank, at the start of the period
    Quantity lot{1};
    int scale{0};        // of the quantities that follow
    int price_scale{0};  // of prices
    Decimal mark{};
    bool is_priced{true};
    bool is_sale{false};
    std::int64_t last_ns{0};    // of the last fill of the block, after the first of the period
    std::int64_t period_ns{0};  // length of the period
    std::size_t fills{0};       // at most
    std::optional<Decimal> executed{};  // at most; nullopt: more than a decimal holds
    bool has_changes{false};            // orders of the block change between fills
    bool is_wide{false};                // fills come as Int256, perhaps for a neighbour's sake
    int price_bits{0};                  // of the largest price at price_scale
};

// Where a fill stands in time and price.
struct FillFacts {
    std::int64_t at_ns{0};  // after the first fill of the period
    std::int64_t price{0};  // 10^-price_scale, where it fits
    const Decimal* exact_price{nullptr};
};

class Meter {
  public:
    Meter() = default;
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;
    virtual ~Meter() = default;

    // In time order. Complexity: O(claims).
    virtual void add(const run::FillShares<std::int64_t>& fill, const FillFacts& facts) = 0;
    virtual void add(const run::FillShares<Int256>& fill, const FillFacts& facts) = 0;
    // Where the orders are now: what each has, and by how many lots that is above its exact part
    // (6 places), by rank.
    struct Standing {
        std::vector<Decimal> allocated{};
        std::vector<Decimal> lots_off{};
    };
    // Of these: throws Refusal (total_is_out_of_range) when a number is no decimal.
    [[nodiscard]] virtual Standing standing() const = 0;
    [[nodiscard]] virtual BlockNumbers finish() = 0;
};

// The narrowest meter that holds every sum of the block.
[[nodiscard]] std::unique_ptr<Meter> make_meter(const MeterStart& start);

}  // namespace allot::backtest
