// PR-FIFO on many small placements with AVX2: three vectors of four claims hold a placement.
#include "algorithms/kernel/small.hpp"

#if ALLOT_HAS_X86_FORMS

#include <array>

#define ALLOT_SMALL __attribute__((target("avx2,fma,bmi2")))
#define ALLOT_SMALL_INLINE __attribute__((target("avx2,fma,bmi2"), always_inline)) inline

#include "algorithms/kernel/small_steps.hpp"

namespace allot::kernel {

namespace {

constexpr std::size_t vectors = most_small_claims / lanes;

// From entry 12 - n on: n times all ones, then zeros.
constexpr std::array<std::int64_t, 2 * most_small_claims> first_claims = [] {
    std::array<std::int64_t, 2 * most_small_claims> mask{};
    for (std::size_t i = 0; i < most_small_claims; ++i) {
        mask[i] = -1;
    }
    return mask;
}();

// Four bits as four lanes of minus one or zero.
constexpr std::array<std::array<std::int64_t, lanes>, 16> lanes_of_bits = [] {
    std::array<std::array<std::int64_t, lanes>, 16> table{};
    for (std::size_t bits = 0; bits < table.size(); ++bits) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            table[bits][lane] = (bits >> lane & 1U) != 0 ? -1 : 0;
        }
    }
    return table;
}();

class Claims {
  public:
    Claims() = default;
    ALLOT_SMALL_INLINE Claims(const std::int64_t* from, std::size_t count) noexcept {
        const std::size_t known = count <= most_small_claims ? count : 0;
        const std::int64_t* const mask = first_claims.data() + most_small_claims - known;
        for (std::size_t i = 0; i < vectors; ++i) {
            vector_[i] = _mm256_and_si256(load(from + lanes * i), load(mask + lanes * i));
        }
    }

    // Four lanes that add up to the sum.
    [[nodiscard]] ALLOT_SMALL_INLINE __m256i sum() const noexcept {
        return _mm256_add_epi64(_mm256_add_epi64(vector_[0], vector_[1]), vector_[2]);
    }

    [[nodiscard]] ALLOT_SMALL_INLINE Claims floors(std::uint64_t multiplier) const noexcept {
        const __m256i low = broadcast(static_cast<std::int64_t>(multiplier));
        const __m256i high = _mm256_srli_epi64(low, 32);
        Claims floors;
        for (std::size_t i = 0; i < vectors; ++i) {
            const __m256i row = _mm256_srli_epi64(_mm256_mul_epu32(vector_[i], low), 32);
            const __m256i column = _mm256_add_epi64(_mm256_mul_epu32(vector_[i], high), row);
            floors.vector_[i] = _mm256_srli_epi64(column, 32);
        }
        return floors;
    }

    // One bit a claim that is above zero: those have room for a unit beyond their floor.
    [[nodiscard]] ALLOT_SMALL_INLINE std::uint32_t above_zero() const noexcept {
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < vectors; ++i) {
            const __m256i is_above = _mm256_cmpgt_epi64(vector_[i], _mm256_setzero_si256());
            const int four = _mm256_movemask_pd(_mm256_castsi256_pd(is_above));
            bits |= static_cast<std::uint32_t>(four) << (lanes * i);
        }
        return bits;
    }

    ALLOT_SMALL_INLINE void write_with_units(std::uint32_t turns, std::int64_t* to) const noexcept {
        for (std::size_t i = 0; i < vectors; ++i) {
            const __m256i minus_one = load(lanes_of_bits[turns >> (lanes * i) & 0xFU].data());
            store(to + lanes * i, _mm256_sub_epi64(vector_[i], minus_one));
        }
    }

  private:
    __m256i vector_[vectors];
};

}  // namespace

ALLOT_SMALL std::uint32_t split_small_avx2(const SmallBlock& block) noexcept {
    return split_small<Claims>(block);
}

}  // namespace allot::kernel

#endif
