// The portable form of the narrow kernel: one or two products of whole words a claim.
#include "algorithms/kernel/forms.hpp"
#include "algorithms/kernel/kernel.hpp"

namespace allot::kernel {

namespace {

template <bool IsShort, bool HasLots>
std::int64_t floors(const NarrowSplit& split, std::size_t first) noexcept {
    const std::uint64_t low = split.multiplier[0];
    const std::uint64_t high = split.multiplier[1];
    const std::uint64_t lot = split.lot;
    const std::int64_t* const weights = split.weights;
    std::int64_t* const shares = split.shares;
    std::uint64_t given = 0;
#pragma GCC unroll 4
    for (std::size_t i = first, count = split.count; i < count; ++i) {
        const auto weight = static_cast<std::uint64_t>(weights[i]);
        Uint128 product = static_cast<Uint128>(high) * weight;
        if constexpr (!IsShort) {
            product += high_word(static_cast<Uint128>(low) * weight);
        }
        const std::uint64_t share = HasLots ? high_word(product) * lot : high_word(product);
        shares[i] = static_cast<std::int64_t>(share);
        given += share;
    }
    return static_cast<std::int64_t>(given);
}

}  // namespace

std::int64_t floors_scalar(const NarrowSplit& split, std::size_t first) noexcept {
    if (split.lot == 1) {
        return split.is_short ? floors<true, false>(split, first)
                              : floors<false, false>(split, first);
    }
    return split.is_short ? floors<true, true>(split, first) : floors<false, true>(split, first);
}

std::size_t give_to_groups_scalar(const std::int64_t* outstanding, std::int64_t lot,
                                  std::int64_t* shares, std::size_t groups) noexcept {
    for (std::size_t group = 0; group < groups; ++group) {
        const std::size_t first = group * claims_per_group;
        std::int64_t rooms = 0;  // below zero when one of them is
        for (std::size_t i = first; i < first + claims_per_group; ++i) {
            rooms |= outstanding[i] - shares[i] - lot;
        }
        if (rooms < 0) {
            return group;
        }
        for (std::size_t i = first; i < first + claims_per_group; ++i) {
            shares[i] += lot;
        }
    }
    return groups;
}

}  // namespace allot::kernel
