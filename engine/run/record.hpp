// The run record: what was run on what, so that it can be run again.
#pragma once

#include "allot/engine.hpp"
#include "engine/run/collect.hpp"

namespace allot::run {

// The record of a run over a collection. No clock is read; the same run on the same inputs has
// the same id. Complexity: O(claims + executions).
[[nodiscard]] RunRecord record_of(const BookData& book, const RunRequest& request,
                                  const Algorithm& algorithm, const Collection& collection);

// Gives the record the id of what it says.
void seal(RunRecord& record);

}  // namespace allot::run
