// Decimal arithmetic, compared with rationals of any size over random and awkward operands.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "allot/decimal.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"
#include "support/exact.hpp"

using allot::Decimal;
using allot::ErrorCode;
using allot::LotQuotient;
using allot::Result;
using allot::Rounding;
using allot_test::Integer;
using allot_test::Rational;
using allot_test::rational_of;
using allot_test::Verdict;
using allot_test::verdict_of;

namespace {

constexpr std::uint64_t arithmetic_seed = 20260302;
constexpr std::array all_roundings = {Rounding::down,         Rounding::up,
                                      Rounding::half_even,    Rounding::half_up,
                                      Rounding::toward_house, Rounding::toward_client};

Decimal parsed(std::string_view text) {
    return Decimal::parse(text).value();
}

// Operands of every length and scale; many sit on an edge: nines, powers of ten, halves.
class Operands {
  public:
    explicit Operands(std::uint64_t start) : random_{start} {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    Decimal next() {
        std::string digits = digits_of(below(6));
        std::string text = below(2) == 0 ? "" : "-";
        text += digits + "e-" + std::to_string(below(29));
        return parsed(text);
    }

  private:
    std::string digits_of(std::size_t shape) {
        const std::size_t length = 1 + (below(3) == 0 ? below(36) : below(12));
        switch (shape) {
            case 0:
                return std::string(length, '9');
            case 1:
                return "1" + std::string(length - 1, '0');
            case 2:
                return length < 2 ? "1" : "1" + std::string(length - 2, '0') + "1";
            case 3:
                return "5" + std::string(length - 1, '0');
            default: {
                std::string digits(1, static_cast<char>('1' + below(9)));
                while (digits.size() < length) {
                    digits += static_cast<char>('0' + below(10));
                }
                return digits;
            }
        }
    }

    std::mt19937_64 random_;
};

// Counts what differs instead of asserting each time: Catch2 is slow, operands are many.
class Differences {
  public:
    void expect(const Verdict& found, const Verdict& wanted, const Decimal& a,
                const std::string& operation, const Decimal& b) {
        if (found == wanted) {
            return;
        }
        const auto shown = [](const Verdict& verdict) {
            return verdict.error ? std::string{info(*verdict.error).name} : verdict.text;
        };
        add(a.to_string() + " " + operation + " " + b.to_string() + ": " + shown(found) +
            ", expected " + shown(wanted));
    }
    void add(std::string difference) {
        if (count_++ == 0) {
            first_ = std::move(difference);
        }
    }
    void check() const {
        INFO("seed " << arithmetic_seed << ", first difference: " << first_);
        CHECK(count_ == 0);
    }

  private:
    std::size_t count_{0};
    std::string first_{};
};

std::size_t rounds() {
    return oracle::cases("decimals against rationals", 20'000);
}

}  // namespace

TEST_CASE("decimal: sums, differences, products and order are those of the rationals") {
    Operands operands{arithmetic_seed};
    Differences differences;
    for (std::size_t i = 5 * rounds(); i > 0; --i) {
        const Decimal a = operands.next();
        // Now and then an operand close to the other one.
        const Decimal b = i % 16 == 0 ? -a : operands.next();
        const Rational exact_a = rational_of(a);
        const Rational exact_b = rational_of(b);
        differences.expect(verdict_of(add(a, b)), verdict_of(exact_a + exact_b), a, "+", b);
        differences.expect(verdict_of(subtract(a, b)), verdict_of(exact_a - exact_b), a, "-", b);
        differences.expect(verdict_of(multiply(a, b)), verdict_of(exact_a * exact_b), a, "*", b);
        if ((a < b) != (exact_a < exact_b) || (a == b) != (exact_a == exact_b) ||
            (a > b) != (exact_a > exact_b)) {
            differences.add(a.to_string() + " <=> " + b.to_string());
        }
    }
    differences.check();
}

TEST_CASE("decimal: quotients are the rational ones, rounded in each of the six ways") {
    Operands operands{arithmetic_seed + 1};
    Differences differences;
    for (std::size_t i = rounds(); i > 0; --i) {
        const Decimal a = operands.next();
        const Decimal b = operands.next();
        const auto scale = static_cast<unsigned>(operands.below(29));
        const Rational exact = rational_of(a) / rational_of(b);
        for (const Rounding rounding : all_roundings) {
            differences.expect(verdict_of(divide(a, b, static_cast<int>(scale), rounding)),
                               verdict_of(allot_test::rounded_to(exact, scale, rounding)), a,
                               "/ (scale " + std::to_string(scale) + ", rounding " +
                                   std::to_string(static_cast<int>(rounding)) + ")",
                               b);
        }
    }
    differences.check();
}

TEST_CASE("decimal: rounding is that of the rationals, in each of the six ways") {
    Operands operands{arithmetic_seed + 2};
    Differences differences;
    for (std::size_t i = rounds(); i > 0; --i) {
        const Decimal a = operands.next();
        const auto scale = static_cast<unsigned>(operands.below(29));
        for (const Rounding rounding : all_roundings) {
            differences.expect(
                verdict_of(round(a, static_cast<int>(scale), rounding)),
                verdict_of(allot_test::rounded_to(rational_of(a), scale, rounding)), a,
                "rounded by " + std::to_string(static_cast<int>(rounding)) + " to", Decimal{scale});
        }
    }
    differences.check();
}

TEST_CASE("decimal: whole lots and remainder are those of the rationals") {
    Operands operands{arithmetic_seed + 3};
    Differences differences;
    for (std::size_t i = 2 * rounds(); i > 0; --i) {
        const Decimal a = operands.next();
        Decimal lot = operands.next();
        lot = lot.sign() < 0 ? -lot : lot;
        const Rational exact = rational_of(a);
        const Integer lots = allot_test::rounded(exact / rational_of(lot), Rounding::down);
        const Verdict wanted_lots = verdict_of(Rational{lots});
        const Result<LotQuotient> found = divide_into_lots(a, lot);
        if (!found) {
            differences.expect(Verdict{{}, found.error().code}, wanted_lots, a, "in lots of", lot);
            continue;
        }
        differences.expect(verdict_of(Result<Decimal>{found->whole_lots}), wanted_lots, a,
                           "in lots of", lot);
        differences.expect(verdict_of(Result<Decimal>{found->remainder}),
                           verdict_of(exact - Rational{lots} * rational_of(lot)), a,
                           "modulo lots of", lot);
    }
    differences.check();
}

TEST_CASE("decimal: rounding tables, as one would write them by hand") {
    struct Row {
        const char* number;
        std::array<const char*, 6> wanted;  // in the order of all_roundings
    };
    const std::vector<Row> rows = {
        {"2.5", {"2", "3", "2", "3", "2", "3"}},        {"3.5", {"3", "4", "4", "4", "3", "4"}},
        {"-2.5", {"-2", "-3", "-2", "-3", "-3", "-2"}}, {"2.4", {"2", "3", "2", "2", "2", "3"}},
        {"-2.6", {"-2", "-3", "-3", "-3", "-3", "-2"}}, {"7", {"7", "7", "7", "7", "7", "7"}},
        {"-0.1", {"0", "-1", "0", "0", "-1", "0"}},
    };
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < all_roundings.size(); ++i) {
            INFO(row.number << " rounded in way " << i);
            CHECK(round(parsed(row.number), 0, all_roundings[i]).value().to_string() ==
                  row.wanted[i]);
        }
    }
}

TEST_CASE("decimal: limits of arithmetic are refused by name") {
    const Decimal most = parsed("999999999999999999999999999999999999");
    const Decimal least = parsed("1e-28");
    CHECK(add(most, 1).error().code == ErrorCode::decimal_has_too_many_digits);
    CHECK(subtract(-most, 1).error().code == ErrorCode::decimal_has_too_many_digits);
    CHECK(add(most, least).error().code == ErrorCode::decimal_has_too_many_digits);
    CHECK(subtract(most, 1).value().to_string() == "999999999999999999999999999999999998");
    CHECK(multiply(least, parsed("0.5")).error().code == ErrorCode::decimal_is_too_fine);
    CHECK(multiply(parsed("2e-28"), parsed("0.5")).value() == least);
    CHECK(multiply(most, most).error().code == ErrorCode::decimal_has_too_many_digits);
    CHECK(multiply(most, 0).value() == Decimal{});
    CHECK((-Decimal{0}).sign() == 0);

    CHECK(divide(1, 0, 2, Rounding::down).error().code == ErrorCode::division_by_zero);
    CHECK(divide(1, 3, -1, Rounding::down).error().code == ErrorCode::option_is_not_valid);
    CHECK(divide(1, 3, 29, Rounding::down).error().code == ErrorCode::option_is_not_valid);
    CHECK(divide(most, least, 0, Rounding::down).error().code ==
          ErrorCode::decimal_has_too_many_digits);
    CHECK(round(1, 29, Rounding::down).error().code == ErrorCode::option_is_not_valid);
    CHECK(round(1, -1, Rounding::down).error().code == ErrorCode::option_is_not_valid);
    CHECK(divide_into_lots(Decimal{1}, 0).error().code == ErrorCode::division_by_zero);
    CHECK(divide_into_lots(Decimal{1}, -1).error().code == ErrorCode::lot_is_not_positive);
    CHECK(divide_into_lots(most, least).error().code == ErrorCode::decimal_has_too_many_digits);

    CHECK(add(most, 1).error().message() ==
          "decimal has too many digits, found 999999999999999999999999999999999999 + 1, expected "
          "at most 36 significant digits");
}

TEST_CASE("decimal: operators give the exact result or throw the refusal") {
    CHECK(parsed("0.1") + parsed("0.2") == parsed("0.3"));
    CHECK(parsed("1") - parsed("0.9") == parsed("0.1"));
    CHECK(parsed("0.1") * 3 == parsed("0.3"));
    CHECK(-parsed("0.1") < 0);
    CHECK_THROWS_AS(parsed("1e35") * 10, allot::Refusal);
    CHECK_THROWS_AS(parsed("999999999999999999999999999999999999") + 1, allot::Refusal);
    CHECK_THROWS_AS(parsed("1e35") - parsed("1e-28"), allot::Refusal);
}
