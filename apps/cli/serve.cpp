// `allot serve`: the allocation service on the user's own machine.
#include "apps/service/serve.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

using service::ServeOptions;

struct ServeArguments {
    ServeOptions options;
    std::string run_values{"allocations"};
    std::string lot{"1"};
    std::vector<std::string> dead_states;
    unsigned request_seconds{30};
    bool quiet{false};
};

ExitStatus serve(const ServeArguments& arguments) {
    ServeOptions options = arguments.options;
    Errors errors;
    RunOptions& run = options.service.run;
    run.lot = take(Quantity::parse(arguments.lot), "--lot", errors);
    if (errors.empty() && run.lot.is_zero()) {
        errors.push_back(option_error("--lot", arguments.lot, "a number above zero"));
    }
    if (!errors.empty()) {
        return complain_of(errors);
    }
    if (!arguments.dead_states.empty()) {
        run.dead_states = arguments.dead_states;
    }
    run.threads = 1;  // calls are many and small
    options.service.placements_as_values = arguments.run_values == "placements";
    options.service.access_log = !arguments.quiet;
    options.server.bodies_bytes = 4 * options.server.body_bytes;
    options.server.request_time = std::chrono::seconds{arguments.request_seconds};
    const Result<void, Errors> served =
        service::serve(options, [](std::string_view text) { complain(text); });
    if (!served && served.error().size() == 1) {
        return complain_of(served.error().front());
    }
    return served ? ExitStatus::done : complain_of(served.error());
}

void add_whom_to_serve(CLI::App& command, ServeOptions& options) {
    command.add_option("--host", options.server.host, "The address to listen on")
        ->type_name("ADDRESS")
        ->capture_default_str();
    command.add_option("--port", options.server.port, "The port to listen on; 0: any free one")
        ->check(CLI::Range(0, 65535).description(""))
        ->type_name("NUMBER")
        ->capture_default_str();
    command
        .add_option("--token-file", options.token_file,
                    "Answer only requests with the bearer token in the first line of this file")
        ->type_name("FILE");
    command.add_flag("--i-know", options.i_know,
                     "Listen beyond this machine without a token: whoever reaches the port may "
                     "read and change everything");
    command.add_flag("--read-only", options.service.read_only, "Refuse every change");
}

void add_what_to_serve(CLI::App& command, ServeArguments& arguments) {
    ServeOptions& options = arguments.options;
    command
        .add_option("--data", options.data_file,
                    "Keep everything in this SQLite file, which is made if need be; without it: "
                    "in memory only")
        ->type_name("FILE");
    command
        .add_flag("--unsynchronous{false}", options.is_synchronous,
                  "Do not wait for the disk: what was acknowledged survives the end of the "
                  "program, but not a loss of power")
        ->needs("--data");
    command
        .add_option("--import", options.import_book,
                    "Begin with a book: a JSON file or a folder of CSV files")
        ->type_name("BOOK");
    command.add_flag("--lenient", options.lenient_import,
                     "Unknown members of the imported book are warnings, not errors");
    command.add_flag("--strict", options.service.strict,
                     "Refuse uploads with unknown members, quantities of 0, or references to what "
                     "is not there");
    command
        .add_option("--run-values", arguments.run_values,
                    "What an allocate call lists: the allocations made, or the placements that "
                    "went well")
        ->check(CLI::IsMember({"allocations", "placements"}).description(""))
        ->type_name("WHAT")
        ->capture_default_str();
    command.add_option("--lot", arguments.lot, "Lot of instruments for which the book names none")
        ->type_name("DECIMAL")
        ->capture_default_str();
    command.add_flag("--allow-unpriced", options.service.run.allow_unpriced,
                     "Allocate executions that have no price");
    command
        .add_option("--dead-states", arguments.dead_states,
                    "Orders in these states receive nothing; comma-separated, replaces the usual "
                    "list: " +
                        fmt::format("{}", fmt::join(default_dead_states(), ",")))
        ->delimiter(',')
        ->type_name("STATE,...");
}

void add_limits(CLI::App& command, ServeArguments& arguments) {
    service::ServerOptions& server = arguments.options.server;
    const auto add = [&](const char* name, auto& number, const char* text, auto least, auto most) {
        command.add_option(name, number, text)
            ->check(CLI::Range(least, most).description(""))
            ->type_name("NUMBER")
            ->capture_default_str();
    };
    add("--max-header", server.header_bytes, "Bytes of a request's head", 1024U, 1U << 20U);
    add("--max-body", server.body_bytes,
        "Bytes of a request's body; four times as many for all bodies at once", std::uint64_t{1024},
        std::uint64_t{1} << 32U);
    add("--max-connections", server.connections, "Connections at once", 1U, 100'000U);
    add("--max-depth", arguments.options.service.json.depth, "Levels of nested JSON",
        std::size_t{8}, std::size_t{1000});
    add("--request-time", arguments.request_seconds,
        "Seconds in which a request must arrive, and its answer be taken", 1U, 3600U);
    add("--threads", server.threads, "Threads that answer", 1U, 256U);
    command.add_flag("--quiet", arguments.quiet, "No access log");
}

}  // namespace

void add_serve(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<ServeArguments>();
    CLI::App* command = program.add_subcommand(
        "serve", "Serve the allocation service over HTTP, for programs written for LUSID's");
    add_whom_to_serve(*command, arguments->options);
    add_what_to_serve(*command, *arguments);
    add_limits(*command, *arguments);
    command->footer(
        "Examples:\n"
        "  allot serve\n"
        "  allot serve --data desk.sqlite\n"
        "  allot serve --port 9000 --import book.json --read-only\n"
        "  allot serve --host 10.0.0.5 --token-file token.txt\n"
        "\n"
        "Without --data everything is lost when the service ends. SIGTERM and SIGINT finish the\n"
        "requests that have begun, then end the service. docs/service.md says what is served.\n"
        "\n"
        "Exit status: 0 ended by a signal, 2 bad usage, or a bad book or data file; nothing was\n"
        "served; 3 the data file could not be written any more.");
    command->callback([arguments, &status] { status = serve(*arguments); });
}

}  // namespace allot::cli
