// Price, and the exact average of fills.
#include "allot/price.hpp"

namespace allot {

Result<Price> Price::parse(std::string_view text) {
    Result<Decimal> amount = Decimal::parse(text);
    if (!amount) {
        return Unexpected{std::move(amount).error()};
    }
    return Price{*amount};
}

Result<void> AveragePrice::add(const Quantity& quantity, const Price& price) {
    Result<Decimal> cash = multiply(quantity.units(), price.amount());
    if (!cash) {
        return Unexpected{std::move(cash).error()};
    }
    Result<Decimal> notional = allot::add(notional_, *cash);
    if (!notional) {
        return Unexpected{std::move(notional).error()};
    }
    Result<Decimal> units = allot::add(quantity_.units(), quantity.units());
    if (!units) {
        return Unexpected{std::move(units).error()};
    }
    notional_ = *notional;
    quantity_ = Quantity::from(*units).value();
    return {};
}

Result<AveragePrice::Rounded> AveragePrice::rounded(int scale, Rounding rounding) const {
    Result<Decimal> average = divide(notional_, quantity_.units(), scale, rounding);
    if (!average) {
        return Unexpected{std::move(average).error()};
    }
    Result<Decimal> cash = multiply(*average, quantity_.units());
    if (!cash) {
        return Unexpected{std::move(cash).error()};
    }
    Result<Decimal> residual = subtract(notional_, *cash);
    if (!residual) {
        return Unexpected{std::move(residual).error()};
    }
    return Rounded{Price{*average}, *residual};
}

}  // namespace allot
