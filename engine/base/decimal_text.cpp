// Decimals from text and to text.
#include "engine/base/decimal_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "engine/base/decimal_maker.hpp"
#include "engine/base/text.hpp"

namespace allot {

namespace {

using detail::is_digit;
using detail::Uint128;

[[nodiscard]] constexpr unsigned digit_value(char c) noexcept {
    return static_cast<unsigned>(c - '0');
}

// A number in the grammar of JSON, taken apart but not yet evaluated.
struct NumberText {
    bool negative{false};
    std::string_view whole{};     // digits before the point
    std::string_view fraction{};  // digits after it
    std::int64_t exponent{0};     // cut to +-exponent_limit
};

// Beyond any length of text, and far enough from the ends of 64 bits for one more digit.
constexpr std::int64_t exponent_limit = 100'000'000'000'000'000;

[[nodiscard]] std::string_view take_digits(std::string_view& text) noexcept {
    std::size_t length = 0;
    while (length < text.size() && is_digit(text[length])) {
        ++length;
    }
    const std::string_view digits = text.substr(0, length);
    text.remove_prefix(length);
    return digits;
}

[[nodiscard]] bool take_one_of(std::string_view& text, char a, char b) noexcept {
    if (text.empty() || (text.front() != a && text.front() != b)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

[[nodiscard]] std::int64_t exponent_value(std::string_view digits) noexcept {
    std::int64_t value = 0;
    for (const char c : digits) {
        value = value * 10 + digit_value(c);
        if (value >= exponent_limit) {
            return exponent_limit;
        }
    }
    return value;
}

[[nodiscard]] bool read_number(std::string_view text, NumberText& number) noexcept {
    number.negative = take_one_of(text, '-', '-');
    number.whole = take_digits(text);
    if (number.whole.empty() || (number.whole.size() > 1 && number.whole.front() == '0')) {
        return false;
    }
    if (take_one_of(text, '.', '.')) {
        number.fraction = take_digits(text);
        if (number.fraction.empty()) {
            return false;
        }
    }
    if (take_one_of(text, 'e', 'E')) {
        const bool negative = !text.empty() && text.front() == '-';
        (void)take_one_of(text, '+', '-');
        const std::string_view digits = take_digits(text);
        if (digits.empty()) {
            return false;
        }
        number.exponent = negative ? -exponent_value(digits) : exponent_value(digits);
    }
    return text.empty();
}

// The number from its first to its last digit other than zero: digits * 10^exponent.
// Complexity: O(length), whatever the exponent.
[[nodiscard]] detail::Fit evaluate(const NumberText& number, Decimal& out) noexcept {
    const std::size_t whole_length = number.whole.size();
    const std::size_t length = whole_length + number.fraction.size();
    const auto digit = [&](std::size_t i) {
        return i < whole_length ? number.whole[i] : number.fraction[i - whole_length];
    };
    std::size_t first = 0;
    while (first < length && digit(first) == '0') {
        ++first;
    }
    if (first == length) {
        out = Decimal{};
        return detail::Fit::fits;
    }
    std::size_t last = length - 1;
    while (digit(last) == '0') {
        --last;
    }
    const std::size_t digits = last - first + 1;
    if (digits > static_cast<std::size_t>(Decimal::max_digits)) {
        return detail::Fit::too_many_digits;
    }
    // Place of the last digit: 0 for units, -1 for tenths, 1 for tens.
    const std::int64_t exponent = number.exponent + static_cast<std::int64_t>(whole_length) - 1 -
                                  static_cast<std::int64_t>(last);
    if (exponent > Decimal::max_digits - static_cast<std::int64_t>(digits)) {
        return detail::Fit::too_many_digits;
    }
    if (exponent < -Decimal::max_scale) {
        return detail::Fit::too_fine;
    }
    Uint128 mantissa = 0;
    for (std::size_t i = first; i <= last; ++i) {
        mantissa = mantissa * 10 + digit_value(digit(i));
    }
    if (exponent > 0) {
        mantissa *= detail::power_of_ten(static_cast<int>(exponent));
    }
    out = detail::DecimalMaker::from_normal(number.negative, mantissa,
                                            exponent < 0 ? static_cast<int>(-exponent) : 0);
    return detail::Fit::fits;
}

// The numbers that fill files: at most 18 digits and no exponent. Returns false for all others.
[[nodiscard]] bool parse_short(std::string_view text, Decimal& out) noexcept {
    constexpr std::size_t longest = 18;  // with point: all digits fit 64 bits
    const bool negative = !text.empty() && text.front() == '-';
    text.remove_prefix(negative ? 1 : 0);
    if (text.empty() || text.size() > longest || !is_digit(text.front()) ||
        !is_digit(text.back()) || (text.front() == '0' && text.size() > 1 && text[1] != '.')) {
        return false;
    }
    std::uint64_t mantissa = 0;
    std::size_t point = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_digit(text[i])) {
            mantissa = mantissa * 10 + digit_value(text[i]);
        } else if (text[i] == '.' && point == text.size()) {
            point = i;
        } else {
            return false;
        }
    }
    int scale = point == text.size() ? 0 : static_cast<int>(text.size() - point - 1);
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    out = detail::DecimalMaker::from_normal(negative, mantissa, scale);
    return true;
}

// "00" to "99", one after the other: two digits for each division.
constexpr std::array<char, 200> digit_pairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

// Writes the digits of `value` so that they end before `end`; returns where they begin.
[[nodiscard]] char* write_digits(std::uint64_t value, char* end) noexcept {
    while (value >= 100) {
        end -= 2;
        std::memcpy(end, digit_pairs.data() + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        end -= 2;
        std::memcpy(end, digit_pairs.data() + 2 * value, 2);
    } else {
        *--end = static_cast<char>('0' + value);
    }
    return end;
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    Decimal decimal;
    if (parse_short(text, decimal)) {
        return decimal;
    }
    NumberText number;
    if (!read_number(text, number)) {
        return Unexpected{Error{.code = ErrorCode::text_is_not_a_decimal,
                                .found = text.empty() ? "empty text" : detail::shown(text),
                                .expected = "a number such as 12, -0.05 or 1.5e3"}};
    }
    const detail::Fit fit = evaluate(number, decimal);
    if (fit != detail::Fit::fits) {
        return Unexpected{detail::misfit(fit, detail::shown(text))};
    }
    return decimal;
}

char* detail::print(const Decimal& decimal, char* to) noexcept {
    constexpr std::uint64_t chunk = 1'000'000'000'000'000'000;  // 10^18
    constexpr std::size_t chunk_digits = 18;
    std::array<char, 2 * chunk_digits> buffer;
    char* const end = buffer.data() + buffer.size();
    char* begin = nullptr;
    if (decimal.mantissa_high() == 0) {
        begin = write_digits(decimal.mantissa_low(), end);
    } else {
        // Two chunks hold 36 digits.
        const Uint128 mantissa = detail::mantissa_of(decimal);
        begin = write_digits(static_cast<std::uint64_t>(mantissa % chunk), end);
        std::fill(buffer.data() + chunk_digits, begin, '0');
        begin = write_digits(static_cast<std::uint64_t>(mantissa / chunk),
                             buffer.data() + chunk_digits);
    }
    if (decimal.sign() < 0) {
        *to++ = '-';
    }
    const auto digits = static_cast<std::size_t>(end - begin);
    const auto places = static_cast<std::size_t>(decimal.scale());
    if (digits <= places) {
        *to++ = '0';
    }
    const std::size_t whole = digits > places ? digits - places : 0;
    for (const char* at = begin; at != begin + whole; ++at) {
        *to++ = *at;
    }
    if (places > 0) {
        *to++ = '.';
        to = std::fill_n(to, places > digits ? places - digits : 0, '0');
        for (const char* at = begin + whole; at != end; ++at) {
            *to++ = *at;
        }
    }
    return to;
}

void Decimal::append_to(std::string& out) const {
    std::array<char, detail::longest_decimal_text> text;
    out.append(text.data(), detail::print(*this, text.data()));
}

std::string Decimal::to_string() const {
    std::string out;
    append_to(out);
    return out;
}

}  // namespace allot
