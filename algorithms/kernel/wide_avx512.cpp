// The AVX-512 form of the wide kernel up to two words a number: eight claims at a time, products of
// 52-bit digits (IFMA).
#include "algorithms/kernel/forms.hpp"

#if ALLOT_HAS_X86_FORMS

#include <algorithm>
#include <array>

#include "algorithms/kernel/digits_avx512.hpp"

namespace allot::kernel {

namespace {

constexpr std::size_t claims_at_once = 8;
// The sums of so many digits fit a word.
constexpr std::size_t claims_per_sum = claims_at_once << (64U - digit_bits);

// Eight numbers, least significant digit first.
template <std::size_t Count>
struct Digits {
    __m512i digit[Count];
};

// The lowest two words of eight claims.
struct ClaimWords {
    __m512i low;
    __m512i high;
};

// Bits for the words of fewer claims, four for each.
constexpr std::uint32_t words_of(std::size_t claims) noexcept {
    return (std::uint32_t{1} << 4U * claims) - 1;
}
constexpr __mmask8 words_of_two(std::uint32_t words, std::size_t first) noexcept {
    return static_cast<__mmask8>(words >> 4U * first);
}

ALLOT_AVX512_INLINE ClaimWords load_claims(const Int256* from, std::uint32_t words) noexcept {
    const __m512i by_word = _mm512_setr_epi64(0, 4, 8, 12, 1, 5, 9, 13);
    const __m512i first =
        _mm512_permutex2var_epi64(_mm512_maskz_loadu_epi64(words_of_two(words, 0), from), by_word,
                                  _mm512_maskz_loadu_epi64(words_of_two(words, 2), from + 2));
    const __m512i second = _mm512_permutex2var_epi64(
        _mm512_maskz_loadu_epi64(words_of_two(words, 4), from + 4), by_word,
        _mm512_maskz_loadu_epi64(words_of_two(words, 6), from + 6));
    return {_mm512_shuffle_i64x2(first, second, 0x44), _mm512_shuffle_i64x2(first, second, 0xEE)};
}

ALLOT_AVX512_INLINE void store_claims(Int256* to, std::uint32_t words,
                                      const ClaimWords& claims) noexcept {
    constexpr __mmask8 low_words = 0x33;
    const __m512i even = _mm512_setr_epi64(0, 4, 0, 0, 1, 5, 0, 0);
    const __m512i odd = _mm512_setr_epi64(2, 6, 0, 0, 3, 7, 0, 0);
    const __m512i first = _mm512_shuffle_i64x2(claims.low, claims.high, 0x44);
    const __m512i second = _mm512_shuffle_i64x2(claims.low, claims.high, 0xEE);
    _mm512_mask_storeu_epi64(to, words_of_two(words, 0),
                             _mm512_maskz_permutexvar_epi64(low_words, even, first));
    _mm512_mask_storeu_epi64(to + 2, words_of_two(words, 2),
                             _mm512_maskz_permutexvar_epi64(low_words, odd, first));
    _mm512_mask_storeu_epi64(to + 4, words_of_two(words, 4),
                             _mm512_maskz_permutexvar_epi64(low_words, even, second));
    _mm512_mask_storeu_epi64(to + 6, words_of_two(words, 6),
                             _mm512_maskz_permutexvar_epi64(low_words, odd, second));
}

// Products look at the low 52 bits of a digit, so that what stands above them need not go.
template <std::size_t Count>
ALLOT_AVX512_INLINE Digits<Count> digits_of(const ClaimWords& claims) noexcept {
    Digits<Count> digits;
    digits.digit[0] = claims.low;
    digits.digit[1] = _mm512_or_si512(_mm512_srli_epi64(claims.low, digit_bits),
                                      _mm512_slli_epi64(claims.high, 64 - digit_bits));
    if constexpr (Count == 3) {
        digits.digit[2] = _mm512_srli_epi64(claims.high, 2 * digit_bits - 64);
    }
    return digits;
}

// Precondition: nothing stands above the low 52 bits of a digit.
template <std::size_t Count>
ALLOT_AVX512_INLINE ClaimWords words_of(const Digits<Count>& digits) noexcept {
    ClaimWords claims{
        _mm512_or_si512(digits.digit[0], _mm512_slli_epi64(digits.digit[1], digit_bits)),
        _mm512_srli_epi64(digits.digit[1], 64 - digit_bits)};
    if constexpr (Count == 3) {
        claims.high =
            _mm512_or_si512(claims.high, _mm512_slli_epi64(digits.digit[2], 2 * digit_bits - 64));
    }
    return claims;
}

// The digits of a * b from number First on, Count of them. Each column adds up at most seven
// numbers of 52 bits. The lowest one is a single low half and carries nothing.
template <std::size_t First, std::size_t Count, std::size_t A, std::size_t B>
ALLOT_AVX512_INLINE Digits<Count> digits_of_product(const Digits<A>& a,
                                                    const Digits<B>& b) noexcept {
    constexpr std::size_t end = First + Count;
    __m512i column[end];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < end; ++i) {
        column[i] = _mm512_setzero_si512();
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < A; ++i) {
#pragma GCC unroll 4
        for (std::size_t j = 0; j < B; ++j) {
            if (i + j < end && (First == 0 || i + j > 0)) {
                column[i + j] = add_low(column[i + j], a.digit[i], b.digit[j]);
            }
            if (i + j + 1 < end) {
                column[i + j + 1] = add_high(column[i + j + 1], a.digit[i], b.digit[j]);
            }
        }
    }
    Digits<Count> product;
    const __m512i mask = broadcast(digit_mask);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < end; ++i) {
        if (i + 1 < end) {
            column[i + 1] = _mm512_add_epi64(column[i + 1], carry_of(column[i]));
        }
        if (i >= First) {
            product.digit[i - First] = _mm512_and_si512(column[i], mask);
        }
    }
    return product;
}

// The same number in every lane: its lowest digit is bits 0 to 51 of value * 2^moved.
template <std::size_t Count>
ALLOT_AVX512_INLINE Digits<Count> broadcast_digits(const Words<4>& value,
                                                   std::size_t moved) noexcept {
    const Words<6> words = shifted_left(resized<6>(value), moved);
    Digits<Count> digits;
    for (std::size_t i = 0; i < Count; ++i) {
        const std::size_t word = i * digit_bits / 64;
        const std::size_t bit = i * digit_bits % 64;
        const Uint128 both = static_cast<Uint128>(words[word + 1]) << 64U | words[word];
        digits.digit[i] = broadcast(low_word(both >> bit) & digit_mask);
    }
    return digits;
}

// Adds the sum of the lanes * 2^(52 * number) to the total.
ALLOT_AVX512 void add_lanes(Words<4>& total, __m512i sums, std::size_t number) noexcept {
    std::array<std::uint64_t, claims_at_once> lanes;
    _mm512_storeu_si512(lanes.data(), sums);
    Uint128 sum = 0;
    for (const std::uint64_t lane : lanes) {
        sum += lane;
    }
    add_to(total, shifted_left(Words<4>{low_word(sum), high_word(sum)}, digit_bits * number));
}

// Of a split: Ratio digits of the multiplier and Width digits of the lot.
template <std::size_t Ratio, std::size_t Width, bool HasLots>
struct Prepared {
    Digits<Ratio> multiplier;
    Digits<Width> lot;

    // The shares of the claims from number i on that have their bits in `words`, at most eight.
    ALLOT_AVX512_INLINE Digits<Width> write_shares(const WideSplit& split, std::size_t i,
                                                   std::uint32_t words) const noexcept {
        const Digits<Width> weights = digits_of<Width>(load_claims(split.weights + i, words));
        Digits<Width> shares = digits_of_product<Ratio, Width>(multiplier, weights);
        if constexpr (HasLots) {
            shares = digits_of_product<0, Width>(shares, lot);
        }
        store_claims(split.shares + i, words, words_of(shares));
        return shares;
    }
};

template <std::size_t Count>
ALLOT_AVX512_INLINE void add(Digits<Count>& sums, const Digits<Count>& terms) noexcept {
    for (std::size_t i = 0; i < Count; ++i) {
        sums.digit[i] = _mm512_add_epi64(sums.digit[i], terms.digit[i]);
    }
}

template <std::size_t Ratio, std::size_t Width, bool HasLots>
ALLOT_AVX512 Words<4> wide_floors(const WideSplit& split) noexcept {
    const Prepared<Ratio, Width, HasLots> prepared{
        broadcast_digits<Ratio>(split.multiplier, Ratio * digit_bits - 64 * split.digits),
        broadcast_digits<Width>(resized<4>(split.lot), 0)};
    Words<4> given{};
    for (std::size_t begin = 0; begin < split.count; begin += claims_per_sum) {
        const std::size_t end = std::min(split.count, begin + claims_per_sum);
        Digits<Width> sums = broadcast_digits<Width>({}, 0);
        std::size_t i = begin;
        for (; i + claims_at_once <= end; i += claims_at_once) {
            add(sums, prepared.write_shares(split, i, ~std::uint32_t{0}));
        }
        if (i < end) {
            add(sums, prepared.write_shares(split, i, words_of(end - i)));
        }
        for (std::size_t digit = 0; digit < Width; ++digit) {
            add_lanes(given, sums.digit[digit], digit);
        }
    }
    return given;
}

template <std::size_t Ratio, std::size_t Width>
ALLOT_AVX512 Words<4> wide_floors(const WideSplit& split) noexcept {
    return split.lot == Words<2>{1} ? wide_floors<Ratio, Width, false>(split)
                                    : wide_floors<Ratio, Width, true>(split);
}

}  // namespace

Words<4> floors_avx512(const WideSplit& split) noexcept {
    const bool is_short = split.bound_bits <= std::size_t{2} * digit_bits;
    if (split.digits == 3) {
        return is_short ? wide_floors<4, 2>(split) : wide_floors<4, 3>(split);
    }
    return is_short ? wide_floors<5, 2>(split) : wide_floors<5, 3>(split);
}

}  // namespace allot::kernel

#endif
