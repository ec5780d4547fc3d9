// Placement: a part of one or more blocks, sent to one broker.
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

// Members as on the wire; empty text and nullopt mean "not given". A book needs id and at least
// one block.
struct Placement {
    PlacementId id{};
    std::vector<BlockId> block_ids{};  // data: position breaks ties of rank
    std::optional<PlacementId> parent_placement_id{};
    std::string side{};
    std::optional<Quantity> quantity{};
    Identifiers instrument_identifiers{};
    std::string state{};
    std::string type{};
    std::string time_in_force{};
    std::optional<Time> created_date{};
    std::optional<CurrencyAndAmount> amount{};
    std::optional<CurrencyAndAmount> limit_price{};
    std::optional<CurrencyAndAmount> stop_price{};
    std::string counterparty{};
    std::string execution_system{};
    std::string entry_type{};
    std::string lusid_instrument_id{};
    Properties properties{};

    friend bool operator==(const Placement&, const Placement&) = default;
};

}  // namespace allot
