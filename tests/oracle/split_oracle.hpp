// Naive splits in exact fractions, written turn by turn from the specification's words.
#pragma once

#include <string>
#include <vector>

#include "oracle/rational.hpp"

namespace oracle {

// One share per claim; claims in rank order. `code` is PR-FIFO or FIFO.
std::vector<Rational> split(const std::string& code, const Rational& available,
                            const std::vector<Rational>& outstanding, const Rational& lot);

}  // namespace oracle
