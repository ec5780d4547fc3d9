// The split kernel against its plain twins, in every form that this processor has.
#include "algorithms/kernel/kernel.hpp"

#include <numeric>
#include <stdexcept>
#include <vector>

#include "algorithms/kernel/multiplier.hpp"
#include "algorithms/kernel/plain.hpp"
#include "algorithms/turns.hpp"
#include "allot/simd.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

using allot::Int256;
using allot::SimdForm;
using oracle::Random;

namespace {

constexpr std::int64_t largest_total = (std::int64_t{1} << 62) - 1;

// A number of at most `bits` bits: often a power of two, a neighbour of one, or zero.
std::uint64_t number(Random& random, int bits) {
    const std::uint64_t mask = bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits);
    const std::uint64_t power = std::uint64_t{1} << random.below(64);
    switch (random.between(0, 7)) {
        case 0:
            return 0;
        case 1:
            return (power - 1) & mask;
        case 2:
            return power & mask;
        case 3:
            return (power + 1) & mask;
        default:
            return (random.next() >> random.below(64)) & mask;
    }
}

struct NarrowCase {
    std::vector<std::int64_t> weights;
    std::int64_t quantity;
    std::int64_t total;
    std::int64_t lot;
};

NarrowCase narrow_case(Random& random) {
    NarrowCase made{};
    const int bits = random.between(1, 62);
    do {
        made.weights.resize(random.below(24));
        made.total = 0;
        for (std::int64_t& weight : made.weights) {
            const auto room = static_cast<std::uint64_t>(largest_total - made.total);
            weight = static_cast<std::int64_t>(std::min(number(random, bits), room));
            made.total += weight;
        }
    } while (made.total == 0);
    const auto total = static_cast<std::uint64_t>(made.total);
    const std::uint64_t quantities[] = {total, total - 1, total / 2, random.next() % (total + 1),
                                        number(random, 62) % (total + 1)};
    made.quantity = static_cast<std::int64_t>(quantities[random.below(5)]);
    made.lot = random.one_in(2) ? 1 : static_cast<std::int64_t>(number(random, 62) + 1);
    return made;
}

std::string text_of(const NarrowCase& made) {
    std::string text = "quantity " + std::to_string(made.quantity) + " lot " +
                       std::to_string(made.lot) + " weights";
    for (const std::int64_t weight : made.weights) {
        text += ' ' + std::to_string(weight);
    }
    return text;
}

template <class Int>
std::vector<Int> as(const std::vector<std::int64_t>& values) {
    return {values.begin(), values.end()};
}

Int256 shifted(const Int256& value, std::size_t bits) {
    return Int256{allot::kernel::shifted_left(value.limbs(), bits)};
}

// A wide number of at most `bits` bits.
Int256 wide_number(Random& random, std::size_t bits) {
    std::array<std::uint64_t, 4> limbs{};
    for (std::size_t i = 0; 64 * i < bits; ++i) {
        const std::size_t here = std::min<std::size_t>(64, bits - 64 * i);
        const std::uint64_t mask = ~std::uint64_t{0} >> (64 - here);
        limbs[i] = (random.one_in(4) ? mask : number(random, 64)) & mask;
    }
    return Int256{limbs};
}

struct WideCase {
    std::vector<Int256> weights;
    Int256 quantity;
    Int256 total;
    Int256 lot;
};

WideCase wide_case(Random& random) {
    WideCase made{};
    const std::size_t bits = 1 + random.below(random.one_in(2) ? 250 : 127);
    do {
        made.weights.resize(random.below(24));
        for (Int256& weight : made.weights) {
            weight = wide_number(random, bits);
        }
        made.total = allot::kernel::plain::sum<Int256>(made.weights);
    } while (made.total == Int256{0});
    const Int256 some = wide_number(random, bits) % (made.total + Int256{1});
    const Int256 quantities[] = {made.total, made.total - Int256{1}, made.total / Int256{2}, some};
    made.quantity = quantities[random.below(4)];
    made.lot = random.one_in(2) ? Int256{1} : wide_number(random, random.below(254)) + Int256{1};
    return made;
}

}  // namespace

TEST_CASE("The narrow kernel gives what its plain twin gives", "[kernel]") {
    for (const SimdForm form : allot_test::simd_forms()) {
        const allot_test::ForcedSimd forced{form};
        const std::size_t count = oracle::cases("narrow kernel splits", 400000);
        for (std::uint64_t seed = 1; seed <= count; ++seed) {
            Random random{seed};
            const NarrowCase made = narrow_case(random);
            std::vector<std::int64_t> wanted(made.weights.size());
            std::vector<std::int64_t> got(made.weights.size(), -7);
            const std::int64_t given = allot::kernel::plain::proportional_floor<std::int64_t>(
                made.quantity, made.weights, made.total, made.lot, wanted);
            const std::int64_t returned = allot::kernel::proportional_floor(
                made.quantity, made.weights, made.total, made.lot, got);
            if (got != wanted || given != returned) {
                FAIL(name_of(form) << " seed " << seed << ": " << text_of(made));
            }
        }
    }
}

TEST_CASE("The wide kernel gives what its plain twin gives", "[kernel]") {
    for (const SimdForm form : allot_test::simd_forms()) {
        const allot_test::ForcedSimd forced{form};
        const std::size_t count = oracle::cases("wide kernel splits", 60000);
        for (std::uint64_t seed = 1; seed <= count; ++seed) {
            Random random{seed};
            const WideCase made = wide_case(random);
            std::vector<Int256> wanted(made.weights.size());
            std::vector<Int256> got(made.weights.size(), Int256{-7});
            const Int256 given = allot::kernel::plain::proportional_floor<Int256>(
                made.quantity, made.weights, made.total, made.lot, wanted);
            const Int256 returned = allot::kernel::proportional_floor(made.quantity, made.weights,
                                                                      made.total, made.lot, got);
            if (got != wanted || given != returned) {
                FAIL(name_of(form)
                     << " seed " << seed << " quantity " << made.quantity.to_string() << " total "
                     << made.total.to_string() << " lot " << made.lot.to_string());
            }
        }
    }
}

TEST_CASE("The sum of many wide shares is exact", "[kernel]") {
    // Digits of ones, more of them than one word can add up.
    const Int256 weight = shifted(Int256{1}, 104) - Int256{1};
    const std::vector<Int256> weights(70'001, weight);
    const Int256 total = weight * Int256{70'001};
    for (const SimdForm form : allot_test::simd_forms()) {
        const allot_test::ForcedSimd forced{form};
        std::vector<Int256> shares(weights.size());
        const Int256 given =
            allot::kernel::proportional_floor(total - Int256{1}, weights, total, Int256{1}, shares);
        CHECK(given == total - Int256{70'001});
        CHECK(shares == std::vector<Int256>(weights.size(), weight - Int256{1}));
    }
}

TEST_CASE("Numbers at the edge of every width are split exactly", "[kernel]") {
    for (const SimdForm form : allot_test::simd_forms()) {
        const allot_test::ForcedSimd forced{form};
        for (std::size_t bits = 3; bits < 62; ++bits) {
            for (const std::int64_t beside : {-1, 0, 1}) {
                const std::int64_t total = (std::int64_t{1} << bits) + beside;
                const std::vector<std::int64_t> weights{total - 4, 1, 0, 1, 2};
                for (const std::int64_t quantity : {total - 1, total / 2, std::int64_t{1}}) {
                    std::vector<std::int64_t> wanted(weights.size());
                    std::vector<std::int64_t> got(weights.size());
                    allot::kernel::plain::proportional_floor<std::int64_t>(quantity, weights, total,
                                                                           1, wanted);
                    allot::kernel::proportional_floor(quantity, weights, total, 1, got);
                    REQUIRE(got == wanted);
                }
            }
        }
    }
}

TEST_CASE("A multiplier is the fraction rounded up", "[kernel]") {
    using allot::kernel::multiplier_of;
    using allot::kernel::Words;
    constexpr std::uint64_t third = 0x5555555555555555;
    CHECK(multiplier_of<1>(Words<1>{1}, Words<1>{3}) == Words<1>{third + 1});
    CHECK(multiplier_of<2>(Words<1>{1}, Words<1>{3}) == Words<2>{third + 1, third});
    CHECK(multiplier_of<1>(Words<1>{1}, Words<1>{2}) == Words<1>{std::uint64_t{1} << 63U});
    CHECK(multiplier_of<1>(Words<1>{0}, Words<1>{2}) == Words<1>{0});
    CHECK(multiplier_of<2>(Words<2>{1, 0}, Words<2>{0, 1}) == Words<2>{0, 1});
    // (2^65 - 1) / 2^65: 128 bits less 2^63.
    CHECK(multiplier_of<2>(Words<2>{~0ULL, 1}, Words<2>{0, 2}) ==
          Words<2>{std::uint64_t{1} << 63U, ~0ULL});
}

TEST_CASE("Sums are exact in both widths", "[kernel]") {
    CHECK(allot::kernel::sum(std::vector<std::int64_t>{}) == 0);
    CHECK(allot::kernel::sum(std::vector<std::int64_t>{5, -2, largest_total}) == largest_total + 3);
    const Int256 half = shifted(Int256{1}, 254);
    CHECK(allot::kernel::sum(std::vector<Int256>{half, half, Int256{-1}, Int256{0} - half}) ==
          half - Int256{1});
    CHECK_THROWS_AS(allot::kernel::sum(std::vector<Int256>{half, half}), std::overflow_error);
    CHECK_THROWS_AS(allot::kernel::sum(std::vector<Int256>(4, Int256{0} - half)),
                    std::overflow_error);
}
