// Adjust: allocations that are taken back, shrunk or repriced without a split, and the run that
// says so. What corrections, amendments and removals have in common.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "engine/run/plan.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// What is left to an allocation.
struct Adjustment {
    std::uint32_t row{0};
    Quantity left{};  // 0: it is withdrawn
};

// The versions that come after allocations: withdrawn ones and changed ones.
struct AdjustedRows {
    std::vector<detail::AllocationRow> cancelled{};
    std::vector<detail::AllocationRow> changed{};
};

// Made by the newest run of the book; `price` is that of those that are left, where it is known.
// What would be as it was is left out.
[[nodiscard]] AdjustedRows adjusted_rows(BookData& book, std::span<const Adjustment> adjustments,
                                         const std::optional<CurrencyAndAmount>& price,
                                         const Written& written);

// Writes them, and states them with what moved.
[[nodiscard]] RunResult write_adjusted(BookData& book, const AdjustedRows& rows);

// What a run over these placements is about, without their children; none: about nothing.
[[nodiscard]] Result<Planned> plan_for(const BookData& book,
                                       const std::vector<PlacementId>& placements,
                                       const Written& written);

// The record of what was done to them; `options` say what.
[[nodiscard]] RunRecord record_for(const BookData& book, const Planned& planned,
                                   const Written& written,
                                   const std::map<std::string, std::string>& options);

// States in `result`, which `record` has made, what is allocated of these placements now.
// Errors: those of plan_for.
[[nodiscard]] Result<void> state_outcomes(const BookData& book,
                                          const std::vector<PlacementId>& placements,
                                          const RunRecord& record, RunResult& result);

// Row of an allocation that counts and takes from the execution (id) in a way that cannot follow
// it: it names others too, or has an average price. none: there is none. Complexity: O(allocations
// of the book).
[[nodiscard]] std::uint32_t find_entangled(const BookData& book, std::uint32_t execution);
// Such an allocation as an error names it.
[[nodiscard]] std::string entangled_text(const BookData& book, const detail::AllocationRow& row);

}  // namespace allot::run
