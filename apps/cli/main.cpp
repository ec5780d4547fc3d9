// The program allot: reads the command line and hands over to a subcommand.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>

#include "allot/simd.hpp"
#include "allot/version.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/help.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

constexpr const char* closing_words =
    "Examples:\n"
    "  allot run book.json                          allocate every execution in a book\n"
    "  allot run book.json --save book.json         and keep the allocations\n"
    "  allot reallocate book.json --reason 'late fill' --save book.json\n"
    "                                               split again around what is booked\n"
    "  allot history book.json desk/O1              who got what, by which run, and why\n"
    "  allot split --quantity 40 --claims 30,70     the bare rule on bare numbers\n"
    "\n"
    "Exit status:\n"
    "  0   no placement failed\n"
    "  1   the run finished, some placements failed (they are named in the result)\n"
    "  2   bad usage, or bad or unreadable input; nothing was done\n"
    "  3   the output could not be written\n"
    "\n"
    "Environment:\n"
    "  ALLOT_SIMD   scalar, avx2 or avx512: the form in which splits are computed, instead of\n"
    "               the best that the processor has; the results are the same\n"
    "\n"
    "`allot COMMAND --help` explains a command and its options.";

// Help and version were asked for, or the command line is wrong. `first` is its first word.
ExitStatus answer(const CLI::App& program, const CLI::ParseError& reason, std::string_view first) {
    std::ostringstream output;
    std::ostringstream refusal;
    if (program.exit(reason, output, refusal) == 0) {
        return print(output.str());
    }
    if (program.get_subcommands().empty()) {
        complain(first.empty() ? "a command is required"
                               : printable(fmt::format("there is no command {}", first)));
        complain("try `allot --help`");
        return ExitStatus::refused;
    }
    std::string command = "allot";
    for (const CLI::App* chosen : program.get_subcommands()) {
        command += ' ' + chosen->get_name();
    }
    complain(printable(reason.what()));
    complain("try `" + command + " --help`");
    return ExitStatus::refused;
}

// The form of the split kernel that the environment asks for.
ExitStatus choose_simd_form() {
    const char* const wanted = std::getenv("ALLOT_SIMD");
    if (wanted == nullptr) {
        return ExitStatus::done;
    }
    const Result<SimdForm> form = parse_simd_form(wanted);
    const Result<void> forced = form ? force_simd(*form) : Unexpected{form.error()};
    if (forced) {
        return ExitStatus::done;
    }
    return complain_of(option_error("ALLOT_SIMD", wanted, forced.error().expected));
}

// Why a text is no number for an option, or nothing.
std::string refuse_number(const std::string& text) {
    const bool is_number = !text.empty() &&
                           text.find_first_not_of("0123456789") == std::string::npos &&
                           (text.size() == 1 || text.front() != '0');
    return is_number ? "" : "found " + text + ", expected a whole number without leading zeros";
}

// By itself the library reads 010 as eight and 0x10 as sixteen.
void take_decimal_numbers_only(CLI::App& program) {
    for (CLI::App* const command : program.get_subcommands({})) {
        for (CLI::Option* const option : command->get_options()) {
            if (option->get_type_name() == "NUMBER" || option->get_type_name() == "PLACES") {
                option->transform(CLI::Validator{refuse_number, ""});  // before other checks
            }
        }
    }
}

ExitStatus run_program(int argument_count, char** arguments) {
    CLI::App program{"allot gives executions back to the orders they were made for, exactly.",
                     "allot"};
    ExitStatus status = ExitStatus::done;
    program.set_version_flag("--version", "allot " + std::string{version},
                             "Print the version and exit");
    program.set_help_flag("--help,-h", "Print this help and exit");
    program.formatter(std::make_shared<HelpFormatter>());
    program.require_subcommand(1);
    program.footer(closing_words);
    add_run(program, status);
    add_reallocate(program, status);
    add_correct(program, status);
    add_bust(program, status);
    add_amend(program, status);
    add_remove(program, status);
    add_history(program, status);
    add_verify(program, status);
    add_split(program, status);
    add_algorithms(program, status);
    add_generate(program, status);
    add_backtest(program, status);
    add_serve(program, status);
    take_decimal_numbers_only(program);
    try {
        program.parse(argument_count, arguments);
    } catch (const CLI::ParseError& reason) {
        return answer(program, reason, argument_count > 1 ? arguments[1] : "");
    }
    return status;
}

}  // namespace
}  // namespace allot::cli

int main(int argument_count, char** arguments) {
    // A closed pipe is a write error like any other, not a reason to die in silence.
    std::signal(SIGPIPE, SIG_IGN);
    using allot::cli::ExitStatus;
    ExitStatus status = ExitStatus::refused;
    try {
        // Until the program has ended nothing is done: what it throws leaves the status as it is.
        const ExitStatus chosen = allot::cli::choose_simd_form();
        status = chosen == ExitStatus::done ? allot::cli::run_program(argument_count, arguments)
                                            : chosen;
    } catch (const allot::Refusal& refusal) {
        status = allot::cli::complain_of(refusal.errors());
    } catch (const std::bad_alloc&) {
        allot::cli::complain("not enough memory");
    } catch (const std::exception& failure) {
        allot::cli::complain(failure.what());
    }
    return static_cast<int>(status);
}
