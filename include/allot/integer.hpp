// The two integer widths in which splits are computed, and the one product-quotient they need.
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>

namespace allot {

// A signed 256-bit integer for quantities that do not fit 62 bits at their common scale. Any two
// decimals of the library fit at a common scale with more than a hundred bits to spare, so sums
// cannot overflow in practice; an overflow is a bug and throws std::overflow_error.
// Thread safety: as any value.
class Int256 {
  public:
    constexpr Int256() noexcept = default;
    template <std::integral T>
    requires(!std::same_as<T, bool> && sizeof(T) <= 8)
        // NOLINTNEXTLINE(google-explicit-constructor): exact.
        constexpr Int256(T value) noexcept {
        const bool negative = value < 0;
        limbs_[0] = static_cast<std::uint64_t>(value);
        const std::uint64_t fill = negative ? ~std::uint64_t{0} : 0;
        limbs_[1] = limbs_[2] = limbs_[3] = fill;
    }
    // From two's-complement limbs, least significant first.
    constexpr explicit Int256(const std::array<std::uint64_t, 4>& limbs) noexcept : limbs_{limbs} {}

    [[nodiscard]] constexpr const std::array<std::uint64_t, 4>& limbs() const noexcept {
        return limbs_;
    }
    [[nodiscard]] constexpr bool is_negative() const noexcept { return (limbs_[3] >> 63U) != 0; }
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const Int256&, const Int256&) noexcept = default;
    friend std::strong_ordering operator<=>(const Int256& a, const Int256& b) noexcept;

    Int256& operator+=(const Int256& other);
    Int256& operator-=(const Int256& other);
    Int256& operator*=(const Int256& other);
    Int256& operator/=(const Int256& other);  // toward zero; by zero throws std::domain_error
    Int256& operator%=(const Int256& other);
    friend Int256 operator+(Int256 a, const Int256& b) { return a += b; }
    friend Int256 operator-(Int256 a, const Int256& b) { return a -= b; }
    friend Int256 operator*(Int256 a, const Int256& b) { return a *= b; }
    friend Int256 operator/(Int256 a, const Int256& b) { return a /= b; }
    friend Int256 operator%(Int256 a, const Int256& b) { return a %= b; }

  private:
    std::array<std::uint64_t, 4> limbs_{};  // two's complement, least significant first
};

// The integers a rule is written over: quantities counted in units of 10^-scale, scale chosen by
// the engine per split. std::int64_t whenever every sum in the split stays below 2^62.
template <class Int>
concept SplitInteger = std::same_as<Int, std::int64_t> || std::same_as<Int, Int256>;

// floor(a * b / divisor), the product taken exactly. Precondition: a, b >= 0, divisor > 0, and the
// result fits (it does whenever a <= divisor or b <= divisor).
[[nodiscard]] inline std::int64_t multiply_divide(std::int64_t a, std::int64_t b,
                                                  std::int64_t divisor) noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::int64_t>(static_cast<Wide>(a) * static_cast<Wide>(b) /
                                     static_cast<Wide>(divisor));
}
[[nodiscard]] Int256 multiply_divide(const Int256& a, const Int256& b, const Int256& divisor);

// (a * b) mod divisor, under the same preconditions.
[[nodiscard]] inline std::int64_t multiply_remainder(std::int64_t a, std::int64_t b,
                                                     std::int64_t divisor) noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::int64_t>(static_cast<Wide>(a) * static_cast<Wide>(b) %
                                     static_cast<Wide>(divisor));
}
[[nodiscard]] Int256 multiply_remainder(const Int256& a, const Int256& b, const Int256& divisor);

// a * b against c * d, both taken exactly. Precondition: none is negative.
[[nodiscard]] inline std::strong_ordering compare_products(std::int64_t a, std::int64_t b,
                                                           std::int64_t c,
                                                           std::int64_t d) noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<Wide>(a) * static_cast<Wide>(b) <=>
           static_cast<Wide>(c) * static_cast<Wide>(d);
}
[[nodiscard]] std::strong_ordering compare_products(const Int256& a, const Int256& b,
                                                    const Int256& c, const Int256& d);

}  // namespace allot
