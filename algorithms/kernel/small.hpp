// PR-FIFO on many small placements: all that a placement needs, without a branch that depends on
// its numbers. Its plain twin is the rule itself (algorithms/pr_fifo.cpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include "algorithms/kernel/forms.hpp"

namespace allot::kernel {

inline constexpr std::size_t most_small_claims = 12;
inline constexpr std::size_t placements_per_block = 32;

// Placements with lot 1 that stand one after the other.
struct SmallBlock {
    const std::int64_t* outstanding{nullptr};
    const std::size_t* offsets{nullptr};  // one more than placements, ascending
    const std::int64_t* quantities{nullptr};
    std::int64_t* shares{nullptr};
    std::size_t count{0};  // placements, at most placements_per_block
    std::size_t end{0};    // no claim at or behind it is touched
};

#if ALLOT_HAS_X86_FORMS
// Splits placements of 1 to 12 claims from 0 to 2^31 - 1 that add up to less than 2^31, with a
// quantity above zero and below that sum. Not every such placement is split (those close to `end`
// are not); the answer says, as bits, the first placement's lowest, which were. The shares of the
// others hold anything and must be written after. Precondition: the processor has AVX2, FMA and
// BMI2, and for the second AVX-512 F, DQ and VL too.
[[nodiscard]] std::uint32_t split_small_avx2(const SmallBlock& block) noexcept;
[[nodiscard]] std::uint32_t split_small_avx512(const SmallBlock& block) noexcept;
#endif

}  // namespace allot::kernel
