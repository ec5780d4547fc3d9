// Decimals as whole counts of 10^-scale and back, and ratios of such counts.
#include "engine/base/scaled.hpp"

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/base/deviation.hpp"
#include "support/catch.hpp"
#include "support/exact.hpp"

using allot::Decimal;
using allot::ErrorCode;
using allot::Int256;
using allot::Rounding;
using allot::detail::from_scaled;
using allot::detail::ratio_rounded;
using allot::detail::to_scaled;
using allot_test::Integer;
using allot_test::Rational;

namespace {

Decimal parsed(std::string_view text) {
    return Decimal::parse(text).value();
}

std::string narrow(std::string_view text, int scale) {
    std::int64_t out = 0;
    return to_scaled(parsed(text), scale, out) ? std::to_string(out) : "does not fit";
}

std::string wide(std::string_view text, int scale) {
    Int256 out;
    return to_scaled(parsed(text), scale, out) ? out.to_string() : "does not fit";
}

// A number of `bits` bits at most and either sign.
Int256 number(std::mt19937_64& random, unsigned bits) {
    Int256 out;
    for (unsigned i = 0; i < bits / 31; ++i) {
        out = out * Int256{std::int64_t{1} << 31U} + Int256{random() >> 33U};
    }
    return random() % 2 == 0 ? out : Int256{} - out;
}

std::vector<Int256> widened(const std::vector<std::int64_t>& numbers) {
    return {numbers.begin(), numbers.end()};
}

}  // namespace

TEST_CASE("scaled: 64 bits take what is whole and below 2^62") {
    CHECK(narrow("12.5", 1) == "125");
    CHECK(narrow("12.5", 3) == "12500");
    CHECK(narrow("-12.5", 3) == "-12500");
    CHECK(narrow("12.5", 0) == "does not fit");
    CHECK(narrow("0", 28) == "0");
    CHECK(narrow("4611686018427387903", 0) == "4611686018427387903");
    CHECK(narrow("4611686018427387904", 0) == "does not fit");
    CHECK(narrow("-4611686018427387903", 0) == "-4611686018427387903");
    CHECK(narrow("-4611686018427387904", 0) == "does not fit");
    CHECK(narrow("4.611686018427387903", 18) == "4611686018427387903");
    CHECK(narrow("1", 18) == "1000000000000000000");
    CHECK(narrow("1", 19) == "does not fit");
    CHECK(narrow("0.0000000001", 28) == "1000000000000000000");
    CHECK(narrow("18446744073709551617", 0) == "does not fit");
    CHECK(narrow("36893488147419103233", 0) == "does not fit");
}

TEST_CASE("scaled: 256 bits take every decimal at every scale that is fine enough") {
    CHECK(wide("12.5", 1) == "125");
    CHECK(wide("12.5", 0) == "does not fit");
    CHECK(wide("-999999999999999999999999999999999999", 28) ==
          "-999999999999999999999999999999999999" + std::string(28, '0'));
    CHECK(wide("123456789012345678.123456789", 28) ==
          "123456789012345678123456789" + std::string(19, '0'));
    CHECK(wide("0.0000000000000000000000000001", 28) == "1");
    CHECK(wide("0", 28) == "0");
}

TEST_CASE("scaled: whole counts become decimals again, or an error when too long") {
    CHECK(from_scaled(std::int64_t{12500}, 3).value().to_string() == "12.5");
    CHECK(from_scaled(std::int64_t{-1}, 28).value().to_string() ==
          "-0.0000000000000000000000000001");
    CHECK(from_scaled(std::numeric_limits<std::int64_t>::min(), 2).value().to_string() ==
          "-92233720368547758.08");
    CHECK(from_scaled(Int256{-12500}, 3).value().to_string() == "-12.5");

    Int256 units;
    REQUIRE(to_scaled(parsed("-999999999999999999999999999999999999"), 28, units));
    CHECK(from_scaled(units, 28).value().to_string() == "-999999999999999999999999999999999999");
    CHECK(from_scaled(units, 27).error().code == ErrorCode::decimal_has_too_many_digits);
    CHECK(from_scaled(units + Int256{1}, 28).error().code ==
          ErrorCode::decimal_has_too_many_digits);
}

TEST_CASE("scaled: ratios are the rational ones, rounded") {
    constexpr std::uint64_t seed = 99;
    std::mt19937_64 random{seed};
    std::size_t differences = 0;
    std::string first;
    for (int i = 0; i < 20'000; ++i) {
        const Int256 numerator = number(random, 31 + static_cast<unsigned>(random() % 200));
        Int256 denominator = number(random, 31 + static_cast<unsigned>(random() % 200));
        if (denominator == Int256{}) {
            denominator = Int256{7};
        }
        const auto scale = static_cast<unsigned>(random() % 29);
        const auto rounding = static_cast<Rounding>(random() % 6);
        const Rational exact =
            Rational{Integer{numerator.to_string()}} / Rational{Integer{denominator.to_string()}};
        const allot_test::Verdict right =
            allot_test::verdict_of(allot_test::rounded_to(exact, scale, rounding));
        const allot_test::Verdict found = allot_test::verdict_of(
            ratio_rounded(numerator, denominator, static_cast<int>(scale), rounding));
        if (found != right && differences++ == 0) {
            first = numerator.to_string() + " / " + denominator.to_string() + " to " +
                    std::to_string(scale) + " places: " + found.text + ", expected " + right.text;
        }
    }
    INFO("seed " << seed << ", first difference: " << first);
    CHECK(differences == 0);
}

TEST_CASE("scaled: ratios refuse what has no answer") {
    CHECK(ratio_rounded(Int256{1}, Int256{0}, 6, Rounding::down).error().code ==
          ErrorCode::division_by_zero);
    CHECK(ratio_rounded(Int256{1}, Int256{1}, 29, Rounding::down).error().code ==
          ErrorCode::option_is_not_valid);
    CHECK(ratio_rounded(Int256{1}, Int256{1}, -1, Rounding::down).error().code ==
          ErrorCode::option_is_not_valid);
}

TEST_CASE("deviation: it is rounded half even, and above one lot only beyond one lot") {
    const auto lots_of = [](std::int64_t received, std::int64_t executed, std::int64_t lot) {
        return allot::detail::largest_deviation(
                   std::vector<std::int64_t>{received, executed - received},
                   std::vector<std::int64_t>{1, 1}, executed, lot)
            .value();
    };
    CHECK(lots_of(6, 10, 1).lots == Decimal{1});
    CHECK_FALSE(lots_of(6, 10, 1).is_above_one_lot);
    CHECK(lots_of(7, 10, 1).is_above_one_lot);
    CHECK(lots_of(7, 10, 1).index == 0);
    CHECK(lots_of(6, 10, 400'000).lots == Decimal::parse("0.000002").value());    // 0.0000025
    CHECK(lots_of(8, 10, 2'000'000).lots == Decimal::parse("0.000002").value());  // 0.0000015
}

TEST_CASE("deviation: 64 bits and 256 bits give the same") {
    std::mt19937_64 draw{7};
    for (int round = 0; round < 2'000; ++round) {
        const int bits = 1 + round % 58;
        const auto units = [&] { return static_cast<std::int64_t>(draw() >> (64 - bits)); };
        std::vector<std::int64_t> received;
        std::vector<std::int64_t> ordered;
        std::int64_t executed = 0;
        for (int i = 0; i < 8; ++i) {
            ordered.push_back(units() + 1);
            received.push_back(units());
            executed += received.back();
        }
        const std::int64_t lot = 1 + (round % 3 == 0 ? units() : 0);
        const auto in_64_bits = allot::detail::largest_deviation(received, ordered, executed, lot);
        const auto in_256_bits = allot::detail::largest_deviation(
            widened(received), widened(ordered), Int256{executed}, Int256{lot});
        REQUIRE(in_64_bits.has_value() == in_256_bits.has_value());
        if (in_64_bits) {
            CHECK(in_64_bits->index == in_256_bits->index);
            CHECK(in_64_bits->lots == in_256_bits->lots);
            CHECK(in_64_bits->is_above_one_lot == in_256_bits->is_above_one_lot);
        }
    }
}
