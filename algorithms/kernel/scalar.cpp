// The portable form of the narrow kernel: one or two products of whole words a claim.
#include "algorithms/kernel/forms.hpp"

namespace allot::kernel {

namespace {

template <bool IsShort, bool HasLots>
std::int64_t floors(const NarrowSplit& split) noexcept {
    const std::uint64_t low = split.multiplier[0];
    const std::uint64_t high = split.multiplier[1];
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < split.count; ++i) {
        const auto weight = static_cast<std::uint64_t>(split.weights[i]);
        Uint128 product = static_cast<Uint128>(high) * weight;
        if constexpr (!IsShort) {
            product += high_word(static_cast<Uint128>(low) * weight);
        }
        const std::uint64_t share = HasLots ? high_word(product) * split.lot : high_word(product);
        split.shares[i] = static_cast<std::int64_t>(share);
        given += share;
    }
    return static_cast<std::int64_t>(given);
}

}  // namespace

std::int64_t floors_scalar(const NarrowSplit& split) noexcept {
    if (split.lot == 1) {
        return split.is_short ? floors<true, false>(split) : floors<false, false>(split);
    }
    return split.is_short ? floors<true, true>(split) : floors<false, true>(split);
}

}  // namespace allot::kernel
