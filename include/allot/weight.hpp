// Weight: a relative size, "3", "0.25" or "1/3".
#pragma once

#include <string>
#include <string_view>

#include "allot/decimal.hpp"

namespace allot {

// A fraction of two decimals, zero or more. Only its size relative to other weights counts.
// Thread safety: as any value.
class Weight {
  public:
    constexpr Weight() noexcept = default;
    // Errors: those of Decimal::parse; quantity_is_negative below zero; division_by_zero.
    [[nodiscard]] static Result<Weight> parse(std::string_view text);
    [[nodiscard]] static Result<Weight> from(const Decimal& numerator,
                                             const Decimal& divisor = Decimal{1});

    [[nodiscard]] constexpr const Decimal& numerator() const noexcept { return numerator_; }
    [[nodiscard]] constexpr const Decimal& divisor() const noexcept { return divisor_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return numerator_.is_zero(); }
    // As it would be written: "1/3", "0.25".
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const Weight&, const Weight&) noexcept = default;

  private:
    Decimal numerator_{};
    Decimal divisor_{1};
};

}  // namespace allot
