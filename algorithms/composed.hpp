// Composed: a rule made of a base and a remainder, BASE-REMAINDER.
#pragma once

#include <memory>

#include "algorithms/parts.hpp"

namespace allot::algorithms {

// `BASE` alone means BASE-FIFO; the code of a rule is the shorter one where one is in use.
[[nodiscard]] std::shared_ptr<const Algorithm> compose(std::shared_ptr<const Base> base,
                                                       std::shared_ptr<const Remainder> remainder);

}  // namespace allot::algorithms
