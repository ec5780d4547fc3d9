// The rules that come with the library: one maker each, listed in builtins.cpp.
#pragma once

#include <memory>

#include "allot/algorithm.hpp"

namespace allot::algorithms {

[[nodiscard]] std::shared_ptr<const Algorithm> make_fifo();
[[nodiscard]] std::shared_ptr<const Algorithm> make_pr_fifo();

}  // namespace allot::algorithms
