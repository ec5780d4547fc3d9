// The audit of money: what allocations say they cost against what their fills cost.
#include "engine/run/audit_money.hpp"

namespace allot::run {

std::optional<Violation> audit_money(const MoneyAudit& facts) {
    std::map<std::uint32_t, Decimal> units;
    Decimal said = facts.residual;
    for (std::size_t i = 0; i < facts.allocations.size(); ++i) {
        const MoneyAudit::Allocated& allocated = facts.allocations[i];
        Decimal sum{};
        for (const auto& [execution, part] : allocated.units) {
            sum = sum + part.units();
            units[execution] = units[execution] + part.units();
        }
        if (sum != allocated.quantity.units()) {
            return Violation{"an allocation is the units of its executions", i, sum.to_string(),
                             allocated.quantity.to_string()};
        }
        said = said + allocated.price * sum;
    }
    Decimal paid{};
    for (const auto& [execution, sum] : units) {
        paid = paid + sum * facts.prices.at(execution);
    }
    if (paid != said) {
        return Violation{"quantity x price and residual are the notional", std::nullopt,
                         said.to_string(), paid.to_string()};
    }
    return std::nullopt;
}

std::optional<Violation> audit_shares(const SharesAudit& facts) {
    if (facts.received != facts.split) {
        return Violation{"every order receives what was split to it", std::nullopt,
                         std::to_string(facts.received.size()) + " orders",
                         std::to_string(facts.split.size()) + " with the same units"};
    }
    for (const auto& [execution, units] : facts.given) {
        const auto offered = facts.offered.find(execution);
        const Quantity most = offered == facts.offered.end() ? Quantity{} : offered->second;
        if (units > most) {
            return Violation{"no execution gives more than it offers", std::nullopt,
                             units.to_string(), "at most " + most.to_string()};
        }
    }
    return std::nullopt;
}

}  // namespace allot::run
