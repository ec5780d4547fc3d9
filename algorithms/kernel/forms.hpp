// The kernel as each kind of processor runs it: one preparation, and one loop per form.
#pragma once

#include <cstddef>
#include <cstdint>

#include "algorithms/kernel/words.hpp"
#include "allot/integer.hpp"

// Forms for x86-64 beyond its baseline are compiled where the compiler can give a single function a
// target of its own, and chosen at run time.
#if defined(__x86_64__) && defined(__GNUC__)
#define ALLOT_HAS_X86_FORMS 1
#else
#define ALLOT_HAS_X86_FORMS 0
#endif

namespace allot::kernel {

// A narrow split, prepared: share = floor(multiplier * weight / 2^128) * lot; multiplier.hpp says
// why that is exact.
struct NarrowSplit {
    Words<2> multiplier{};        // the low word is 0 when the high one, over 2^64, is enough
    bool is_short{false};         // it is
    std::size_t product_bits{0};  // bits of bound and divisor together
    std::uint64_t quantity{0};
    std::uint64_t divisor{0};  // sum of weights * lot
    std::uint64_t bound{0};    // no weight is larger
    std::uint64_t lot{1};
    const std::int64_t* weights{nullptr};
    std::int64_t* shares{nullptr};
    std::size_t count{0};
};

// A wide split of numbers of up to two words, prepared in the same way: share =
// floor(multiplier * weight / 2^(64 * digits)) * lot. Shares may stand where weights do. Neither
// the lot nor any share has more bits than the bound.
struct WideSplit {
    Words<4> multiplier{};
    std::size_t digits{0};      // words of the multiplier: 3 or 4
    std::size_t bound_bits{0};  // no weight has more
    Words<2> lot{1};
    const Int256* weights{nullptr};
    Int256* shares{nullptr};
    std::size_t count{0};
};

// Each writes all shares (from claim `first` on) and returns their sum. The vector forms leave what
// fills no vector to the scalar one. Precondition of those: the processor has the form.
std::int64_t floors_scalar(const NarrowSplit& split, std::size_t first = 0) noexcept;
// A lot to each claim of `groups` groups of eight, as long as all eight have room for it. Returns
// in how many groups that was so.
std::size_t give_to_groups_scalar(const std::int64_t* outstanding, std::int64_t lot,
                                  std::int64_t* shares, std::size_t groups) noexcept;
#if ALLOT_HAS_X86_FORMS
std::size_t give_to_groups_avx2(const std::int64_t* outstanding, std::int64_t lot,
                                std::int64_t* shares, std::size_t groups) noexcept;
std::int64_t floors_avx2(const NarrowSplit& split) noexcept;
std::int64_t floors_avx512(const NarrowSplit& split) noexcept;
[[nodiscard]] Words<4> floors_avx512(const WideSplit& split) noexcept;
// The same without the multiplier. Precondition also: can_estimate.
std::int64_t floors_by_estimate_avx2(const NarrowSplit& split) noexcept;
[[nodiscard]] inline bool can_estimate(const NarrowSplit& split) noexcept {
    return split.bound >> 51U == 0 && split.divisor >> 51U == 0 && split.lot >> 32U == 0 &&
           split.count >= 4;
}
#endif

}  // namespace allot::kernel
