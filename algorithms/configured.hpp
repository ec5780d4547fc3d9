// Configured: a rule with parameters and constraints.
#pragma once

#include <memory>

#include "allot/algorithm.hpp"

namespace allot::algorithms {

// `rule` has been given its own parameters already; `parameters` are all, for the run record.
[[nodiscard]] std::shared_ptr<const Algorithm> configure(std::shared_ptr<const Algorithm> rule,
                                                         Parameters parameters,
                                                         const Constraints& constraints);

}  // namespace allot::algorithms
