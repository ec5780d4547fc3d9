// The run record: what was run on what, so that it can be run again.
#pragma once

#include <cstddef>

#include "allot/engine.hpp"
#include "engine/run/collect.hpp"

namespace allot::run {

// The record of a run over a collection. No clock is read; the same run on the same inputs has
// the same id, on any number of threads. Complexity: O(claims + executions).
[[nodiscard]] RunRecord record_of(const BookData& book, const RunRequest& request,
                                  const Algorithm& algorithm, const Collection& collection,
                                  std::size_t threads = 1);

// The id of a record: the hash of all that follows it.
[[nodiscard]] std::string id_of(const RunRecord& record);

}  // namespace allot::run
