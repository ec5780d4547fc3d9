// `allot reallocate`: withdraws what is not booked and splits again.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/run_on_book.hpp"

namespace allot::cli {
namespace {

struct ReallocateArguments {
    RunArguments run;
    std::vector<std::string> pins;
};

// "desk/A=30", each order once.
Pins pins_of(const std::vector<std::string>& texts, Errors& errors) {
    Pins pins;
    for (const std::string& text : texts) {
        const std::size_t equals = text.rfind('=');
        if (equals == std::string::npos) {
            errors.push_back(option_error("--pin", text, "SCOPE/CODE=QUANTITY"));
            continue;
        }
        const OrderId order = take(OrderId::parse(text.substr(0, equals)), "--pin", errors);
        const Quantity quantity = take(Quantity::parse(text.substr(equals + 1)), "--pin", errors);
        if (!pins.emplace(order, quantity).second) {
            errors.push_back(option_error("--pin", text, "each order once"));
        }
    }
    return pins;
}

ExitStatus reallocate(const ReallocateArguments& arguments) {
    Pins pins;
    return run_on_book(arguments.run,
                       {[&](const RunArguments& run, Errors& errors) {
                            pins = pins_of(arguments.pins, errors);
                            if (run.reason.empty()) {
                                errors.push_back(no_reason("why allocations move"));
                            }
                        },
                        [&](const Engine& engine, Book& book, const RunRequest& request) {
                            return arguments.run.preview
                                       ? engine.preview_reallocate(book, request, pins)
                                       : engine.reallocate(book, request, pins);
                        },
                        {},
                        true});
}

}  // namespace

void add_reallocate(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<ReallocateArguments>();
    CLI::App* command = program.add_subcommand(
        "reallocate",
        "Withdraw the allocations that are not booked, and split again around those "
        "that are");
    add_book(*command, arguments->run);
    add_what_to_run(*command, arguments->run);
    command
        ->add_option("--pin", arguments->pins,
                     "What an order shall have in all from these placements; may be given several "
                     "times. The rest is split around it")
        ->type_name("SCOPE/CODE=QUANTITY")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_what_to_write(*command, arguments->run);
    command->footer(
        std::string{"Allocations in state Booked or Closed stay. --reason is required.\n"
                    "\n"
                    "Examples:\n"
                    "  allot reallocate book.json --reason 'late fill' --save book.json\n"
                    "  allot reallocate book.json --placement desk/P1 --pin desk/A=30 \\\n"
                    "      --reason 'agreed with the client' --preview\n"
                    "\n"} +
        exit_status_of_runs);
    command->callback([arguments, &status] { status = reallocate(*arguments); });
}

}  // namespace allot::cli
