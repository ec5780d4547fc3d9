// What the vector forms of small placements have in common: what there is one of a placement
// (total, multiplier, leftover) is computed for four at a time. How claims are held is each form's
// own. Included by one source a form, which defines ALLOT_SMALL_INLINE with its target.
#pragma once

#include <immintrin.h>

#include "algorithms/kernel/small.hpp"

namespace allot::kernel {

namespace {

constexpr std::size_t lanes = 4;

ALLOT_SMALL_INLINE __m256i broadcast(std::int64_t value) noexcept {
    return _mm256_set1_epi64x(value);
}
ALLOT_SMALL_INLINE __m256i load(const void* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
ALLOT_SMALL_INLINE void store(void* to, __m256i value) noexcept {
    _mm256_storeu_si256(static_cast<__m256i*>(to), value);
}

// Lane i: the sum of the lanes of vector i.
ALLOT_SMALL_INLINE __m256i sums_of_lanes(const __m256i (&of)[lanes]) noexcept {
    const __m256i first =
        _mm256_add_epi64(_mm256_unpacklo_epi64(of[0], of[1]), _mm256_unpackhi_epi64(of[0], of[1]));
    const __m256i second =
        _mm256_add_epi64(_mm256_unpacklo_epi64(of[2], of[3]), _mm256_unpackhi_epi64(of[2], of[3]));
    return _mm256_add_epi64(_mm256_permute2x128_si256(first, second, 0x20),
                            _mm256_permute2x128_si256(first, second, 0x31));
}

// Whole numbers below 2^52 as floating point, and back: the digits of 2^52 + n are those of n.
ALLOT_SMALL_INLINE __m256d to_floating(__m256i value) noexcept {
    const __m256d magic = _mm256_set1_pd(0x1p52);
    const __m256i bits = _mm256_or_si256(value, _mm256_castpd_si256(magic));
    return _mm256_sub_pd(_mm256_castsi256_pd(bits), magic);
}
ALLOT_SMALL_INLINE __m256i digits_above_2_52(__m256d value) noexcept {
    return _mm256_xor_si256(_mm256_castpd_si256(value),
                            _mm256_castpd_si256(_mm256_set1_pd(0x1p52)));
}

// For each lane a multiplier over 2^64, above quantity * 2^64 / total and less than 4 above. That
// is near enough: in multiplier.hpp, c is below 4 * D then, and 4 * R * D <= 2^64, since the total
// is both R and D and below 2^31.
//
// Two digits of 32 bits, each from an estimate good to 2^-18. With v = quantity * 2^32 / total, the
// first is v - 1.5 in whole numbers, whichever way they are rounded: not above v, at most 2.6
// below, and not below 0 since v > 2. What remains is exact and at most 2.6 totals; the second
// digit is 2^32 times that over the total, plus 2, in whole numbers again: more than 0.9 and less
// than 3.1 above. So neither a result nor the proof depends on how the processor rounds.
// Precondition: 0 < quantity < total < 2^31.
ALLOT_SMALL_INLINE __m256i multipliers_of(__m256i quantity, __m256i total) noexcept {
    const __m256d inverse = _mm256_div_pd(_mm256_set1_pd(0x1p32), to_floating(total));
    const __m256i first = digits_above_2_52(
        _mm256_fmadd_pd(to_floating(quantity), inverse, _mm256_set1_pd(0x1p52 - 1.5)));
    const __m256i remainder =
        _mm256_sub_epi64(_mm256_slli_epi64(quantity, 32), _mm256_mul_epu32(first, total));
    const __m256i second = digits_above_2_52(
        _mm256_fmadd_pd(to_floating(remainder), inverse, _mm256_set1_pd(0x1p52 + 2)));
    return _mm256_add_epi64(_mm256_slli_epi64(first, 32), second);
}

// No claim of the block is below zero or above 2^32 - 1.
ALLOT_SMALL_INLINE bool all_below_2_32(const std::int64_t* from, const std::int64_t* to) noexcept {
    __m256i any = _mm256_setzero_si256();
    std::uint64_t rest = 0;
    for (; to - from >= static_cast<std::ptrdiff_t>(lanes); from += lanes) {
        any = _mm256_or_si256(any, load(from));
    }
    for (; from != to; ++from) {
        rest |= static_cast<std::uint64_t>(*from);
    }
    const __m256i high = broadcast(~std::int64_t{0xFFFFFFFF});
    return _mm256_testz_si256(any, high) != 0 && rest >> 32U == 0;
}

// The multipliers of four placements; those that are split here, as bits.
template <class Claims>
ALLOT_SMALL_INLINE int prepare(const SmallBlock& block, std::size_t first,
                               std::uint64_t* multipliers) noexcept {
    __m256i sums[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        const std::size_t begin = block.offsets[first + i];
        const std::size_t count = block.offsets[first + i + 1] - begin;
        sums[i] = Claims{block.outstanding + begin, count}.sum();
    }
    const __m256i total = sums_of_lanes(sums);  // 0 where there are too many claims
    const __m256i quantity = load(block.quantities + first);
    const __m256i is_small =
        _mm256_and_si256(_mm256_and_si256(_mm256_cmpgt_epi64(quantity, _mm256_setzero_si256()),
                                          _mm256_cmpgt_epi64(total, quantity)),
                         _mm256_cmpgt_epi64(broadcast(std::int64_t{1} << 31), total));
    // The other lanes compute 1 of 2, which does no harm.
    store(multipliers, multipliers_of(_mm256_blendv_epi8(broadcast(1), quantity, is_small),
                                      _mm256_blendv_epi8(broadcast(2), total, is_small)));
    return _mm256_movemask_pd(_mm256_castsi256_pd(is_small));
}

// Floors of four placements, and their leftovers: a unit each to the first claims with room, of
// which there are more than units.
template <class Claims>
ALLOT_SMALL_INLINE void write_shares(const SmallBlock& block, std::size_t first,
                                     const std::uint64_t* multipliers) noexcept {
    Claims floors[lanes];
    __m256i sums[lanes];
    std::uint32_t rooms[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        const std::size_t begin = block.offsets[first + i];
        const std::size_t count = block.offsets[first + i + 1] - begin;
        const Claims claims{block.outstanding + begin, count};
        floors[i] = claims.floors(multipliers[i]);
        sums[i] = floors[i].sum();
        rooms[i] = claims.above_zero();
    }
    alignas(32) std::uint64_t leftovers[lanes];
    store(leftovers, _mm256_sub_epi64(load(block.quantities + first), sums_of_lanes(sums)));
    for (std::size_t i = 0; i < lanes; ++i) {
        const std::uint32_t turns =
            _pdep_u32(_bzhi_u32(0xFFF, static_cast<std::uint32_t>(leftovers[i])), rooms[i]);
        floors[i].write_with_units(turns, block.shares + block.offsets[first + i]);
    }
}

// As split_small_avx2 promises. Claims holds those of a placement: read by its constructor, zeros
// behind them, and none where their number is not from 0 to 12.
template <class Claims>
ALLOT_SMALL_INLINE std::uint32_t split_small(const SmallBlock& block) noexcept {
    // Whole groups whose vectors end before the last claim.
    std::size_t count = block.count - block.count % lanes;
    while (count > 0 && block.offsets[count - 1] + most_small_claims > block.end) {
        count -= lanes;
    }
    if (!all_below_2_32(block.outstanding + block.offsets[0],
                        block.outstanding + block.offsets[count])) {
        return 0;
    }
    std::uint64_t multipliers[placements_per_block];
    std::uint32_t done = 0;
    for (std::size_t first = 0; first < count; first += lanes) {
        done |= static_cast<std::uint32_t>(prepare<Claims>(block, first, multipliers + first))
                << first;
    }
    for (std::size_t first = 0; first < count; first += lanes) {
        write_shares<Claims>(block, first, multipliers + first);
    }
    return done;
}

}  // namespace

}  // namespace allot::kernel
