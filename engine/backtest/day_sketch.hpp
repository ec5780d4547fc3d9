// The sketch of a generated day: what is drawn from the seed, before it becomes entities with ids
// and texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allot/generate.hpp"
#include "engine/backtest/random.hpp"

namespace allot {

struct SketchedInstrument {
    Identifiers identifiers;
    std::int64_t lot{1};
    std::vector<std::int64_t> cents_by_minute;  // a random walk through the session
};

struct SketchedFill {
    std::int64_t size{0};
    std::int64_t at_ms{0};  // after midnight UTC, as all times here
    std::int64_t cents{0};
};

struct SketchedPlacement {
    static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

    std::size_t broker{0};
    std::size_t parent{no_parent};  // position among the placements of the block
    bool has_children{false};
    std::int64_t quantity{0};
    std::int64_t at_ms{0};
    std::vector<SketchedFill> fills;
    std::uint32_t number{0};  // of its id; given with the entities
};

struct SketchedOrder {
    std::int64_t quantity{0};
    std::int64_t at_ms{0};
    std::uint32_t portfolio{0};
    std::uint32_t number{0};  // of its id; given with the entities
};

struct SketchedBlock {
    std::size_t instrument{0};
    bool is_buy{true};
    std::int64_t at_ms{0};
    std::vector<SketchedOrder> orders;
    std::vector<SketchedPlacement> placements;

    [[nodiscard]] std::int64_t quantity() const;
    [[nodiscard]] std::size_t fill_count() const;
};

// Draws a day block by block; the order of the draws is part of what a seed means.
class DaySketch {
  public:
    // Precondition: the parameters are within the bounds that generate_day checks.
    explicit DaySketch(const DayParameters& parameters);

    std::vector<SketchedInstrument> instruments;
    std::vector<SketchedBlock> blocks;

  private:
    void draw_instruments();
    std::vector<std::int64_t> draw_order_counts();
    void draw_blocks();
    void draw_orders();
    void draw_placements(SketchedBlock& block);
    void route(SketchedBlock& block, std::size_t parent, std::int64_t lot);
    void draw_fills(SketchedBlock& block);
    void drop_fills();
    void divide_fills();
    void divide_fills(SketchedPlacement& placement, bool in_halves);
    void draw_times_and_prices(const SketchedBlock& block, SketchedPlacement& placement);

    const DayParameters& parameters_;
    Random random_;
    std::size_t fill_count_{0};
};

}  // namespace allot
