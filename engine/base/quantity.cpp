// Quantity: the check that nothing falls below zero.
#include "allot/quantity.hpp"

namespace allot {

namespace {

[[nodiscard]] Error negative(std::string found) {
    return {.code = ErrorCode::quantity_is_negative,
            .found = std::move(found),
            .expected = "zero or more"};
}

}  // namespace

void Quantity::throw_negative() {
    throw Refusal{negative("a whole number below zero")};
}

Result<Quantity> Quantity::from(const Decimal& units) {
    if (units.sign() < 0) {
        return Unexpected{negative(units.to_string())};
    }
    Quantity quantity;
    quantity.units_ = units;
    return quantity;
}

Result<Quantity> Quantity::parse(std::string_view text) {
    Result<Decimal> units = Decimal::parse(text);
    if (!units) {
        return Unexpected{std::move(units).error()};
    }
    return from(*units);
}

Quantity operator+(const Quantity& a, const Quantity& b) {
    Quantity sum;
    sum.units_ = a.units_ + b.units_;
    return sum;
}

Quantity operator-(const Quantity& a, const Quantity& b) {
    return Quantity::from(a.units_ - b.units_).value();
}

}  // namespace allot
