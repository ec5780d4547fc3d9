// Block: orders of several portfolios that are traded together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "allot/id.hpp"
#include "allot/price.hpp"
#include "allot/property.hpp"
#include "allot/quantity.hpp"
#include "allot/time.hpp"

namespace allot {

// Members as on the wire; empty text and nullopt mean "not given". A book needs id and order_ids.
struct Block {
    BlockId id{};
    std::vector<OrderId> order_ids{};  // data: position breaks ties of rank
    std::string side{};
    std::optional<Quantity> quantity{};
    Identifiers instrument_identifiers{};
    std::optional<Time> created_date{};
    std::string type{};
    std::string time_in_force{};
    std::optional<CurrencyAndAmount> amount{};
    std::optional<CurrencyAndAmount> limit_price{};
    std::optional<CurrencyAndAmount> stop_price{};
    std::optional<bool> is_swept{};
    std::string lusid_instrument_id{};
    Properties properties{};

    friend bool operator==(const Block&, const Block&) = default;
};

}  // namespace allot
