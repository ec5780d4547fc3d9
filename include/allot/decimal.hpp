// Decimal: an exact base-10 number. No operation rounds unless its name says so, none wraps, and
// binary floating point cannot get in.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "allot/result.hpp"

namespace allot {

namespace detail {
struct DecimalMaker;  // engine/base/decimal_maker.hpp
}

// How a quotient or a number with too many places becomes one with fewer.
enum class Rounding : std::uint8_t {
    down,           // toward zero
    up,             // away from zero
    half_even,      // to the nearest, halves to the even neighbour
    half_up,        // to the nearest, halves away from zero
    toward_house,   // toward minus infinity: of amounts seen from the client (received is
                    // positive, paid is negative), the client never gains from the rounding
    toward_client,  // toward plus infinity: the client never loses from the rounding
};

// An exact decimal number: mantissa / 10^scale, at most 36 significant digits, scale 0 to 28 (a
// superset of .NET's decimal). Kept in normal form (no trailing zeros after the point), so equal
// numbers have equal representations. 16 bytes, trivially copyable.
//
// Errors: decimal_has_too_many_digits when a result needs more than 36 digits,
// decimal_is_too_fine when it needs more than 28 places after the point.
// Complexity: O(1) but for parse and print, O(length). Thread safety: as any value.
class Decimal {
  public:
    static constexpr int max_digits = 36;
    static constexpr int max_scale = 28;

    constexpr Decimal() noexcept = default;
    // Whole numbers convert by themselves: Decimal{5}, price == 0.
    template <std::integral T>
    requires(!std::same_as<T, bool> && sizeof(T) <= 8)
        // NOLINTNEXTLINE(google-explicit-constructor): exact, so nothing to be explicit about.
        constexpr Decimal(T whole) noexcept {
        if constexpr (std::signed_integral<T>) {
            const bool negative = whole < 0;
            low_ = negative ? ~static_cast<std::uint64_t>(whole) + 1
                            : static_cast<std::uint64_t>(whole);
            high_ = negative ? sign_bit : 0;
        } else {
            low_ = whole;
        }
    }
    template <std::floating_point T>
    Decimal(T) = delete;  // 0.1 is not one tenth; write Decimal::parse("0.1")

    // Reads a number as JSON writes one: -?digits[.digits][(e|E)[+-]digits], leading zeros refused.
    // Errors: text_is_not_a_decimal, and those above.
    [[nodiscard]] static Result<Decimal> parse(std::string_view text);

    // mantissa / 10^scale. Errors: those above.
    [[nodiscard]] static Result<Decimal> from_parts(std::int64_t mantissa, int scale);

    // Digits without exponent and without trailing zeros: "-0.05", "1200".
    [[nodiscard]] std::string to_string() const;
    void append_to(std::string& out) const;

    // Number of places after the point in normal form, 0 to 28.
    [[nodiscard]] constexpr int scale() const noexcept {
        return static_cast<int>((high_ >> scale_shift) & 31U);
    }
    // -1, 0 or 1.
    [[nodiscard]] constexpr int sign() const noexcept {
        if (low_ == 0 && (high_ & mantissa_mask) == 0) {
            return 0;
        }
        return (high_ & sign_bit) != 0 ? -1 : 1;
    }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return sign() == 0; }
    [[nodiscard]] constexpr bool is_whole() const noexcept { return scale() == 0; }

    // The two halves of |mantissa|, for conversions without loss.
    [[nodiscard]] constexpr std::uint64_t mantissa_low() const noexcept { return low_; }
    [[nodiscard]] constexpr std::uint64_t mantissa_high() const noexcept {
        return high_ & mantissa_mask;
    }
    // |value| = (high * 2^64 + low) / 10^scale. Normalises. Errors: those above.
    [[nodiscard]] static Result<Decimal> from_mantissa(bool negative, std::uint64_t high,
                                                       std::uint64_t low, int scale);

    friend constexpr bool operator==(const Decimal&, const Decimal&) noexcept = default;
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept;

    friend Decimal operator-(const Decimal& a) noexcept;
    // Exact, or throw Refusal; for the form that returns a Result see add, subtract, multiply.
    friend Decimal operator+(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a, const Decimal& b);
    friend Decimal operator*(const Decimal& a, const Decimal& b);

  private:
    friend struct detail::DecimalMaker;

    static constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63U;
    static constexpr unsigned scale_shift = 58;
    static constexpr std::uint64_t mantissa_mask = (std::uint64_t{1} << scale_shift) - 1;

    std::uint64_t low_{0};   // low 64 bits of |mantissa|
    std::uint64_t high_{0};  // sign (1 bit), scale (5 bits), high 58 bits of |mantissa|
};

// Exact arithmetic. Errors: decimal_has_too_many_digits, decimal_is_too_fine.
[[nodiscard]] Result<Decimal> add(const Decimal& a, const Decimal& b);
[[nodiscard]] Result<Decimal> subtract(const Decimal& a, const Decimal& b);
[[nodiscard]] Result<Decimal> multiply(const Decimal& a, const Decimal& b);

// a / b rounded to `scale` places (0 to 28). Errors: division_by_zero,
// decimal_has_too_many_digits, option_is_not_valid (scale).
[[nodiscard]] Result<Decimal> divide(const Decimal& a, const Decimal& b, int scale,
                                     Rounding rounding);

// `a` rounded to `scale` places (0 to 28). Errors: decimal_has_too_many_digits,
// option_is_not_valid (scale).
[[nodiscard]] Result<Decimal> round(const Decimal& a, int scale, Rounding rounding);

// a = whole_lots * lot + remainder, whole_lots a whole number rounded toward zero,
// |remainder| < lot. Precondition: lot > 0. Errors: division_by_zero, lot_is_not_positive,
// decimal_has_too_many_digits.
struct LotQuotient {
    Decimal whole_lots;
    Decimal remainder;
};
[[nodiscard]] Result<LotQuotient> divide_into_lots(const Decimal& a, const Decimal& lot);

}  // namespace allot

template <>
struct std::hash<allot::Decimal> {
    std::size_t operator()(const allot::Decimal& d) const noexcept;
};
