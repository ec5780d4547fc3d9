// The AVX2 form for totals of 33 to 51 bits: an estimate in floating point, then its exact
// remainder and one step up or down. No multiplier to prepare, and fewer instructions than products
// of 32-bit digits take.
//
// Wanted: floor(x) for x = E * r / D, with E < D < 2^51 and r < 2^51, all whole. The ratio E / D is
// computed once, off by less than 2^-52 of itself, so r times that is off by less than 1/2. One
// fused operation multiplies, takes 1/2 off, and rounds to a whole number q by adding 1.5 * 2^52,
// where neighbours are 1 apart: x - 2 < q < x + 1 whichever way the processor rounds. So floor(x)
// is q - 1, q or q + 1, and the remainder E * r - q * D, between -D and 2 * D, says which.
//
// That remainder is exact. With p = E * r rounded, E * r - p is a number of at most 53 bits, which
// a fused operation gives as it is. p - q * D is whole and below 2 * D + 2^50 < 2^53, so another
// one gives it as it is, and so is their sum.
#include "algorithms/kernel/forms.hpp"

#if ALLOT_HAS_X86_FORMS

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

#define ALLOT_FMA __attribute__((target("avx2,fma")))
#define ALLOT_FMA_INLINE __attribute__((target("avx2,fma"), always_inline)) inline

namespace allot::kernel {

namespace {

constexpr std::size_t lanes = 4;
// Read from entry n on: the last n of four lanes all ones, the others zeros.
constexpr std::array<std::int64_t, 2 * lanes> last_lanes = {0, 0, 0, 0, -1, -1, -1, -1};

ALLOT_FMA_INLINE __m256i broadcast(std::uint64_t value) noexcept {
    return _mm256_set1_epi64x(static_cast<long long>(value));
}
ALLOT_FMA_INLINE __m256i load(const std::int64_t* from) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
ALLOT_FMA_INLINE void store(std::int64_t* to, __m256i value) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
}

// Whole numbers below 2^52: the digits of 2^52 + n are those of n.
ALLOT_FMA_INLINE __m256d to_floating(__m256i value) noexcept {
    const __m256d magic = _mm256_set1_pd(0x1p52);
    const __m256i bits = _mm256_or_si256(value, _mm256_castpd_si256(magic));
    return _mm256_sub_pd(_mm256_castsi256_pd(bits), magic);
}

struct Estimate {
    __m256d quantity;
    __m256d divisor;
    __m256d ratio;
    __m256i lot;

    ALLOT_FMA explicit Estimate(const NarrowSplit& split) noexcept
        : quantity{to_floating(broadcast(split.quantity))},
          divisor{to_floating(broadcast(split.divisor))},
          ratio{_mm256_div_pd(quantity, divisor)},
          lot{broadcast(split.lot)} {}

    ALLOT_FMA_INLINE __m256i floor_of(__m256i whole_weight) const noexcept {
        const __m256d weight = to_floating(whole_weight);
        const __m256d magic = _mm256_set1_pd(0x1.8p52);
        const __m256d moved = _mm256_fmadd_pd(weight, ratio, _mm256_set1_pd(0x1.8p52 - 0.5));
        const __m256d share = _mm256_sub_pd(moved, magic);
        const __m256d product = _mm256_mul_pd(weight, quantity);
        const __m256d rounded_off = _mm256_fmsub_pd(weight, quantity, product);
        const __m256d remainder =
            _mm256_add_pd(_mm256_fnmadd_pd(share, divisor, product), rounded_off);
        const __m256i is_below =
            _mm256_castpd_si256(_mm256_cmp_pd(remainder, _mm256_setzero_pd(), _CMP_LT_OQ));
        const __m256i is_above = _mm256_castpd_si256(_mm256_cmp_pd(remainder, divisor, _CMP_GE_OQ));
        const __m256i whole =
            _mm256_sub_epi64(_mm256_castpd_si256(moved), _mm256_castpd_si256(magic));
        return _mm256_add_epi64(whole, _mm256_sub_epi64(is_below, is_above));
    }

    // Precondition: the lot has at most 32 bits.
    ALLOT_FMA_INLINE __m256i times_lot(__m256i share) const noexcept {
        const __m256i high = _mm256_mul_epu32(_mm256_srli_epi64(share, 32), lot);
        return _mm256_add_epi64(_mm256_mul_epu32(share, lot), _mm256_slli_epi64(high, 32));
    }
};

template <bool HasLots>
ALLOT_FMA_INLINE __m256i shares_of(const Estimate& estimate, __m256i weights) noexcept {
    const __m256i share = estimate.floor_of(weights);
    return HasLots ? estimate.times_lot(share) : share;
}

// What fills no vector is in the last one, which computes some claims again: from weights that were
// read before, for shares may take the place of weights.
template <bool HasLots>
ALLOT_FMA std::int64_t floors(const NarrowSplit& split) noexcept {
    const Estimate estimate{split};
    const std::size_t rest = split.count % lanes;
    const std::size_t last = split.count - lanes;
    const __m256i last_weights = load(split.weights + last);
    __m256i given = _mm256_setzero_si256();
    for (std::size_t i = 0; i + lanes <= split.count; i += lanes) {
        const __m256i shares = shares_of<HasLots>(estimate, load(split.weights + i));
        store(split.shares + i, shares);
        given = _mm256_add_epi64(given, shares);
    }
    if (rest != 0) {
        const __m256i shares = shares_of<HasLots>(estimate, last_weights);
        store(split.shares + last, shares);
        const __m256i is_new = load(last_lanes.data() + rest);
        given = _mm256_add_epi64(given, _mm256_and_si256(shares, is_new));
    }
    alignas(32) std::int64_t sums[lanes];
    store(sums, given);
    return sums[0] + sums[1] + sums[2] + sums[3];
}

}  // namespace

ALLOT_FMA std::int64_t floors_by_estimate_avx2(const NarrowSplit& split) noexcept {
    return split.lot == 1 ? floors<false>(split) : floors<true>(split);
}

}  // namespace allot::kernel

#endif
