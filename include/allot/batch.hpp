// Many splits in one call, in the caller's memory: for programs that embed the library and keep
// their quantities in arrays of their own.
//
//   const std::vector<std::int64_t> outstanding{30, 70, /* next placement */ 5, 5, 5};
//   const std::vector<std::size_t> offsets{0, 2, 5};
//   const std::vector<std::int64_t> quantities{40, 7};
//   const std::vector<std::int64_t> lots{1};
//   std::vector<std::int64_t> shares(outstanding.size());
//   allot::split_batch(*rule, {outstanding, offsets, quantities, lots}, shares).value();
//   // shares: 12 28   3 2 2
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "allot/algorithm.hpp"
#include "allot/result.hpp"

namespace allot {

// What is to be split, for any number of placements. Quantities of one placement are whole counts
// of one small unit, which may differ from placement to placement: 12.34 shares are 1234
// hundredths. The claims of a placement stand together, in rank order, the oldest first; those of
// placement i are offsets[i] up to offsets[i + 1]. A placement may have no claim.
struct Batch {
    std::span<const std::int64_t> outstanding{};  // what each claim may still receive, >= 0, the
                                                  // sum of a placement below 2^62
    std::span<const std::size_t> offsets{};       // one more than placements, ascending
    std::span<const std::int64_t> quantities{};   // what is to be split, >= 0, one a placement
    std::span<const std::int64_t> lots{};         // > 0, one a placement or a single one for all

    // For rules that look further than PR-FIFO and FIFO do; empty: as said.
    std::span<const std::int64_t> ordered{};    // one a claim; empty: what is outstanding
    std::span<const std::int64_t> allocated{};  // one a claim; empty: 0
    std::span<const std::int64_t> baseline{};   // one a claim; empty: 0
    std::span<const std::uint64_t> keys{};      // one a placement; empty: 0
};

// Writes one share per claim to `shares`, which has the length of `outstanding`: exactly what
// Algorithm::split gives for each placement alone. Placements do not see each other's shares; an
// order that stands in two of them needs two calls, with its outstanding quantity brought up to
// date in between.
// Nothing is audited: run the audit, or Engine, where the rule is not trusted.
// Errors: option_is_not_valid when the spans do not fit together, quantity_is_negative,
// lot_is_not_positive, total_is_out_of_range, algorithm_refused; id is the number of the placement,
// from 0, and what stands in `shares` is then of no meaning.
// Precondition: `shares` overlaps none of the other spans. Shares outside offsets.front() to
// offsets.back() are neither read nor written, so threads may share arrays, each with placements of
// its own.
// Complexity: that of the rule; PR-FIFO and FIFO O(placements + claims). Takes no memory for
// PR-FIFO (but where claims are no whole lots) and FIFO; other rules may, see
// Algorithm::split_many. Thread safety: any thread.
[[nodiscard]] Result<void> split_batch(const Algorithm& algorithm, const Batch& batch,
                                       std::span<std::int64_t> shares);

}  // namespace allot
