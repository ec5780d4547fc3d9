// Two numbers, one per line: whatever is read means what its text means, comes out as it went in,
// and is computed with exactly.
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "allot/decimal.hpp"
#include "fuzz/fuzz.hpp"
#include "support/exact.hpp"

using allot::Decimal;
using allot::Result;
using allot::Rounding;
using allot_test::Rational;
using allot_test::require;

namespace {

// The value of a text in the grammar of JSON numbers, read as naively as can be. nullopt: it is
// not of that grammar. Texts are short, exponents at most 4 digits.
std::optional<Rational> naive_value(std::string_view text) {
    std::string plain;
    std::size_t i = 0;
    const auto take_digits = [&](bool keep) {
        const std::size_t begin = i;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
            plain.append(keep ? 1U : 0U, text[i]);
            ++i;
        }
        return i - begin;
    };
    if (i < text.size() && text[i] == '-') {
        plain += text[i++];
    }
    const std::size_t first = i;
    const std::size_t whole = take_digits(true);
    if (whole == 0 || (whole > 1 && text[first] == '0')) {
        return std::nullopt;
    }
    if (i < text.size() && text[i] == '.') {
        plain += text[i++];
        if (take_digits(true) == 0) {
            return std::nullopt;
        }
    }
    Rational value = allot_test::rational_of(plain);
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        const bool negative = i < text.size() && text[i] == '-';
        i += negative || (i < text.size() && text[i] == '+') ? 1U : 0U;
        const std::size_t begin = i;
        if (take_digits(false) == 0) {
            return std::nullopt;
        }
        const auto exponent =
            static_cast<unsigned>(std::atoi(std::string{text.substr(begin)}.c_str()));
        const Rational power{allot_test::integer_power_of_ten(exponent)};
        value = negative ? Rational{value / power} : Rational{value * power};
    }
    return i == text.size() ? std::optional{value} : std::nullopt;
}

// Longer exponents would make the naive value too large to be worth the wait.
bool is_short(std::string_view text) {
    const std::size_t exponent = text.find_first_of("eE");
    return text.size() < 120 && (exponent == std::string_view::npos || text.size() - exponent < 6);
}

void check_text(std::string_view text, const Result<Decimal>& parsed) {
    if (is_short(text)) {
        const std::optional<Rational> naive = naive_value(text);
        const bool is_number =
            parsed || parsed.error().code != allot::ErrorCode::text_is_not_a_decimal;
        require(naive.has_value() == is_number, "a text is a number when the grammar says so");
        if (parsed) {
            require(*naive == allot_test::rational_of(*parsed),
                    "a number has the value of its text");
        }
    }
    if (parsed) {
        const std::string printed = parsed->to_string();
        require(Decimal::parse(printed).value() == *parsed, "a printed number is read as itself");
        require(Decimal::from_mantissa(parsed->sign() < 0, parsed->mantissa_high(),
                                       parsed->mantissa_low(), parsed->scale())
                        .value() == *parsed,
                "a number is its mantissa and scale");
    }
}

void check_arithmetic(const Decimal& a, const Decimal& b) {
    using allot_test::verdict_of;
    const Rational x = allot_test::rational_of(a);
    const Rational y = allot_test::rational_of(b);
    require(verdict_of(add(a, b)) == verdict_of(x + y), "a sum is exact");
    require(verdict_of(subtract(a, b)) == verdict_of(x - y), "a difference is exact");
    require(verdict_of(multiply(a, b)) == verdict_of(x * y), "a product is exact");
    require((a < b) == (x < y) && (a == b) == (x == y), "order is that of the values");
    for (const Rounding rounding :
         {Rounding::down, Rounding::up, Rounding::half_even, Rounding::half_up,
          Rounding::toward_house, Rounding::toward_client}) {
        for (const unsigned scale : {0U, 7U, 28U}) {
            const int places = static_cast<int>(scale);
            require(verdict_of(round(a, places, rounding)) ==
                        verdict_of(allot_test::rounded_to(x, scale, rounding)),
                    "rounding is exact");
            if (y != 0) {
                require(verdict_of(divide(a, b, places, rounding)) ==
                            verdict_of(allot_test::rounded_to(x / y, scale, rounding)),
                        "a quotient is exact but for its rounding");
            }
        }
    }
    if (b.sign() > 0) {
        const Result<allot::LotQuotient> lots = divide_into_lots(a, b);
        if (lots) {
            require(allot_test::rational_of(lots->whole_lots) * y +
                            allot_test::rational_of(lots->remainder) ==
                        x,
                    "lots and remainder make the whole");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const std::size_t end = input.find('\n');
    const std::string_view first = input.substr(0, end);
    const std::string_view second =
        end == std::string_view::npos ? std::string_view{} : input.substr(end + 1);
    const Result<Decimal> a = Decimal::parse(first);
    const Result<Decimal> b = Decimal::parse(second);
    check_text(first, a);
    check_text(second, b);
    if (a && b) {
        check_arithmetic(*a, *b);
    }
    return 0;
}
