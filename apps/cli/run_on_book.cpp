// Reads a book, lets the engine work on it, prints the result and, when asked, saves the book.
#include "apps/cli/run_on_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "allot/result_file.hpp"
#include "allot/time.hpp"
#include "apps/cli/arguments.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/run_table.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

// "funds/A=0.6,funds/B=2/5".
std::map<PortfolioId, Weight> weights_of(const std::string& text, Errors& errors) {
    std::map<PortfolioId, Weight> weights;
    for (const std::string& item : split_at_commas(text)) {
        const std::size_t equals = item.rfind('=');
        if (equals == std::string::npos) {
            errors.push_back(option_error("--weights", item, "SCOPE/CODE=WEIGHT"));
            continue;
        }
        const PortfolioId portfolio =
            take(PortfolioId::parse(item.substr(0, equals)), "--weights", errors);
        const Weight weight = take(Weight::parse(item.substr(equals + 1)), "--weights", errors);
        if (!weights.emplace(portfolio, weight).second) {
            errors.push_back(option_error("--weights", item, "each portfolio once"));
        }
    }
    return weights;
}

// True when both name the same file, there already or about to be written.
bool is_same_file(const std::string& a, const std::string& b) {
    std::error_code problem;
    const auto full = [&](const std::string& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path, problem), problem);
    };
    return !a.empty() && !b.empty() && full(a) == full(b);
}

// The value that a word stands for. Precondition: one_of() has seen the word.
template <class Option>
Option option_of(const std::string& word) {
    const auto& words = option_words<Option>;
    return static_cast<Option>(std::find(words.begin(), words.end(), word) - words.begin());
}

template <class Option>
CLI::Validator one_of() {
    const auto& words = option_words<Option>;
    return CLI::IsMember(std::vector<std::string>{words.begin(), words.end()}).description("");
}

Pricing pricing_of(const RunArguments& arguments, Errors& errors) {
    Pricing pricing;
    pricing.method = option_of<PriceMethod>(arguments.price);
    pricing.average_over = option_of<AverageOver>(arguments.average_over);
    pricing.scale = arguments.price_scale;
    if (!arguments.tick.empty()) {
        pricing.tick = take(Decimal::parse(arguments.tick), "--tick", errors);
        if (errors.empty() && pricing.tick->sign() <= 0) {
            errors.push_back(option_error("--tick", arguments.tick, "a number above zero"));
        }
    }
    // Prices of fills are as they are: nobody should think that they were rounded.
    const bool is_rounded = pricing.method == PriceMethod::average || arguments.pool ||
                            option_of<Grain>(arguments.grain) == Grain::order;
    constexpr const char* what_rounds = "--price average, --pool or --grain order beside it";
    if (!is_rounded && pricing.tick) {
        errors.push_back(option_error("--tick", arguments.tick, what_rounds));
    }
    if (!is_rounded && arguments.price_scale != RunArguments{}.price_scale) {
        errors.push_back(
            option_error("--price-scale", std::to_string(arguments.price_scale), what_rounds));
    }
    if (!arguments.residual_account.empty()) {
        pricing.residual_account =
            take(PortfolioId::parse(arguments.residual_account), "--residual-account", errors);
    }
    return pricing;
}

// Everything about the command line that can be judged before the book is read.
RunRequest request_of(const RunArguments& arguments, const Engine& engine, Errors& errors) {
    RunRequest request;
    request.algorithm = arguments.algorithm;
    // What is not known here may be a name that the book gives to a rule: the run tells.
    auto rule = engine.registry().find(arguments.algorithm);
    if (!rule && rule.error().code != ErrorCode::algorithm_is_unknown) {
        static_cast<void>(take(std::move(rule), "--algorithm", errors));
    }
    for (const std::string& placement : arguments.placements) {
        request.placements.push_back(take(PlacementId::parse(placement), "--placement", errors));
    }
    request.weights = weights_of(arguments.weights, errors);
    const std::size_t errors_before = errors.size();
    request.options.lot = take(Quantity::parse(arguments.lot), "--lot", errors);
    if (errors.size() == errors_before && request.options.lot.is_zero()) {
        errors.push_back(option_error("--lot", arguments.lot, "a number above zero"));
    }
    request.options.strict_lot = arguments.strict_lot;
    request.options.ties = option_of<Ties>(arguments.ties);
    request.options.seed = arguments.seed;
    request.options.explain = arguments.explain;
    request.options.threads = arguments.threads;
    request.options.allow_unpriced = arguments.allow_unpriced;
    request.options.beyond_limit = option_of<BeyondLimit>(arguments.beyond_limit);
    request.options.as_of_fill = arguments.as_of_fill;
    request.options.grain = option_of<Grain>(arguments.grain);
    request.options.pricing = pricing_of(arguments, errors);
    request.options.pool = arguments.pool;
    if (arguments.dead_states) {
        request.options.dead_states = split_at_commas(*arguments.dead_states);
    }
    if (!arguments.as_at.empty()) {
        static_cast<void>(take(Time::parse(arguments.as_at), "--as-at", errors));
    }
    request.options.written = {arguments.as_at, arguments.user, arguments.reason};
    if (arguments.explain && arguments.format == "csv") {
        errors.push_back(option_error("--explain", "with --format csv",
                                      "--format table or json: a row has no room for steps"));
    }
    if (arguments.preview && !arguments.save.empty()) {
        errors.push_back(option_error("--save", arguments.save,
                                      "no --save together with --preview, which changes nothing"));
    }
    // A file of that name would be a surprise: BOOK takes - for standard input.
    for (const auto& [option, path] :
         {std::pair{"--output", &arguments.output}, std::pair{"--save", &arguments.save}}) {
        if (*path == "-") {
            errors.push_back(option_error(option, "-",
                                          "a file; the result goes to standard output "
                                          "without --output"));
        }
    }
    if (is_same_file(arguments.output, arguments.save)) {
        errors.push_back(option_error("--output", arguments.output, "another file than --save"));
    }
    if (is_same_file(arguments.output, arguments.book)) {
        errors.push_back(option_error("--output", arguments.output, "another file than the book"));
    }
    return request;
}

Result<void> not_writable() {
    Error error;
    error.code = ErrorCode::file_is_not_writable;
    return Unexpected{std::move(error)};
}

// Of a format other than table.
ResultWriter writer_of(const RunArguments& arguments, const Sink& sink) {
    return arguments.format == "csv"
               ? ResultWriter::csv(sink, arguments.threads)
               : ResultWriter::json(sink, arguments.number_style(), arguments.threads);
}

Result<void> write_result(const RunArguments& arguments, const RunTable& run, const Style& style,
                          const Sink& sink) {
    if (arguments.format != "table") {
        return writer_of(arguments, sink).finish(run.result);
    }
    return write_run_table(run, style, sink) ? Result<void>{} : not_writable();
}

// Lets `write` have what the result goes to.
Result<void> write_output(const RunArguments& arguments,
                          const std::function<Result<void>(const Style&, const Sink&)>& write) {
    if (!arguments.output.empty()) {
        return write_file(arguments.output,
                          [&](const Sink& sink) { return write(Style::plain(), sink); });
    }
    StandardOutput output;
    const Result<void> written = write(Style::of_standard_output(), output.sink());
    const Result<void> finished = output.finish();  // knows why, when something went wrong
    return finished ? written : finished;
}

Result<void> write_output(const RunArguments& arguments, const RunTable& run) {
    return write_output(arguments, [&](const Style& style, const Sink& sink) {
        return write_result(arguments, run, style, sink);
    });
}

// The result goes out before the saved book takes its place: whatever fails on the way, the old
// book is still there, and the same command does the same again.
Result<void> write_all(const RunArguments& arguments, const RunTable& run) {
    if (arguments.save.empty()) {
        return write_output(arguments, run);
    }
    return write_file(arguments.save, [&](const Sink& sink) -> Result<void> {
        Result<void> written = write_book_json(run.book, sink, arguments.number_style());
        return written ? write_output(arguments, run) : written;
    });
}

// What the work is done with.
struct RunInputs {
    const Engine& engine;
    Book& book;
    RunRequest& request;
};

// A table wants all rows to make columns, and a book that is saved has them. With weights a run may
// put orders, which it would put into a copy of the book.
bool passes_on(const RunArguments& arguments, const RunWork& work, const RunRequest& request) {
    return work.is_run && arguments.format != "table" && arguments.save.empty() &&
           request.weights.empty();
}

// Writes allocations while they are made: there never are those of the whole book.
Result<RunResult, Errors> run_and_write(const RunArguments& arguments, const RunInputs& inputs) {
    std::optional<RunResult> result;
    std::optional<Progress> progress;
    if (!arguments.output.empty() || !is_terminal_output()) {  // else its line would get in between
        progress.emplace("allocating");
        inputs.request.options.progress = [&](std::size_t done, std::size_t total) {
            (*progress)(done, total);
        };
    }
    const Result<void> written =
        write_output(arguments, [&](const Style& /*style*/, const Sink& sink) -> Result<void> {
            ResultWriter writer = writer_of(arguments, sink);
            Result<RunResult> run =
                inputs.engine.preview(inputs.book, inputs.request, writer.sink());
            if (!run) {
                return Unexpected{std::move(run).error()};
            }
            return writer.finish(result.emplace(*std::move(run)));
        });
    if (!written) {
        return Unexpected{Errors{written.error()}};
    }
    return *std::move(result);
}

Result<RunResult, Errors> run_then_write(const RunArguments& arguments, const RunWork& work,
                                         const RunInputs& inputs) {
    Result<RunResult, Errors> result = [&]() -> Result<RunResult, Errors> {
        Progress progress{"allocating"};
        inputs.request.options.progress = [&](std::size_t done, std::size_t total) {
            progress(done, total);
        };
        if (work.run_all) {
            return work.run_all(inputs.engine, inputs.book, inputs.request);
        }
        Result<RunResult> one = work.run(inputs.engine, inputs.book, inputs.request);
        if (!one) {
            return Unexpected{Errors{std::move(one).error()}};
        }
        return *std::move(one);
    }();
    if (!result) {
        return result;
    }
    const std::vector<std::string> dead_states =
        inputs.request.options.dead_states.value_or(default_dead_states());
    const RunTable table{inputs.book, *result,           dead_states,
                         work.splits, arguments.preview, !arguments.save.empty()};
    if (const Result<void> written = write_all(arguments, table); !written) {
        return Unexpected{Errors{written.error()}};
    }
    return result;
}

}  // namespace

Result<ReadBook, Errors> read_for(const RunArguments& arguments) {
    Progress progress{"reading"};
    ReadOptions options;
    options.lenient = arguments.lenient;
    options.quarantine = arguments.quarantine;
    options.threads = arguments.threads;
    options.progress = [&](std::size_t done, std::size_t total) { progress(done, total); };
    if (arguments.book != "-") {
        return read_book(arguments.book, options);
    }
    std::string json;
    if (!read_standard_input(json)) {
        Error error;
        error.code = ErrorCode::file_is_unreadable;
        error.place.file = "standard input";
        return Unexpected{Errors{std::move(error)}};
    }
    return read_book_json(json, "standard input", options);
}

ExitStatus run_on_book(const RunArguments& arguments, const RunWork& work) {
    const Engine engine;
    Errors errors;
    RunRequest request = request_of(arguments, engine, errors);
    work.judge(arguments, errors);
    if (!errors.empty()) {
        return complain_of(errors);
    }
    Result<ReadBook, Errors> read_result = read_for(arguments);
    if (!read_result) {
        return complain_of(read_result.error());
    }
    Book& book = read_result->book;
    remark("warning", read_result->warnings);
    remark("left out", read_result->quarantined);
    if (!arguments.save.empty() && !read_result->quarantined.empty()) {
        return complain_of(option_error("--save", arguments.save,
                                        "no --save when rows were left out: they would be lost"));
    }
    Result<RunResult, Errors> result =
        passes_on(arguments, work, request)
            ? run_and_write(arguments, {engine, book, request})
            : run_then_write(arguments, work, {engine, book, request});
    if (!result) {
        return complain_of(result.error());
    }
    if (arguments.format == "csv" && !result->moves.empty()) {
        complain(
            fmt::format("note: {} moved or taken back: --format table or json lists what was "
                        "before, csv has rows only of what there is now",
                        counted(result->moves.size(), "allocation")));
    }
    // Who only changes something has no rule to choose.
    if (work.splits) {
        for (const std::string& note : {weights_note(book, request, *result, engine.registry()),
                                        deviation_note(*result, engine.registry())}) {
            if (!note.empty()) {
                complain(note);
            }
        }
    }
    return result->failed.empty() ? ExitStatus::done : ExitStatus::failures;
}

void add_book(CLI::App& command, RunArguments& arguments) {
    command
        .add_option("BOOK", arguments.book,
                    "A JSON book, a folder of CSV files, or - for JSON on standard input")
        ->required();
    command.add_flag("--quarantine", arguments.quarantine,
                     "Leave bad rows out and fail the placements that depend on them, instead "
                     "of stopping at a bad book");
    command.add_flag("--lenient", arguments.lenient, "Unknown members are warnings, not errors");
}

void add_what_to_run(CLI::App& command, RunArguments& arguments) {
    command
        .add_option("--algorithm", arguments.algorithm,
                    "The rule, with parameters if any, CODE:key=value, or a name that the book "
                    "gives to one; `allot algorithms` lists the rules")
        ->type_name("CODE")
        ->capture_default_str();
    command
        .add_option("--placement", arguments.placements,
                    "Only this placement and its children; may be given several times. "
                    "Without it: all placements with executions")
        ->type_name("SCOPE/CODE")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command
        .add_option("--weights", arguments.weights,
                    "Weights of portfolios for this run, in place of those in the book: decimals "
                    "or fractions, relative to each other. What was traded in a block without "
                    "orders is split to these portfolios")
        ->type_name("SCOPE/CODE=WEIGHT,...");
    command.add_option("--lot", arguments.lot, "Lot of instruments for which the book names none")
        ->type_name("DECIMAL")
        ->capture_default_str();
    command.add_flag("--strict-lot", arguments.strict_lot,
                     "Only whole lots: what is less than a lot stays unallocated");
    command
        .add_option(
            "--ties", arguments.ties,
            "How orders with the same date are ranked: by position in the block, or hashed, "
            "so that the first listed is not always first")
        ->check(one_of<Ties>())
        ->type_name("WAY")
        ->capture_default_str();
    command
        .add_option("--seed", arguments.seed,
                    "Policy seed of the rules that draw by lot; noted in the run record")
        ->type_name("TEXT");
    command.add_flag("--allow-unpriced", arguments.allow_unpriced,
                     "Allocate executions that have no price");
    command
        .add_option("--beyond-limit", arguments.beyond_limit,
                    "What becomes of an execution beyond the limit price of an order: fail, its "
                    "placement fails; no-claim, the order receives nothing of it; or ignore")
        ->check(one_of<BeyondLimit>())
        ->type_name("WAY")
        ->capture_default_str();
    command.add_flag("--as-of-fill", arguments.as_of_fill,
                     "An order claims from an execution with what it was when that was made, as "
                     "its versions in the book tell, instead of what it is now");
    command
        .add_option("--dead-states", arguments.dead_states,
                    "Orders in these states receive nothing; comma-separated, replaces the "
                    "usual list: " +
                        fmt::format("{}", fmt::join(default_dead_states(), ",")))
        ->type_name("STATE,...");
    command
        .add_option("--threads", arguments.threads,
                    "How many threads work on the run, 1 to 1024; without it as many as there are "
                    "cores and as the book is worth. The output is the same")
        ->check(CLI::Range(1U, 1024U).description(""))
        ->type_name("NUMBER");
    command.add_flag("--explain", arguments.explain,
                     "Say for each share how it came about, step by step");
}

void add_pricing(CLI::App& command, RunArguments& arguments) {
    command
        .add_option("--grain", arguments.grain,
                    "One allocation for each order and execution, or for each order: what it has "
                    "of a placement, apart by currency, settlement currency and date, trade date "
                    "and counterparty")
        ->check(one_of<Grain>())
        ->type_name("GRAIN")
        ->capture_default_str();
    command.add_flag("--pool", arguments.pool,
                     "Split all that a placement has on offer as one quantity: one allocation for "
                     "each order, at the average price");
    command
        .add_option("--price", arguments.price,
                    "Which price: fill, that of the fill; average, one for all that is allocated "
                    "and not booked; or, shares being fixed first, the order that ranks first "
                    "takes from the highest price on (high-low), the lowest (low-high) or the "
                    "earliest fill (fifo)")
        ->check(one_of<PriceMethod>())
        ->type_name("WAY")
        ->capture_default_str();
    command
        .add_option("--average-over", arguments.average_over,
                    "What is averaged: what is allocated of a placement, or of all placements of "
                    "its block on one trade date, which then take part in the run")
        ->check(one_of<AverageOver>())
        ->type_name("WHAT")
        ->capture_default_str();
    command
        .add_option("--price-scale", arguments.price_scale,
                    "Places to which average prices are rounded, halves to even; what is left over "
                    "is the residual of the placement")
        ->check(CLI::Range(0, Decimal::max_scale).description(""))
        ->type_name("PLACES")
        ->capture_default_str();
    command
        .add_option("--tick", arguments.tick,
                    "Round average prices to a multiple of this instead, up for orders that buy "
                    "and down for those that sell")
        ->type_name("DECIMAL");
    command
        .add_option("--residual-account", arguments.residual_account,
                    "The portfolio to which the cash is booked that average prices leave over; "
                    "result and run record name it with the amounts")
        ->type_name("SCOPE/CODE");
}

void add_what_to_write(CLI::App& command, RunArguments& arguments) {
    command.add_flag("--preview", arguments.preview, "Show the same result without saving it");
    command
        .add_option("--format", arguments.format,
                    "How to print the result: table, json, or csv (the allocations)")
        ->check(CLI::IsMember({"table", "json", "csv"}).description(""))
        ->type_name("FORMAT")
        ->capture_default_str();
    command
        .add_option("--numbers", arguments.numbers,
                    "Decimals in JSON as number or as text (strings)")
        ->check(CLI::IsMember({"number", "text"}).description(""))
        ->type_name("STYLE")
        ->capture_default_str();
    // An empty name is that of a shell variable that was never set.
    const CLI::Validator is_named{[](const std::string& name) {
                                      return std::string{name.empty() ? "the name is empty" : ""};
                                  },
                                  ""};
    command
        .add_option("--output", arguments.output, "Write the result to a file, whole or not at all")
        ->check(is_named)
        ->type_name("FILE");
    command
        .add_option("--save", arguments.save,
                    "Write the whole book with its allocations, from which the next run goes on; "
                    "may be BOOK itself where that is a JSON file")
        ->check(is_named)
        ->type_name("FILE");
    command
        .add_option("--as-at", arguments.as_at, "Time to note in the run record; no clock is read")
        ->type_name("TIME");
    command.add_option("--user", arguments.user, "User to note in the run record")
        ->type_name("NAME");
    command.add_option("--reason", arguments.reason, "Reason to note in the run record")
        ->type_name("TEXT");
}

}  // namespace allot::cli
