// The narrow kernel: chooses width and form, and prepares the multiplier.
#include <algorithm>
#include <bit>

#include "algorithms/kernel/forms.hpp"
#include "algorithms/kernel/kernel.hpp"
#include "algorithms/kernel/multiplier.hpp"
#include "algorithms/kernel/plain.hpp"
#include "allot/simd.hpp"

namespace allot::kernel {

namespace {

// With fewer claims, dividing for each costs less than preparing a multiplier.
constexpr std::size_t fewest_claims = 3;

[[nodiscard]] std::int64_t run(const NarrowSplit& split) noexcept {
#if ALLOT_HAS_X86_FORMS
    switch (simd_form()) {
        case SimdForm::avx512:
            return floors_avx512(split);
        case SimdForm::avx2:
            return floors_avx2(split);
        case SimdForm::scalar:
            break;
    }
#endif
    return floors_scalar(split);
}

// Writes floor(quantity * weight / divisor) * lot for every weight; returns their sum.
// Precondition: quantity < divisor < 2^63, no weight above `bound`, every share fits.
std::int64_t prepare_and_run(std::uint64_t quantity, std::span<const std::int64_t> weights,
                             std::uint64_t bound, std::uint64_t divisor, std::uint64_t lot,
                             std::span<std::int64_t> shares) noexcept {
    NarrowSplit split;
    split.product_bits = static_cast<std::size_t>(std::bit_width(bound) + std::bit_width(divisor));
    split.is_short = split.product_bits <= 64;
    split.quantity = quantity;
    split.divisor = divisor;
    split.bound = bound;
    split.lot = lot;
    split.weights = weights.data();
    split.shares = shares.data();
    split.count = weights.size();
#if ALLOT_HAS_X86_FORMS
    if (!split.is_short && can_estimate(split) && simd_form() == SimdForm::avx2) {
        return floors_by_estimate_avx2(split);
    }
#endif
    if (split.is_short) {
        split.multiplier = {0, multiplier_of<1>(Words<1>{quantity}, Words<1>{divisor})[0]};
    } else {
        split.multiplier = multiplier_of<2>(Words<1>{quantity}, Words<1>{divisor});
    }
    return run(split);
}

[[nodiscard]] std::uint64_t magnitude(std::int64_t value) noexcept {
    return static_cast<std::uint64_t>(value);
}

}  // namespace

std::int64_t proportional_floor(std::int64_t quantity, std::span<const std::int64_t> weights,
                                std::int64_t total, std::int64_t lot,
                                std::span<std::int64_t> shares) noexcept {
    if (lot > quantity) {
        std::fill(shares.begin(), shares.end(), 0);
        return 0;
    }
    if (lot == 1 && quantity == total) {
        std::copy(weights.begin(), weights.end(), shares.begin());
        return total;
    }
    if (weights.size() < fewest_claims) {
        return plain::proportional_floor<std::int64_t>(quantity, weights, total, lot, shares);
    }
    std::int64_t divisor = 0;
    if (!__builtin_mul_overflow(total, lot, &divisor)) {
        return prepare_and_run(magnitude(quantity), weights, magnitude(total), magnitude(divisor),
                               magnitude(lot), shares);
    }
    // Nested floors are exact: first by the total, then what came out by the lot.
    if (quantity == total) {
        std::copy(weights.begin(), weights.end(), shares.begin());
    } else {
        prepare_and_run(magnitude(quantity), weights, magnitude(total), magnitude(total), 1,
                        shares);
    }
    return prepare_and_run(1, shares, magnitude(quantity), magnitude(lot), magnitude(lot), shares);
}

std::size_t give_to_groups(std::int64_t leftover, std::span<const std::int64_t> outstanding,
                           std::int64_t lot, std::span<std::int64_t> shares) noexcept {
    if (shares.size() < claims_per_group || leftover < std::int64_t{claims_per_group}) {
        return 0;
    }
    const auto lots = static_cast<std::size_t>(lot == 1 ? leftover : leftover / lot);
    const std::size_t groups = std::min(lots, shares.size()) / claims_per_group;
#if ALLOT_HAS_X86_FORMS
    if (simd_form() != SimdForm::scalar) {
        return claims_per_group *
               give_to_groups_avx2(outstanding.data(), lot, shares.data(), groups);
    }
#endif
    return claims_per_group * give_to_groups_scalar(outstanding.data(), lot, shares.data(), groups);
}

std::int64_t sum(std::span<const std::int64_t> values) noexcept {
    std::int64_t total = 0;
    for (const std::int64_t value : values) {
        total += value;
    }
    return total;
}

}  // namespace allot::kernel
