// Generates a trading day: checks the parameters, has the day drawn, and gives the entities ids
// and texts.
#include "allot/generate.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "engine/backtest/day_csv.hpp"
#include "engine/backtest/day_sketch.hpp"
#include "engine/backtest/day_text.hpp"

namespace allot {
namespace {

constexpr std::string_view scope = "day";

Decimal from_cents(std::int64_t cents) {
    return Decimal::from_parts(cents, 2).value();
}

// The next day that is no Saturday or Sunday, as "YYYY-MM-DD".
std::string next_weekday(const Time& date) {
    using namespace std::chrono;
    sys_days day = sys_days{days{date.instant().seconds / 86'400}} + days{1};
    while (weekday{day}.iso_encoding() > 5) {
        day += days{1};
    }
    return date_text(day);
}

// Turns a sketch into entities, numbered in the order in which they arose.
class DayEntities {
  public:
    DayEntities(const DayParameters& parameters, const Time& date, DaySketch& sketch)
        : parameters_{parameters},
          day_{std::chrono::days{date.instant().seconds / 86'400}},
          settles_{next_weekday(date)},
          sketch_{sketch} {}

    // Each calls `take` with entity after entity, until it returns false. They have to be called in
    // this order, because the later ones name the earlier.
    template <class Take>
    void each_instrument(Take&& take) const {
        for (const SketchedInstrument& drawn : sketch_.instruments) {
            const Instrument instrument{.instrument_identifiers = drawn.identifiers,
                                        .lot = Quantity{drawn.lot}};
            if (!take(instrument)) {
                return;
            }
        }
    }
    template <class Take>
    void each_order(Take&& take);
    template <class Take>
    void each_block(Take&& take) const;
    template <class Take>
    void each_placement(Take&& take);
    template <class Take>
    void each_execution(Take&& take) const;

  private:
    // Positions (block, member) of all members, in the order of their times.
    template <class Members>
    std::vector<std::pair<std::size_t, std::size_t>> in_time_order(Members members) const {
        std::vector<std::tuple<std::int64_t, std::size_t, std::size_t>> keys;
        for (std::size_t b = 0; b < sketch_.blocks.size(); ++b) {
            const auto& list = members(sketch_.blocks[b]);
            for (std::size_t i = 0; i < list.size(); ++i) {
                keys.emplace_back(list[i].at_ms, b, i);
            }
        }
        std::sort(keys.begin(), keys.end());
        std::vector<std::pair<std::size_t, std::size_t>> positions;
        positions.reserve(keys.size());
        for (const auto& [at_ms, block, member] : keys) {
            positions.emplace_back(block, member);
        }
        return positions;
    }

    static std::string coded(std::string_view prefix, std::size_t number) {
        return numbered(prefix, number, 6);
    }
    [[nodiscard]] Time at(std::int64_t at_ms) const {
        return Time::parse(time_text(day_, at_ms * 1'000'000, "Z")).value();
    }
    static BlockId block_id(std::size_t number) {
        return {std::string{scope}, coded("BLK", number + 1)};
    }
    static OrderId order_id(const SketchedOrder& order) {
        return {std::string{scope}, coded("ORD", order.number)};
    }
    static PlacementId placement_id(const SketchedPlacement& placement) {
        return {std::string{scope}, coded("PLC", placement.number)};
    }
    static std::string side(const SketchedBlock& block) { return block.is_buy ? "Buy" : "Sell"; }

    const DayParameters& parameters_;
    std::chrono::sys_days day_;
    std::string settles_;
    DaySketch& sketch_;
};

template <class Take>
void DayEntities::each_order(Take&& take) {
    std::uint32_t number = 0;
    for (const auto& [b, i] :
         in_time_order([](const SketchedBlock& block) -> const auto& { return block.orders; })) {
        SketchedBlock& block = sketch_.blocks[b];
        SketchedOrder& drawn = block.orders[i];
        drawn.number = ++number;
        Order order;
        order.id = order_id(drawn);
        order.side = side(block);
        order.quantity = Quantity{drawn.quantity};
        order.portfolio_id = PortfolioId{"funds", numbered("PF", drawn.portfolio + 1, 3)};
        order.instrument_identifiers = sketch_.instruments[block.instrument].identifiers;
        order.date = at(drawn.at_ms);
        order.state = "Placed";
        order.type = "Market";
        order.time_in_force = "Day";
        if (!take(order)) {
            return;
        }
    }
}

template <class Take>
void DayEntities::each_block(Take&& take) const {
    for (std::size_t b = 0; b < sketch_.blocks.size(); ++b) {
        const SketchedBlock& drawn = sketch_.blocks[b];
        Block block;
        block.id = block_id(b);
        for (const SketchedOrder& order : drawn.orders) {
            block.order_ids.push_back(order_id(order));
        }
        block.side = side(drawn);
        block.quantity = Quantity{drawn.quantity()};
        block.instrument_identifiers = sketch_.instruments[drawn.instrument].identifiers;
        block.created_date = at(drawn.at_ms);
        block.type = "Market";
        block.time_in_force = "Day";
        if (!take(block)) {
            return;
        }
    }
}

template <class Take>
void DayEntities::each_placement(Take&& take) {
    const auto positions =
        in_time_order([](const SketchedBlock& block) -> const auto& { return block.placements; });
    std::uint32_t number = 0;
    for (const auto& [b, i] : positions) {
        sketch_.blocks[b].placements[i].number = ++number;
    }
    for (const auto& [b, i] : positions) {
        const SketchedBlock& block = sketch_.blocks[b];
        const SketchedPlacement& drawn = block.placements[i];
        Placement placement;
        placement.id = placement_id(drawn);
        placement.block_ids.push_back(block_id(b));
        if (drawn.parent != SketchedPlacement::no_parent) {
            placement.parent_placement_id = placement_id(block.placements[drawn.parent]);
        }
        placement.side = side(block);
        placement.quantity = Quantity{drawn.quantity};
        placement.instrument_identifiers = sketch_.instruments[block.instrument].identifiers;
        placement.state = "Placed";
        placement.type = "Market";
        placement.time_in_force = "Day";
        placement.created_date = at(drawn.at_ms);
        placement.counterparty = numbered("Broker", drawn.broker + 1, 2);
        if (!take(placement)) {
            return;
        }
    }
}

// Fills carry no instrument of their own: that of the placement counts.
template <class Take>
void DayEntities::each_execution(Take&& take) const {
    struct Filled {
        std::int64_t at_ms;
        const SketchedBlock* block;
        const SketchedPlacement* placement;
        const SketchedFill* fill;
    };
    std::vector<Filled> all;
    all.reserve(parameters_.executions);
    for (const SketchedBlock& block : sketch_.blocks) {
        for (const SketchedPlacement& placement : block.placements) {
            for (const SketchedFill& fill : placement.fills) {
                all.push_back({fill.at_ms, &block, &placement, &fill});
            }
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Filled& a, const Filled& b) { return a.at_ms < b.at_ms; });
    const Time settles = Time::parse(settles_).value();
    for (std::size_t i = 0; i < all.size(); ++i) {
        Execution execution;
        execution.id = ExecutionId{std::string{scope}, coded("EXE", i + 1)};
        execution.placement_id = placement_id(*all[i].placement);
        execution.quantity = Quantity{all[i].fill->size};
        execution.created_date = at(all[i].at_ms);
        execution.price = CurrencyAndAmount{from_cents(all[i].fill->cents), "USD"};
        execution.side = side(*all[i].block);
        execution.state = "Filled";
        execution.type = "Market";
        execution.settlement_date = settles;
        execution.settlement_currency = "USD";
        execution.settlement_currency_fx_rate = Decimal{1};
        execution.counterparty = numbered("Broker", all[i].placement->broker + 1, 2);
        if (!take(execution)) {
            return;
        }
    }
}

Result<Time> checked(const DayParameters& parameters) {
    struct Bound {
        const char* field;
        std::uint32_t found;
        std::uint32_t least;
    };
    for (const Bound& bound : {Bound{"blocks", parameters.blocks, 1},
                               Bound{"orders", parameters.orders, parameters.blocks},
                               Bound{"executions", parameters.executions, parameters.blocks},
                               Bound{"portfolios", parameters.portfolios, 1}}) {
        if (bound.found < bound.least || bound.found > most_rows) {
            std::string expected = std::to_string(bound.least) + " to " + std::to_string(most_rows);
            if (bound.least != 1 && bound.least == parameters.blocks) {
                expected +=
                    ", one or more for each of the " + std::to_string(bound.least) + " blocks";
            }
            return Unexpected{
                refused(bound.field, std::to_string(bound.found), std::move(expected))};
        }
    }
    Result<Time> date = Time::parse(parameters.date);
    if (!date || parameters.date.size() != std::string_view{"YYYY-MM-DD"}.size() ||
        parameters.date >= "9999-12-29") {  // a settlement date must still be in year 9999
        return Unexpected{
            refused("date", parameters.date, "a day as YYYY-MM-DD before 9999-12-29")};
    }
    return date;
}

}  // namespace

Result<Day> generate_day(const DayParameters& parameters) {
    const Result<Time> date = checked(parameters);
    if (!date) {
        return Unexpected{date.error()};
    }
    DaySketch sketch{parameters};
    DayEntities entities{parameters, *date, sketch};
    Day day;
    const auto keep_in = [](auto& list) {
        return [&list](const auto& entity) {
            list.push_back(entity);
            return true;
        };
    };
    entities.each_instrument(keep_in(day.instruments));
    entities.each_order(keep_in(day.orders));
    entities.each_block(keep_in(day.blocks));
    entities.each_placement(keep_in(day.placements));
    entities.each_execution(keep_in(day.executions));
    return day;
}

Result<DayCounts> write_generated_day(const DayParameters& parameters,
                                      const std::filesystem::path& folder) {
    const Result<Time> date = checked(parameters);
    if (!date) {
        return Unexpected{date.error()};
    }
    DaySketch sketch{parameters};
    DayEntities entities{parameters, *date, sketch};
    DayCounts counts;
    Result<void> written = make_folder(folder);
    // One entity at a time: a day may have more of them than memory holds.
    const auto write = [&]<class Entity>(std::type_identity<Entity>, std::size_t& count,
                                         auto each) {
        const auto produce = [&](const std::function<bool(const Entity&)>& take) -> Result<void> {
            each([&](const Entity& entity) {
                ++count;
                return take(entity);
            });
            return {};
        };
        written = written ? write_rows<Entity>(folder, produce) : written;
    };
    write(std::type_identity<Instrument>{}, counts.instruments,
          [&](auto take) { entities.each_instrument(take); });
    write(std::type_identity<Order>{}, counts.orders,
          [&](auto take) { entities.each_order(take); });
    write(std::type_identity<Block>{}, counts.blocks,
          [&](auto take) { entities.each_block(take); });
    write(std::type_identity<Placement>{}, counts.placements,
          [&](auto take) { entities.each_placement(take); });
    write(std::type_identity<Execution>{}, counts.executions,
          [&](auto take) { entities.each_execution(take); });
    if (!written) {
        return Unexpected{written.error()};
    }
    return counts;
}

}  // namespace allot
