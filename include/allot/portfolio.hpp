// Portfolio: what a book knows about the accounts that orders are for.
#pragma once

#include <cstdint>
#include <optional>

#include "allot/id.hpp"
#include "allot/quantity.hpp"
#include "allot/weight.hpp"

namespace allot {

// What rules may ask about a portfolio. A portfolio that a book says nothing of is a client of tier
// 1 without weight or cap.
struct Portfolio {
    PortfolioId id{};
    std::optional<Weight> weight{};  // for PCT; relative to the others; 0: receives nothing
    std::uint32_t tier{1};           // for TIER; 1 is served first
    bool house{false};               // for TIER: a house account, served after all clients
    std::optional<Quantity> cap{};   // the most its orders in one placement may have together

    friend bool operator==(const Portfolio&, const Portfolio&) = default;
};

}  // namespace allot
