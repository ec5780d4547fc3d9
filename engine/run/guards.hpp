// Guards: what a run may be asked to stop at, or should tell.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/run/collect.hpp"
#include "engine/run/component.hpp"

namespace allot::run {

// What a side means: beginning with Buy; with Sell or Short; or neither. Compared without case.
enum class Way : std::uint8_t { buys, sells, other };
[[nodiscard]] Way way_of(std::string_view side) noexcept;

// Whether nobody knows what a state of an order means: neither dead nor usual while it is worked.
[[nodiscard]] bool is_unknown_state(std::string_view state, const RunOptions& options);

// Whether an execution is beyond the limit of an order (position in Collection::orders): above it
// for an order that buys, below it for one that sells. Not judged where either has no price, the
// currencies differ, or the side is another.
[[nodiscard]] bool is_beyond_limit(const BookData& book, const Collection& collection,
                                   std::uint32_t order, const store::ExecutionRow& execution);

// What the placement's claims with something outstanding make of its fills on offer: the first that
// is beyond a limit, with the numbers; else empty.
[[nodiscard]] std::string find_beyond_limit(const BookData& book, const Collection& collection,
                                            const RunPlacement& placement);

// The claims in a state that nobody knows; else empty.
[[nodiscard]] std::string list_unknown_states(const BookData& book, const Collection& collection,
                                              const RunPlacement& placement);

// Where other rules than that of a run have been at work before it.
struct OtherRules {
    // By number in BookData::runs: whether it had another rule. Empty: none had.
    std::vector<bool> runs{};
    // By placement (id) a run that gave it allocations of several executions each.
    std::map<std::uint32_t, std::uint32_t> of_placements{};
};
// Complexity: O(runs), and O(allocations of the book) where some are of several executions.
[[nodiscard]] OtherRules other_rules(const BookData& book, const Usage& usage,
                                     const RunRecord& record);

// The other rule by which something of the placement is allocated already, and both runs, when the
// plan adds to it; else empty. Complexity: O(earlier allocations of its executions).
[[nodiscard]] std::string find_other_rule(const BookData& book, const Usage& usage,
                                          const Collection& collection,
                                          const RunPlacement& placement, const PlacementPlan& plan,
                                          const OtherRules& others, const RunRecord& record);

}  // namespace allot::run
