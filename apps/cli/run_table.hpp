// The outcome of a run as a trader reads it.
#pragma once

#include <string>
#include <vector>

#include "allot/book.hpp"
#include "allot/engine.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {

// How a run is to be told beyond its result.
struct RunTable {
    const Book& book;
    const RunResult& result;
    const std::vector<std::string>& dead_states;
    bool is_split;  // by a rule that was asked for; else something was changed
    bool is_preview;
    bool is_saved;
};

// Writes headings, allocations, totals, failures and warnings. False when the sink gave up.
[[nodiscard]] bool write_run_table(const RunTable& run, const Style& style, const Sink& sink);

// One line for standard error about orders that ended far from their pro-rata part, naming the
// rules of `registry` that avoid it; empty when there is none.
[[nodiscard]] std::string deviation_note(const RunResult& result, const Registry& registry);

// One line for standard error about weights that were given: they decided nothing, because the
// rule splits by none and every block has orders; or they name portfolios without orders, or not
// all that have some. Else empty.
[[nodiscard]] std::string weights_note(const Book& book, const RunRequest& request,
                                       const RunResult& result, const Registry& registry);

}  // namespace allot::cli
