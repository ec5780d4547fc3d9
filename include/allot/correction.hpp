// Correction: what an execution truly was, as its broker says after it was allocated.
#pragma once

#include <optional>

#include "allot/id.hpp"
#include "allot/price.hpp"
#include "allot/quantity.hpp"

namespace allot {

// What is not given stays as it was. That an execution never was is said by a bust.
struct Correction {
    ExecutionId execution{};
    std::optional<Quantity> quantity{};  // > 0
    std::optional<Price> price{};        // in the currency that the execution has
};

}  // namespace allot
