// Decimals from text and to text: the grammar, the limits, the normal form.
#include "allot/decimal.hpp"

#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using allot::Decimal;
using allot::ErrorCode;
using allot::Result;

namespace {

std::string printed(std::string_view text) {
    const Result<Decimal> decimal = Decimal::parse(text);
    return decimal ? decimal->to_string() : std::string{info(decimal.error().code).name};
}

}  // namespace

static_assert(sizeof(Decimal) == 16);
static_assert(std::is_trivially_copyable_v<Decimal>);
static_assert(!std::is_constructible_v<Decimal, double>);
static_assert(!std::is_constructible_v<Decimal, float>);
static_assert(!std::is_constructible_v<Decimal, bool>);

TEST_CASE("decimal: plain numbers come out as they went in") {
    const std::string text = GENERATE(
        as<std::string>{}, "0", "1", "-1", "10", "1200", "-0.05", "0.1", "1.5",
        "123456789012345678.123456789", "0.0000000000000000000000000001",
        "-0.0000000000000000000000000001", "999999999999999999999999999999999999",
        "-999999999999999999999999999999999999", "99999999.9999999999999999999999999999",
        "100000000000000000000000000000000000", "12345678901234567890", "18446744073709551615",
        "18446744073709551616", "1844674407370955161.6", "100000000000000000.000000000000000001",
        "999999999999999999", "1000000000000000000", "999999999999999999.5");
    INFO(text);
    CHECK(printed(text) == text);
}

TEST_CASE("decimal: other spellings come out in normal form") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"-0", "0"},
        {"-0.000", "0"},
        {"0.00", "0"},
        {"1.0", "1"},
        {"1.50", "1.5"},
        {"100.00", "100"},
        {"1e3", "1000"},
        {"1E3", "1000"},
        {"1e+3", "1000"},
        {"1e0", "1"},
        {"1e-0", "1"},
        {"1.5E-2", "0.015"},
        {"-12.5e1", "-125"},
        {"1000e-3", "1"},
        {"1000e-5", "0.01"},
        {"0e400", "0"},
        {"0e-400", "0"},
        {"-0.0e99999999999999999999999999", "0"},
        {"1e35", "100000000000000000000000000000000000"},
        {"0.0001e39", "100000000000000000000000000000000000"},
        {"1e-28", "0.0000000000000000000000000001"},
        {"100e-30", "0.0000000000000000000000000001"},
        {"0.10000000000000000000000000000000000000000000000000", "0.1"},
        {"1e000000000000000000000000000000000003", "1000"},
        {"10000000000000000000000000000000000000000e-30", "10000000000"},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(printed(text) == expected);
    }
}

TEST_CASE("decimal: what is no JSON number is refused") {
    const std::string text =
        GENERATE(as<std::string>{}, "", "-", "+", "+1", "01", "-01", "00", "00.5", ".5", "-.5",
                 "1.", "-1.", "1.e3", "1e", "1e+", "1e-", "1e1.5", "1.2.3", "1,5", "1 ", " 1",
                 "1_000", "0x10", "NaN", "nan", "Infinity", "-Infinity", "1f", "--1", "1-", "e3",
                 "1e3e3", "\xEF\xBC\x91", "12345678901234567890x", "1234567890123456789.", "1\n",
                 "-+1", "0e", "0123456789012345678901234567890");
    INFO(text);
    const Result<Decimal> decimal = Decimal::parse(text);
    REQUIRE_FALSE(decimal);
    CHECK(decimal.error().code == ErrorCode::text_is_not_a_decimal);
    CHECK(decimal.error().found == (text.empty() ? "empty text" : text));
}

TEST_CASE("decimal: a zero byte inside the text does not end it") {
    CHECK_FALSE(Decimal::parse(std::string_view{"1\0", 2}));
    CHECK_FALSE(Decimal::parse(std::string_view{"1\0002", 3}));
}

TEST_CASE("decimal: what does not fit is refused by name") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"1e36", "decimal_has_too_many_digits"},
        {"1e400", "decimal_has_too_many_digits"},
        {"-1e400", "decimal_has_too_many_digits"},
        {"1e999999999999999999", "decimal_has_too_many_digits"},
        {"1e99999999999999999999999999999999999", "decimal_has_too_many_digits"},
        {"1000000000000000000000000000000000000", "decimal_has_too_many_digits"},
        {"1234567890123456789012345678901234567", "decimal_has_too_many_digits"},
        {"1.234567890123456789012345678901234567", "decimal_has_too_many_digits"},
        {"99999999999999999999999999999999999.99", "decimal_has_too_many_digits"},
        {"1e-29", "decimal_is_too_fine"},
        {"1e-400", "decimal_is_too_fine"},
        {"1e-999999999999999999", "decimal_is_too_fine"},
        {"1e-99999999999999999999999999999999999", "decimal_is_too_fine"},
        {"0.00000000000000000000000000001", "decimal_is_too_fine"},
        {"1.00000000000000000000000000001", "decimal_is_too_fine"},
        {"15e-29", "decimal_is_too_fine"},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(printed(text) == expected);
    }
}

TEST_CASE("decimal: absurdly long texts are read, and in time linear in their length") {
    constexpr std::size_t length = 5'000'000;
    const std::string zeros(length, '0');
    CHECK(printed("0." + zeros) == "0");
    CHECK(printed("1." + zeros) == "1");
    CHECK(printed("0." + zeros + "1") == "decimal_is_too_fine");
    CHECK(printed("1" + zeros) == "decimal_has_too_many_digits");
    CHECK(printed("1" + zeros + "e-" + std::to_string(length)) == "1");
    CHECK(printed("0." + zeros + "25e" + std::to_string(length)) == "0.25");
    CHECK(printed("1e" + zeros + "2") == "100");
    CHECK(printed("0e1" + zeros) == "0");
    CHECK(printed(std::string(length, '7')) == "decimal_has_too_many_digits");

    const Result<Decimal> refused = Decimal::parse(std::string(length, '7') + "x");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::text_is_not_a_decimal);
    CHECK(refused.error().found == std::string(197, '7') + "...");
}

TEST_CASE("decimal: whole numbers of every width convert by themselves") {
    CHECK(Decimal{0}.to_string() == "0");
    CHECK(Decimal{std::numeric_limits<std::int64_t>::min()}.to_string() == "-9223372036854775808");
    CHECK(Decimal{std::numeric_limits<std::int64_t>::max()}.to_string() == "9223372036854775807");
    CHECK(Decimal{std::numeric_limits<std::uint64_t>::max()}.to_string() == "18446744073709551615");
    CHECK(Decimal{static_cast<signed char>(-7)} == Decimal::parse("-7").value());
    CHECK(Decimal::parse("5.0").value() == 5);
}

TEST_CASE("decimal: parts and mantissas are normalised and checked") {
    CHECK(Decimal::from_parts(1500, 3).value().to_string() == "1.5");
    CHECK(Decimal::from_parts(-1500, 2).value().to_string() == "-15");
    CHECK(Decimal::from_parts(15, -3).value().to_string() == "15000");
    CHECK(Decimal::from_parts(0, 1'000'000).value() == Decimal{});
    CHECK(Decimal::from_parts(0, -1'000'000).value() == Decimal{});
    CHECK(Decimal::from_parts(std::numeric_limits<std::int64_t>::min(), 28).value().to_string() ==
          "-0.0000000009223372036854775808");
    CHECK(Decimal::from_parts(1, 29).error().code == ErrorCode::decimal_is_too_fine);
    CHECK(Decimal::from_parts(10, 29).value().to_string() == "0.0000000000000000000000000001");
    CHECK(Decimal::from_parts(1, std::numeric_limits<int>::max()).error().code ==
          ErrorCode::decimal_is_too_fine);
    CHECK(Decimal::from_parts(1, std::numeric_limits<int>::min()).error().code ==
          ErrorCode::decimal_has_too_many_digits);
    CHECK(Decimal::from_parts(1, -35).value() == Decimal::parse("1e35").value());
    CHECK(Decimal::from_parts(1, -36).error().code == ErrorCode::decimal_has_too_many_digits);

    const Decimal most = Decimal::parse("-99999999.9999999999999999999999999999").value();
    CHECK(Decimal::from_mantissa(true, most.mantissa_high(), most.mantissa_low(), most.scale())
              .value() == most);
    CHECK(Decimal::from_mantissa(false, ~std::uint64_t{0}, ~std::uint64_t{0}, 0).error().code ==
          ErrorCode::decimal_has_too_many_digits);
    CHECK(Decimal::from_mantissa(true, 0, 0, 5).value() == Decimal{});
    CHECK(Decimal::from_mantissa(true, 0, 0, 5).value().sign() == 0);
}

TEST_CASE("decimal: sign, scale and wholeness speak of the normal form") {
    CHECK(Decimal::parse("-1.50").value().scale() == 1);
    CHECK(Decimal::parse("-1.50").value().sign() == -1);
    CHECK(Decimal::parse("1e5").value().scale() == 0);
    CHECK(Decimal::parse("1e5").value().is_whole());
    CHECK_FALSE(Decimal::parse("0.5").value().is_whole());
    CHECK(Decimal::parse("-0.0").value().is_zero());
    for (const char* zero : {"-0", "-0.0", "-0e5", "-0.00000000000000000000000000000000000000"}) {
        CHECK(Decimal::parse(zero).value() == Decimal{});
    }
    CHECK(Decimal::parse("1e-28").value().scale() == 28);
}

TEST_CASE("decimal: equal numbers hash alike, and numbers at hand do not collide") {
    const std::hash<Decimal> hash;
    CHECK(hash(Decimal::parse("1.50").value()) == hash(Decimal::parse("15e-1").value()));
    std::unordered_set<std::size_t> seen;
    std::size_t count = 0;
    for (int mantissa = -500; mantissa <= 500; ++mantissa) {
        for (int scale = 0; scale <= 28; ++scale) {
            const Decimal decimal = Decimal::from_parts(mantissa, scale).value();
            if (mantissa % 10 != 0 || scale == 0) {
                seen.insert(hash(decimal));
                ++count;
            }
        }
    }
    CHECK(seen.size() == count);
}

namespace {

// A locale that writes 1234.5 as 1.234,5.
class Commas : public std::numpunct<char> {
  protected:
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

class GlobalLocale {
  public:
    explicit GlobalLocale(const std::locale& locale) : before_{std::locale::global(locale)} {}
    GlobalLocale(const GlobalLocale&) = delete;
    GlobalLocale& operator=(const GlobalLocale&) = delete;
    ~GlobalLocale() { std::locale::global(before_); }

  private:
    std::locale before_;
};

}  // namespace

TEST_CASE("decimal: the locale of the program changes nothing") {
    const GlobalLocale commas{std::locale{std::locale{}, new Commas}};
    std::ostringstream control;
    control << 1234.5;
    REQUIRE(control.str() == "1.234,5");

    CHECK(printed("1234567.25") == "1234567.25");
    CHECK(printed("123456789012345678.123456789") == "123456789012345678.123456789");
    CHECK(printed("1.234,5") == "text_is_not_a_decimal");
    CHECK(Decimal{1234567}.to_string() == "1234567");
    CHECK(Decimal::from_parts(1, 2000).error().message() ==
          "decimal is too fine, found a mantissa of 1 with scale 2000, expected at most 28 places "
          "after the point");
}
