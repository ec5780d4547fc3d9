// Pass on: a run whose rows are taken while it goes on, and kept by nobody.
#pragma once

#include <functional>
#include <span>

#include "engine/run/plan.hpp"

namespace allot::run {

// Is told of rows that lie there until what it gives back was called. It is called by several
// threads at once; what it gives back is called in the order of the rows, once at a time.
using RowsTaker =
    std::function<std::function<Result<void>()>(std::span<const detail::AllocationRow>)>;

// finish_plan() and write_plan() a stretch of placements at a time, so that there never is a plan,
// nor are there rows, of more than a few. `result` has algorithm and record before `take` is
// called. Errors: those of what `take` gives back, and then the result is not whole.
[[nodiscard]] Result<void> pass_on_rows(const BookData& book, const RunRequest& request,
                                        Planned& planned, RunResult& result, const RowsTaker& take);

// Passes on rows that are there, by as many threads as they are worth of those that `threads`
// (RunOptions) allows.
[[nodiscard]] Result<void> pass_on_rows(std::span<const detail::AllocationRow> rows,
                                        unsigned threads, const RowsTaker& take);

}  // namespace allot::run
