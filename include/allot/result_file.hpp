// Result files: the outcome of a run as JSON or CSV. docs/formats.md describes both.
#pragma once

#include <memory>

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

// The same texts, of a run whose allocations are written while they are made:
//
//     ResultWriter writer = ResultWriter::csv(to);
//     const Result<RunResult> result = engine.preview(book, request, writer.sink());
//     const Result<void> written = writer.finish(result.value());
//
// Thread safety: that of sink() beside, one thread at a time.
class ResultWriter {
  public:
    class Form;

    // `to` must outlive it. Parameters as above.
    [[nodiscard]] static ResultWriter json(const Sink& to,
                                           NumberStyle numbers = NumberStyle::number,
                                           unsigned threads = 1);
    [[nodiscard]] static ResultWriter csv(const Sink& to, unsigned threads = 1);

    ResultWriter(ResultWriter&& other) noexcept;
    ResultWriter& operator=(ResultWriter&& other) noexcept;
    ResultWriter(const ResultWriter&) = delete;
    ResultWriter& operator=(const ResultWriter&) = delete;
    ~ResultWriter();

    // Writes the allocations of one run. Valid as long as this lives. Errors: file_is_not_writable,
    // once `to` has refused, now or before.
    [[nodiscard]] AllocationSink sink();

    // Writes what is left: allocations that the result itself has, and all that is said beside
    // them. Nothing can be added any more. Errors: file_is_not_writable.
    [[nodiscard]] Result<void> finish(const RunResult& result);

  private:
    explicit ResultWriter(std::unique_ptr<Form> form);

    std::unique_ptr<Form> form_;
};

}  // namespace allot
