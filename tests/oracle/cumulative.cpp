// The cumulative rules compared with their naive twins: every small world unit by unit, slices
// against whole fills, sequences of random fills, odd states, both integer widths.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "allot/split.hpp"
#include "oracle/cumulative_oracle.hpp"
#include "oracle/random.hpp"
#include "oracle/rational.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using oracle::CumulativeState;
using oracle::Random;
using oracle::Rational;
using oracle::Whole;

const std::vector<std::string> cumulative_codes{"QUOTA",      "TIJDEMAN", "WEBSTER", "DHONDT",
                                                "HUNTINGTON", "ADAMS",    "DEAN"};
const std::vector<std::string> divisor_codes{"WEBSTER", "DHONDT", "HUNTINGTON", "ADAMS", "DEAN"};

// One state in whole numbers, for the library.
struct World {
    std::vector<std::int64_t> ordered{};
    std::vector<std::int64_t> allocated{};
    std::vector<std::int64_t> baseline{};
    std::vector<std::int64_t> room{};
    std::int64_t lot{1};
};

World fresh_world(const std::vector<std::int64_t>& ordered, std::int64_t lot) {
    const std::vector<std::int64_t> zeros(ordered.size(), 0);
    return {ordered, zeros, zeros, ordered, lot};
}

std::string text(const std::vector<std::int64_t>& values) {
    std::string out;
    for (const std::int64_t value : values) {
        out += (out.empty() ? "" : ",") + std::to_string(value);
    }
    return out;
}

std::string text(const World& world) {
    return "ordered " + text(world.ordered) + " allocated " + text(world.allocated) + " baseline " +
           text(world.baseline) + " room " + text(world.room) + " lot " + std::to_string(world.lot);
}

template <allot::SplitInteger Int>
std::vector<Int> times(const std::vector<std::int64_t>& values, const Int& factor) {
    std::vector<Int> out;
    for (const std::int64_t value : values) {
        out.push_back(Int{value} * factor);
    }
    return out;
}

// The shares as text, all numbers of the world times `factor`.
template <allot::SplitInteger Int>
std::vector<std::string> asked(const allot::Algorithm& rule, const World& world,
                               std::int64_t available, const Int& factor) {
    const std::vector<Int> ordered = times(world.ordered, factor);
    const std::vector<Int> allocated = times(world.allocated, factor);
    const std::vector<Int> baseline = times(world.baseline, factor);
    const std::vector<Int> room = times(world.room, factor);
    std::vector<Int> outstanding;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        outstanding.push_back(std::max(Int{0}, Int{ordered[i] - allocated[i]}));
    }
    allot::Split<Int> split;
    split.outstanding = outstanding;
    split.room = room;
    split.ordered = ordered;
    split.allocated = allocated;
    split.baseline = baseline;
    split.available = Int{available} * factor;
    split.lot = Int{world.lot} * factor;
    std::vector<Int> shares(ordered.size(), Int{0});
    const auto done = rule.split(split, std::span<Int>{shares});
    std::vector<std::string> out;
    for (const Int& share : shares) {
        if constexpr (std::is_same_v<Int, std::int64_t>) {
            out.push_back(std::to_string(share));
        } else {
            out.push_back(share.to_string());
        }
    }
    return done ? out : std::vector<std::string>{done.error().message()};
}

std::vector<std::string> narrow(const allot::Algorithm& rule, const World& world,
                                std::int64_t available) {
    return asked<std::int64_t>(rule, world, available, 1);
}

// In 256 bits with numbers that need them.
std::vector<std::string> wide(const allot::Algorithm& rule, const World& world,
                              std::int64_t available) {
    const allot::Int256 large{1'000'000'000'000'000};
    return asked<allot::Int256>(rule, world, available, large * large);
}

void take(World& world, const std::vector<std::int64_t>& shares) {
    for (std::size_t i = 0; i < shares.size(); ++i) {
        world.allocated[i] += shares[i];
        world.room[i] -= shares[i];
    }
}

std::vector<Rational> rationals(const std::vector<std::int64_t>& values) {
    return {values.begin(), values.end()};
}

CumulativeState paper(const World& world) {
    return {rationals(world.ordered), rationals(world.allocated), rationals(world.baseline),
            rationals(world.room), Rational{world.lot}};
}

// What the oracle gives from the state of `world`.
std::vector<std::int64_t> wanted(const std::string& code, const World& world,
                                 std::int64_t available, std::int64_t piece) {
    CumulativeState state = paper(world);
    oracle::give_cumulatively(code, state, Rational{available}, Rational{piece});
    std::vector<std::int64_t> shares;
    for (std::size_t i = 0; i < world.ordered.size(); ++i) {
        shares.push_back(Whole{numerator(state.allocated[i])}.convert_to<std::int64_t>() -
                         world.allocated[i]);
    }
    return shares;
}

std::vector<std::string> texts(const std::vector<std::int64_t>& values, const std::string& zeros) {
    std::vector<std::string> out;
    for (const std::int64_t value : values) {
        out.push_back(value == 0 ? "0" : std::to_string(value) + zeros);
    }
    return out;
}

void must_equal(const allot::Algorithm& rule, const World& world, std::int64_t available,
                const std::vector<std::int64_t>& shares) {
    if (narrow(rule, world, available) != texts(shares, "") ||
        wide(rule, world, available) != texts(shares, std::string(30, '0'))) {
        INFO(rule.info().code << ", " << text(world) << ", available " << available);
        CHECK(narrow(rule, world, available) == texts(shares, ""));
        CHECK(wide(rule, world, available) == texts(shares, std::string(30, '0')));
        FAIL("library and oracle differ");
    }
}

std::int64_t sum_of(const std::vector<std::int64_t>& values) {
    return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

// All vectors of one to `most` of the values.
std::vector<std::vector<std::int64_t>> vectors_of(const std::vector<std::int64_t>& values,
                                                  std::size_t most) {
    std::vector<std::vector<std::int64_t>> all{{}};
    for (std::size_t from = 0; from < all.size(); ++from) {
        for (std::size_t i = 0; all[from].size() < most && i < values.size(); ++i) {
            std::vector<std::int64_t> longer = all[from];
            longer.push_back(values[i]);
            all.push_back(longer);
        }
    }
    all.erase(all.begin());
    return all;
}

// From every state that the oracle passes unit by unit, every fill ends at a later such state.
void compare_all_slices(const allot::Algorithm& rule, const World& start) {
    std::vector<World> passed{start};
    for (std::int64_t left = sum_of(start.room); left > 0; --left) {
        World next = passed.back();
        take(next, wanted(rule.info().code, next, 1, 1));
        passed.push_back(next);
    }
    for (std::size_t from = 0; from < passed.size(); ++from) {
        for (std::size_t to = from; to < passed.size(); ++to) {
            std::vector<std::int64_t> shares = passed[to].allocated;
            for (std::size_t i = 0; i < shares.size(); ++i) {
                shares[i] -= passed[from].allocated[i];
            }
            must_equal(rule, passed[from], static_cast<std::int64_t>(to - from), shares);
        }
        must_equal(rule, passed[from], sum_of(passed[from].room) + 3,
                   [&] { return passed[from].room; }());
    }
}

// A state in which anything may have happened before: begun lots, more allocated than ordered, less
// than at the baseline, caps.
World odd_world(Random& random, int most) {
    World world;
    const int count = random.between(1, 6);
    world.lot = random.between(1, 5);
    for (int i = 0; i < count; ++i) {
        const std::int64_t ordered = random.between(0, most);
        const std::int64_t baseline = random.one_in(2) ? 0 : random.between(0, most / 2);
        const std::int64_t allocated = random.one_in(2) ? baseline : random.between(0, most + 3);
        const std::int64_t outstanding = std::max<std::int64_t>(0, ordered - allocated);
        world.ordered.push_back(ordered);
        world.baseline.push_back(baseline);
        world.allocated.push_back(allocated);
        world.room.push_back(random.one_in(3)
                                 ? std::min<std::int64_t>(outstanding, random.between(0, most))
                                 : outstanding);
    }
    return world;
}

World large_world(Random& random) {
    World world;
    const int count = random.one_in(10) ? random.between(20, 40) : random.between(2, 9);
    const int digits = random.between(1, 12);
    std::int64_t most = 1;
    for (int i = 0; i < digits; ++i) {
        most *= 10;
    }
    for (int i = 0; i < count; ++i) {
        world.ordered.push_back(
            1 + static_cast<std::int64_t>(random.below(static_cast<std::size_t>(most))));
    }
    // At most some hundred lots, so that the pencil comes to an end.
    world.lot = 1 + sum_of(world.ordered) / random.between(20, 300);
    if (random.one_in(2)) {
        for (std::int64_t& ordered : world.ordered) {
            ordered += world.lot - ordered % world.lot;
        }
    }
    world.allocated.assign(world.ordered.size(), 0);
    world.baseline = world.allocated;
    world.room = world.ordered;
    return world;
}

}  // namespace

TEST_CASE("The cumulative oracle gives the published answers", "[oracle][cumulative]") {
    const auto given = [](const char* code, std::int64_t quantity,
                          const std::vector<std::int64_t>& weights) {
        World world = fresh_world(weights, 1);
        return wanted(code, world, quantity, 1);
    };
    using Shares = std::vector<std::int64_t>;
    const Shares dutch{5117, 4400, 162, 161, 160};
    CHECK(given("DHONDT", 100, dutch) == Shares{52, 45, 1, 1, 1});
    CHECK(given("HUNTINGTON", 100, dutch) == Shares{51, 43, 2, 2, 2});
    CHECK(given("DEAN", 100, dutch) == Shares{51, 43, 2, 2, 2});
    const Shares five{9061, 7179, 5259, 3319, 1182};
    CHECK(given("WEBSTER", 26, five) == Shares{9, 8, 5, 3, 1});
    CHECK(given("ADAMS", 26, five) == Shares{9, 7, 5, 3, 2});
    CHECK(given("QUOTA", 500, {700, 200, 100}) == Shares{350, 100, 50});
    CHECK(given("TIJDEMAN", 500, {700, 200, 100}) == Shares{350, 100, 50});
}

TEST_CASE("Every small world, every slice, equals the cumulative oracle", "[oracle][cumulative]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    auto worlds = vectors_of({0, 1, 2, 3, 6}, 3);
    const auto longer = vectors_of({1, 4}, 5);
    worlds.insert(worlds.end(), longer.begin(), longer.end());
    const std::size_t tried = oracle::cases("small cumulative worlds", worlds.size());
    const std::size_t step = worlds.size() / std::max<std::size_t>(1, tried);
    for (const std::string& code : cumulative_codes) {
        const auto rule = registry.find(code).value();
        for (std::size_t i = 0; i < worlds.size(); i += std::max<std::size_t>(1, step)) {
            for (std::int64_t lot = 1; lot <= 3; ++lot) {
                compare_all_slices(*rule, fresh_world(worlds[i], lot));
            }
        }
    }
}

TEST_CASE("Odd states equal the cumulative oracle, slice by slice", "[oracle][cumulative]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t count = oracle::cases("odd cumulative states", 350);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        Random random{seed};
        INFO("seed " << seed);
        const World world = odd_world(random, seed % 3 == 0 ? 25 : 9);
        compare_all_slices(*registry.find(cumulative_codes[seed % cumulative_codes.size()]).value(),
                           world);
    }
}

TEST_CASE("Sequences of random fills equal the cumulative oracle", "[oracle][cumulative]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t count = oracle::cases("sequences of fills", 210);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        Random random{seed};
        INFO("seed " << seed);
        const std::string& code = cumulative_codes[seed % cumulative_codes.size()];
        const auto rule = registry.find(code).value();
        World world = large_world(random);
        while (sum_of(world.room) > 0) {
            const std::int64_t left = sum_of(world.room);
            const std::int64_t most =
                random.one_in(3) ? std::min(left, 2 * world.lot) : left + left / 10;
            const std::int64_t fill =
                1 + static_cast<std::int64_t>(random.below(static_cast<std::size_t>(most)));
            const std::vector<std::int64_t> shares = wanted(code, world, fill, world.lot);
            must_equal(*rule, world, fill, shares);
            take(world, shares);
        }
        CHECK(world.allocated == world.ordered);
    }
}

namespace {

// A split of bare weights with caps as the oracle does it; the weights' unit is their own.
std::vector<Rational> by_weights(const std::string& code, const Rational& available,
                                 const std::vector<Rational>& weights,
                                 const std::vector<Rational>& caps, const Rational& lot) {
    CumulativeState state;
    state.ordered = weights;
    state.allocated.assign(weights.size(), Rational{0});
    state.baseline = state.allocated;
    state.lot = lot;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        state.room.push_back(weights[i] == 0 ? Rational{0} : std::min(caps[i], available));
    }
    oracle::give_cumulatively(code, state, available, lot);
    return state.allocated;
}

}  // namespace

TEST_CASE("Bare weights with caps equal the cumulative oracle", "[oracle][cumulative]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t count = oracle::cases("splits of bare weights", 420);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        Random random{seed};
        const std::string& code = cumulative_codes[seed % cumulative_codes.size()];
        std::vector<Rational> weights;
        std::vector<Rational> caps;
        allot::SplitRequest request;
        const int claims = random.between(1, 7);
        for (int i = 0; i < claims; ++i) {
            const int above = random.one_in(8) ? 0 : random.between(1, 60);
            const int below = random.between(1, 9);
            weights.emplace_back(above, below);
            request.weights.push_back(
                allot::Weight::parse(std::to_string(above) + "/" + std::to_string(below)).value());
            caps.emplace_back(random.one_in(3) ? random.between(0, 60) : 1000, 4);
            request.caps.push_back(
                allot::Quantity::parse(oracle::decimal_text(caps.back())).value());
        }
        const Rational available{random.between(0, 200), 2};
        const Rational lot{random.between(1, 6), 2};
        request.available = allot::Quantity::parse(oracle::decimal_text(available)).value();
        request.lot = allot::Quantity::parse(oracle::decimal_text(lot)).value();
        const auto got = allot::split(*registry.find(code).value(), request);
        INFO("seed " << seed << " " << code);
        REQUIRE(got.has_value());
        std::vector<Rational> shares;
        for (const allot::Quantity& share : got->shares) {
            shares.push_back(oracle::rational(share.to_string()));
        }
        REQUIRE(shares == by_weights(code, available, weights, caps, lot));
    }
}

namespace {

// Orders of up to 10^`digits` with some of them filled to any degree.
World huge_world(Random& random, int digits) {
    World world;
    const int count = random.between(2, 30);
    for (int i = 0; i < count; ++i) {
        std::int64_t ordered = random.between(1, 9);
        for (int at = random.between(1, digits); at > 0; --at) {
            ordered = ordered * 10 + random.between(0, 9);
        }
        const std::int64_t allocated =
            random.one_in(4)
                ? static_cast<std::int64_t>(random.below(static_cast<std::size_t>(ordered)))
                : 0;
        world.ordered.push_back(ordered);
        world.allocated.push_back(allocated);
        world.baseline.push_back(0);
        world.room.push_back(ordered - allocated);
    }
    return world;
}

// What speaks against the shares: a lot that was given though a better one was not.
std::string wrong_lot(const std::string& code, const World& world,
                      const std::vector<std::string>& shares) {
    const CumulativeState state = paper(world);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const Whole given{shares[i]};
        for (std::size_t j = 0; given > 0 && j < shares.size(); ++j) {
            const Whole has = Whole{world.allocated[j]} + Whole{shares[j]};
            if (i != j && Whole{world.room[j]} > Whole{shares[j]} &&
                !oracle::divisor_prefers(code, state, i, Whole{world.allocated[i]} + given - 1, j,
                                         has)) {
                return "claim " + std::to_string(i) + " has the last of " + given.str() +
                       " lots before claim " + std::to_string(j) + " gets one more than " +
                       has.str();
            }
        }
    }
    return "";
}

}  // namespace

TEST_CASE("Divisor methods give the best lots of any number", "[oracle][cumulative]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t count = oracle::cases("huge fills", 1500);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        Random random{seed};
        const std::string& code = divisor_codes[seed % divisor_codes.size()];
        const auto rule = registry.find(code).value();
        const World world = huge_world(random, seed % 2 == 0 ? 15 : 5);
        const std::int64_t all = sum_of(world.room);
        const std::int64_t available =
            static_cast<std::int64_t>(random.below(static_cast<std::size_t>(all) + 1));
        const std::vector<std::string> shares = narrow(*rule, world, available);
        INFO("seed " << seed << " " << code << ", " << text(world) << ", available " << available);
        Whole given{0};
        for (const std::string& share : shares) {
            given += Whole{share};
        }
        REQUIRE(given == available);
        REQUIRE(wrong_lot(code, world, shares) == "");
        REQUIRE(asked<allot::Int256>(*rule, world, available, allot::Int256{1}) == shares);
    }
}

namespace {

// Orders with a large common divisor, so that the lots of a fill repeat themselves; some claims
// have no room, or run out of it on the way.
World periodic_world(Random& random) {
    World world;
    const int repeats = random.between(5, 40);
    const int count = random.between(2, 5);
    for (int i = 0; i < count; ++i) {
        const std::int64_t ordered = static_cast<std::int64_t>(repeats) * random.between(1, 5);
        const std::int64_t allocated =
            random.one_in(3) ? random.between(0, static_cast<int>(ordered)) : 0;
        const std::int64_t left = ordered - allocated;
        world.ordered.push_back(ordered);
        world.allocated.push_back(allocated);
        world.baseline.push_back(0);
        world.room.push_back(random.one_in(3) ? random.between(0, static_cast<int>(left)) : left);
    }
    return world;
}

}  // namespace

TEST_CASE("Fills of many periods equal the cumulative oracle", "[oracle][cumulative]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t count = oracle::cases("fills of many periods", 200);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        Random random{seed};
        INFO("seed " << seed);
        const std::string code = seed % 2 == 0 ? "QUOTA" : "TIJDEMAN";
        const World world = periodic_world(random);
        const auto all = static_cast<std::size_t>(sum_of(world.room));
        const auto available = static_cast<std::int64_t>(random.below(all + 1));
        must_equal(*registry.find(code).value(), world, available,
                   wanted(code, world, available, 1));
    }
}

TEST_CASE("A period that only looks like one is not skipped", "[oracle][cumulative]") {
    // In these a claim without room is ahead, and the others catch up in what looks like periods
    // until they have caught up; found among 60,000 worlds by a rule that skipped too much.
    const std::vector<std::pair<World, std::int64_t>> found{
        {{{42, 21, 105, 63, 105}, {0, 0, 36, 0, 78}, {0, 0, 0, 0, 0}, {42, 21, 69, 63, 0}, 1}, 143},
        {{{180, 30, 60, 180}, {25, 3, 0, 0}, {0, 0, 0, 0}, {0, 27, 60, 93}, 1}, 99},
        {{{258, 43, 258, 86}, {8, 20, 0, 0}, {0, 0, 0, 0}, {18, 0, 211, 86}, 1}, 128},
        {{{8, 32, 48, 24}, {0, 0, 34, 2}, {0, 0, 0, 0}, {8, 0, 0, 22}, 1}, 28}};
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const char* code : {"QUOTA", "TIJDEMAN"}) {
        for (const auto& [world, available] : found) {
            must_equal(*registry.find(code).value(), world, available,
                       wanted(code, world, available, 1));
        }
    }
}
