// split: the bare rule on bare numbers, what a desk would work out on paper.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"
#include "allot/explanation.hpp"
#include "allot/quantity.hpp"
#include "allot/weight.hpp"

namespace allot {

// What is split over whom. Lists go by claim in rank order, the oldest first; those that are not
// empty have the same length.
struct SplitRequest {
    Quantity available{};                // what is to be split
    std::vector<Quantity> claims{};      // what each may still receive; empty: weights alone count
    std::vector<Weight> weights{};       // relative weights. A claim of weight 0 receives nothing
    std::vector<Quantity> caps{};        // the most each may receive
    std::vector<std::uint32_t> tiers{};  // 1 is served first
    std::vector<bool> houses{};          // house accounts, which come after all clients
    std::vector<std::string> portfolios{};  // claims with the same name share one weight
    Quantity lot{1};
    bool strict_lot{false};  // only whole lots: what is less than a lot stays unallocated
    std::string key{};       // for rules that draw
    bool explain{false};
};

struct SplitResult {
    std::vector<Quantity> shares{};  // by claim
    Quantity unallocated{};
    std::optional<Explanation> explanation{};  // when asked for
};

// Splits and audits. Without claims every weight may receive up to its cap, or everything.
// Errors: lot_is_not_positive, option_is_not_valid (lists that do not fit together, weights that a
// rule needs or cannot work with), total_is_out_of_range, algorithm_refused, also for a broken law.
// Complexity: that of the rule. Thread safety: any thread.
[[nodiscard]] Result<SplitResult> split(const Algorithm& algorithm, const SplitRequest& request);

}  // namespace allot
