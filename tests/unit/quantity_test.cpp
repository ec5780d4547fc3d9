// Quantities are never negative and mix with nothing else.
#include "allot/quantity.hpp"

#include <type_traits>

#include "allot/price.hpp"
#include "support/catch.hpp"

using allot::Decimal;
using allot::ErrorCode;
using allot::Quantity;
using allot::Result;

static_assert(!std::is_convertible_v<int, Quantity>);
static_assert(!std::is_constructible_v<Quantity, Decimal>);
static_assert(!std::is_constructible_v<Quantity, double>);
static_assert(!std::is_constructible_v<Quantity, allot::Price>);

TEST_CASE("quantity: zero and more are taken, less is refused") {
    CHECK(Quantity{}.is_zero());
    CHECK(Quantity{5}.to_string() == "5");
    CHECK(Quantity::parse("0").value().is_zero());
    CHECK(Quantity::parse("-0").value().is_zero());
    CHECK(Quantity::parse("123456789012345678.123456789").value().to_string() ==
          "123456789012345678.123456789");
    CHECK(Quantity::from(Decimal::parse("0.001").value()).value().to_string() == "0.001");

    const Result<Quantity> negative = Quantity::parse("-3");
    REQUIRE_FALSE(negative);
    CHECK(negative.error().code == ErrorCode::quantity_is_negative);
    CHECK(negative.error().message() == "quantity is negative, found -3, expected zero or more");
    CHECK(Quantity::from(Decimal{-1}).error().code == ErrorCode::quantity_is_negative);
    CHECK(Quantity::parse("three").error().code == ErrorCode::text_is_not_a_decimal);
    CHECK(Quantity::parse("1e36").error().code == ErrorCode::decimal_has_too_many_digits);
    CHECK(Quantity::parse("1e-29").error().code == ErrorCode::decimal_is_too_fine);
}

TEST_CASE("quantity: a negative whole number throws") {
    try {
        (void)Quantity{-1};
        FAIL("a quantity below zero was made");
    } catch (const allot::Refusal& refusal) {
        CHECK(refusal.code() == ErrorCode::quantity_is_negative);
    }
}

TEST_CASE("quantity: sums and differences are exact or refused") {
    CHECK(Quantity{3} + Quantity{4} == Quantity{7});
    CHECK(Quantity{7} - Quantity{4} == Quantity{3});
    CHECK((Quantity{7} - Quantity{7}).is_zero());
    CHECK(Quantity{3} < Quantity{4});
    CHECK_THROWS_AS(Quantity{3} - Quantity{4}, allot::Refusal);
    const Quantity most = Quantity::parse("999999999999999999999999999999999999").value();
    CHECK_THROWS_AS(most + Quantity{1}, allot::Refusal);
}
