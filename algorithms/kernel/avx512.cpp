// The AVX-512 form of the narrow kernel: eight claims at a time, products of 52-bit digits (IFMA).
#include "algorithms/kernel/forms.hpp"

#if ALLOT_HAS_X86_FORMS

#include "algorithms/kernel/digits_avx512.hpp"

namespace allot::kernel {

namespace {

ALLOT_AVX512_INLINE std::uint64_t sum_of_lanes(__m512i value) noexcept {
    std::uint64_t lanes[8];
    _mm512_storeu_si512(lanes, value);
    std::uint64_t sum = 0;
    for (const std::uint64_t lane : lanes) {
        sum += lane;
    }
    return sum;
}

// Weights and the multiplier of two digits, over 2^104: weights below 2^52.
struct Short {
    __m512i digit[2];

    ALLOT_AVX512 explicit Short(const Words<2>& multiplier) noexcept {
        constexpr unsigned dropped = 128 - 2 * digit_bits;
        const Uint128 value = static_cast<Uint128>(multiplier[1]) << 64U | multiplier[0];
        const bool is_whole = value << (128 - dropped) == 0;
        const Uint128 leading = (value >> dropped) + (is_whole ? 0U : 1U);
        digit[0] = broadcast(low_word(leading) & digit_mask);
        digit[1] = broadcast(low_word(leading >> digit_bits));
    }

    ALLOT_AVX512_INLINE __m512i high_product(__m512i weight) const noexcept {
        const __m512i zero = _mm512_setzero_si512();
        const __m512i column = add_low(add_high(zero, digit[0], weight), digit[1], weight);
        return add_high(carry_of(column), digit[1], weight);
    }
    ALLOT_AVX512_INLINE static __m512i times_lot(__m512i share, __m512i lot) noexcept {
        return add_low(_mm512_setzero_si512(), share, lot);
    }
};

// Any weights: the multiplier of 128 bits, moved up to fill three digits, over 2^156.
struct Long {
    __m512i digit[3];

    ALLOT_AVX512 explicit Long(const Words<2>& multiplier) noexcept {
        constexpr unsigned moved = 3 * digit_bits - 128;
        const Uint128 value = static_cast<Uint128>(multiplier[1]) << 64U | multiplier[0];
        digit[0] = broadcast((low_word(value) << moved) & digit_mask);
        digit[1] = broadcast(low_word(value >> (digit_bits - moved)) & digit_mask);
        digit[2] = broadcast(low_word(value >> (2 * digit_bits - moved)));
    }

    ALLOT_AVX512_INLINE __m512i high_product(__m512i weight) const noexcept {
        const __m512i zero = _mm512_setzero_si512();
        const __m512i above = _mm512_srli_epi64(weight, digit_bits);
        // Column by column; the lowest, a single low half, carries nothing.
        __m512i column = add_low(add_high(zero, digit[0], weight), digit[1], weight);
        column = add_low(column, digit[0], above);
        column = add_high(carry_of(column), digit[1], weight);
        column = add_low(add_high(column, digit[0], above), digit[2], weight);
        column = add_low(column, digit[1], above);
        column = add_high(carry_of(column), digit[2], weight);
        column = add_low(add_high(column, digit[1], above), digit[2], above);
        const __m512i top = add_high(zero, digit[2], above);
        return _mm512_add_epi64(column, _mm512_slli_epi64(top, digit_bits));
    }
    ALLOT_AVX512_INLINE static __m512i times_lot(__m512i share, __m512i lot) noexcept {
        return _mm512_mullo_epi64(share, lot);
    }
};

template <class Width, bool HasLots>
ALLOT_AVX512 std::int64_t floors(const NarrowSplit& split) noexcept {
    const Width width{split.multiplier};
    const __m512i lot = broadcast(split.lot);
    const std::int64_t* const weights = split.weights;
    std::int64_t* const shares = split.shares;
    __m512i given = _mm512_setzero_si512();
    for (std::size_t i = 0, count = split.count; i < count; i += 8) {
        const std::size_t left = count - i;
        const auto lanes = static_cast<__mmask8>(left < 8 ? (1U << left) - 1U : 0xFFU);
        const __m512i weight = _mm512_maskz_loadu_epi64(lanes, weights + i);
        __m512i share = width.high_product(weight);
        share = HasLots ? Width::times_lot(share, lot) : share;
        _mm512_mask_storeu_epi64(shares + i, lanes, share);
        given = _mm512_add_epi64(given, share);
    }
    return static_cast<std::int64_t>(sum_of_lanes(given));
}

}  // namespace

ALLOT_AVX512 std::int64_t floors_avx512(const NarrowSplit& split) noexcept {
    if (split.count < 4) {
        return floors_scalar(split);
    }
    const bool is_short =
        split.bound <= digit_mask && split.product_bits <= std::uint64_t{2} * digit_bits;
    if (is_short) {
        return split.lot == 1 ? floors<Short, false>(split) : floors<Short, true>(split);
    }
    return split.lot == 1 ? floors<Long, false>(split) : floors<Long, true>(split);
}

}  // namespace allot::kernel

#endif
