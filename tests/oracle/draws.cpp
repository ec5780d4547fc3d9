// The documented draw against values that were computed by another program
// (docs/algorithms/rnd-draw.md).
#include <vector>

#include "algorithms/draw.hpp"
#include "oracle/random.hpp"
#include "oracle/split_oracle.hpp"
#include "support/catch.hpp"

using allot::algorithms::Draw;
using Order = std::vector<std::size_t>;

TEST_CASE("The generator gives the published values", "[oracle][draw]") {
    Draw draw{1234567};
    for (const std::uint64_t value :
         {6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL,
          4593380528125082431ULL, 16408922859458223821ULL}) {
        CHECK(draw.next() == value);
    }
}

TEST_CASE("Bounded draws give the values of the page", "[oracle][draw]") {
    Draw small{1};
    for (const std::uint64_t value : {3ULL, 4ULL, 5ULL, 2ULL, 2ULL, 4ULL, 5ULL, 3ULL}) {
        CHECK(small.below(6) == value);
    }
    // A bound of 2^63 + 1 throws almost every second draw away.
    Draw large{7};
    for (const std::uint64_t value : {3595544800446187243ULL, 8308050873407804673ULL,
                                      2300599727732774152ULL, 1238314238945538992ULL}) {
        CHECK(large.below((std::uint64_t{1} << 63U) + 1) == value);
    }
}

TEST_CASE("Shuffles give the orders of the page", "[oracle][draw]") {
    CHECK(Draw{0}.shuffled(5) == Order{2, 3, 0, 1, 4});
    CHECK(Draw{1}.shuffled(5) == Order{1, 0, 3, 4, 2});
    CHECK(Draw{0xFFFFFFFFFFFFFFFFU}.shuffled(8) == Order{0, 5, 3, 4, 2, 1, 6, 7});
    CHECK(Draw{42}.shuffled(1) == Order{0});
    CHECK(Draw{42}.shuffled(0).empty());
}

TEST_CASE("Shuffles equal those of the twin, and all orders are equally likely", "[oracle][draw]") {
    std::vector<int> seen(24, 0);
    for (std::uint64_t seed = 0; seed < 24000; ++seed) {
        const std::uint64_t key = oracle::Random{seed}.next();
        const Order order = Draw{key}.shuffled(4);
        if (order != oracle::drawn_order(key, 4)) {
            FAIL("key " << key);
        }
        std::size_t number = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            std::size_t smaller = 0;
            for (std::size_t j = i + 1; j < 4; ++j) {
                smaller += order[j] < order[i] ? std::size_t{1} : std::size_t{0};
            }
            number = number * (4 - i) + smaller;
        }
        ++seen[number];
    }
    // 1000 each are expected, with a standard deviation of 31.
    for (const int times : seen) {
        CHECK(times > 850);
        CHECK(times < 1150);
    }
}
