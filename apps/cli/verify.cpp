// `allot verify`: proves that a saved book is what was written, and that its runs give what they
// gave.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "allot/journal.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/run_on_book.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct VerifyArguments {
    RunArguments run;
    std::string seal;
};

// A line of a message: what it says may come from a file.
std::string line_of(std::string_view text) {
    return "  " + printable(text) + "\n";
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string text_of(const Fault& fault) {
    std::string text = fmt::format("does not hold: {}\n", name(fault.type));
    if (!fault.entity.empty()) {
        text += line_of(fmt::format("{} {}, version {}", fault.entity, fault.id, fault.version));
    }
    if (fault.entry != 0) {
        text += line_of(fmt::format("entry {} of the journal{}", fault.entry,
                                    fault.run.empty() ? "" : ", run " + fault.run));
    }
    text += line_of(fault.detail);
    for (const MemberChange& change : fault.changes) {
        const auto shown = [](const std::string& value) {
            return value.empty() ? "nothing" : value;
        };
        text += line_of(fmt::format("{}: written {}, given {}", change.member, shown(change.before),
                                    shown(change.after)));
    }
    return text;
}

std::string text_of(const Verification& verification) {
    if (verification.entries == 0 || (verification.sealed == 0 && verification.runs == 0)) {
        return "nothing to verify: no run has written to the book yet\n";
    }
    return fmt::format(
        "holds: {} of the journal, {}, {} of allocations that came out as they are written\n"
        "seal {}\n",
        counted(verification.entries, "entry", "entries"),
        counted(verification.runs, "run", "runs"),
        counted(verification.allocations, "version", "versions"), verification.seal);
}

ExitStatus verify_book(const VerifyArguments& arguments) {
    constexpr std::size_t digits = 64;
    if (!arguments.seal.empty() &&
        (arguments.seal.size() != digits ||
         arguments.seal.find_first_not_of("0123456789abcdef") != std::string::npos)) {
        return complain_of(option_error("--seal", arguments.seal,
                                        "a seal as `allot verify` prints it: 64 digits of 0 to f"));
    }
    const Result<ReadBook, Errors> read = read_for(arguments.run);
    if (!read) {
        return complain_of(read.error());
    }
    remark("warning", read->warnings);
    VerifyOptions options;
    options.seal = arguments.seal;
    options.threads = arguments.run.threads;
    Progress progress{"verifying"};
    options.progress = [&](std::size_t done, std::size_t total) { progress(done, total); };
    const Verification verification = verify(read->book, Registry::with_builtins(), options);
    if (verification.faults.empty()) {
        return print(text_of(verification));
    }
    std::string text;
    for (const Fault& fault : verification.faults) {
        text += text_of(fault);
    }
    return print(text, ExitStatus::failures);
}

}  // namespace

void add_verify(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<VerifyArguments>();
    CLI::App* command = program.add_subcommand(
        "verify", "Prove that a saved book was not changed, and run all its runs again");
    command->add_option("BOOK", arguments->run.book, "A saved book, or - for one on standard input")
        ->required();
    command
        ->add_option("--seal", arguments->seal,
                     "A seal that was kept: the book must go on from there")
        ->type_name("HEX");
    command->footer(
        "Every version of every entity is compared with what was sealed when the book was saved;\n"
        "then all that was put is put again, all runs are run again, and what comes out is\n"
        "compared with what is written, byte for byte. What differs is named.\n"
        "\n"
        "The last line is the seal of the whole book. Keep it elsewhere: with --seal it shows "
        "later\n"
        "that nothing before it was changed, even if somebody sealed the book anew.\n"
        "\n"
        "Examples:\n"
        "  allot run day.json --save book.json && allot verify book.json\n"
        "  allot verify book.json --seal 5b1e...\n"
        "\n"
        "Exit status: 0 all holds, or no run has written to the book, 1 something does not hold,\n"
        "2 bad usage or input, 3 the output could not be written.");
    command->callback([arguments, &status] { status = verify_book(*arguments); });
}

}  // namespace allot::cli
