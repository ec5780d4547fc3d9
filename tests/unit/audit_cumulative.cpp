// The audit of cumulative rules: lots count since the baseline, and the band is judged where a
// split shows that the rule has promised it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"
#include "engine/run/audit.hpp"
#include "support/catch.hpp"

namespace {

struct World {
    std::vector<std::int64_t> ordered;
    std::vector<std::int64_t> allocated;
    std::vector<std::int64_t> baseline;
    std::int64_t available;
    std::int64_t lot;
};

// The law that the shares break in the eyes of the audit; empty: none.
std::string broken(const World& world, const std::vector<std::int64_t>& shares,
                   bool is_cumulative = true) {
    std::vector<std::int64_t> outstanding;
    for (std::size_t i = 0; i < world.ordered.size(); ++i) {
        outstanding.push_back(world.ordered[i] - world.allocated[i]);
    }
    allot::Split<std::int64_t> split;
    split.outstanding = outstanding;
    split.room = outstanding;
    split.ordered = world.ordered;
    split.allocated = world.allocated;
    split.baseline = world.baseline;
    split.available = world.available;
    split.lot = world.lot;
    allot::AlgorithmInfo rule;
    rule.properties.quota = true;
    rule.properties.cumulative = is_cumulative;
    const auto violation = allot::run::audit(split, std::span<const std::int64_t>{shares}, rule);
    return violation ? violation->law : "";
}

bool names_quota(const std::string& law) {
    return law.find("quota") != std::string::npos;
}

}  // namespace

TEST_CASE("The audit holds a cumulative rule to its band from the baseline on", "[audit]") {
    // 40 of 70/20/10 in lots of 10: exact 2.8, 0.8, 0.4 lots.
    const World fresh{{70, 20, 10}, {0, 0, 0}, {0, 0, 0}, 40, 10};
    CHECK(broken(fresh, {30, 10, 0}) == "");
    CHECK(names_quota(broken(fresh, {40, 0, 0})));
    CHECK(names_quota(broken(fresh, {10, 20, 10})));
    // The same with a baseline: what was before it does not count.
    CHECK(broken({{75, 23, 10}, {5, 3, 0}, {5, 3, 0}, 40, 10}, {30, 10, 0}) == "");
    CHECK(names_quota(broken({{75, 23, 10}, {5, 3, 0}, {5, 3, 0}, 40, 10}, {40, 0, 0})));
}

TEST_CASE("A begun lot stands between two bands", "[audit]") {
    // 42: between the bands of 40 (2.8, 0.8, 0.4) and 50 (3.5, 1, 0.5).
    const World fresh{{70, 20, 10}, {0, 0, 0}, {0, 0, 0}, 42, 10};
    CHECK(broken(fresh, {32, 10, 0}) == "");
    CHECK(broken(fresh, {30, 10, 2}) == "");
    CHECK(names_quota(broken(fresh, {30, 12, 0})));
    // A rule that is not cumulative has the band of 42 itself: 29.4, 8.4, 4.2 units.
    CHECK(broken({{70, 20, 10}, {0, 0, 0}, {0, 0, 0}, 42, 10}, {30, 10, 2}, false) == "");
}

TEST_CASE("The audit does not judge a band that nobody promised", "[audit]") {
    // What happened before may have been another rule's doing.
    CHECK(broken({{70, 20, 10}, {0, 10, 10}, {0, 0, 0}, 10, 10}, {0, 10, 0}) == "");
    // Claims that are no whole lots: the last lots go to whom there is room for.
    CHECK(broken({{5, 5, 100}, {0, 0, 0}, {0, 0, 0}, 100, 10}, {0, 0, 100}) == "");
}

TEST_CASE("Lots of a cumulative rule count since the baseline", "[audit]") {
    const World begun{{30, 30}, {13, 9}, {10, 0}, 8, 10};
    CHECK(broken(begun, {7, 1}) == "");  // both begun lots are finished: 10 and 10
    CHECK(broken(begun, {8, 0}) == "");
    CHECK(broken(begun, {4, 4}) ==
          "a share that is not whole lots completes its claim, but for at most one");
    CHECK(broken(begun, {7, 1}, false) != "");
}
