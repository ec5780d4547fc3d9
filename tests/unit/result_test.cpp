// Result and Refusal: a value, or the reason why there is none.
#include "allot/result.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "support/catch.hpp"

using allot::Error;
using allot::ErrorCode;
using allot::Errors;
using allot::Refusal;
using allot::Result;
using allot::Unexpected;

namespace {

Result<int> half(int number) {
    if (number % 2 != 0) {
        return Unexpected{Error{.code = ErrorCode::option_is_not_valid,
                                .found = std::to_string(number),
                                .expected = "an even number"}};
    }
    return number / 2;
}

Result<void, Errors> nothing_but(int problems) {
    if (problems == 0) {
        return {};
    }
    return Unexpected{Errors(static_cast<std::size_t>(problems),
                             Error{.code = ErrorCode::field_is_missing, .field = "side"})};
}

}  // namespace

TEST_CASE("result: a value is there to be taken") {
    const Result<int> result = half(8);
    REQUIRE(result);
    CHECK(result.has_value());
    CHECK(*result == 4);
    CHECK(result.value() == 4);
    CHECK(result.value_or(7) == 4);
    CHECK_THROWS_AS(result.error(), std::bad_variant_access);
}

TEST_CASE("result: an error is named, and value() throws it") {
    const Result<int> result = half(7);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::option_is_not_valid);
    CHECK(result.value_or(7) == 7);
    CHECK_THROWS_AS(*result, std::bad_variant_access);
    try {
        (void)result.value();
        FAIL("an error was taken for a value");
    } catch (const Refusal& refusal) {
        CHECK(refusal.code() == ErrorCode::option_is_not_valid);
        CHECK(refusal.errors().size() == 1);
        CHECK(refusal.what() == result.error().message());
    }
}

TEST_CASE("result: values that can only move are moved out") {
    Result<std::unique_ptr<int>> result{std::make_unique<int>(5)};
    REQUIRE(result);
    CHECK(**result == 5);
    const std::unique_ptr<int> taken = std::move(result).value();
    CHECK(*taken == 5);
}

TEST_CASE("result: members of the value are reached and changed through the arrow") {
    Result<std::string> result{std::string{"desk"}};
    result->append("/A");
    CHECK(std::as_const(result)->size() == 6);
    *result = "other";
    CHECK(result.value() == "other");
}

TEST_CASE("result: nothing can fail too, with all its reasons") {
    CHECK(nothing_but(0));
    nothing_but(0).value();
    const Result<void, Errors> result = nothing_but(3);
    REQUIRE_FALSE(result);
    CHECK(result.error().size() == 3);
    try {
        result.value();
        FAIL("three errors were taken for none");
    } catch (const Refusal& refusal) {
        CHECK(refusal.errors().size() == 3);
        CHECK(refusal.code() == ErrorCode::field_is_missing);
        CHECK(std::string{refusal.what()} == "field is missing, side");
    }
}

TEST_CASE("result: a refusal without a reason is a bug and says so") {
    CHECK_THROWS_AS(Refusal{Errors{}}, std::invalid_argument);
}
