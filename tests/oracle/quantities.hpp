// Random quantities of all kinds for the oracles' tests, as exact fractions.
#pragma once

#include <string>
#include <vector>

#include "oracle/random.hpp"
#include "oracle/rational.hpp"

namespace oracle {

std::string listed(const std::vector<Rational>& values);

// A quantity of the kind `style`: 0 small, 1 64 bits wide, 2 fractional, 3 up to 30 digits, else
// the finest.
Rational random_quantity(Random& random, int style);
Rational random_lot(Random& random);

}  // namespace oracle
