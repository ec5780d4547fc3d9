// split: the bare rule on bare numbers, audited like any other.
#include <algorithm>
#include <optional>
#include <utility>

#include "allot/registry.hpp"
#include "engine/base/scaled.hpp"
#include "engine/run/ask.hpp"
#include "engine/run/audit.hpp"

namespace allot {

namespace {

Error refused(const Algorithm& algorithm, std::string why) {
    return Error{ErrorCode::algorithm_refused,
                 "algorithm",
                 algorithm.info().code,
                 "",
                 std::move(why),
                 "shares that keep the laws of every split",
                 {}};
}

template <SplitInteger Int>
bool to_units(const std::vector<Quantity>& claims, int scale, std::vector<Int>& units) {
    Int sum{0};
    for (const Quantity& claim : claims) {
        Int value{};
        if (!detail::to_scaled(claim.units(), scale, value)) {
            return false;
        }
        if constexpr (std::is_same_v<Int, std::int64_t>) {
            if (value > detail::narrow_limit - sum) {
                return false;
            }
        }
        sum += value;
        units.push_back(value);
    }
    return true;
}

template <SplitInteger Int>
Result<SplitResult> split_in(const Algorithm& algorithm, const std::vector<Int>& units,
                             const Int& available, const Int& lot, int scale) {
    const std::vector<Int> zeros(units.size(), Int{0});
    Split<Int> split;
    split.outstanding = units;
    split.ordered = units;
    split.allocated = zeros;
    split.baseline = zeros;
    split.available = available;
    split.lot = lot;
    std::vector<Int> shares(units.size(), Int{0});
    if (std::optional<std::string> why = run::ask(algorithm, split, std::span<Int>{shares})) {
        return Unexpected{refused(algorithm, std::move(*why))};
    }
    if (const auto violation =
            run::audit(split, std::span<const Int>{shares}, algorithm.info().properties)) {
        return Unexpected{refused(algorithm, "law broken: " + violation->law + ", found " +
                                                 violation->found + ", expected " +
                                                 violation->expected)};
    }
    SplitResult result;
    Int left = available;
    for (const Int& share : shares) {
        left -= share;
        const Result<Decimal> decimal = detail::from_scaled(share, scale);
        if (!decimal) {
            return Unexpected{decimal.error()};
        }
        result.shares.push_back(Quantity::from(*decimal).value());
    }
    const Result<Decimal> unallocated = detail::from_scaled(left, scale);
    if (!unallocated) {
        return Unexpected{unallocated.error()};
    }
    result.unallocated = Quantity::from(*unallocated).value();
    return result;
}

}  // namespace

Result<SplitResult> split(const Algorithm& algorithm, const Quantity& available,
                          const std::vector<Quantity>& claims, const Quantity& lot) {
    if (lot.is_zero()) {
        return Unexpected{
            Error{ErrorCode::lot_is_not_positive, "split", "", "lot", "0", "more than zero", {}}};
    }
    int scale = std::max(available.units().scale(), lot.units().scale());
    for (const Quantity& claim : claims) {
        scale = std::max(scale, claim.units().scale());
    }
    std::vector<std::int64_t> narrow;
    std::int64_t narrow_available = 0;
    std::int64_t narrow_lot = 0;
    if (to_units(claims, scale, narrow) &&
        detail::to_scaled(available.units(), scale, narrow_available) &&
        detail::to_scaled(lot.units(), scale, narrow_lot)) {
        return split_in<std::int64_t>(algorithm, narrow, narrow_available, narrow_lot, scale);
    }
    std::vector<Int256> wide;
    Int256 wide_available{};
    Int256 wide_lot{};
    (void)to_units(claims, scale, wide);
    (void)detail::to_scaled(available.units(), scale, wide_available);
    (void)detail::to_scaled(lot.units(), scale, wide_lot);
    return split_in<Int256>(algorithm, wide, wide_available, wide_lot, scale);
}

}  // namespace allot
