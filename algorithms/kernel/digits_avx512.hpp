// Eight numbers at a time in digits of 52 bits, whose products AVX-512 IFMA adds up. Included by
// the sources of that form only.
#pragma once

#include <immintrin.h>

#include <cstdint>

// g++ 12 finds its own intrinsics' "undefined" operands uninitialised (GCC bug 105593).
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define ALLOT_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512ifma")))
#define ALLOT_AVX512_INLINE \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512ifma"), always_inline)) inline

namespace allot::kernel {

namespace {

constexpr unsigned digit_bits = 52;
constexpr std::uint64_t digit_mask = (std::uint64_t{1} << digit_bits) - 1;

ALLOT_AVX512_INLINE __m512i broadcast(std::uint64_t value) noexcept {
    return _mm512_set1_epi64(static_cast<long long>(value));
}
// sum + the low, or the high, 52 bits of a * b; a and b count with their low 52 bits only.
ALLOT_AVX512_INLINE __m512i add_low(__m512i sum, __m512i a, __m512i b) noexcept {
    return _mm512_madd52lo_epu64(sum, a, b);
}
ALLOT_AVX512_INLINE __m512i add_high(__m512i sum, __m512i a, __m512i b) noexcept {
    return _mm512_madd52hi_epu64(sum, a, b);
}
ALLOT_AVX512_INLINE __m512i carry_of(__m512i column) noexcept {
    return _mm512_srli_epi64(column, digit_bits);
}

}  // namespace

}  // namespace allot::kernel
