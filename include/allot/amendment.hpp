// Amendment: what an order is from now on, after part of it may have been allocated.
#pragma once

#include <optional>
#include <string>

#include "allot/id.hpp"
#include "allot/quantity.hpp"

namespace allot {

// What is not given stays as it was. That an order never should have been is said by a removal.
struct Amendment {
    OrderId order{};
    std::optional<Quantity> quantity{};  // > 0; of all that is ordered, what it has included
    std::optional<std::string> state{};  // "Cancelled": it makes no claim any more
};

}  // namespace allot
