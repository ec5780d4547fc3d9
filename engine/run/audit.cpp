// The audit: checks a split against the laws that every rule must keep.
#include "engine/run/audit.hpp"

#include <cstdint>

namespace allot::run {

namespace {

std::string text(std::int64_t value) {
    return std::to_string(value);
}
std::string text(const Int256& value) {
    return value.to_string();
}

// floor(available * outstanding / total) and whether that is exact. The parts of available and
// of what is missing to the total add up to outstanding, so a second floor tells about the first.
template <SplitInteger Int>
struct ExactPart {
    Int whole;
    bool is_exact;

    ExactPart(const Int& available, const Int& outstanding, const Int& total)
        : whole{multiply_divide(available, outstanding, total)},
          is_exact{whole + multiply_divide(Int{total - available}, outstanding, total) ==
                   outstanding} {}
};

// Quota: each share is the floor or the ceiling, in lots, of the exact pro-rata part.
template <SplitInteger Int>
std::optional<Violation> audit_quota(const Split<Int>& split, std::span<const Int> shares,
                                     const Int& total) {
    if (total == Int{0}) {
        return std::nullopt;
    }
    const Int available = split.available < total ? split.available : total;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const ExactPart<Int> part{available, split.outstanding[i], total};
        const Int low = part.whole - part.whole % split.lot;
        const Int high = part.is_exact && low == part.whole ? low : low + split.lot;
        if (shares[i] < low || shares[i] > high) {
            return Violation{
                "a rule that declares quota gives the floor or the ceiling, in lots, "
                "of the exact share",
                i, text(shares[i]), text(low) + " to " + text(high)};
        }
    }
    return std::nullopt;
}

}  // namespace

template <SplitInteger Int>
std::optional<Violation> audit(const Split<Int>& split, std::span<const Int> shares,
                               const PropertySheet& sheet) {
    if (shares.size() != split.outstanding.size()) {
        return Violation{"one share a claim", std::nullopt, std::to_string(shares.size()),
                         std::to_string(split.outstanding.size())};
    }
    Int given{0};
    Int total{0};
    std::optional<std::size_t> broken;  // the claim with a share that is not whole lots
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const Int& share = shares[i];
        const Int& outstanding = split.outstanding[i];
        if (share < Int{0}) {
            return Violation{"no share is below zero", i, text(share), "0 or more"};
        }
        if (share > outstanding) {
            return Violation{"no share is above what is outstanding", i, text(share),
                             "at most " + text(outstanding)};
        }
        given += share;
        total += outstanding;
        if (share != outstanding && share % split.lot != Int{0}) {
            if (broken) {
                return Violation{
                    "a share that is not whole lots completes its claim, but for "
                    "at most one",
                    i, text(share) + " beside claim " + std::to_string(*broken + 1),
                    "a multiple of " + text(split.lot)};
            }
            broken = i;
        }
    }
    if (given > split.available) {
        return Violation{"the shares are not more than what is available", std::nullopt,
                         text(given), "at most " + text(split.available)};
    }
    if (given < split.available && given < total) {
        const Int all = split.available < total ? split.available : total;
        std::size_t with_room = 0;
        while (shares[with_room] == split.outstanding[with_room]) {
            ++with_room;
        }
        return Violation{"nothing stays unallocated while a claim has room", with_room,
                         text(given) + " given in all", text(all)};
    }
    return sheet.quota ? audit_quota(split, shares, total) : std::nullopt;
}

template std::optional<Violation> audit(const Split<std::int64_t>&, std::span<const std::int64_t>,
                                        const PropertySheet&);
template std::optional<Violation> audit(const Split<Int256>&, std::span<const Int256>,
                                        const PropertySheet&);

}  // namespace allot::run
