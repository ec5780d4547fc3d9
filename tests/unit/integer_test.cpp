// Int256 against integers of any size, and the product-quotient in both widths.
#include "allot/integer.hpp"

#include <array>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/exact.hpp"

using allot::Int256;
using allot_test::Integer;

namespace {

constexpr std::uint64_t integer_seed = 4711;

const Integer two_to_255 = Integer{1} << 255U;
const Int256 largest{std::array<std::uint64_t, 4>{~std::uint64_t{0}, ~std::uint64_t{0},
                                                  ~std::uint64_t{0}, ~std::uint64_t{0} >> 1U}};
const Int256 smallest{std::array<std::uint64_t, 4>{0, 0, 0, std::uint64_t{1} << 63U}};

Integer exact(const Int256& value) {
    Integer out = 0;
    for (std::size_t i = 4; i-- > 0;) {
        out = (out << 64U) + Integer{value.limbs()[i]};
    }
    return value.is_negative() ? Integer{out - (Integer{1} << 256U)} : out;
}

bool fits(const Integer& value) {
    return value >= -two_to_255 && value < two_to_255;
}

// Numbers of every length, many of them all zeros or ones within a limb.
class Numbers {
  public:
    explicit Numbers(std::uint64_t start) : random_{start} {}

    Int256 next() {
        std::array<std::uint64_t, 4> limbs{};
        const std::uint64_t fill = random_() % 2 == 0 ? 0 : ~std::uint64_t{0};
        const std::size_t used = random_() % 5;
        for (std::size_t i = 0; i < limbs.size(); ++i) {
            limbs[i] = i < used ? limb() : fill;
        }
        return Int256{limbs};
    }

  private:
    std::uint64_t limb() {
        switch (random_() % 6) {
            case 0:
                return 0;
            case 1:
                return ~std::uint64_t{0};
            case 2:
                return std::uint64_t{1} << (random_() % 64);
            default:
                return random_() >> (random_() % 64);
        }
    }

    std::mt19937_64 random_;
};

template <class Operation>
std::string outcome(Operation operation) {
    try {
        return operation().to_string();
    } catch (const std::overflow_error&) {
        return "overflow";
    } catch (const std::domain_error&) {
        return "domain";
    }
}

std::string wanted(const Integer& value) {
    return fits(value) ? value.str() : "overflow";
}

}  // namespace

static_assert(allot::SplitInteger<Int256>);
static_assert(allot::SplitInteger<std::int64_t>);
static_assert(!allot::SplitInteger<int>);

TEST_CASE("Int256: arithmetic, order and text are those of integers of any size") {
    Numbers numbers{integer_seed};
    std::size_t differences = 0;
    std::string first;
    const auto expect = [&](const std::string& found, const std::string& right,
                            const std::string& what) {
        if (found != right && differences++ == 0) {
            first = what + ": " + found + ", expected " + right;
        }
    };
    for (int i = 0; i < 50'000; ++i) {
        const Int256 a = numbers.next();
        const Int256 b = i % 50 == 0 ? a : numbers.next();
        const Integer x = exact(a);
        const Integer y = exact(b);
        const std::string pair = x.str() + ", " + y.str();
        expect(a.to_string(), x.str(), "text of " + x.str());
        expect(outcome([&] { return a + b; }), wanted(x + y), "sum of " + pair);
        expect(outcome([&] { return a - b; }), wanted(x - y), "difference of " + pair);
        expect(outcome([&] { return a * b; }), wanted(x * y), "product of " + pair);
        if (y != 0) {
            expect(outcome([&] { return a / b; }), wanted(x / y), "quotient of " + pair);
            expect(outcome([&] { return a % b; }), wanted(x % y), "remainder of " + pair);
        }
        const auto order = a <=> b;
        expect(std::to_string((order > 0) - (order < 0)), std::to_string((x > y) - (x < y)),
               "order of " + pair);
        expect(std::to_string(a == b), std::to_string(x == y), "equality of " + pair);
    }
    INFO("seed " << integer_seed << ", first difference: " << first);
    CHECK(differences == 0);
}

TEST_CASE("Int256: the ends of the range") {
    CHECK(largest.to_string() == Integer{two_to_255 - 1}.str());
    CHECK(smallest.to_string() == Integer{-two_to_255}.str());
    CHECK_THROWS_AS(largest + Int256{1}, std::overflow_error);
    CHECK_THROWS_AS(smallest - Int256{1}, std::overflow_error);
    CHECK_THROWS_AS(Int256{0} - smallest, std::overflow_error);
    CHECK_THROWS_AS(smallest / Int256{-1}, std::overflow_error);
    CHECK_THROWS_AS(smallest * Int256{-1}, std::overflow_error);
    CHECK_THROWS_AS(largest * Int256{2}, std::overflow_error);
    CHECK((smallest % Int256{-1}).to_string() == "0");
    CHECK_THROWS_AS(largest / Int256{0}, std::domain_error);
    CHECK_THROWS_AS(largest % Int256{0}, std::domain_error);
    CHECK_THROWS_AS(Int256{1} / Int256{0}, std::domain_error);
}

TEST_CASE("Int256: an operation that throws leaves its operand as it was") {
    Int256 value = largest;
    CHECK_THROWS_AS(value += Int256{1}, std::overflow_error);
    CHECK_THROWS_AS(value *= Int256{2}, std::overflow_error);
    CHECK_THROWS_AS(value /= Int256{0}, std::domain_error);
    CHECK(value == largest);
}

TEST_CASE("Int256: whole numbers of every width convert by themselves") {
    CHECK(Int256{std::numeric_limits<std::int64_t>::min()}.to_string() == "-9223372036854775808");
    CHECK(Int256{std::numeric_limits<std::uint64_t>::max()}.to_string() == "18446744073709551615");
    CHECK(Int256{-1}.is_negative());
    CHECK(Int256{}.to_string() == "0");
    CHECK(Int256{10'000'000'000'000'000'000U}.to_string() == "10000000000000000000");
}

TEST_CASE("multiply_divide: 64 bits, over products of up to 124 bits") {
    std::mt19937_64 random{integer_seed + 1};
    std::size_t differences = 0;
    for (int i = 0; i < 50'000; ++i) {
        const auto divisor = static_cast<std::int64_t>(random() >> (2 + random() % 61)) + 1;
        const auto a = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(divisor));
        const auto b = static_cast<std::int64_t>(random() >> (2 + random() % 61));
        const Integer right = Integer{a} * b / divisor;
        differences += Integer{allot::multiply_divide(a, b, divisor)} == right ? 0U : 1U;
    }
    INFO("seed " << integer_seed);
    CHECK(differences == 0);
}

TEST_CASE("multiply_divide: 256 bits, over products of up to 510 bits") {
    Numbers numbers{integer_seed + 2};
    std::size_t differences = 0;
    std::size_t compared = 0;
    std::string first;
    for (int i = 0; i < 50'000; ++i) {
        const Int256 a = numbers.next();
        const Int256 b = numbers.next();
        const Int256 divisor = numbers.next();
        if (a.is_negative() || b.is_negative() || divisor <= Int256{0}) {
            continue;
        }
        ++compared;
        const std::string found = outcome([&] { return allot::multiply_divide(a, b, divisor); });
        const std::string right = wanted(exact(a) * exact(b) / exact(divisor));
        if (found != right && differences++ == 0) {
            first = a.to_string() + " * " + b.to_string() + " / " + divisor.to_string() + ": " +
                    found + ", expected " + right;
        }
    }
    INFO("seed " << integer_seed << ", first difference: " << first);
    CHECK(differences == 0);
    CHECK(compared > 5'000);
}

TEST_CASE("multiply_divide: 256 bits refuse what has no answer") {
    CHECK_THROWS_AS(allot::multiply_divide(Int256{1}, Int256{1}, Int256{0}), std::domain_error);
    CHECK_THROWS_AS(allot::multiply_divide(Int256{-1}, Int256{1}, Int256{1}), std::domain_error);
    CHECK_THROWS_AS(allot::multiply_divide(Int256{1}, Int256{-1}, Int256{1}), std::domain_error);
    CHECK_THROWS_AS(allot::multiply_divide(Int256{1}, Int256{1}, Int256{-1}), std::domain_error);
    CHECK_THROWS_AS(allot::multiply_divide(largest, largest, Int256{1}), std::overflow_error);
}
