// PR-FIFO on many small placements with AVX2: three vectors of four claims hold a placement.
//
// In three passes over a block, so that the divisions of several placements overlap: totals, then
// multipliers, then shares and the leftover.
#include "algorithms/kernel/small.hpp"

#if ALLOT_HAS_X86_FORMS

#include <immintrin.h>

#define ALLOT_SMALL __attribute__((target("avx2,bmi2")))
#define ALLOT_SMALL_INLINE __attribute__((target("avx2,bmi2"), always_inline)) inline

namespace allot::kernel {

namespace {

constexpr std::size_t lanes = 4;
constexpr std::size_t vectors = most_small_claims / lanes;

struct Claims {
    __m256i vector[vectors];
};

ALLOT_SMALL_INLINE __m256i broadcast(std::uint64_t value) noexcept {
    return _mm256_set1_epi64x(static_cast<long long>(value));
}

// The claims of a placement, zeros behind the last.
ALLOT_SMALL_INLINE Claims load(const std::int64_t* from, std::size_t count) noexcept {
    Claims claims;
    __m256i position = _mm256_set_epi64x(3, 2, 1, 0);
    const __m256i end = broadcast(count);
    for (std::size_t i = 0; i < vectors; ++i) {
        const __m256i all = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + lanes * i));
        claims.vector[i] = _mm256_and_si256(all, _mm256_cmpgt_epi64(end, position));
        position = _mm256_add_epi64(position, broadcast(lanes));
    }
    return claims;
}

ALLOT_SMALL_INLINE std::uint64_t sum(const Claims& claims) noexcept {
    const __m256i four =
        _mm256_add_epi64(_mm256_add_epi64(claims.vector[0], claims.vector[1]), claims.vector[2]);
    const __m128i two =
        _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    const __m128i one = _mm_add_epi64(two, _mm_unpackhi_epi64(two, two));
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(one));
}

ALLOT_SMALL_INLINE bool all_below_2_32(const Claims& claims) noexcept {
    const __m256i any =
        _mm256_or_si256(_mm256_or_si256(claims.vector[0], claims.vector[1]), claims.vector[2]);
    return _mm256_testz_si256(any, broadcast(~std::uint64_t{0xFFFFFFFF})) != 0;
}

// One bit a claim that is above zero: those have room for a unit after any floor.
ALLOT_SMALL_INLINE std::uint32_t with_room(const Claims& claims) noexcept {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < vectors; ++i) {
        const __m256i is_above = _mm256_cmpgt_epi64(claims.vector[i], _mm256_setzero_si256());
        const int four = _mm256_movemask_pd(_mm256_castsi256_pd(is_above));
        bits |= static_cast<std::uint32_t>(four) << (lanes * i);
    }
    return bits;
}

// ceil(quantity * 2^64 / total). Precondition: quantity < total.
ALLOT_SMALL_INLINE std::uint64_t multiplier_of(std::uint64_t quantity,
                                               std::uint64_t total) noexcept {
    std::uint64_t low = 0;  // of the numerator, then the quotient
    std::uint64_t high = quantity;
    __asm__("divq %2" : "+a"(low), "+d"(high) : "r"(total) : "cc");
    return low + (high != 0 ? 1 : 0);
}

ALLOT_SMALL_INLINE void write_shares(const Claims& claims, std::uint64_t quantity,
                                     std::uint64_t multiplier, std::int64_t* shares) noexcept {
    const __m256i low = broadcast(multiplier);
    const __m256i high = broadcast(multiplier >> 32U);
    Claims floors;
    for (std::size_t i = 0; i < vectors; ++i) {
        const __m256i row = _mm256_srli_epi64(_mm256_mul_epu32(claims.vector[i], low), 32);
        floors.vector[i] =
            _mm256_srli_epi64(_mm256_add_epi64(_mm256_mul_epu32(claims.vector[i], high), row), 32);
    }
    const std::uint64_t leftover = quantity - sum(floors);  // fewer than claims with room
    const std::uint32_t turns = _pdep_u32((std::uint32_t{1} << leftover) - 1U, with_room(claims));
    const __m256i has_turn = broadcast(turns);
    __m256i bit = _mm256_set_epi64x(8, 4, 2, 1);
    for (std::size_t i = 0; i < vectors; ++i) {
        const __m256i minus_one = _mm256_cmpeq_epi64(_mm256_and_si256(has_turn, bit), bit);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(shares + lanes * i),
                            _mm256_sub_epi64(floors.vector[i], minus_one));
        bit = _mm256_slli_epi64(bit, lanes);
    }
}

}  // namespace

ALLOT_SMALL std::uint32_t split_small_avx2(const SmallBlock& block) noexcept {
    std::uint64_t totals[placements_per_block];
    std::uint64_t multipliers[placements_per_block];
    std::uint32_t done = 0;
    for (std::size_t i = 0; i < block.count; ++i) {
        const std::size_t first = block.offsets[i];
        const std::size_t count = block.offsets[i + 1] - first;
        totals[i] = 1;
        if (count - 1 < most_small_claims && first + most_small_claims <= block.end) {
            const Claims claims = load(block.outstanding + first, count);
            const std::uint64_t total = sum(claims);
            const auto quantity = static_cast<std::uint64_t>(block.quantities[i]);
            const bool fits = all_below_2_32(claims) && total < std::uint64_t{1} << 32U &&
                              quantity != 0 && quantity < total;
            totals[i] = fits ? total : 1;
            done |= static_cast<std::uint32_t>(fits) << i;
        }
    }
    for (std::size_t i = 0; i < block.count; ++i) {
        const auto quantity = static_cast<std::uint64_t>(block.quantities[i]);
        multipliers[i] = totals[i] == 1 ? 0 : multiplier_of(quantity, totals[i]);
    }
    for (std::size_t i = 0; i < block.count; ++i) {
        if ((done >> i & 1U) != 0) {
            const std::size_t first = block.offsets[i];
            const Claims claims = load(block.outstanding + first, block.offsets[i + 1] - first);
            write_shares(claims, static_cast<std::uint64_t>(block.quantities[i]), multipliers[i],
                         block.shares + first);
        }
    }
    return done;
}

}  // namespace allot::kernel

#endif
