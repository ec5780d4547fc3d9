// Correction: what an execution truly was, as its broker says after it was allocated.
#pragma once

#include <optional>
#include <string>

#include "allot/error.hpp"
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

// One of several that are made together, as a file lists them (read_corrections).
struct CorrectionEntry {
    Correction correction{};
    bool is_bust{false};   // the execution never was; there is nothing else to say of it then
    std::string reason{};  // empty: that of all of them
    Place place{};         // where it was read
};

}  // namespace allot
