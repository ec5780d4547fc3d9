// The wide kernel: the same theorem on two, three or four words a number, as many as are needed.
#include <algorithm>
#include <stdexcept>

#include "algorithms/kernel/forms.hpp"
#include "algorithms/kernel/kernel.hpp"
#include "algorithms/kernel/multiplier.hpp"
#include "allot/simd.hpp"

namespace allot::kernel {

namespace {

// With fewer claims a vector of eight takes longer than they do one by one.
constexpr std::size_t fewest_in_vectors = 8;

// Writes floor(quantity * weight / divisor) * lot for every weight; returns their sum. `Count`
// words hold the divisor and every weight, `Digits` words the multiplier. Precondition: quantity <
// divisor, every share fits.
template <std::size_t Count, std::size_t Digits, bool HasLots>
[[nodiscard]] Words<4> floors(const Words<4>& quantity, std::span<const Int256> weights,
                              const Words<4>& divisor, const Words<4>& lot,
                              std::span<Int256> shares) noexcept {
    const Words<Digits> multiplier =
        multiplier_of<Digits>(resized<Count>(quantity), resized<Count>(divisor));
    const Words<Count> short_lot = resized<Count>(lot);
    std::array<Uint128, Count> columns{};  // sums of the shares' words, carries not yet moved on
    for (std::size_t i = 0; i < weights.size(); ++i) {
        Words<Count> share = multiply_high(multiplier, resized<Count>(weights[i].limbs()));
        if constexpr (HasLots) {
            share = multiply_low(share, short_lot);
        }
        shares[i] = Int256{resized<4>(share)};
        for (std::size_t word = 0; word < Count; ++word) {
            columns[word] += share[word];
        }
    }
    Words<4> given{};
    Uint128 carry = 0;
    for (std::size_t word = 0; word < given.size(); ++word) {
        carry += word < Count ? columns[word] : 0;
        given[word] = low_word(carry);
        carry >>= 64U;
    }
    return given;
}

#if ALLOT_HAS_X86_FORMS
// The same in vectors. Precondition also: the processor has AVX-512; two words hold the divisor.
template <std::size_t Digits>
[[nodiscard]] Words<4> floors_in_vectors(const Words<4>& quantity, std::span<const Int256> weights,
                                         std::size_t bound_bits, const Words<4>& divisor,
                                         const Words<4>& lot, std::span<Int256> shares) noexcept {
    return floors_avx512(
        {.multiplier = resized<4>(multiplier_of<Digits>(resized<2>(quantity), resized<2>(divisor))),
         .digits = Digits,
         .bound_bits = bound_bits,
         .lot = resized<2>(lot),
         .weights = weights.data(),
         .shares = shares.data(),
         .count = weights.size()});
}
#endif

template <std::size_t Count, std::size_t Digits>
[[nodiscard]] Words<4> floors(const Words<4>& quantity, std::span<const Int256> weights,
                              const Words<4>& divisor, const Words<4>& lot,
                              std::span<Int256> shares) noexcept {
    return lot == Words<4>{1}
               ? floors<Count, Digits, false>(quantity, weights, divisor, lot, shares)
               : floors<Count, Digits, true>(quantity, weights, divisor, lot, shares);
}

// As floors, in as few words as do. Precondition also: no weight above `bound`, and bound <=
// divisor or bound * divisor < 2^255.
[[nodiscard]] Words<4> floors_in_few_words(const Words<4>& quantity,
                                           std::span<const Int256> weights, const Words<4>& bound,
                                           const Words<4>& divisor, const Words<4>& lot,
                                           std::span<Int256> shares) noexcept {
    const std::size_t bound_bits = width_in_bits(bound);
    const std::size_t divisor_bits = width_in_bits(divisor);
    const std::size_t widest = std::max(bound_bits, divisor_bits);
    const std::size_t both = bound_bits + divisor_bits;
    if (widest <= 64) {
        return floors<1, 2>(quantity, weights, divisor, lot, shares);
    }
#if ALLOT_HAS_X86_FORMS
    if (widest <= 128 && weights.size() >= fewest_in_vectors && simd_form() == SimdForm::avx512) {
        return both <= 192
                   ? floors_in_vectors<3>(quantity, weights, bound_bits, divisor, lot, shares)
                   : floors_in_vectors<4>(quantity, weights, bound_bits, divisor, lot, shares);
    }
#endif
    if (widest <= 128) {
        return both <= 192 ? floors<2, 3>(quantity, weights, divisor, lot, shares)
                           : floors<2, 4>(quantity, weights, divisor, lot, shares);
    }
    if (widest <= 192) {
        return both <= 320 ? floors<3, 5>(quantity, weights, divisor, lot, shares)
                           : floors<3, 6>(quantity, weights, divisor, lot, shares);
    }
    return floors<4, 8>(quantity, weights, divisor, lot, shares);
}

// total * lot, if that stays below 2^255.
[[nodiscard]] bool multiply_fits(const Words<4>& total, const Words<4>& lot,
                                 Words<4>& product) noexcept {
    const std::size_t bits = width_in_bits(total) + width_in_bits(lot);
    product = multiply_low(total, lot);
    return bits <= 255 || (bits == 256 && product[3] >> 63U == 0);
}

}  // namespace

Int256 proportional_floor(const Int256& quantity, std::span<const Int256> weights,
                          const Int256& total, const Int256& lot,
                          std::span<Int256> shares) noexcept {
    if (lot > quantity) {
        std::fill(shares.begin(), shares.end(), Int256{0});
        return Int256{0};
    }
    const bool has_single_units = lot == Int256{1};
    if (has_single_units && quantity == total) {
        std::copy(weights.begin(), weights.end(), shares.begin());
        return total;
    }
    const Words<4> one{1};
    Words<4> divisor{};
    if (multiply_fits(total.limbs(), lot.limbs(), divisor)) {
        return Int256{floors_in_few_words(quantity.limbs(), weights, total.limbs(), divisor,
                                          lot.limbs(), shares)};
    }
    // Nested floors are exact: first by the total, then what came out by the lot.
    if (quantity == total) {
        std::copy(weights.begin(), weights.end(), shares.begin());
    } else {
        (void)floors_in_few_words(quantity.limbs(), weights, total.limbs(), total.limbs(), one,
                                  shares);
    }
    return Int256{
        floors_in_few_words(one, shares, quantity.limbs(), lot.limbs(), lot.limbs(), shares)};
}

Int256 sum(std::span<const Int256> values) {
    Words<4> total{};
    std::uint64_t above = 0;  // the fifth word, so that the order of terms does not matter
    for (const Int256& value : values) {
        above += add_to(total, value.limbs()) - (value.is_negative() ? 1U : 0U);
    }
    const Int256 result{total};
    if (above != (result.is_negative() ? ~std::uint64_t{0} : 0)) {
        throw std::overflow_error{"allot::kernel::sum: the sum does not fit 256 bits"};
    }
    return result;
}

}  // namespace allot::kernel
