// Price, an amount of money in a currency, and the exact average of many fills.
#pragma once

#include <compare>
#include <string>

#include "allot/decimal.hpp"
#include "allot/quantity.hpp"

namespace allot {

// Money per unit. May be zero or negative (spreads, electricity, oil in April 2020). Does not mix
// with Quantity or a bare Decimal. Thread safety: as any value.
class Price {
  public:
    constexpr Price() noexcept = default;
    constexpr explicit Price(const Decimal& amount) noexcept : amount_{amount} {}
    // Errors: those of Decimal::parse.
    [[nodiscard]] static Result<Price> parse(std::string_view text);

    [[nodiscard]] constexpr const Decimal& amount() const noexcept { return amount_; }
    [[nodiscard]] std::string to_string() const { return amount_.to_string(); }

    friend constexpr bool operator==(const Price&, const Price&) noexcept = default;
    friend std::strong_ordering operator<=>(const Price& a, const Price& b) noexcept {
        return a.amount_ <=> b.amount_;
    }

  private:
    Decimal amount_{};
};

// The wire's CurrencyAndAmount: a price or a size in money. `currency` may be empty in files.
struct CurrencyAndAmount {
    Decimal amount{};
    std::string currency{};

    friend bool operator==(const CurrencyAndAmount&, const CurrencyAndAmount&) = default;
};

// The exact average of fills, kept as the pair (notional, quantity); rounding happens only when it
// is shown. Thread safety: as any value.
class AveragePrice {
  public:
    // Adds `quantity` units at `price`. Errors: those of Decimal arithmetic; nothing is added then.
    [[nodiscard]] Result<void> add(const Quantity& quantity, const Price& price);

    [[nodiscard]] const Decimal& notional() const noexcept { return notional_; }
    [[nodiscard]] const Quantity& quantity() const noexcept { return quantity_; }

    // The average rounded to `scale` places, and the cash that the rounding leaves over:
    // residual = notional - price * quantity, exactly.
    struct Rounded {
        Price price{};
        Decimal residual{};
    };
    // Errors: division_by_zero when nothing was added; those of Decimal arithmetic.
    [[nodiscard]] Result<Rounded> rounded(int scale, Rounding rounding) const;

  private:
    Decimal notional_{};
    Quantity quantity_{};
};

}  // namespace allot
