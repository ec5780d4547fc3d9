// Split: placements that share orders, taken together, fill by fill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"
#include "engine/run/collect.hpp"

namespace allot::run {

// What one claim receives from one fill.
struct PlannedShare {
    std::uint32_t execution{0};  // position in Collection::executions
    std::uint32_t order{0};      // position in Collection::orders
    std::uint32_t rank{0};       // position among the claims of the placement
    Quantity quantity{};
};

// What a run means to do with one placement.
struct PlacementPlan {
    std::vector<PlannedShare> shares{};  // in time order of the executions, then rank
    bool is_over_executed{false};        // more was on offer than was outstanding
    std::string kept{};                  // why units stay unallocated though orders want them
    std::vector<SplitExplanation> explanations{};
};

// Placements that take part and are connected through orders they share.
struct Component {
    std::vector<std::uint32_t> placements{};  // positions, ascending, so by id
    std::vector<std::uint32_t> executions{};  // those that offer something, in time order
};

// Components in the order of their first placements.
[[nodiscard]] std::vector<Component> components_of(const BookData& book,
                                                   const Collection& collection);

struct SplitContext {
    const BookData& book;
    const Algorithm& algorithm;
    const RunOptions& options;
    std::function<void(std::size_t executions)> progress;  // may be empty
};

// Splits every fill of the component; plan[i] is that of placement i. A placement that fails (its
// failure is set in the collection) leaves no trace: the split starts again without it.
void split_component(const SplitContext& context, const Component& component,
                     Collection& collection, std::vector<PlacementPlan>& plan);

}  // namespace allot::run
