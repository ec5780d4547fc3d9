// `allot generate`: a seeded trading day as a CSV folder.
#include "allot/generate.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "apps/cli/arguments.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct GenerateArguments {
    DayParameters day;
    std::string output;
    bool force{false};
};

ExitStatus generate(const GenerateArguments& arguments) {
    if (!arguments.force && holds_something(arguments.output)) {
        return complain_of(option_error("--output", arguments.output,
                                        "a folder that is empty or not there yet, or --force"));
    }
    const Result<DayCounts> day = write_generated_day(arguments.day, arguments.output);
    if (!day) {
        Error error = day.error();
        if (error.code == ErrorCode::option_is_not_valid) {
            error.field = "--" + error.field;
        }
        return complain_of(error);
    }
    return print(fmt::format(
        "{}: {}, {}, {}, {}, {} of {}, seed {}\n", printable(arguments.output),
        counted(day->blocks, "block"), counted(day->orders, "order"),
        counted(day->placements, "placement"), counted(day->executions, "execution"),
        counted(day->instruments, "instrument"), arguments.day.date, arguments.day.seed));
}

}  // namespace

void add_generate(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<GenerateArguments>();
    DayParameters& day = arguments->day;
    CLI::App* command =
        program.add_subcommand("generate", "Write a made-up trading day as a CSV folder");
    command->add_option("--output", arguments->output, "Folder to write; made if missing")
        ->required()
        ->type_name("DIR");
    command->add_option("--seed", day.seed, "The same seed gives the same day on every machine")
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--blocks", day.blocks, "Blocks of orders")
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--orders", day.orders, "Orders, spread over the blocks")
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--executions", day.executions, "Fills, spread over the blocks by size")
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--portfolios", day.portfolios, "Portfolios that the orders belong to")
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--date", day.date, "The trading day")
        ->type_name("YYYY-MM-DD")
        ->capture_default_str();
    command->add_flag("--force", arguments->force, "Write into a folder that is not empty");
    command->footer(
        "Order sizes are log-normal, rounded to lots of 1, 10 or 100; sizes of fills have the\n"
        "heavy tail and the clustering at round lots of real US equity prints.\n"
        "\n"
        "Example:\n"
        "  allot generate --seed 7 --output day && allot run day --format csv --output day.csv\n"
        "\n"
        "Exit status: 0 done, 2 bad usage, 3 the folder could not be written.");
    command->callback([arguments, &status] { status = generate(*arguments); });
}

}  // namespace allot::cli
