// What the commands have in common that read a book, let the engine work on it, print the result
// and, when asked, save the book: options, and the way from them to an exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "apps/cli/exit_status.hpp"

namespace allot::cli {

struct RunArguments {
    std::string book;
    std::string algorithm{"PR-FIFO"};
    std::vector<std::string> placements;
    std::string weights;
    std::string lot{"1"};
    bool strict_lot{false};
    std::string ties{"position"};
    std::string seed;
    bool explain{false};
    bool quarantine{false};
    bool lenient{false};
    bool allow_unpriced{false};
    bool as_of_fill{false};
    bool pool{false};
    std::string beyond_limit{"fail"};
    std::string grain{"execution"};
    std::string price{"fill"};
    std::string average_over{"placement"};
    std::string tick;              // empty: none
    std::string residual_account;  // empty: none
    std::optional<std::string> dead_states;
    bool preview{false};
    std::string as_at;
    std::string user;
    std::string reason;
    std::string format{"table"};
    std::string numbers{"number"};
    unsigned threads{0};  // 0: not given
    int price_scale{10};
    std::string output;
    std::string save;

    [[nodiscard]] NumberStyle number_style() const {
        return numbers == "text" ? NumberStyle::text : NumberStyle::number;
    }
};

// What a command does with the book.
struct RunWork {
    // Adds what is wrong with its own arguments, before the book is read.
    std::function<void(const RunArguments&, Errors&)> judge{};
    std::function<Result<RunResult>(const Engine&, Book&, const RunRequest&)> run{};
    // In its place, where more than one thing may be wrong.
    std::function<Result<RunResult, Errors>(const Engine&, Book&, const RunRequest&)> run_all{};
    // It splits by the rule of the request; else it changes what is allocated already.
    bool splits{false};
    // `run` is Engine::run: what nobody wants to keep may be passed on by Engine::preview.
    bool is_run{false};
};

// The book that the arguments name, read as they say.
[[nodiscard]] Result<ReadBook, Errors> read_for(const RunArguments& arguments);

[[nodiscard]] ExitStatus run_on_book(const RunArguments& arguments, const RunWork& work);

void add_book(CLI::App& command, RunArguments& arguments);
void add_what_to_run(CLI::App& command, RunArguments& arguments);
void add_pricing(CLI::App& command, RunArguments& arguments);
void add_what_to_write(CLI::App& command, RunArguments& arguments);

// The last words of the help of a command that splits.
inline constexpr const char* exit_status_of_runs =
    "Exit status:\n"
    "  0   no placement failed\n"
    "  1   the run finished, some placements failed (they are named in the result)\n"
    "  2   bad usage, or bad or unreadable input; nothing was done\n"
    "  3   the output could not be written; a file keeps what it had";

// And of one that changes what is allocated already.
inline constexpr const char* exit_status_of_changes =
    "Exit status:\n"
    "  0   done\n"
    "  1   done, and a placement fails (it is named in the result)\n"
    "  2   bad usage, or bad or unreadable input, or refused; nothing was done\n"
    "  3   the output could not be written; a file keeps what it had";

}  // namespace allot::cli
