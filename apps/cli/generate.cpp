// `allot generate`: a seeded trading day, or books whose fills are real prints, as CSV folders.
#include "allot/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/cli/arguments.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct GenerateArguments {
    DayParameters day;
    std::vector<std::string> prints;  // files; empty: a made-up day
    PrintParameters print_parameters;
    std::optional<std::uint32_t> orders;
    std::string date;
    std::string participation{"1"};
    std::string fill_ratio{"0.8"};
    std::string slices{"1"};
    std::string output;
    bool force{false};
};

// A refused parameter is called as its option.
Error as_option(Error error) {
    if (error.code == ErrorCode::option_is_not_valid) {
        std::replace(error.field.begin(), error.field.end(), '_', '-');
        error.field = "--" + error.field;
    }
    return error;
}

ExitStatus generate_made_up(const GenerateArguments& arguments) {
    DayParameters parameters = arguments.day;
    parameters.orders = arguments.orders.value_or(parameters.orders);
    parameters.date = arguments.date.empty() ? parameters.date : arguments.date;
    const Result<DayCounts> day = write_generated_day(parameters, arguments.output);
    if (!day) {
        return complain_of(as_option(day.error()));
    }
    return print(
        fmt::format("{}: {}, {}, {}, {}, {} of {}, seed {}\n", printable(arguments.output),
                    counted(day->blocks, "block"), counted(day->orders, "order"),
                    counted(day->placements, "placement"), counted(day->executions, "execution"),
                    counted(day->instruments, "instrument"), parameters.date, parameters.seed));
}

// "10", or "1/10" for fills that are put together.
bool read_slices(std::string_view text, PrintParameters& parameters) {
    const bool is_coarser = text.starts_with("1/");
    std::uint32_t& number = is_coarser ? parameters.fills_per_slice : parameters.slices_per_fill;
    text.remove_prefix(is_coarser ? 2 : 0);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc{} && end == text.data() + text.size();
}

PrintParameters print_parameters_of(const GenerateArguments& arguments, Errors& errors) {
    PrintParameters parameters = arguments.print_parameters;
    parameters.seed = arguments.day.seed;
    parameters.portfolios = arguments.day.portfolios;
    parameters.orders = arguments.orders.value_or(parameters.orders);
    parameters.date = arguments.date;
    parameters.participation =
        take(Decimal::parse(arguments.participation), "--participation", errors);
    parameters.fill_ratio = take(Decimal::parse(arguments.fill_ratio), "--fill-ratio", errors);
    if (!read_slices(arguments.slices, parameters)) {
        errors.push_back(option_error("--slices", arguments.slices,
                                      "a number such as 10 to cut fills finer, or 1/10"));
    }
    return parameters;
}

std::optional<PrintFile> print_file(const std::string& name) {
    PrintFile file{.name = name};
    if (name == "-" && !read_standard_input(file.text.emplace())) {
        return std::nullopt;
    }
    return file;
}

ExitStatus generate_from_files(const GenerateArguments& arguments) {
    Errors errors;
    const PrintParameters parameters = print_parameters_of(arguments, errors);
    if (std::count(arguments.prints.begin(), arguments.prints.end(), "-") > 1) {
        errors.push_back(option_error("--prints", "- twice", "standard input once"));
    }
    std::vector<PrintFile> files;
    for (const std::string& name : arguments.prints) {
        if (!errors.empty()) {
            return complain_of(errors);
        }
        const std::optional<PrintFile> file = print_file(name);
        if (!file) {
            return complain_of(option_error("--prints", "standard input that cannot be read",
                                            "prints on standard input"));
        }
        files.push_back(*file);
    }
    Result<std::vector<WrittenBook>, Errors> books = [&] {
        Progress progress{"making books of prints"};
        return write_generated_from_prints(
            parameters, files, arguments.output,
            [&](std::size_t done, std::size_t total) { progress(done, total); });
    }();
    if (!books) {
        errors = books.error();
        std::transform(errors.begin(), errors.end(), errors.begin(), as_option);
        return errors.size() == 1 ? complain_of(errors.front()) : complain_of(errors);
    }
    std::string text;
    for (const WrittenBook& book : *books) {
        text +=
            fmt::format("{}: {}, {}, {}, seed {}\n", printable(book.folder.string()),
                        counted(book.counts.blocks, "block"), counted(book.counts.orders, "order"),
                        counted(book.counts.executions, "execution"), parameters.seed);
    }
    return print(text);
}

ExitStatus generate(const GenerateArguments& arguments) {
    if (!arguments.force && holds_something(arguments.output)) {
        return complain_of(option_error("--output", arguments.output,
                                        "a folder that is empty or not there yet, or --force"));
    }
    return arguments.prints.empty() ? generate_made_up(arguments) : generate_from_files(arguments);
}

void add_options_of_both(CLI::App& command, GenerateArguments& arguments) {
    DayParameters& day = arguments.day;
    command.add_option("--output", arguments.output, "Folder to write; made if missing")
        ->required()
        ->type_name("DIR");
    command.add_option("--seed", day.seed, "The same seed gives the same books on every machine")
        ->type_name("NUMBER")
        ->capture_default_str();
    command
        .add_option("--orders", arguments.orders,
                    "Orders, spread over the blocks (default 3000); with --prints the orders of "
                    "each block (default 10)")
        ->type_name("NUMBER");
    command.add_option("--portfolios", day.portfolios, "Portfolios that the orders belong to")
        ->type_name("NUMBER")
        ->capture_default_str();
    command
        .add_option("--date", arguments.date,
                    "The trading day (default 2026-03-02; with --prints as the files say)")
        ->type_name("YYYY-MM-DD");
    command.add_flag("--force", arguments.force, "Write into a folder that is not empty");
}

void add_options_of_made_up_days(CLI::App& command, GenerateArguments& arguments,
                                 CLI::Option* prints) {
    DayParameters& day = arguments.day;
    command.add_option("--blocks", day.blocks, "Blocks of orders")
        ->type_name("NUMBER")
        ->capture_default_str()
        ->excludes(prints);
    command.add_option("--executions", day.executions, "Fills, spread over the blocks by size")
        ->type_name("NUMBER")
        ->capture_default_str()
        ->excludes(prints);
}

void add_options_of_prints(CLI::App& command, GenerateArguments& arguments, CLI::Option* prints) {
    PrintParameters& parameters = arguments.print_parameters;
    const auto add = [&](const char* name, std::string& value, const char* text, const char* type) {
        return command.add_option(name, value, text)
            ->type_name(type)
            ->capture_default_str()
            ->needs(prints);
    };
    add("--participation", arguments.participation,
        "The part of the prints that is executed, above 0 and up to 1", "RATE");
    add("--from", parameters.from, "Prints before this time of day are left out", "TIME");
    add("--to", parameters.to, "So are those at this time and later", "TIME");
    add("--slices", arguments.slices,
        "N cuts each fill into N; 1/N makes of N fills one for each price among them", "N|1/N");
    add("--fill-ratio", arguments.fill_ratio,
        "What is executed, as a part of what is ordered: 0.001 to 1", "RATIO");
    add("--instrument", parameters.instrument,
        "Ticker of the prints (default as the files are named)", "NAME");
    add("--utc-offset", parameters.utc_offset, "Of the clock that `ms` is of, such as -04:00",
        "OFFSET");
    add("--currency", parameters.currency, "Of the prices", "CODE");
    command
        .add_flag("--calendar", parameters.calendar,
                  "A folder for each day below DIR, not one book")
        ->needs(prints);
}

}  // namespace

void add_generate(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<GenerateArguments>();
    CLI::App* command = program.add_subcommand(
        "generate", "Write a made-up trading day, or books of real prints, as CSV folders");
    add_options_of_both(*command, *arguments);
    CLI::Option* prints =
        command
            ->add_option("--prints", arguments->prints,
                         "Files of prints, one for an instrument and a day; their prints become "
                         "the fills of a block; - is standard input")
            ->type_name("FILE...");
    add_options_of_made_up_days(*command, *arguments, prints);
    add_options_of_prints(*command, *arguments, prints);
    command->footer(
        "Order sizes are log-normal. Of a made-up day the sizes of fills have the heavy tail and\n"
        "the clustering at round lots of real US equity prints.\n"
        "\n"
        "A file of prints is CSV with the columns ms (milliseconds after midnight) or time, price\n"
        "and size, named as its instrument and day: aig-20131007.csv.\n"
        "\n"
        "Examples:\n"
        "  allot generate --seed 7 --output day && allot run day --format csv --output day.csv\n"
        "  allot generate --prints aig-20131007.csv bac-20131007.csv --calendar --output books\n"
        "\n"
        "Exit status: 0 done, 2 bad usage or bad prints, 3 the folder could not be written.");
    command->callback([arguments, &status] { status = generate(*arguments); });
}

}  // namespace allot::cli
