// Bond minima: every share may be had, no single claim could have more, and how far what is given
// out stays behind the best that an exhaustive search finds.
#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using Units = std::vector<std::int64_t>;

struct Bonds {
    Units outstanding{};
    Units allocated{};
    Units room{};
    std::int64_t available{0};
    std::int64_t lot{1};
    std::int64_t denomination{0};
    std::int64_t increment{0};
    std::int64_t leave{0};
};

std::string told(const Bonds& bonds, const Units& shares) {
    std::string text = "available " + std::to_string(bonds.available) + " denomination " +
                       std::to_string(bonds.denomination) + " increment " +
                       std::to_string(bonds.increment) + " leave " + std::to_string(bonds.leave) +
                       " lot " + std::to_string(bonds.lot) +
                       "; outstanding, allocated, room, share:";
    for (std::size_t i = 0; i < shares.size(); ++i) {
        text += " " + std::to_string(bonds.outstanding[i]) + "/" +
                std::to_string(bonds.allocated[i]) + "/" + std::to_string(bonds.room[i]) + "/" +
                std::to_string(shares[i]);
    }
    return text;
}

// The specification's sentence: at least x, a multiple of y, and leaves at least z or nothing.
bool may_have(const Bonds& bonds, std::size_t claim, std::int64_t share) {
    if (share == 0) {
        return true;
    }
    if (share > bonds.room[claim]) {
        return false;
    }
    const std::int64_t left = bonds.outstanding[claim] - share;
    const std::int64_t total = bonds.allocated[claim] + share;
    const std::int64_t step = bonds.increment > 0 ? bonds.increment : bonds.lot;
    return left == 0 || (total >= bonds.denomination && total % step == 0 && left >= bonds.leave);
}

Units ask(const allot::Algorithm& rule, const Bonds& bonds) {
    Units ordered = bonds.outstanding;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        ordered[i] += bonds.allocated[i];
    }
    const Units zeros(ordered.size(), 0);
    Units shares = zeros;
    allot::Split<std::int64_t> split;
    split.outstanding = bonds.outstanding;
    split.room = bonds.room;
    split.ordered = ordered;
    split.allocated = bonds.allocated;
    split.baseline = zeros;
    split.available = bonds.available;
    split.lot = bonds.lot;
    split.denomination = bonds.denomination;
    split.increment = bonds.increment;
    split.leave = bonds.leave;
    REQUIRE(rule.split(split, std::span<std::int64_t>{shares}).has_value());
    return shares;
}

std::int64_t sum_of(const Units& values) {
    std::int64_t sum = 0;
    for (const std::int64_t value : values) {
        sum += value;
    }
    return sum;
}

// What is wrong with the shares; empty: nothing.
std::string broken(const Bonds& bonds, const Units& shares) {
    const std::int64_t left = bonds.available - sum_of(shares);
    if (left < 0) {
        return "more than available: " + told(bonds, shares);
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (shares[i] < 0 || !may_have(bonds, i, shares[i])) {
            return "claim " + std::to_string(i + 1) + " may not have it: " + told(bonds, shares);
        }
        for (std::int64_t more = shares[i] + 1; more <= shares[i] + left && more < 1000; ++more) {
            if (may_have(bonds, i, more)) {
                return "claim " + std::to_string(i + 1) + " could have " + std::to_string(more) +
                       ": " + told(bonds, shares);
            }
        }
    }
    return "";
}

// The most that can be given out, over all combinations of shares that may be had.
std::int64_t optimum(const Bonds& bonds) {
    std::set<std::int64_t> sums{0};
    for (std::size_t i = 0; i < bonds.outstanding.size(); ++i) {
        std::set<std::int64_t> next;
        for (std::int64_t share = 0; share <= bonds.room[i]; ++share) {
            for (const std::int64_t sum : sums) {
                if (may_have(bonds, i, share) && sum + share <= bonds.available) {
                    next.insert(sum + share);
                }
            }
        }
        sums = std::move(next);
    }
    return *sums.rbegin();
}

struct Minima {
    std::int64_t denomination;
    std::int64_t increment;
    std::int64_t leave;
};

std::vector<std::shared_ptr<const allot::Algorithm>> rules() {
    const allot::Registry registry = allot::Registry::with_builtins();
    std::vector<std::shared_ptr<const allot::Algorithm>> found;
    for (const char* code : {"PR-FIFO", "PR-LR", "EQ-LF", "FIFO", "TW-RR", "PR-OLDEST"}) {
        // The values stand in the split; the parameter makes the rule see to them.
        found.push_back(registry.find(std::string{code} + ":denomination=1").value());
    }
    return found;
}

}  // namespace

TEST_CASE("Bond minima hold in every small world, and what they cost is known", "[oracle][bonds]") {
    const std::vector<Minima> minima{{4, 2, 3}, {5, 5, 0}, {3, 0, 2},
                                     {6, 3, 4}, {0, 4, 0}, {0, 0, 3}};
    const Units sizes{0, 2, 3, 5, 7, 10};
    const std::size_t step = 100 / std::max<std::size_t>(1, oracle::cases("small bonds", 100));
    const auto all = rules();
    std::size_t seen = 0;
    std::size_t worlds = 0;
    std::size_t behind = 0;
    std::int64_t most = 0;
    for (std::size_t at = 0; at < 6 * 6 * 6; ++at) {
        for (const Minima& minimum : minima) {
            for (const int pattern : {0, 1, 2}) {
                Bonds bonds;
                bonds.outstanding = {sizes[at % 6], sizes[at / 6 % 6], sizes[at / 36]};
                bonds.allocated = pattern == 1 ? Units{1, 4, 0} : Units{0, 0, 0};
                bonds.room = bonds.outstanding;
                if (pattern == 2) {
                    bonds.room[0] = std::min<std::int64_t>(bonds.room[0], 6);
                }
                bonds.denomination = minimum.denomination;
                bonds.increment = minimum.increment;
                bonds.leave = minimum.leave;
                const std::int64_t sum = sum_of(bonds.outstanding);
                for (bonds.available = 0; bonds.available <= sum; ++bonds.available) {
                    if (++seen % step != 0) {
                        continue;
                    }
                    const std::int64_t best = optimum(bonds);
                    for (const auto& rule : all) {
                        const Units shares = ask(*rule, bonds);
                        const std::string wrong = broken(bonds, shares);
                        if (!wrong.empty()) {
                            FAIL(rule->info().code << ": " << wrong);
                        }
                        const std::int64_t missing = best - sum_of(shares);
                        ++worlds;
                        behind += missing > 0 ? 1 : 0;
                        most = std::max(most, missing);
                        REQUIRE(missing >= 0);
                    }
                }
            }
        }
    }
    std::cout << "bond minima: " << behind << " of " << worlds
              << " small splits give out less than could be, at most " << most << " units less\n";
    // docs/algorithms/constraints.md tells the share; it may not grow unseen.
    CHECK(behind * 100 < worlds * 20);
}

TEST_CASE("Bond minima hold over many claims", "[oracle][bonds]") {
    const std::size_t count = oracle::cases("random bonds", 5000);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        oracle::Random random{seed};
        Bonds bonds;
        const int claims = random.one_in(50) ? 400 : random.between(1, 20);
        for (int i = 0; i < claims; ++i) {
            bonds.outstanding.push_back(random.between(0, 300));
            bonds.allocated.push_back(random.one_in(2) ? 0 : random.between(0, 100));
            bonds.room.push_back(random.one_in(4) ? random.between(0, 300) : 300);
            bonds.room.back() = std::min(bonds.room.back(), bonds.outstanding.back());
        }
        bonds.available = random.between(0, static_cast<int>(sum_of(bonds.outstanding)) + 5);
        bonds.denomination = random.between(0, 120);
        bonds.increment = random.one_in(3) ? 0 : random.between(1, 60);
        bonds.leave = random.between(0, 80);
        bonds.lot = random.pick(Units{1, 1, 5, 50});
        const auto all = rules();
        const auto& rule = all[seed % all.size()];
        const std::string wrong = broken(bonds, ask(*rule, bonds));
        if (!wrong.empty()) {
            FAIL("seed " << seed << ", " << rule->info().code << ": " << wrong);
        }
    }
}
