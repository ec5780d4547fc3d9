// Prices of either sign, and the exact average of fills.
#include "allot/price.hpp"

#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/exact.hpp"

using allot::AveragePrice;
using allot::Decimal;
using allot::ErrorCode;
using allot::Price;
using allot::Quantity;
using allot::Result;
using allot::Rounding;

static_assert(!std::is_convertible_v<Decimal, Price>);

TEST_CASE("price: negative and zero are prices too") {
    CHECK(Price::parse("-37.63").value().to_string() == "-37.63");
    CHECK(Price::parse("0").value().amount().is_zero());
    CHECK(Price::parse("-37.63").value() < Price::parse("0").value());
    CHECK(Price::parse("1.50").value() == Price{Decimal::parse("1.5").value()});
    CHECK(Price::parse("n/a").error().code == ErrorCode::text_is_not_a_decimal);
}

TEST_CASE("average price: the rounding and the cash it leaves over add up") {
    AveragePrice average;
    REQUIRE(average.add(Quantity{100}, Price::parse("10.01").value()));
    REQUIRE(average.add(Quantity{200}, Price::parse("10.02").value()));
    CHECK(average.notional().to_string() == "3005");
    CHECK(average.quantity() == Quantity{300});
    const AveragePrice::Rounded rounded = average.rounded(4, Rounding::half_even).value();
    CHECK(rounded.price.to_string() == "10.0167");
    CHECK(rounded.residual.to_string() == "-0.01");
}

TEST_CASE("average price: nothing added has no average, and a refused fill leaves no trace") {
    AveragePrice average;
    CHECK(average.rounded(2, Rounding::down).error().code == ErrorCode::division_by_zero);
    REQUIRE(average.add(Quantity{10}, Price::parse("2.5").value()));

    const Quantity most = Quantity::parse("999999999999999999999999999999999999").value();
    CHECK(average.add(most, Price::parse("10").value()).error().code ==
          ErrorCode::decimal_has_too_many_digits);
    // The product fits, the sum of notionals does, the sum of quantities does not.
    CHECK(average.add(most, Price::parse("0").value()).error().code ==
          ErrorCode::decimal_has_too_many_digits);
    CHECK(average.notional() == 25);
    CHECK(average.quantity() == Quantity{10});
    CHECK(average.rounded(29, Rounding::down).error().code == ErrorCode::option_is_not_valid);
}

TEST_CASE("average price: is the rational average over random fills, rounded in every way") {
    constexpr std::uint64_t seed = 5;
    std::mt19937_64 random{seed};
    for (int round = 0; round < 300; ++round) {
        AveragePrice average;
        allot_test::Rational notional = 0;
        allot_test::Rational units = 0;
        for (std::uint64_t fill = 0; fill < 1 + random() % 20; ++fill) {
            const std::string quantity = std::to_string(1 + random() % 100'000) + "e-3";
            const std::string price =
                (random() % 3 == 0 ? "-" : "") + std::to_string(random() % 10'000'000) + "e-4";
            REQUIRE(average.add(Quantity::parse(quantity).value(), Price::parse(price).value()));
            const auto exact_quantity = allot_test::rational_of(Decimal::parse(quantity).value());
            units += exact_quantity;
            notional += exact_quantity * allot_test::rational_of(Decimal::parse(price).value());
        }
        const auto rounding = static_cast<Rounding>(random() % 6);
        const AveragePrice::Rounded found = average.rounded(6, rounding).value();
        const auto right = allot_test::rounded_to(notional / units, 6, rounding);
        INFO("seed " << seed << ", round " << round);
        CHECK(allot_test::rational_of(found.price.amount()) == right);
        CHECK(allot_test::rational_of(found.residual) == notional - right * units);
    }
}
