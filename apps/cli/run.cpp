// `allot run`: the main job. Reads a book, allocates its executions, prints the result and, when
// asked, saves the book.
#include <memory>
#include <string>

#include "apps/cli/commands.hpp"
#include "apps/cli/run_on_book.hpp"

namespace allot::cli {

void add_run(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<RunArguments>();
    CLI::App* command = program.add_subcommand(
        "run", "Allocate the executions of a book to its orders: the main job");
    add_book(*command, *arguments);
    add_what_to_run(*command, *arguments);
    add_pricing(*command, *arguments);
    add_what_to_write(*command, *arguments);
    command->footer(
        std::string{
            "Examples:\n"
            "  allot run book.json\n"
            "  allot run day/ --algorithm FIFO --format csv --output allocations.csv\n"
            "  allot run book.json --placement desk/P1 --save book.json --user anna\n"
            "  allot run book.json --algorithm PR-LF --weights funds/Growth=0.6,funds/Income=0.4\n"
            "\n"} +
        exit_status_of_runs);
    command->callback([arguments, &status] {
        status = run_on_book(*arguments,
                             {[](const RunArguments&, Errors&) {},
                              [&](const Engine& engine, Book& book, const RunRequest& request) {
                                  return arguments->preview ? engine.preview(book, request)
                                                            : engine.run(book, request);
                              },
                              {},
                              true,
                              true});
    });
}

}  // namespace allot::cli
