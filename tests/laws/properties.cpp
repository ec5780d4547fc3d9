// Written from the specification with plain integers; the auditor of the engine is not asked.
#include "laws/properties.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace laws {

namespace {

std::int64_t sum_of(const Units& values) {
    return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

// "available 2 over 1,1 gives 1,1".
std::string gives(const World& world, const Units& shares) {
    return text(world) + " gives " + text(shares);
}

std::string with_shares(const std::string& what, const World& world, const Units& shares) {
    return what + ": " + gives(world, shares);
}

std::int64_t had_by(const World& world, std::size_t claim) {
    return world.allocated[claim] - (world.baseline.empty() ? 0 : world.baseline[claim]);
}

// What a rule that counts from the baseline promises, it promises from a state of its own.
World from_the_baseline(const allot::Algorithm& rule, World world) {
    if (rule.info().properties.cumulative) {
        world.baseline = world.allocated;
    }
    return world;
}

bool is_limited(const World& world) {
    return room_of(world) != world.outstanding;
}

bool is_in_whole_lots(const World& world) {
    return std::all_of(world.outstanding.begin(), world.outstanding.end(),
                       [&](std::int64_t units) { return units % world.lot == 0; });
}

std::string broken_exact_sum(const allot::Algorithm& /*rule*/, const World& world,
                             const Units& shares) {
    const bool exact = sum_of(shares) == std::min(world.available, sum_of(room_of(world)));
    return exact ? "" : gives(world, shares);
}

std::string broken_quota(const allot::Algorithm& rule, const World& given, const Units& shares) {
    const World world = from_the_baseline(rule, given);
    const bool is_cumulative = rule.info().properties.cumulative;
    if (is_limited(world) || !is_in_whole_lots(world) ||
        (is_cumulative && world.available % world.lot != 0)) {
        return "";
    }
    const Units got = is_cumulative ? shares_of(rule, world) : shares;
    __extension__ using Wide = __int128;
    const Wide sum = sum_of(world.outstanding);
    const Wide capped = std::min<Wide>(world.available, sum);
    for (std::size_t i = 0; sum > 0 && i < got.size(); ++i) {
        // exact share in lots = capped * outstanding / (sum * lot)
        const Wide whole = capped * world.outstanding[i] / (sum * world.lot);
        const bool is_whole = capped * world.outstanding[i] % (sum * world.lot) == 0;
        const Wide ceiling = whole + (is_whole ? 0 : 1);
        if (got[i] < whole * world.lot || got[i] > ceiling * world.lot) {
            return gives(world, got) + ", claim " + std::to_string(i + 1) + " is to have " +
                   std::to_string(static_cast<std::int64_t>(whole * world.lot)) + " to " +
                   std::to_string(static_cast<std::int64_t>(ceiling * world.lot));
        }
    }
    return "";
}

std::string broken_house_monotone(const allot::Algorithm& rule, const World& given,
                                  const Units& /*shares*/) {
    const World world = from_the_baseline(rule, given);
    World more = world;
    more.available += 1;
    const Units before = shares_of(rule, world);
    const Units after = shares_of(rule, more);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (after[i] < before[i]) {
            return gives(world, before) + ", available " + std::to_string(more.available) +
                   " gives " + text(after) + ", which takes back from claim " +
                   std::to_string(i + 1);
        }
    }
    return "";
}

// Raises the weight of a claim: its order, or the weight of its portfolio where that is what
// counts.
void raise(World& world, bool by_weight, std::size_t claim, std::int64_t lots) {
    if (!by_weight) {
        world.outstanding[claim] += lots * world.lot;
        return;
    }
    for (std::size_t i = 0; i < world.weights.size(); ++i) {
        world.weights[i] += world.portfolios[i] == world.portfolios[claim] ? lots : 0;
    }
}

// Compares a world with one in which the weights of claims a and b (or of a alone) are raised.
std::string loses_by_growing(const allot::Algorithm& rule, const World& world, const Units& before,
                             std::pair<std::size_t, std::int64_t> a,
                             std::pair<std::size_t, std::int64_t> b) {
    const bool by_weight = rule.info().needs.weights;
    World grown = world;
    raise(grown, by_weight, a.first, a.second);
    if (b.first != a.first) {
        raise(grown, by_weight, b.first, b.second);
    }
    const Units after = shares_of(rule, grown);
    const auto has_grown = [&](std::size_t i) {
        return by_weight ? grown.weights[i] > world.weights[i]
                         : grown.outstanding[i] > world.outstanding[i];
    };
    for (std::size_t i = 0; i < before.size(); ++i) {
        for (std::size_t j = 0; j < before.size(); ++j) {
            if (has_grown(i) && after[i] < before[i] && !has_grown(j) && after[j] > before[j]) {
                return gives(world, before) + ", " + gives(grown, after) + ": claim " +
                       std::to_string(i + 1) + " has grown and loses, claim " +
                       std::to_string(j + 1) + " has not and gains";
            }
        }
    }
    return "";
}

std::string broken_population_monotone(const allot::Algorithm& rule, const World& given,
                                       const Units& /*shares*/) {
    const World world = from_the_baseline(rule, given);
    if (!is_in_whole_lots(world) || world.available % world.lot != 0) {
        return "";
    }
    const Units before = shares_of(rule, world);
    const std::size_t count = before.size();
    const bool is_small = sum_of(world.outstanding) < 50 && count < 5;
    const auto step = static_cast<std::int64_t>(world.key % 50);
    const std::array<std::int64_t, 4> raises =
        is_small ? std::array<std::int64_t, 4>{1, 2, 3, 4}
                 : std::array<std::int64_t, 4>{1, 2 + step, 7 + 3 * step, 100 + 50 * step};
    const std::size_t most = is_small ? count : std::min<std::size_t>(count, 4);
    for (std::size_t i = 0; i < most; ++i) {
        for (const std::int64_t lots : raises) {
            for (std::size_t other = 0; other < most; ++other) {
                for (const std::int64_t more : raises) {
                    if (other == i && more != raises[0]) {
                        continue;
                    }
                    std::string found =
                        loses_by_growing(rule, world, before, {i, lots}, {other, more});
                    if (!found.empty()) {
                        return found;
                    }
                }
            }
        }
    }
    return "";
}

// Numbers of portfolios are names: others in the same pattern must give the same, and it may not
// matter whom a parameter of the rule names.
std::string broken_anonymous(const allot::Algorithm& rule, const World& world,
                             const Units& shares) {
    World other = world;
    for (std::uint32_t& portfolio : other.portfolios) {
        portfolio = 1000 - portfolio;
    }
    if (shares_of(rule, other) != shares) {
        return with_shares("other numbers of portfolios, other shares", world, shares);
    }
    for (std::size_t i = 0; i < world.outstanding.size(); ++i) {
        other = world;
        other.named.assign(world.outstanding.size(), 0);
        other.named[i] = 1;
        const Units got = shares_of(rule, other);
        if (got != shares) {
            return gives(world, shares) + ", with claim " + std::to_string(i + 1) + " named " +
                   text(got);
        }
    }
    return "";
}

std::string broken_slice_invariant(const allot::Algorithm& rule, const World& given,
                                   const Units& /*shares*/) {
    const World world = from_the_baseline(rule, given);
    const Units whole = shares_of(rule, world);
    const std::int64_t step = std::max<std::int64_t>(1, world.available / 20);
    for (std::int64_t first = 1; first < world.available; first += step) {
        World slice = world;
        slice.available = first;
        Units shares = shares_of(rule, slice);
        for (std::size_t i = 0; i < shares.size(); ++i) {
            slice.outstanding[i] -= shares[i];
            slice.allocated[i] += shares[i];
            if (!slice.cap.empty()) {
                slice.cap[i] -= shares[i];
            }
        }
        slice.available = world.available - first;
        const Units rest = shares_of(rule, slice);
        const Units begun = shares;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i] += rest[i];
        }
        if (shares != whole) {
            return gives(world, whole) + ", a first fill of " + std::to_string(first) + " gives " +
                   text(begun) + " and ends at " + text(shares);
        }
    }
    return "";
}

std::string key_matters(const allot::Algorithm& rule, const World& world, const Units& shares) {
    for (const std::uint64_t key : {1ULL, 2ULL, 0x123456789ABCDEFULL, ~0ULL}) {
        World other = world;
        other.key = key;
        const Units got = shares_of(rule, other);
        if (got != shares) {
            return gives(world, shares) + ", with key " + std::to_string(key) + " " + text(got);
        }
    }
    return "";
}

std::string baseline_matters(const allot::Algorithm& rule, const World& world,
                             const Units& shares) {
    for (const std::int64_t divisor : {1, 2}) {
        World other = world;
        other.baseline = world.allocated;
        for (std::int64_t& units : other.baseline) {
            units /= divisor;
        }
        const Units got = shares_of(rule, other);
        if (got != shares) {
            return gives(world, shares) + ", with baseline " + text(other.baseline) + " " +
                   text(got);
        }
    }
    return "";
}

}  // namespace

std::string broken_law(const allot::Algorithm& rule, const World& world, const Units& shares) {
    const Units room = room_of(world);
    int incomplete = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (shares[i] < 0 || shares[i] > room[i]) {
            return with_shares("claim " + std::to_string(i + 1) + " outside its room", world,
                               shares);
        }
        const std::int64_t lots =
            shares[i] + (rule.info().properties.cumulative ? had_by(world, i) : 0);
        incomplete += shares[i] != 0 && shares[i] != room[i] && lots % world.lot != 0 ? 1 : 0;
    }
    if (incomplete > 1) {
        return with_shares("two broken lots", world, shares);
    }
    const std::int64_t all = std::min(world.available, sum_of(room));
    if (rule.info().split_only ? sum_of(shares) > all : sum_of(shares) != all) {
        return with_shares("the shares are not what there is", world, shares);
    }
    return "";
}

std::string broken_minimum(const allot::Algorithm& rule, const World& world,
                           const Units& /*shares*/) {
    for (const std::int64_t minimum : {std::int64_t{1}, std::int64_t{2}, world.lot + 1,
                                       world.available / 2 + 1, world.available + 1}) {
        World other = world;
        other.minimum = minimum;
        std::string found = broken_law(rule, other, shares_of(rule, other));
        if (!found.empty()) {
            return found;
        }
    }
    return "";
}

std::string broken_scale(const allot::Algorithm& rule, const World& world, const Units& shares) {
    for (const std::int64_t factor : {std::int64_t{10}, std::int64_t{1000000}}) {
        World larger = world;
        larger.available *= factor;
        larger.lot *= factor;
        Units wanted = shares;
        for (Units* list :
             {&larger.outstanding, &larger.allocated, &larger.baseline, &larger.cap, &wanted}) {
            for (std::int64_t& units : *list) {
                units *= factor;
            }
        }
        Units got = shares_of(rule, larger);
        if (got == wanted) {
            for (std::int64_t& weight : larger.weights) {
                weight *= 3;
            }
            got = shares_of(rule, larger);
        }
        if (got != wanted) {
            return with_shares("another scale, other shares", world, shares) + ", times " +
                   std::to_string(factor) + " " + text(got);
        }
    }
    return "";
}

std::string broken_width(const allot::Algorithm& rule, const World& world, const Units& shares) {
    const std::vector<std::string> wide = wide_shares_of(rule, world);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (std::to_string(shares[i]) != wide[i]) {
            return with_shares("256 bits give " + wide[i] + " to claim " + std::to_string(i + 1),
                               world, shares);
        }
    }
    return "";
}

std::string broken_determinism(const allot::Algorithm& rule, const World& world,
                               const Units& shares) {
    World other = world;
    other.available /= 2;
    static_cast<void>(shares_of(rule, other));  // a rule with a memory would remember this
    return shares_of(rule, world) == shares
               ? ""
               : with_shares("a second call gives other shares", world, shares);
}

std::span<const Property> all_properties() {
    using Sheet = allot::PropertySheet;
    static constexpr std::array properties{
        Property{"exact sum", &Sheet::exact_sum, broken_exact_sum, false},
        Property{"quota", &Sheet::quota, broken_quota, false},
        Property{"house monotone", &Sheet::house_monotone, broken_house_monotone, false},
        Property{"population monotone", &Sheet::population_monotone, broken_population_monotone,
                 false},
        Property{"anonymous", &Sheet::anonymous, broken_anonymous, false},
        Property{"slice-invariant", &Sheet::slice_invariant, broken_slice_invariant, false},
        Property{"seeded", &Sheet::seeded, key_matters, true},
        Property{"cumulative", &Sheet::cumulative, baseline_matters, true},
    };
    return properties;
}

}  // namespace laws
