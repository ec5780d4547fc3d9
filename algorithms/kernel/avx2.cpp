// The AVX2 form of the narrow kernel: four claims at a time, products of 32-bit digits.
#include "algorithms/kernel/forms.hpp"
#include "algorithms/kernel/kernel.hpp"

#if ALLOT_HAS_X86_FORMS

#include <immintrin.h>

#define ALLOT_AVX2 __attribute__((target("avx2")))
#define ALLOT_AVX2_INLINE __attribute__((target("avx2"), always_inline)) inline

namespace allot::kernel {

namespace {

constexpr std::uint64_t low_32_bits = 0xFFFFFFFF;

ALLOT_AVX2_INLINE __m256i broadcast(std::uint64_t value) noexcept {
    return _mm256_set1_epi64x(static_cast<long long>(value));
}
ALLOT_AVX2_INLINE __m256i load(const std::int64_t* from) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
ALLOT_AVX2_INLINE void store(std::int64_t* to, __m256i value) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
}
// Four products of the low halves.
ALLOT_AVX2_INLINE __m256i multiply(__m256i a, __m256i b) noexcept {
    return _mm256_mul_epu32(a, b);
}
ALLOT_AVX2_INLINE __m256i add(__m256i a, __m256i b) noexcept {
    return _mm256_add_epi64(a, b);
}
ALLOT_AVX2_INLINE __m256i high_half(__m256i value) noexcept {
    return _mm256_srli_epi64(value, 32);
}
ALLOT_AVX2_INLINE __m256i low_half(__m256i value) noexcept {
    return _mm256_blend_epi32(value, _mm256_setzero_si256(), 0xAA);
}
ALLOT_AVX2_INLINE std::uint64_t sum_of_lanes(__m256i value) noexcept {
    return static_cast<std::uint64_t>(_mm256_extract_epi64(value, 0)) +
           static_cast<std::uint64_t>(_mm256_extract_epi64(value, 1)) +
           static_cast<std::uint64_t>(_mm256_extract_epi64(value, 2)) +
           static_cast<std::uint64_t>(_mm256_extract_epi64(value, 3));
}

// The multiplier's leading Digits * 32 bits, rounded up; the last digit first, one a vector.
template <std::size_t Digits>
struct Multiplier {
    __m256i digit[Digits];

    ALLOT_AVX2 explicit Multiplier(const Words<2>& multiplier) noexcept {
        Uint128 value = static_cast<Uint128>(multiplier[1]) << 64U | multiplier[0];
        constexpr std::size_t dropped = 128 - 32 * Digits;
        if constexpr (dropped > 0) {
            const bool is_whole = value << (128 - dropped) == 0;
            value = (value >> dropped) + (is_whole ? 0U : 1U);
        }
        for (__m256i& lanes : digit) {
            lanes = broadcast(low_word(value) & low_32_bits);
            value >>= 32U;
        }
    }
};

// floor(multiplier * weight / 2^(32 * Digits)), digit by digit as on paper. No sum overflows:
// (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1.
template <std::size_t Digits>
ALLOT_AVX2_INLINE __m256i high_product(const Multiplier<Digits>& by, __m256i weight) noexcept {
    const __m256i weight_high = high_half(weight);
    __m256i row = multiply(weight, by.digit[0]);
    __m256i carry = _mm256_setzero_si256();
    for (std::size_t i = 1; i < Digits; ++i) {
        row = add(multiply(weight, by.digit[i]), high_half(row));
        const __m256i column =
            add(multiply(weight_high, by.digit[i - 1]), add(low_half(row), carry));
        carry = high_half(column);
    }
    return add(multiply(weight_high, by.digit[Digits - 1]), add(high_half(row), carry));
}

// The same for a multiplier of 64 bits and weights below 2^32.
ALLOT_AVX2_INLINE __m256i short_product(const Multiplier<2>& by, __m256i weight) noexcept {
    const __m256i row = high_half(multiply(weight, by.digit[0]));
    return high_half(add(multiply(weight, by.digit[1]), row));
}

template <std::size_t Digits, bool HasLots>
ALLOT_AVX2 std::int64_t floors(const NarrowSplit& split) noexcept {
    const Multiplier<Digits> multiplier{split.multiplier};
    const __m256i lot = broadcast(split.lot);
    const std::int64_t* const weights = split.weights;
    std::int64_t* const shares = split.shares;
    const std::size_t whole = split.count - split.count % 4;
    __m256i given = _mm256_setzero_si256();
    for (std::size_t i = 0; i < whole; i += 4) {
        const __m256i weight = load(weights + i);
        __m256i share;
        if constexpr (Digits == 2) {
            share = short_product(multiplier, weight);
            share = HasLots ? multiply(share, lot) : share;
        } else {
            share = high_product(multiplier, weight);
            if constexpr (HasLots) {
                const __m256i high = _mm256_slli_epi64(multiply(high_half(share), lot), 32);
                share = add(multiply(share, lot), high);
            }
        }
        store(shares + i, share);
        given = add(given, share);
    }
    const auto in_vectors = static_cast<std::int64_t>(sum_of_lanes(given));
    return whole == split.count ? in_vectors : in_vectors + floors_scalar(split, whole);
}

}  // namespace

ALLOT_AVX2 std::int64_t floors_avx2(const NarrowSplit& split) noexcept {
    const bool is_narrow = split.bound <= low_32_bits;
    if (split.lot > low_32_bits || split.count < 4) {
        return floors_scalar(split);
    }
    if (split.is_short && is_narrow) {
        return split.lot == 1 ? floors<2, false>(split) : floors<2, true>(split);
    }
    if (split.product_bits <= 96) {
        return split.lot == 1 ? floors<3, false>(split) : floors<3, true>(split);
    }
    return split.lot == 1 ? floors<4, false>(split) : floors<4, true>(split);
}

ALLOT_AVX2 std::size_t give_to_groups_avx2(const std::int64_t* outstanding, std::int64_t lot,
                                           std::int64_t* shares, std::size_t groups) noexcept {
    const __m256i a_lot = broadcast(static_cast<std::uint64_t>(lot));
    for (std::size_t group = 0; group < groups; ++group) {
        const std::size_t first = group * claims_per_group;
        const __m256i four = add(load(shares + first), a_lot);
        const __m256i next_four = add(load(shares + first + 4), a_lot);
        const __m256i lacks =
            _mm256_or_si256(_mm256_cmpgt_epi64(four, load(outstanding + first)),
                            _mm256_cmpgt_epi64(next_four, load(outstanding + first + 4)));
        if (_mm256_testz_si256(lacks, lacks) == 0) {
            return group;
        }
        store(shares + first, four);
        store(shares + first + 4, next_four);
    }
    return groups;
}

}  // namespace allot::kernel

#endif
