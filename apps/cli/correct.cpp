// `allot correct` and `allot bust`: executions were others than announced, or none.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "allot/correction_file.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/run_on_book.hpp"

namespace allot::cli {
namespace {

struct CorrectArguments {
    RunArguments run;
    std::string execution;
    std::string file;
    std::optional<std::string> quantity;
    std::optional<std::string> price;
};

Correction correction_of(const CorrectArguments& arguments, Errors& errors) {
    Correction correction;
    correction.execution = take(ExecutionId::parse(arguments.execution), "EXECUTION", errors);
    if (arguments.quantity) {
        correction.quantity = take(Quantity::parse(*arguments.quantity), "--quantity", errors);
    }
    if (arguments.price) {
        correction.price = take(Price::parse(*arguments.price), "--price", errors);
    }
    if (arguments.run.reason.empty()) {
        errors.push_back(no_reason("why the execution is not as it was announced"));
    }
    return correction;
}

// The corrections that the arguments name, one or those of a file.
std::vector<CorrectionEntry> entries_of(const CorrectArguments& arguments, Errors& errors) {
    const bool is_file = !arguments.file.empty();
    if (arguments.execution.empty() != is_file) {
        errors.push_back(option_error("EXECUTION, --file", is_file ? "both" : "neither",
                                      "an execution, or a file of several"));
        return {};
    }
    if (is_file && (arguments.quantity || arguments.price)) {
        errors.push_back(option_error(arguments.quantity ? "--quantity" : "--price", "with --file",
                                      "a column of this name in the file"));
        return {};
    }
    if (is_file) {
        Result<std::vector<CorrectionEntry>, Errors> read = read_corrections(arguments.file);
        if (!read) {
            errors.insert(errors.end(), read.error().begin(), read.error().end());
            return {};
        }
        for (const CorrectionEntry& entry : *read) {
            if (entry.reason.empty() && arguments.run.reason.empty()) {
                errors.push_back(no_reason("why, as not every row of the file says it"));
                break;
            }
        }
        return *std::move(read);
    }
    CorrectionEntry entry;
    entry.correction = correction_of(arguments, errors);
    if (!arguments.quantity && !arguments.price) {
        errors.push_back(option_error("--quantity, --price", "neither",
                                      "the true quantity, the true price, or both"));
    }
    return {std::move(entry)};
}

ExitStatus correct(const CorrectArguments& arguments) {
    std::vector<CorrectionEntry> entries;
    return run_on_book(
        arguments.run,
        {[&](const RunArguments&, Errors& errors) { entries = entries_of(arguments, errors); },
         {},
         [&](const Engine& engine, Book& book,
             const RunRequest& request) -> Result<RunResult, Errors> {
             if (arguments.file.empty()) {
                 Result<RunResult> one =
                     engine.correct(book, entries.front().correction, request.options.written);
                 if (!one) {
                     return Unexpected{Errors{std::move(one).error()}};
                 }
                 return *std::move(one);
             }
             return engine.correct_all(book, entries, request.options.written);
         }});
}

constexpr const char* what_is_booked =
    "Allocations in state Booked or Closed stay; where they are hit, the placement fails as\n"
    "CorrectedAfterBooking, and the result lists the units and the cash to reverse for each\n"
    "order. --reason is required.\n"
    "\n";

}  // namespace

void add_correct(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<CorrectArguments>();
    CLI::App* command = program.add_subcommand(
        "correct", "Correct the quantity or the price of an execution, and its allocations");
    add_book(*command, arguments->run);
    command->add_option("EXECUTION", arguments->execution, "The execution, SCOPE/CODE");
    command
        ->add_option("--file", arguments->file,
                     "Instead, a CSV file with several, all of which are done or none: columns "
                     "id, quantity, price, bust (true) and reason")
        ->type_name("FILE");
    command->add_option("--quantity", arguments->quantity, "What was executed in truth")
        ->type_name("DECIMAL");
    command->add_option("--price", arguments->price, "The price in truth")->type_name("DECIMAL");
    add_what_to_write(*command, arguments->run);
    command->footer(std::string{what_is_booked} +
                    "Examples:\n"
                    "  allot correct book.json desk/E1 --quantity 30 --reason 'broker, 14:02' \\\n"
                    "      --save book.json\n"
                    "  allot correct book.json desk/E1 --price 26.36 --reason typo --preview\n"
                    "  allot correct book.json --file corrections.csv --save book.json\n"
                    "\n" +
                    exit_status_of_changes);
    command->callback([arguments, &status] { status = correct(*arguments); });
}

void add_bust(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<CorrectArguments>();
    CLI::App* command = program.add_subcommand(
        "bust", "Take back an execution that never was, and its allocations");
    add_book(*command, arguments->run);
    command->add_option("EXECUTION", arguments->execution, "The execution, SCOPE/CODE")->required();
    add_what_to_write(*command, arguments->run);
    command->footer(std::string{what_is_booked} +
                    "Example:\n"
                    "  allot bust book.json desk/E1 --reason 'bust by the venue' --save book.json\n"
                    "\n" +
                    exit_status_of_changes);
    command->callback([arguments, &status] {
        Correction correction;
        status = run_on_book(arguments->run,
                             {[&](const RunArguments&, Errors& errors) {
                                  correction = correction_of(*arguments, errors);
                              },
                              [&](const Engine& engine, Book& book, const RunRequest& request) {
                                  return engine.bust(book, correction.execution,
                                                     request.options.written);
                              }});
    });
}

}  // namespace allot::cli
