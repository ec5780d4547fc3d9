// Result files: the outcome of a run as JSON or CSV. docs/formats.md describes both.
#pragma once

#include "allot/book_file.hpp"
#include "allot/engine.hpp"

namespace allot {

// {"schema":"allot/1","algorithm":...,"allocations":[...],"placements":[...],"failed":{...},
// "warnings":[...],"runs":[...]}. `threads` as in RunOptions: the text is the same for any number,
// and the sink is called by one thread at a time, not always the same. Errors:
// file_is_not_writable.
[[nodiscard]] Result<void> write_result_json(const RunResult& result, const Sink& sink,
                                             NumberStyle numbers = NumberStyle::number,
                                             unsigned threads = 1);

// The allocations, one a row, with the columns of allocations.csv. Threads and errors as above.
[[nodiscard]] Result<void> write_result_csv(const RunResult& result, const Sink& sink,
                                            unsigned threads = 1);

}  // namespace allot
