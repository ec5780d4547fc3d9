// Quantity: a number of units of an instrument, zero or more.
#pragma once

#include <compare>
#include <concepts>
#include <string>
#include <string_view>

#include "allot/decimal.hpp"

namespace allot {

namespace detail {
struct QuantityMaker;  // engine/base/scaled.hpp
}

// Units of an instrument (shares, contracts, nominal), never negative. Does not mix with Price or
// a bare Decimal. Thread safety: as any value.
class Quantity {
  public:
    constexpr Quantity() noexcept = default;
    // A whole number of units. Throws Refusal (quantity_is_negative) below zero.
    template <std::integral T>
    requires(!std::same_as<T, bool> && sizeof(T) <= 8) constexpr explicit Quantity(T units)
        : units_{units} {
        if (units_.sign() < 0) {
            throw_negative();
        }
    }

    // Errors: quantity_is_negative.
    [[nodiscard]] static Result<Quantity> from(const Decimal& units);
    // Errors: those of Decimal::parse, quantity_is_negative.
    [[nodiscard]] static Result<Quantity> parse(std::string_view text);

    [[nodiscard]] constexpr const Decimal& units() const noexcept { return units_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return units_.is_zero(); }
    [[nodiscard]] std::string to_string() const { return units_.to_string(); }

    friend constexpr bool operator==(const Quantity&, const Quantity&) noexcept = default;
    friend std::strong_ordering operator<=>(const Quantity& a, const Quantity& b) noexcept {
        return a.units_ <=> b.units_;
    }
    // Exact, or throw Refusal (decimal_has_too_many_digits; quantity_is_negative for a
    // difference below zero).
    friend Quantity operator+(const Quantity& a, const Quantity& b);
    friend Quantity operator-(const Quantity& a, const Quantity& b);

  private:
    friend struct detail::QuantityMaker;

    [[noreturn]] static void throw_negative();

    Decimal units_{};
};

}  // namespace allot
