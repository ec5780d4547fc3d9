// Execution: one fill of one placement.
#pragma once

#include <optional>
#include <string>

#include "allot/id.hpp"
#include "allot/price.hpp"
#include "allot/property.hpp"
#include "allot/quantity.hpp"
#include "allot/time.hpp"

namespace allot {

// Members as on the wire; empty text and nullopt mean "not given". A book needs id, placement_id,
// quantity and created_date; a run needs a price too, unless told otherwise.
struct Execution {
    ExecutionId id{};
    PlacementId placement_id{};
    Quantity quantity{};
    Time created_date{};  // executions are taken in this order, then by id
    std::optional<CurrencyAndAmount> price{};
    std::string side{};
    Identifiers instrument_identifiers{};
    std::string state{};
    std::string type{};
    std::optional<Time> settlement_date{};
    std::string settlement_currency{};
    std::optional<Decimal> settlement_currency_fx_rate{};
    std::string counterparty{};
    std::optional<Decimal> average_price{};
    std::string lusid_instrument_id{};
    Properties properties{};

    friend bool operator==(const Execution&, const Execution&) = default;
};

}  // namespace allot
