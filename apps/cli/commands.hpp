// The subcommands: each adds itself to the program and sets `status` when it has run.
#pragma once

#include <CLI/CLI.hpp>

#include "apps/cli/exit_status.hpp"

namespace allot::cli {

void add_run(CLI::App& program, ExitStatus& status);
void add_reallocate(CLI::App& program, ExitStatus& status);
void add_correct(CLI::App& program, ExitStatus& status);
void add_bust(CLI::App& program, ExitStatus& status);
void add_amend(CLI::App& program, ExitStatus& status);
void add_remove(CLI::App& program, ExitStatus& status);
void add_history(CLI::App& program, ExitStatus& status);
void add_verify(CLI::App& program, ExitStatus& status);
void add_split(CLI::App& program, ExitStatus& status);
void add_algorithms(CLI::App& program, ExitStatus& status);
void add_generate(CLI::App& program, ExitStatus& status);
void add_backtest(CLI::App& program, ExitStatus& status);
void add_serve(CLI::App& program, ExitStatus& status);

}  // namespace allot::cli
