// Split: placements that share orders, taken together, fill by fill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"
#include "engine/run/collect.hpp"

namespace allot::run {

// What one claim receives from one fill.
struct PlannedShare {
    Quantity quantity{};
    std::uint32_t rank{0};  // position among the claims of the placement
};

// A fill that gives something.
struct PlannedFill {
    std::uint32_t execution{0};  // position in Collection::executions
    std::uint32_t shares{0};     // how many there are
};

// What there is to say of a placement where something is out of the ordinary, or was asked for.
struct PlanNotes {
    std::string kept{};            // why units stay unallocated though orders want them
    std::string unknown_states{};  // orders in them
    std::string other_rule{};      // that has allocated something before
    std::vector<SplitExplanation> explanations{};
};

// What a run means to do with one placement.
struct PlacementPlan {
    std::vector<PlannedFill> fills{};    // in time order
    std::vector<PlannedShare> shares{};  // by fill, then rank
    // What claims receive of several fills together, by rank, where it is known; else empty.
    std::vector<PlannedShare> sums{};
    bool is_over_executed{false};  // more was on offer than was outstanding
    detail::Rare<PlanNotes> notes{};

    // What claims receive, in as few parts as are known.
    [[nodiscard]] std::span<const PlannedShare> parts() const noexcept {
        return sums.empty() ? shares : sums;
    }
};

// Placements that take part and are connected through orders they share.
struct Component {
    std::span<const std::uint32_t> placements{};  // positions, ascending, so by id
    std::span<const std::uint32_t> executions{};  // that offer something or are held, in time order
};

// All components of a collection. Most are one placement, so that what they look at lies side by
// side.
class Components {
  public:
    Components(const BookData& book, const Collection& collection);
    Components(const Components&) = delete;
    Components& operator=(const Components&) = delete;
    ~Components() = default;

    // In the order of their first placements. Valid as long as this lives.
    [[nodiscard]] std::span<const Component> all() const noexcept { return all_; }

  private:
    void add_placements(const Collection& collection, const std::vector<std::uint32_t>& leaders);
    void add_executions(const BookData& book, const Collection& collection);

    std::vector<std::uint32_t> placements_{};
    std::vector<std::uint32_t> executions_{};
    std::vector<Component> all_{};
};

// How many claims the splits of a component look at.
[[nodiscard]] std::size_t work_of(const Component& component, const Collection& collection);

// What one fill gave to the claims of its placement, in units of 10^-scale.
template <SplitInteger Int>
struct FillShares {
    std::uint32_t execution{0};  // position in Collection::executions
    Int offered{};
    std::span<const Int> outstanding{};  // by rank, as it was when the rule was asked
    std::span<const Int> shares{};       // by rank
    std::size_t changes{0};              // how many of its claims' orders changed before it
};

// Is told of every fill in place of a plan: for those who measure splits and keep none.
class SplitListener {
  public:
    SplitListener() = default;
    SplitListener(const SplitListener&) = delete;
    SplitListener& operator=(const SplitListener&) = delete;
    virtual ~SplitListener() = default;

    // The fills of a component follow, in units of 10^-scale; what was told of it before is void,
    // because a placement of it has failed since.
    virtual void start(const Component& component, int scale, bool is_wide) = 0;
    virtual void add(const FillShares<std::int64_t>& fill) = 0;
    virtual void add(const FillShares<Int256>& fill) = 0;
};

struct SplitContext {
    const BookData& book;
    const Algorithm& algorithm;
    const RunOptions& options;
    SplitListener* listener{nullptr};  // then plans hold no fills
};

// Splits every fill of the component; plan[i] is that of placement i. A placement that fails (its
// failure is set in the collection) leaves no trace: the split starts again without it.
// Thread safety: components of one collection may be split at the same time.
void split_component(const SplitContext& context, const Component& component,
                     Collection& collection, std::vector<PlacementPlan>& plan);

}  // namespace allot::run
