// How far from exact pro rata one-lot fills drive each rule: 400 random blocks, every step.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "oracle/random.hpp"
#include "oracle/rational.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using Units = std::vector<std::int64_t>;

// A distance as a fraction of a lot; all of one block have the same divisor.
struct Distance {
    std::int64_t above{0};
    std::int64_t below{1};
};

bool is_larger(const Distance& a, const Distance& b) {
    return a.above * b.below > b.above * a.below;  // both below 2^31 here
}

// What a rule did in all blocks.
struct Tally {
    Distance worst{};
    double sum_of_worst{0};  // for the mean, which is only shown
    std::size_t blocks_at_a_lot_or_more{0};
    std::size_t taken_back{0};
    std::size_t over_filled{0};
    std::size_t above_tijdeman{0};  // steps beyond 1 - 1/(2m - 2)
};

Units shares_of(const allot::Algorithm& rule, const Units& ordered, const Units& allocated,
                std::int64_t available) {
    const Units zeros(ordered.size(), 0);
    Units outstanding = ordered;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        outstanding[i] -= allocated[i];
    }
    allot::Split<std::int64_t> split;
    split.outstanding = outstanding;
    split.room = outstanding;
    split.ordered = ordered;
    split.allocated = allocated;
    split.baseline = zeros;
    split.available = available;
    split.lot = 1;
    Units shares(ordered.size(), 0);
    REQUIRE(rule.split(split, std::span<std::int64_t>{shares}).has_value());
    return shares;
}

Distance distance_of(const Units& ordered, const Units& allocated, std::int64_t executed) {
    Distance worst{0, 0};
    for (const std::int64_t quantity : ordered) {
        worst.below += quantity;
    }
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        const std::int64_t off = allocated[i] * worst.below - executed * ordered[i];
        worst.above = std::max(worst.above, off < 0 ? -off : off);
    }
    return worst;
}

Units random_block(std::uint64_t seed) {
    oracle::Random random{seed};
    Units ordered;
    const int count = random.between(2, 12);
    const int most = random.one_in(2) ? 40 : 9;
    for (int i = 0; i < count; ++i) {
        // A few large orders beside small ones, as in a block of a desk.
        ordered.push_back(random.one_in(4) ? random.between(1, most * 8) : random.between(1, most));
    }
    return ordered;
}

void play(const allot::Algorithm& rule, const Units& ordered, Tally& tally) {
    Units allocated(ordered.size(), 0);
    std::int64_t sum = 0;
    for (const std::int64_t quantity : ordered) {
        sum += quantity;
    }
    Distance worst;
    const auto divisor = static_cast<std::int64_t>(2 * ordered.size() - 2);
    for (std::int64_t executed = 1; executed <= sum; ++executed) {
        const Units shares = shares_of(rule, ordered, allocated, 1);
        std::int64_t given = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            tally.taken_back += shares[i] < 0 ? 1U : 0U;
            allocated[i] += shares[i];
            given += shares[i];
            tally.over_filled += allocated[i] > ordered[i] ? 1U : 0U;
        }
        REQUIRE(given == 1);
        const Distance now = distance_of(ordered, allocated, executed);
        worst = is_larger(now, worst) ? now : worst;
        tally.above_tijdeman += now.above * divisor > now.below * (divisor - 1) ? 1U : 0U;
    }
    tally.worst = is_larger(worst, tally.worst) ? worst : tally.worst;
    tally.sum_of_worst += static_cast<double>(worst.above) / static_cast<double>(worst.below);
    tally.blocks_at_a_lot_or_more += worst.above >= worst.below ? 1U : 0U;
    REQUIRE(allocated == ordered);
}

void print(const std::string& code, const Tally& tally, std::size_t blocks) {
    std::cout << std::left << std::setw(12) << code << std::right << std::fixed
              << std::setprecision(4) << std::setw(10)
              << static_cast<double>(tally.worst.above) / static_cast<double>(tally.worst.below)
              << std::setw(10) << tally.sum_of_worst / static_cast<double>(blocks) << std::setw(8)
              << tally.blocks_at_a_lot_or_more << std::setw(12) << tally.taken_back << std::setw(12)
              << tally.over_filled << '\n';
}

}  // namespace

TEST_CASE("400 blocks in one-lot fills: the band holds at every step", "[oracle][band]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t blocks = oracle::cases("blocks in one-lot fills", 400);
    std::map<std::string, Tally> tallies;
    const std::array codes{"QUOTA", "TIJDEMAN",   "WEBSTER", "DHONDT",
                           "ADAMS", "HUNTINGTON", "DEAN",    "PR-FIFO"};
    std::cout << "one-lot fills of " << blocks << " blocks, distance from exact pro rata in lots\n"
              << "rule             worst      mean  >= 1 lot  taken back  over-filled\n";
    for (const char* code : codes) {
        const auto rule = registry.find(code).value();
        for (std::uint64_t seed = 1; seed <= blocks; ++seed) {
            play(*rule, random_block(seed), tallies[code]);
        }
        print(code, tallies[code], blocks);
    }
    for (const char* code : {"QUOTA", "TIJDEMAN"}) {
        INFO(code);
        CHECK(tallies[code].taken_back == 0);
        CHECK(tallies[code].over_filled == 0);
        CHECK(tallies[code].blocks_at_a_lot_or_more == 0);
    }
    CHECK(tallies["TIJDEMAN"].above_tijdeman == 0);
    CHECK(tallies["PR-FIFO"].blocks_at_a_lot_or_more > blocks / 2);  // what the rules are for
}
