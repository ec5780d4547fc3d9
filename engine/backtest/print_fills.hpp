// Makes fills of prints: a part of each, between two times of day, cut finer or put together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "engine/backtest/prints.hpp"

namespace allot {

// How prints become fills.
struct FillRule {
    std::int64_t from_ns{0};         // prints before it are no fills
    std::int64_t to_ns{ns_per_day};  // nor those at it and later
    std::int64_t part{1};            // part / whole of what was printed is executed;
    std::int64_t whole{1};           // at most 10^9
    std::uint32_t slices_per_fill{1};
    std::uint32_t fills_per_slice{1};
};

// What came of it.
struct FillCounts {
    std::size_t prints{0};  // between the two times
    std::int64_t printed{0};
    std::int64_t executed{0};  // printed * part / whole, rounded down
    std::size_t fills{0};
    std::int64_t first_ns{0};  // of the first fill before fills were put together
};

// Takes the prints of one file in their order and gives out fills. At any moment the units given
// out, or held back to be put together, are part / whole of the units taken so far, rounded down.
class PrintFills {
  public:
    using Take = std::function<bool(const Print&)>;

    // Without `take` the fills are counted only, at no cost for slices.
    explicit PrintFills(const FillRule& rule, Take take = {})
        : rule_{rule}, take_{std::move(take)} {}

    // Each returns false once `take` did.
    bool add(const Print& print);
    bool finish() { return give_window(); }

    [[nodiscard]] const FillCounts& counts() const noexcept { return counts_; }

  private:
    struct Level {
        std::int64_t at_ns{0};  // of the last fill at this price
        std::int64_t size{0};
        std::size_t last{0};  // its position in the window
    };

    bool give_window();
    bool give(const Print& fill);

    FillRule rule_;
    Take take_;
    FillCounts counts_{};
    std::int64_t carry_{0};              // units * whole that are owed
    std::map<Decimal, Level> window_{};  // fills to put together, by price
    std::size_t window_fills_{0};
};

}  // namespace allot
