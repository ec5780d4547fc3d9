// The audit: checks a split against the laws that every rule must keep.
#include "engine/run/audit.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <type_traits>

namespace allot::run {

namespace {

std::string text(std::int64_t value) {
    return std::to_string(value);
}
std::string text(const Int256& value) {
    return value.to_string();
}

template <SplitInteger Int>
Int smaller(const Int& a, const Int& b) {
    return a < b ? a : b;
}

template <SplitInteger Int>
bool binds_totals(const Split<Int>& split) {
    return split.denomination > Int{0} || split.increment > Int{0} || split.leave > Int{0};
}

// Whether an order may have `share` from this split under bond minima.
template <SplitInteger Int>
bool may_have(const Split<Int>& split, std::size_t claim, const Int& share) {
    if (share == Int{0} || share == split.outstanding[claim]) {
        return true;
    }
    const Int total = split.allocated[claim] + share;
    const Int step = split.increment > Int{0} ? split.increment : split.lot;
    return share <= split.room[claim] && total >= split.denomination && total % step == Int{0} &&
           split.outstanding[claim] - share >= split.leave;
}

// What is left that the claim could have beside its share, under bond minima: the whole of its
// outstanding quantity, or a step more, or the first total that may be had.
template <SplitInteger Int>
bool could_have_more(const Split<Int>& split, std::size_t claim, const Int& share,
                     const Int& left) {
    const Int& outstanding = split.outstanding[claim];
    if (share < outstanding && outstanding <= split.room[claim] && outstanding - share <= left) {
        return true;
    }
    const Int step = split.increment > Int{0} ? split.increment : split.lot;
    const Int has = split.allocated[claim] + share;
    Int next = has - has % step + step;
    if (next < split.denomination) {
        const Int rest = split.denomination % step;
        next = rest == Int{0} ? split.denomination : split.denomination - rest + step;
    }
    const Int more = next - split.allocated[claim];
    return more - share <= left && more <= outstanding && may_have(split, claim, more);
}

// floor(available * weight / total) and whether that is exact. The parts of available and of what
// is missing to the total add up to the weight, so a second floor tells about the first.
template <SplitInteger Int>
struct ExactPart {
    Int whole;
    bool is_exact;

    ExactPart(const Int& available, const Int& weight, const Int& total)
        : whole{multiply_divide(available, weight, total)},
          is_exact{whole + multiply_divide(Int{total - available}, weight, total) == weight} {}
};

// Claims that are no whole lots leave the band, because nobody can be given half a lot, and what a
// cap frees goes to others, above their own part. A cumulative rule promises the band from a state
// that it has reached itself: of a single split only this can be seen, that nobody has anything
// since the baseline.
template <SplitInteger Int>
bool promises_the_band(const Split<Int>& split, bool is_cumulative) {
    for (std::size_t i = 0; i < split.outstanding.size(); ++i) {
        if (split.outstanding[i] % split.lot != Int{0} ||
            (is_cumulative && split.allocated[i] != split.baseline[i])) {
            return false;
        }
    }
    return !split.is_limited();
}

// Quota: each share is the floor or the ceiling, in lots, of the exact pro-rata part. Of a
// cumulative rule that has begun a lot: between the floor before and the ceiling after that lot.
template <SplitInteger Int>
std::optional<Violation> audit_quota(const Split<Int>& split, std::span<const Int> shares,
                                     bool is_cumulative) {
    if (!promises_the_band(split, is_cumulative)) {
        return std::nullopt;
    }
    Int total{0};
    for (const Int& outstanding : split.outstanding) {
        total += outstanding;
    }
    if (total == Int{0}) {
        return std::nullopt;
    }
    const Int available = smaller(split.available, total);
    const Int begun = is_cumulative ? Int{available % split.lot} : Int{0};
    const Int before = available - begun;
    const Int after = begun == Int{0} ? available : Int{before + split.lot};
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const ExactPart<Int> least{before, split.outstanding[i], total};
        const ExactPart<Int> most{after, split.outstanding[i], total};
        const Int low = least.whole - least.whole % split.lot;
        const Int below = most.whole - most.whole % split.lot;
        const Int high = most.is_exact && below == most.whole ? below : below + split.lot;
        if (shares[i] < low || shares[i] > high) {
            return Violation{
                "a rule that declares quota gives the floor or the ceiling, in lots, "
                "of the exact share",
                i, text(shares[i]), text(low) + " to " + text(high)};
        }
    }
    return std::nullopt;
}

// The laws of single shares; adds them up on the way.
template <SplitInteger Int>
class ShareLaws {
  public:
    ShareLaws(const Split<Int>& split, std::span<const Int> shares, bool is_cumulative)
        : split_{&split},
          shares_{shares},
          is_cumulative_{is_cumulative},
          binds_totals_{binds_totals(split)} {}

    [[nodiscard]] std::optional<Violation> check() {
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            if (std::optional<Violation> violation = check(i)) {
                return violation;
            }
            given_ += shares_[i];
            room_ += split_->room[i];
        }
        return std::nullopt;
    }
    [[nodiscard]] const Int& given() const { return given_; }
    [[nodiscard]] const Int& room() const { return room_; }

  private:
    [[nodiscard]] std::optional<Violation> check(std::size_t i) {
        const Int& share = shares_[i];
        if (share < Int{0}) {
            return Violation{"no share is below zero", i, text(share), "0 or more"};
        }
        if (share > split_->room[i]) {
            return Violation{"no share is above what is outstanding, or its limit", i, text(share),
                             "at most " + text(split_->room[i])};
        }
        if (binds_totals_) {
            return may_have(*split_, i, share)
                       ? std::nullopt
                       : std::optional{Violation{
                             "an order that is not filled has what denomination, increment and "
                             "leave-behind admit",
                             i, text(share), "another share"}};
        }
        const Int lots =
            is_cumulative_ ? Int{split_->allocated[i] - split_->baseline[i] + share} : share;
        if (share != Int{0} && share != split_->room[i] && lots % split_->lot != Int{0}) {
            if (has_broken_) {
                return Violation{
                    "a share that is not whole lots completes its claim, but for "
                    "at most one",
                    i, text(share) + " beside claim " + std::to_string(broken_ + 1),
                    "a multiple of " + text(split_->lot)};
            }
            has_broken_ = true;
            broken_ = i;
        }
        return std::nullopt;
    }

    const Split<Int>* split_;
    std::span<const Int> shares_;
    bool is_cumulative_;
    bool binds_totals_;
    bool has_broken_{false};
    std::size_t broken_{0};  // the claim with a share that is not whole lots
    Int given_{0};
    Int room_{0};
};

// Tells multiples of a lot from other numbers without dividing: a number that is odd times 2^k is
// divided exactly by a product with the odd part's inverse modulo 2^64, and only multiples come out
// small enough (Granlund and Montgomery, Division by invariant integers, section 9).
class Multiples {
  public:
    // Precondition: lot > 0.
    explicit Multiples(std::int64_t lot) noexcept
        : twos_{std::countr_zero(static_cast<std::uint64_t>(lot))},
          most_{~std::uint64_t{0} / static_cast<std::uint64_t>(lot)} {
        const std::uint64_t odd = static_cast<std::uint64_t>(lot) >> static_cast<unsigned>(twos_);
        inverse_ = odd;  // right in 3 bits; each step doubles them
        for (int bits = 3; bits < 64; bits *= 2) {
            inverse_ *= 2 - odd * inverse_;
        }
    }
    [[nodiscard]] bool contain(std::uint64_t number) const noexcept {
        return std::rotr(number * inverse_, twos_) <= most_;
    }

  private:
    int twos_;
    std::uint64_t most_;
    std::uint64_t inverse_;
};

// How many shares neither are whole lots nor take all the room.
std::size_t count_odd_lots(const Split<std::int64_t>& split, std::span<const std::int64_t> shares) {
    const Multiples lots{split.lot};
    std::size_t count = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        count += static_cast<std::size_t>(shares[i] != split.room[i]) &
                 static_cast<std::size_t>(!lots.contain(static_cast<std::uint64_t>(shares[i])));
    }
    return count;
}

// The sign bit is set when a share is below zero or above its room, or the room is below zero: of
// two numbers that are not, the difference fits.
std::uint64_t outside(std::uint64_t share, std::uint64_t most) {
    return share | most | (most - share);
}

// One pass without branches over the laws of single shares, their sum and the rest, as they stand
// for a rule that is not cumulative and knows no bond minima. False means that something is broken,
// or may be; the laws one by one then say what.
bool keeps_all_laws(const Split<std::int64_t>& split, std::span<const std::int64_t> shares,
                    bool may_keep) {
    std::uint64_t given = 0;
    std::uint64_t room = 0;
    std::uint64_t signs = 0;
    // Compilers take several claims at a time here, which multiples would keep them from.
    const std::int64_t* const rooms = split.room.data();
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const auto share = static_cast<std::uint64_t>(shares[i]);
        const auto most = static_cast<std::uint64_t>(rooms[i]);
        signs |= outside(share, most);
        given += share;
        room += most;
    }
    const auto available = static_cast<std::uint64_t>(split.available);
    return (signs >> 63U) == 0 && given <= available &&
           (may_keep || given == std::min(available, room)) &&
           (split.lot == 1 || count_odd_lots(split, shares) <= 1);
}

// Nothing stays unallocated while somebody could have it.
template <SplitInteger Int>
std::optional<Violation> audit_rest(const Split<Int>& split, std::span<const Int> shares,
                                    const Int& given, const Int& room) {
    const Int all = smaller(split.available, room);
    if (given >= all) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const bool has_room =
            binds_totals(split) ? could_have_more(split, i, shares[i], Int{split.available - given})
                                : shares[i] < split.room[i];
        if (has_room) {
            return Violation{"nothing stays unallocated while a claim has room", i,
                             text(given) + " given in all", text(all)};
        }
    }
    return std::nullopt;
}

}  // namespace

template <SplitInteger Int>
std::optional<Violation> audit(const Split<Int>& split, std::span<const Int> shares,
                               const AlgorithmInfo& rule) {
    if (shares.size() != split.outstanding.size()) {
        return Violation{"one share a claim", std::nullopt, std::to_string(shares.size()),
                         std::to_string(split.outstanding.size())};
    }
    const PropertySheet& sheet = rule.properties;
    if constexpr (std::is_same_v<Int, std::int64_t>) {
        if (!sheet.cumulative && !sheet.quota && !binds_totals(split) &&
            keeps_all_laws(split, shares, rule.split_only)) {
            return std::nullopt;
        }
    }
    ShareLaws<Int> laws{split, shares, sheet.cumulative};
    if (std::optional<Violation> violation = laws.check()) {
        return violation;
    }
    if (laws.given() > split.available) {
        return Violation{"the shares are not more than what is available", std::nullopt,
                         text(laws.given()), "at most " + text(split.available)};
    }
    if (!rule.split_only) {
        if (auto violation = audit_rest(split, shares, laws.given(), laws.room())) {
            return violation;
        }
    }
    const bool is_plain = split.minimum == Int{0} && !binds_totals(split);
    return sheet.quota && is_plain ? audit_quota(split, shares, sheet.cumulative) : std::nullopt;
}

template <SplitInteger Int>
std::optional<Violation> audit_held(const HeldAudit<Int>& facts, std::span<const Int> given) {
    Int sum = facts.kept;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i] < Int{0}) {
            return Violation{"nothing is taken back from an allocation that stays", i,
                             text(given[i]), "0 or more"};
        }
        if (given[i] > Int{0} && facts.has[i] + given[i] > facts.ordered[i]) {
            return Violation{"nobody has more than was ordered", i, text(facts.has[i] + given[i]),
                             "at most " + text(facts.ordered[i])};
        }
        sum += given[i];
    }
    if (sum > facts.executed && sum > facts.kept) {
        return Violation{"what stays and what is given is not more than what was executed",
                         std::nullopt, text(sum), "at most " + text(facts.executed)};
    }
    return std::nullopt;
}

template std::optional<Violation> audit_held(const HeldAudit<std::int64_t>&,
                                             std::span<const std::int64_t>);
template std::optional<Violation> audit_held(const HeldAudit<Int256>&, std::span<const Int256>);
template std::optional<Violation> audit(const Split<std::int64_t>&, std::span<const std::int64_t>,
                                        const AlgorithmInfo&);
template std::optional<Violation> audit(const Split<Int256>&, std::span<const Int256>,
                                        const AlgorithmInfo&);

}  // namespace allot::run
