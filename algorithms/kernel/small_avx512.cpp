// PR-FIFO on many small placements with AVX-512: a vector of eight claims and one of four hold a
// placement, and masks say which of them there are and which get a unit.
#include "algorithms/kernel/small.hpp"

#if ALLOT_HAS_X86_FORMS

// g++ 12 finds its own intrinsics' "undefined" operands uninitialised (GCC bug 105593).
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#define ALLOT_SMALL __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma,bmi2")))
#define ALLOT_SMALL_INLINE \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma,bmi2"), always_inline)) inline

#include "algorithms/kernel/small_steps.hpp"

namespace allot::kernel {

namespace {

constexpr unsigned in_first = 8;

class Claims {
  public:
    Claims() = default;
    ALLOT_SMALL_INLINE Claims(const std::int64_t* from, std::size_t count) noexcept {
        const std::size_t known = count <= most_small_claims ? count : 0;
        const std::uint32_t mask = _bzhi_u32(0xFFF, static_cast<std::uint32_t>(known));
        first_ = _mm512_maskz_loadu_epi64(static_cast<__mmask8>(mask), from);
        rest_ = _mm256_maskz_loadu_epi64(static_cast<__mmask8>(mask >> in_first), from + in_first);
    }

    // Four lanes that add up to the sum.
    [[nodiscard]] ALLOT_SMALL_INLINE __m256i sum() const noexcept {
        const __m256i low = _mm512_castsi512_si256(first_);
        const __m256i high = _mm512_extracti64x4_epi64(first_, 1);
        return _mm256_add_epi64(_mm256_add_epi64(low, high), rest_);
    }

    [[nodiscard]] ALLOT_SMALL_INLINE Claims floors(std::uint64_t multiplier) const noexcept {
        const __m512i low = _mm512_set1_epi64(static_cast<long long>(multiplier));
        const __m512i high = _mm512_srli_epi64(low, 32);
        Claims floors;
        const __m512i row = _mm512_srli_epi64(_mm512_mul_epu32(first_, low), 32);
        floors.first_ =
            _mm512_srli_epi64(_mm512_add_epi64(_mm512_mul_epu32(first_, high), row), 32);
        const __m256i last_row =
            _mm256_srli_epi64(_mm256_mul_epu32(rest_, _mm512_castsi512_si256(low)), 32);
        floors.rest_ = _mm256_srli_epi64(
            _mm256_add_epi64(_mm256_mul_epu32(rest_, _mm512_castsi512_si256(high)), last_row), 32);
        return floors;
    }

    // One bit a claim that is above zero: those have room for a unit beyond their floor.
    [[nodiscard]] ALLOT_SMALL_INLINE std::uint32_t above_zero() const noexcept {
        const std::uint32_t eight = _mm512_test_epi64_mask(first_, first_);
        const std::uint32_t four = _mm256_test_epi64_mask(rest_, rest_);
        return four << in_first | eight;
    }

    ALLOT_SMALL_INLINE void write_with_units(std::uint32_t turns, std::int64_t* to) const noexcept {
        const __m512i one = _mm512_set1_epi64(1);
        const auto eight = static_cast<__mmask8>(turns);
        const auto four = static_cast<__mmask8>(turns >> in_first);
        _mm512_storeu_si512(to, _mm512_mask_add_epi64(first_, eight, first_, one));
        store(to + in_first,
              _mm256_mask_add_epi64(rest_, four, rest_, _mm512_castsi512_si256(one)));
    }

  private:
    __m512i first_;
    __m256i rest_;
};

}  // namespace

ALLOT_SMALL std::uint32_t split_small_avx512(const SmallBlock& block) noexcept {
    return split_small<Claims>(block);
}

}  // namespace allot::kernel

#endif
