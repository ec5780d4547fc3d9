// `allot backtest`: replays books under many rules and says who gained.
#include "allot/backtest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allot/backtest_file.hpp"
#include "apps/cli/arguments.hpp"
#include "apps/cli/backtest_table.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct BacktestArguments {
    std::vector<std::string> books;
    std::string algorithms{"PR-FIFO,PR-LR,PR-RR,QUOTA,WEBSTER,TIJDEMAN"};
    std::string output;
    std::string lot{"1"};
    std::uint64_t seed{1};
    std::size_t draws{10'000};
    unsigned threads{0};
    bool strict_lot{false};
    bool allow_unpriced{false};
    bool independent{false};
    bool strict{false};
    bool lenient{false};
    bool force{false};
};

BacktestOptions options_of(const BacktestArguments& arguments, Errors& errors) {
    BacktestOptions options;
    options.algorithms = split_at_commas(arguments.algorithms);
    options.options.lot = take(Quantity::parse(arguments.lot), "--lot", errors);
    if (errors.empty() && options.options.lot.is_zero()) {
        errors.push_back(option_error("--lot", arguments.lot, "a number above zero"));
    }
    options.options.strict_lot = arguments.strict_lot;
    options.options.allow_unpriced = arguments.allow_unpriced;
    options.seed = arguments.seed;
    options.draws = arguments.draws;
    options.independent = arguments.independent;
    options.threads = arguments.threads;
    return options;
}

// The folder of results: blocks.csv grows with every period, the rest is written at the end.
class ResultFolder {
  public:
    explicit ResultFolder(std::filesystem::path folder) : folder_{std::move(folder)} {}

    [[nodiscard]] Result<void> open() {
        if (folder_.empty()) {
            return {};
        }
        std::error_code problem;
        std::filesystem::create_directories(folder_, problem);
        blocks_.open(folder_ / "blocks.csv", std::ios::binary | std::ios::trunc);
        return write(backtest_blocks_header());
    }

    [[nodiscard]] Result<void> add(const PeriodOutcome& period) {
        return folder_.empty() ? Result<void>{} : write(backtest_blocks_rows(period));
    }

    [[nodiscard]] Result<void> finish(const BacktestResult& result, const BlockSteps* steps) {
        if (folder_.empty()) {
            return {};
        }
        Result<void> written = write_file(folder_ / "accounts.csv", [&](const Sink& sink) {
            return write_backtest_accounts_csv(result, sink);
        });
        if (written) {
            written = write_file(folder_ / "summary.json", [&](const Sink& sink) {
                return write_backtest_json(result, sink);
            });
        }
        if (written) {
            written = write_file(folder_ / "report.html", [&](const Sink& sink) {
                return write_backtest_report(result, steps, sink);
            });
        }
        return written;
    }

  private:
    [[nodiscard]] Result<void> write(const std::string& text) {
        blocks_ << text << std::flush;
        if (blocks_) {
            return {};
        }
        Error error;
        error.code = ErrorCode::file_is_not_writable;
        error.place.file = (folder_ / "blocks.csv").string();
        return Unexpected{std::move(error)};
    }

    std::filesystem::path folder_;
    std::ofstream blocks_{};
};

// Reads one book ahead of the one that is replayed, when there are threads for it.
class Reader {
  public:
    Reader(std::vector<PeriodFile> files, const BacktestArguments& arguments)
        : files_{std::move(files)},
          is_lenient_{arguments.lenient},
          launch_{arguments.threads == 1 ? std::launch::deferred : std::launch::async} {
        begin();
    }

    [[nodiscard]] const PeriodFile* next_file() const {
        return at_ < files_.size() ? &files_[at_] : nullptr;
    }
    [[nodiscard]] Result<ReadBook, Errors> take() {
        Result<ReadBook, Errors> book = ahead_.get();
        ++at_;
        begin();
        return book;
    }

  private:
    void begin() {
        if (at_ < files_.size()) {
            ahead_ = std::async(launch_, [path = files_[at_].path, is_lenient = is_lenient_] {
                ReadOptions options;
                options.lenient = is_lenient;
                return read_book(path, options);
            });
        }
    }

    std::vector<PeriodFile> files_;
    bool is_lenient_;
    std::launch launch_;
    std::size_t at_{0};
    std::future<Result<ReadBook, Errors>> ahead_{};
};

// What became of the periods.
struct Replays {
    ExitStatus status{ExitStatus::done};  // of what stopped the run, or of periods left out
    bool is_stopped{false};
    std::size_t skipped{0};
};

// A period that cannot be replayed.
void refuse(const Errors& errors, bool is_strict, Replays& replays) {
    complain_of(errors);
    replays.is_stopped = is_strict;
    replays.status = is_strict ? ExitStatus::refused : ExitStatus::failures;
    ++replays.skipped;
}

Replays replay_all(const BacktestArguments& arguments, std::vector<PeriodFile> files,
                   Backtest& backtest, ResultFolder& folder) {
    Replays replays;
    const std::size_t count = files.size();
    std::size_t done = 0;
    Progress progress{"replaying"};
    Reader reader{std::move(files), arguments};
    while (const PeriodFile* file = reader.next_file()) {
        const std::string name = file->name;
        Result<ReadBook, Errors> read = reader.take();
        progress(++done, count);
        if (!read) {
            refuse(read.error(), arguments.strict, replays);
        } else if (Result<PeriodOutcome> outcome = backtest.replay(name, std::move(read->book));
                   !outcome) {
            refuse({outcome.error()}, arguments.strict, replays);
        } else if (Result<void> written = folder.add(*outcome); !written) {
            replays.status = complain_of(written.error());
            replays.is_stopped = true;
        }
        if (replays.is_stopped) {
            return replays;
        }
    }
    return replays;
}

// How the worst block came about, from its book, which is read once more. Nothing when the book is
// not what it was.
std::optional<BlockSteps> worst_steps(const BacktestArguments& arguments,
                                      const std::vector<PeriodFile>& files,
                                      const Backtest& backtest, const BacktestResult& result) {
    if (result.worst.empty()) {
        return std::nullopt;
    }
    const std::string& name = result.periods[result.worst.front().period];
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const PeriodFile& one) { return one.name == name; });
    ReadOptions options;
    options.lenient = arguments.lenient;
    Result<ReadBook, Errors> read = read_book(file->path, options);
    if (!read) {
        return std::nullopt;
    }
    Result<BlockSteps> steps = backtest.worst_steps(0, std::move(read->book));
    return steps ? std::optional{*std::move(steps)} : std::nullopt;
}

ExitStatus backtest(const BacktestArguments& arguments) {
    Errors errors;
    const BacktestOptions options = options_of(arguments, errors);
    if (!errors.empty()) {
        return complain_of(errors);
    }
    Result<Backtest> begun = Backtest::begin(options);
    if (!begun) {
        Error error = begun.error();
        if (error.code == ErrorCode::option_is_not_valid) {
            error = option_error("--" + error.field, error.found, error.expected);
        }
        return complain_of(error);
    }
    if (!arguments.force && holds_something(arguments.output)) {
        return complain_of(option_error("--output", arguments.output,
                                        "a folder that is empty or not there yet, or --force"));
    }
    Result<std::vector<PeriodFile>> files =
        list_periods({arguments.books.begin(), arguments.books.end()});
    if (!files) {
        return complain_of(files.error());
    }
    ResultFolder folder{arguments.output};
    if (const Result<void> opened = folder.open(); !opened) {
        return complain_of(opened.error());
    }
    Replays replays = replay_all(arguments, *files, *begun, folder);
    if (replays.is_stopped) {
        return replays.status;
    }
    const BacktestResult result = begun->result();
    const std::optional<BlockSteps> steps =
        arguments.output.empty() ? std::nullopt : worst_steps(arguments, *files, *begun, result);
    if (const Result<void> written = folder.finish(result, steps ? &*steps : nullptr); !written) {
        return complain_of(written.error());
    }
    for (const RuleOutcome& rule : result.rules) {
        replays.status = rule.failures.empty() ? replays.status : ExitStatus::failures;
    }
    return print(backtest_table(result, replays.skipped, Style::of_standard_output()),
                 replays.status);
}

}  // namespace

void add_backtest(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<BacktestArguments>();
    CLI::App* command = program.add_subcommand(
        "backtest", "Replay the fills of books under many rules, and see who gained");
    command
        ->add_option("BOOK", arguments->books,
                     "Periods: JSON books, folders of CSV files, or folders of such (a calendar); "
                     "their names sort into time")
        ->required();
    command
        ->add_option("--algorithms", arguments->algorithms,
                     "The rules, comma-separated, with parameters if any: CODE:key=value")
        ->type_name("CODE,...")
        ->capture_default_str();
    command
        ->add_option(
            "--output", arguments->output,
            "Folder for report.html, summary.json, accounts.csv and blocks.csv; made if missing")
        ->type_name("DIR");
    command->add_option("--lot", arguments->lot, "Lot of instruments for which a book names none")
        ->type_name("DECIMAL")
        ->capture_default_str();
    command
        ->add_option("--seed", arguments->seed,
                     "Of rules that draw by lot and of the permutation tests")
        ->type_name("NUMBER")
        ->capture_default_str();
    command
        ->add_option("--draws", arguments->draws, "Permutations behind each test, 1 to 10,000,000")
        ->type_name("NUMBER")
        ->capture_default_str();
    command
        ->add_option("--threads", arguments->threads,
                     "How many threads work, 1 to 1024; without it as many as there are cores. "
                     "The results are the same")
        ->check(CLI::Range(1U, 1024U).description(""))
        ->type_name("NUMBER");
    command->add_flag("--independent", arguments->independent,
                      "Every period starts with nothing allocated");
    command->add_flag("--strict-lot", arguments->strict_lot,
                      "Only whole lots: what is less than a lot stays unallocated");
    command->add_flag("--allow-unpriced", arguments->allow_unpriced,
                      "Replay executions that have no price; their blocks have no price measures");
    command->add_flag("--strict", arguments->strict, "Stop at a period that cannot be replayed");
    command->add_flag("--lenient", arguments->lenient, "Unknown members in books are left alone");
    command->add_flag("--force", arguments->force, "Write into a folder that is not empty");
    command->footer(
        "Allocations that a book holds are measured beside the rules, as ACTUAL.\n"
        "\n"
        "Examples:\n"
        "  allot backtest day --algorithms PR-FIFO,FIFO,QUOTA\n"
        "  allot backtest calendar/ --output results --seed 7\n"
        "\n"
        "Exit status:\n"
        "  0   every period was replayed under every rule\n"
        "  1   done, but periods or placements were left out (they are named)\n"
        "  2   bad usage, or bad input with --strict\n"
        "  3   the results could not be written");
    command->callback([arguments, &status] { status = backtest(*arguments); });
}

}  // namespace allot::cli
