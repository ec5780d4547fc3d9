// Priced run: a run whose allocations are not the shares of fills at the prices of fills.
#pragma once

#include <memory>

#include "allot/engine.hpp"

namespace allot::run {

// As Engine::run, under another grain or price than the defaults. `owner` keeps the book of the
// result alive, unless its user does.
// Complexity: that of the run, and O(allocations of the book).
[[nodiscard]] Result<RunResult> run_priced(Book& book, const Registry& registry,
                                           const RunRequest& asked,
                                           std::shared_ptr<const void> owner);

}  // namespace allot::run
