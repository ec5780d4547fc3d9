// Draws a trading day: prices, blocks, orders, placements with several brokers, and their fills.
#include "engine/backtest/day_sketch.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string>
#include <utility>

#include "engine/backtest/day_tables.hpp"

namespace allot {
namespace {

// Regular hours of the New York exchanges in winter, in milliseconds after midnight UTC.
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t desk_opens_ms = 750 * minute_ms;      // 12:30
constexpr std::int64_t market_opens_ms = 870 * minute_ms;    // 14:30
constexpr std::int64_t market_closes_ms = 1260 * minute_ms;  // 21:00
constexpr std::int64_t last_block_ms = market_closes_ms - 90 * minute_ms;
constexpr std::int64_t session_minutes = (market_closes_ms - market_opens_ms) / minute_ms;

std::int64_t rounded_up(std::int64_t quantity, std::int64_t lot) {
    return (quantity + lot - 1) / lot * lot;
}

// Four letters. 99,991 is prime, so tickers repeat only after all of them were used.
std::string ticker_of(std::uint64_t number) {
    number = number * 99'991 % (std::uint64_t{26} * 26 * 26 * 26);
    std::string ticker;
    for (int i = 0; i < 4; ++i) {
        ticker += static_cast<char>('A' + static_cast<char>(number % 26));
        number /= 26;
    }
    return ticker;
}

}  // namespace

std::int64_t SketchedBlock::quantity() const {
    std::int64_t sum = 0;
    for (const SketchedOrder& order : orders) {
        sum += order.quantity;
    }
    return sum;
}

std::size_t SketchedBlock::fill_count() const {
    std::size_t count = 0;
    for (const SketchedPlacement& placement : placements) {
        count += placement.fills.size();
    }
    return count;
}

DaySketch::DaySketch(const DayParameters& parameters)
    : parameters_{parameters}, random_{parameters.seed} {
    draw_instruments();
    draw_blocks();
    draw_orders();
    for (SketchedBlock& block : blocks) {
        draw_placements(block);
        draw_fills(block);
    }
    drop_fills();
    divide_fills();
    for (SketchedBlock& block : blocks) {
        for (SketchedPlacement& placement : block.placements) {
            draw_times_and_prices(block, placement);
        }
    }
}

// Two instruments for five blocks, so that some are traded several times and on both sides.
void DaySketch::draw_instruments() {
    const std::uint64_t count = std::clamp<std::uint64_t>(parameters_.blocks * 2ULL / 5, 1, 500);
    const std::uint64_t first = random_.below(1'000'000);
    for (std::uint64_t i = 0; i < count; ++i) {
        SketchedInstrument instrument;
        instrument.identifiers.emplace("Instrument/default/Ticker", ticker_of(first + i));
        const std::uint64_t percent = random_.below(100);
        instrument.lot = percent < 60 ? 1 : percent < 75 ? 10 : 100;
        std::int64_t cents = random_.between(500, 30'000);
        for (std::int64_t minute = 0; minute < session_minutes; ++minute) {
            instrument.cents_by_minute.push_back(cents);
            const std::int64_t step = std::max<std::int64_t>(1, cents / 2'000);
            cents = std::max<std::int64_t>(100, cents + random_.between(-step, step));
        }
        instruments.push_back(std::move(instrument));
    }
}

// Half of the blocks are small, one in twenty is large; then the counts are moved one by one until
// they sum to the number asked for.
std::vector<std::int64_t> DaySketch::draw_order_counts() {
    struct Band {
        std::uint64_t up_to_percent;
        std::int64_t fewest;
        std::int64_t most;
    };
    constexpr std::array bands{Band{50, 2, 5}, Band{80, 6, 12}, Band{95, 13, 30},
                               Band{100, 31, 100}};
    constexpr std::int64_t mean_of_bands = 11;
    const std::int64_t wanted = parameters_.orders;
    const std::int64_t blocks_wanted = parameters_.blocks;
    const std::int64_t fewest = wanted >= 2 * blocks_wanted ? 2 : 1;
    const std::int64_t most = std::max<std::int64_t>(100, 3 * wanted / blocks_wanted);
    std::vector<std::int64_t> counts;
    for (std::int64_t i = 0; i < blocks_wanted; ++i) {
        const std::uint64_t percent = random_.below(100);
        const Band* band = bands.data();
        while (percent >= band->up_to_percent) {
            ++band;
        }
        const std::int64_t drawn = random_.between(band->fewest, band->most);
        counts.push_back(
            std::clamp(drawn * wanted / (mean_of_bands * blocks_wanted), fewest, most));
    }
    std::int64_t sum = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    while (sum != wanted) {
        std::int64_t& count = counts[random_.below(counts.size())];
        if (sum < wanted && count < most) {
            ++count;
            ++sum;
        } else if (sum > wanted && count > fewest) {
            --count;
            --sum;
        }
    }
    return counts;
}

void DaySketch::draw_blocks() {
    const std::vector<std::int64_t> order_counts = draw_order_counts();
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < order_counts.size(); ++i) {
        times.push_back(random_.between(market_opens_ms, last_block_ms));
    }
    std::sort(times.begin(), times.end());
    for (std::size_t i = 0; i < order_counts.size(); ++i) {
        SketchedBlock block;
        block.instrument = random_.below(instruments.size());
        block.is_buy = random_.chance(55);
        block.at_ms = times[i];
        block.orders.resize(static_cast<std::size_t>(order_counts[i]));
        blocks.push_back(std::move(block));
    }
}

// Sizes such that the fills of all orders come to a few more than asked for: their mean is below
// that of free draws (the last fill of a placement is what is left), and some placements stay
// incomplete. Never so small that there would be no unit for a fill.
void DaySketch::draw_orders() {
    const std::int64_t fills_wanted = parameters_.executions;
    const std::int64_t count = parameters_.orders;
    const std::int64_t mean_size = fills_wanted * mean_fill_size * 95 / (100 * count) + 1;
    const std::int64_t smallest = 3 * fills_wanted / count + 1;
    std::vector<std::size_t> portfolios(parameters_.portfolios);
    std::iota(portfolios.begin(), portfolios.end(), std::size_t{0});
    for (SketchedBlock& block : blocks) {
        // The front of a half-done shuffle: as many different portfolios as the block has orders.
        for (std::size_t i = 0; i < std::min(block.orders.size(), portfolios.size()); ++i) {
            std::swap(portfolios[i], portfolios[i + random_.below(portfolios.size() - i)]);
        }
        for (std::size_t i = 0; i < block.orders.size(); ++i) {
            SketchedOrder& order = block.orders[i];
            const std::int64_t drawn = draw_log_normal(random_) * mean_size / mean_log_normal;
            order.quantity =
                rounded_up(std::max(drawn, smallest), instruments[block.instrument].lot);
            order.at_ms = random_.between(desk_opens_ms, block.at_ms - 1);
            order.portfolio = static_cast<std::uint32_t>(portfolios[i % portfolios.size()]);
        }
        std::stable_sort(
            block.orders.begin(), block.orders.end(),
            [](const SketchedOrder& a, const SketchedOrder& b) { return a.at_ms < b.at_ms; });
    }
}

// One to four brokers; a small block goes to one. A few placements are routed on.
void DaySketch::draw_placements(SketchedBlock& block) {
    constexpr std::size_t broker_count = 12;
    const std::int64_t lot = instruments[block.instrument].lot;
    std::int64_t left = block.quantity();
    const std::int64_t wanted = left < 20 * lot ? 1 : random_.between(1, 4);
    const std::size_t first_broker = random_.below(broker_count);
    for (std::int64_t i = 0; i < wanted && left > 0; ++i) {
        const bool is_last = i + 1 == wanted;
        const std::int64_t part =
            is_last ? left : rounded_up(left * random_.between(25, 60) / 100, lot);
        SketchedPlacement placement;
        placement.broker = (first_broker + static_cast<std::size_t>(i)) % broker_count;
        placement.quantity = std::min(part, left);
        placement.at_ms = block.at_ms + random_.between(1'000, 20 * minute_ms);
        left -= placement.quantity;
        placement.has_children = placement.quantity >= 20 * lot && random_.chance(6);
        block.placements.push_back(placement);
        if (placement.has_children) {
            route(block, block.placements.size() - 1, lot);
        }
    }
}

// The broker works the placement as two children; it has no fills of its own then.
void DaySketch::route(SketchedBlock& block, std::size_t parent, std::int64_t lot) {
    const SketchedPlacement above = block.placements[parent];
    const std::int64_t first = rounded_up(above.quantity * random_.between(30, 70) / 100, lot);
    for (const std::int64_t quantity : {first, above.quantity - first}) {
        SketchedPlacement child = above;
        child.parent = parent;
        child.has_children = false;
        child.quantity = quantity;
        child.at_ms = above.at_ms + random_.between(200, 5'000);
        block.placements.push_back(std::move(child));
    }
}

// Fills until the placement is complete; one placement in eight stays incomplete.
void DaySketch::draw_fills(SketchedBlock& block) {
    for (SketchedPlacement& placement : block.placements) {
        if (placement.has_children) {
            continue;
        }
        const bool is_complete = random_.below(8) != 0;
        std::int64_t left = placement.quantity;
        if (!is_complete) {
            left = std::max<std::int64_t>(1, left * random_.between(40, 95) / 100);
        }
        while (left > 0) {
            const std::int64_t size = std::min(left, draw_fill_size(random_));
            placement.fills.push_back({.size = size});
            left -= size;
        }
    }
    fill_count_ += block.fill_count();
}

// Too many fills: some placements lose up to half of theirs; each block keeps at least one.
void DaySketch::drop_fills() {
    std::vector<std::size_t> counts;
    for (const SketchedBlock& block : blocks) {
        counts.push_back(block.fill_count());
    }
    while (fill_count_ > parameters_.executions) {
        const std::size_t which = random_.below(blocks.size());
        std::vector<SketchedPlacement>& placements = blocks[which].placements;
        SketchedPlacement& placement = placements[random_.below(placements.size())];
        std::size_t dropped =
            std::min({random_.below(placement.fills.size() / 2 + 1) + 1, placement.fills.size(),
                      counts[which] - 1, fill_count_ - parameters_.executions});
        counts[which] -= dropped;
        fill_count_ -= dropped;
        for (; dropped > 0; --dropped) {
            placement.fills.pop_back();
        }
    }
}

// Too few fills: a hundred is taken off one that has more, as a fill of its own; when none is that
// large any more, fills are halved.
void DaySketch::divide_fills() {
    bool in_halves = false;
    while (fill_count_ < parameters_.executions) {
        const std::size_t before = fill_count_;
        const std::size_t start = random_.below(blocks.size());
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            for (SketchedPlacement& placement : blocks[(start + i) % blocks.size()].placements) {
                divide_fills(placement, in_halves);
            }
        }
        in_halves = in_halves || fill_count_ == before;
    }
}

void DaySketch::divide_fills(SketchedPlacement& placement, bool in_halves) {
    const std::size_t count = placement.fills.size();
    for (std::size_t i = 0; i < count && fill_count_ < parameters_.executions; ++i) {
        const std::int64_t size = placement.fills[i].size;
        const std::int64_t hundred = size > 100 ? 100 : 0;
        const std::int64_t part = in_halves ? size / 2 : hundred;
        if (part > 0) {
            placement.fills[i].size -= part;
            placement.fills.push_back({.size = part});
            ++fill_count_;
        }
    }
}

// Fills come in bursts between the placement and the close, each in a millisecond of its own as
// long as there are enough of them, at the price of the minute give or take two cents.
void DaySketch::draw_times_and_prices(const SketchedBlock& block, SketchedPlacement& placement) {
    random_.shuffle(std::span{placement.fills});
    const auto count = static_cast<std::int64_t>(placement.fills.size());
    std::vector<std::int64_t> gaps;
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i <= count; ++i) {
        sum += draw_log_normal(random_);
        gaps.push_back(sum);
    }
    const std::int64_t longest = market_closes_ms - placement.at_ms - 2;
    const std::int64_t usual = random_.between(5 * minute_ms, 60 * minute_ms) + count * 2'000;
    const std::int64_t own_ms = std::min(count, longest / 2);
    const std::int64_t window = std::min(usual, longest) - own_ms;
    const std::vector<std::int64_t>& walk = instruments[block.instrument].cents_by_minute;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        SketchedFill& fill = placement.fills[at];
        fill.at_ms = placement.at_ms + 1 + i * own_ms / count +
                     gaps[at] * (window / 1'000) / (sum / 1'000 + 1);
        const auto minute = static_cast<std::size_t>((fill.at_ms - market_opens_ms) / minute_ms);
        fill.cents = walk[minute] + random_.between(-2, 2);
    }
}

}  // namespace allot
