// Written from the specification with plain integers; the auditor of the engine is not asked.
#include "laws/properties.hpp"

#include <algorithm>
#include <numeric>

namespace laws {

namespace {

std::int64_t sum_of(const std::vector<std::int64_t>& values) {
    return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

std::string with_shares(const std::string& what, const World& world,
                        const std::vector<std::int64_t>& shares) {
    return what + ": " + text(world) + " gives " + text(shares);
}

}  // namespace

std::string broken_law(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> shares = shares_of(rule, world);
    if (sum_of(shares) > world.available) {
        return with_shares("more than available", world, shares);
    }
    int incomplete = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (shares[i] < 0 || shares[i] > world.outstanding[i]) {
            return with_shares("claim " + std::to_string(i) + " outside its outstanding", world,
                               shares);
        }
        incomplete += shares[i] % world.lot != 0 && shares[i] != world.outstanding[i] ? 1 : 0;
    }
    return incomplete > 1 ? with_shares("two broken lots", world, shares) : "";
}

std::string broken_exact_sum(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> shares = shares_of(rule, world);
    const bool exact = sum_of(shares) == std::min(world.available, sum_of(world.outstanding));
    return exact ? "" : with_shares("the sum is not exact", world, shares);
}

std::string broken_quota(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> shares = shares_of(rule, world);
    const std::int64_t sum = sum_of(world.outstanding);
    const std::int64_t capped = std::min(world.available, sum);
    for (std::size_t i = 0; sum > 0 && i < shares.size(); ++i) {
        // exact share in lots = capped * outstanding / (sum * lot)
        const std::int64_t whole = capped * world.outstanding[i] / (sum * world.lot);
        const bool is_whole = capped * world.outstanding[i] % (sum * world.lot) == 0;
        const std::int64_t ceiling = whole + (is_whole ? 0 : 1);
        if (shares[i] < whole * world.lot || shares[i] > ceiling * world.lot) {
            return with_shares("claim " + std::to_string(i) + " is outside its quota", world,
                               shares);
        }
    }
    return "";
}

std::string broken_house_monotone(const allot::Algorithm& rule, const World& world) {
    World more = world;
    more.available += 1;
    const std::vector<std::int64_t> before = shares_of(rule, world);
    const std::vector<std::int64_t> after = shares_of(rule, more);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (after[i] < before[i]) {
            return with_shares("one unit more takes back from claim " + std::to_string(i), world,
                               before) +
                   ", then " + text(after);
        }
    }
    return "";
}

std::string broken_slice_invariant(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> whole = shares_of(rule, world);
    for (std::int64_t first = 1; first < world.available; ++first) {
        World slice = world;
        slice.available = first;
        std::vector<std::int64_t> shares = shares_of(rule, slice);
        for (std::size_t i = 0; i < shares.size(); ++i) {
            slice.outstanding[i] -= shares[i];
            slice.allocated[i] += shares[i];
        }
        slice.available = world.available - first;
        const std::vector<std::int64_t> rest = shares_of(rule, slice);
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i] += rest[i];
        }
        if (shares != whole) {
            return with_shares("slices end elsewhere", world, whole) + ", with a first slice of " +
                   std::to_string(first) + " " + text(shares);
        }
    }
    return "";
}

std::string key_matters(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> shares = shares_of(rule, world);
    for (const std::uint64_t key : {1ULL, 2ULL, 0x123456789ABCDEFULL, ~0ULL}) {
        World other = world;
        other.key = key;
        if (shares_of(rule, other) != shares) {
            return with_shares("key " + std::to_string(key) + " changes the shares", world, shares);
        }
    }
    return "";
}

std::string broken_scale(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> shares = shares_of(rule, world);
    for (const std::int64_t factor : {std::int64_t{10}, std::int64_t{1000000}}) {
        World larger = world;
        larger.available *= factor;
        larger.lot *= factor;
        std::vector<std::int64_t> wanted = shares;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            larger.outstanding[i] *= factor;
            larger.allocated[i] *= factor;
            wanted[i] *= factor;
        }
        const std::vector<std::int64_t> got = shares_of(rule, larger);
        if (got != wanted) {
            return with_shares("another scale, other shares", world, shares) + ", times " +
                   std::to_string(factor) + " " + text(got);
        }
    }
    return "";
}

std::string broken_width(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> narrow = shares_of(rule, world);
    const std::vector<std::string> wide = wide_shares_of(rule, world);
    for (std::size_t i = 0; i < narrow.size(); ++i) {
        if (std::to_string(narrow[i]) != wide[i]) {
            return with_shares("256 bits give " + wide[i] + " to claim " + std::to_string(i), world,
                               narrow);
        }
    }
    return "";
}

std::string broken_determinism(const allot::Algorithm& rule, const World& world) {
    const std::vector<std::int64_t> shares = shares_of(rule, world);
    World other = world;
    other.available /= 2;
    (void)shares_of(rule, other);  // a rule with a memory would remember this
    return shares_of(rule, world) == shares
               ? ""
               : with_shares("a second call gives other shares", world, shares);
}

}  // namespace laws
