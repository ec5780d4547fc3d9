// The audit of money: what allocations say they cost against what their fills cost. It shares no
// code with the pricing, so that a mistake in one does not hide in the other.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "allot/quantity.hpp"
#include "engine/run/audit.hpp"

namespace allot::run {

// Facts about all allocations with an average price of one placement in one currency.
struct MoneyAudit {
    struct Allocated {
        Quantity quantity{};
        Decimal price{};
        std::map<std::uint32_t, Quantity> units{};  // by execution
    };
    std::vector<Allocated> allocations{};
    std::map<std::uint32_t, Decimal> prices{};  // of executions
    Decimal residual{};                         // as the result states it
};

// The first law that is broken: an allocation is the units of its executions; quantity x price of
// all allocations and the residual are the notional, exactly.
// Throws Refusal where a sum is no decimal. Complexity: O(parts). Thread safety: any thread.
[[nodiscard]] std::optional<Violation> audit_money(const MoneyAudit& facts);

// Of one placement in a run: what its orders receive is what was split to them, and what its
// executions give in all is not more than was offered. By order, and by execution.
struct SharesAudit {
    std::map<std::uint32_t, Quantity> split{};
    std::map<std::uint32_t, Quantity> received{};
    std::map<std::uint32_t, Quantity> offered{};
    std::map<std::uint32_t, Quantity> given{};
};
// Complexity: O(orders + executions). Thread safety: any thread.
[[nodiscard]] std::optional<Violation> audit_shares(const SharesAudit& facts);

}  // namespace allot::run
