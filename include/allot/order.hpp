// Order: what one portfolio wants to buy or sell.
#pragma once

#include <optional>
#include <string>

#include "allot/id.hpp"
#include "allot/price.hpp"
#include "allot/property.hpp"
#include "allot/quantity.hpp"
#include "allot/time.hpp"

namespace allot {

// Members as on the wire; empty text and nullopt mean "not given". A book needs id, side and
// quantity (an order sized by amount or weight may lack quantity; its placement then fails a run
// by name).
struct Order {
    OrderId id{};
    std::string side{};
    std::optional<Quantity> quantity{};
    std::optional<PortfolioId> portfolio_id{};
    Identifiers instrument_identifiers{};
    std::optional<Time> date{};  // "first in" sorts on it
    std::string state{};
    std::string type{};
    std::string time_in_force{};
    std::optional<CurrencyAndAmount> price{};
    std::optional<CurrencyAndAmount> limit_price{};
    std::optional<CurrencyAndAmount> stop_price{};
    std::optional<CurrencyAndAmount> amount{};
    std::optional<Decimal> weight{};
    std::optional<ResourceId> order_book_id{};
    std::optional<ResourceId> order_instruction{};
    std::optional<ResourceId> package{};
    std::optional<ResourceId> custodian_account_id{};
    std::string instrument_scope{};
    std::string lusid_instrument_id{};
    Properties properties{};

    friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace allot
