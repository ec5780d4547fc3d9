// Instrument: what a book knows about the thing traded.
#pragma once

#include "allot/property.hpp"
#include "allot/quantity.hpp"

namespace allot {

// Applies to a placement when both share an identifier key and no shared key has different values.
// A book needs at least one identifier and a lot above zero.
struct Instrument {
    Identifiers instrument_identifiers{};
    Quantity lot{1};  // smallest unit in which whole shares are given

    friend bool operator==(const Instrument&, const Instrument&) = default;
};

}  // namespace allot
