// From the oracle's exact fractions to the library's decimals, by way of text.
#pragma once

#include "allot/quantity.hpp"
#include "oracle/rational.hpp"

namespace oracle {

// Precondition: `value` has finitely many decimal places.
inline allot::Quantity quantity(const Rational& value) {
    return allot::Quantity::parse(decimal_text(value)).value();
}

}  // namespace oracle
