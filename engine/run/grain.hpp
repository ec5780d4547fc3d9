// Grain: what the shares of a run become, an allocation for each fill or one for each order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/parts.hpp"
#include "engine/run/plan.hpp"

namespace allot::run {

// An allocation as it will be.
struct Draft {
    std::uint32_t placement{0};       // position in Collection::placements
    std::uint32_t order{0};           // id
    std::uint32_t rank{store::none};  // of its claim; none: the order has none in this run
    std::vector<Part> parts{};        // all that it has, in time order, at least one
    Quantity quantity{};              // their sum
    Quantity added{};                 // of that, what this run gives
    ResourceId id{};
    std::uint32_t previous{store::none};  // row of the version before
    bool goes_on{false};                  // the version before counts: the rest of it stays
    bool is_averaged{false};              // its price is an average over others too
    std::optional<Price> price{};         // of an average; nullopt: that of the fill, or none
    std::optional<Decimal> fx_rate{};     // beside an average
};

// The allocations to which a run adds, or which it begins, unpriced: by placement, then time of the
// first fill or group, then rank. An allocation that is booked or closed, priced in another way, or
// of which it is not known what it has of which execution, is left alone, and another begun beside
// it. Throws Refusal where a sum is no decimal.
// Complexity: O(shares x executions of a draft that come out of time order).
[[nodiscard]] std::vector<Draft> drafts_of(const BookData& book, const RunOptions& options,
                                           const Planned& planned);

}  // namespace allot::run
