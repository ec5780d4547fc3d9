// `allot backtest`: replays books under many rules and says who gained.
#include "allot/backtest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allot/backtest_file.hpp"
#include "apps/cli/arguments.hpp"
#include "apps/cli/backtest_folder.hpp"
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
    std::string marks;
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
    bool resume{false};
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
    if (!arguments.marks.empty()) {
        Result<std::vector<Mark>, Errors> marks = read_marks(arguments.marks);
        if (marks) {
            options.marks = *std::move(marks);
        } else {
            errors.insert(errors.end(), marks.error().begin(), marks.error().end());
        }
    }
    if (arguments.resume && arguments.output.empty()) {
        errors.push_back(option_error("--resume", "no --output", "the folder of the run"));
    }
    options.seed = arguments.seed;
    options.draws = arguments.draws;
    options.independent = arguments.independent;
    options.threads = arguments.threads;
    return options;
}

// Set when somebody wants the run to end: it ends behind the period at hand, with what it has.
volatile std::sig_atomic_t is_interrupted = 0;

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
    bool is_complete{true};
};

// Replays period after period.
class Replayer {
  public:
    Replayer(const BacktestArguments& arguments, Backtest& backtest, BacktestFolder& folder)
        : arguments_{&arguments}, backtest_{&backtest}, folder_{&folder} {}

    Replays run(std::vector<PeriodFile> files) {
        const std::size_t count = files.size();
        std::size_t done = 0;
        Progress progress{"replaying"};
        Reader reader{std::move(files), *arguments_};
        while (const PeriodFile* file = reader.next_file()) {
            if (is_interrupted != 0) {
                replays_.is_complete = false;
                break;
            }
            const std::string name = file->name;
            replay(name, reader.take());
            if (replays_.is_stopped) {
                break;
            }
            progress.with_rate(++done, count, "period");
        }
        return replays_;
    }

  private:
    void replay(const std::string& name, Result<ReadBook, Errors> read) {
        if (!read) {
            refuse(name, read.error());
            return;
        }
        const Result<PeriodOutcome> outcome = backtest_->replay(name, std::move(read->book));
        if (!outcome) {
            refuse(name, {outcome.error()});
        } else if (Result<void> written = folder_->add(*outcome, *backtest_); !written) {
            replays_.status = complain_of(written.error());
            replays_.is_stopped = true;
        }
    }

    // A period that cannot be replayed.
    void refuse(const std::string& name, const Errors& errors) {
        complain_of(errors);
        replays_.is_stopped = arguments_->strict;
        replays_.status = arguments_->strict ? ExitStatus::refused : ExitStatus::failures;
        backtest_->leave_out(name, errors.front().located_message());
    }

    const BacktestArguments* arguments_;
    Backtest* backtest_;
    BacktestFolder* folder_;
    Replays replays_{};
};

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

// The periods behind those that an earlier run has replayed or left out.
Result<std::vector<PeriodFile>> files_to_come(std::vector<PeriodFile> files,
                                              const std::vector<std::string>& done) {
    const bool is_prefix = done.size() <= files.size() &&
                           std::equal(done.begin(), done.end(), files.begin(),
                                      [](const std::string& name, const PeriodFile& file) {
                                          return name == file.name;
                                      });
    if (!is_prefix) {
        return Unexpected{option_error("--resume", "other periods",
                                       "the periods of the run that goes on, and later ones")};
    }
    files.erase(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(done.size()));
    return files;
}

// A new run, or the one that goes on.
Result<Backtest> begin(const BacktestArguments& arguments, const BacktestOptions& options,
                       BacktestFolder& folder) {
    if (!arguments.resume) {
        return Backtest::begin(options);
    }
    Result<std::string> saved = folder.read_saved();
    if (!saved) {
        return Unexpected{std::move(saved).error()};
    }
    return saved->empty() ? Backtest::begin(options) : Backtest::resume(options, *saved);
}

ExitStatus finish(const BacktestArguments& arguments, const std::vector<PeriodFile>& files,
                  const Backtest& backtest, Replays replays, BacktestFolder& folder) {
    BacktestResult result = backtest.result();
    result.is_complete = replays.is_complete;
    const std::optional<BlockSteps> steps =
        arguments.output.empty() ? std::nullopt : worst_steps(arguments, files, backtest, result);
    if (const Result<void> written = folder.finish(result, steps ? &*steps : nullptr, backtest);
        !written) {
        return complain_of(written.error());
    }
    for (const RuleOutcome& rule : result.rules) {
        replays.status = rule.failures.empty() ? replays.status : ExitStatus::failures;
    }
    if (!replays.is_complete) {
        replays.status = ExitStatus::failures;
        complain(fmt::format(
            "interrupted behind {} of {}; {}", result.periods.size() + result.left_out.size(),
            counted(files.size(), "period"),
            arguments.output.empty() ? "with --output, --resume could go on" : "--resume goes on"));
    }
    return print(backtest_table(result, Style::of_standard_output()), replays.status);
}

ExitStatus refuse(Error error) {
    if (error.code == ErrorCode::option_is_not_valid && error.entity == "backtest") {
        error = error.field == "saved"
                    ? option_error("--resume", error.found, error.expected)
                    : option_error("--" + error.field, error.found, error.expected);
    }
    return complain_of(error);
}

ExitStatus backtest(const BacktestArguments& arguments) {
    Errors errors;
    const BacktestOptions options = options_of(arguments, errors);
    if (!errors.empty()) {
        return complain_of(errors);
    }
    if (!arguments.force && !arguments.resume && holds_something(arguments.output)) {
        return complain_of(option_error("--output", arguments.output,
                                        "a folder that is empty or not there yet, --resume, or "
                                        "--force"));
    }
    BacktestFolder folder{arguments.output};
    Result<Backtest> begun = begin(arguments, options, folder);
    if (!begun) {
        return refuse(begun.error());
    }
    Result<std::vector<PeriodFile>> files =
        list_periods({arguments.books.begin(), arguments.books.end()});
    if (!files) {
        return complain_of(files.error());
    }
    Result<std::vector<PeriodFile>> to_come = files_to_come(*files, begun->seen_periods());
    if (!to_come) {
        return complain_of(to_come.error());
    }
    if (const Result<void> opened = folder.open(); !opened) {
        return complain_of(opened.error());
    }
    std::signal(SIGINT, [](int) { is_interrupted = 1; });
    std::signal(SIGTERM, [](int) { is_interrupted = 1; });
    const Replays replays = Replayer{arguments, *begun, folder}.run(*std::move(to_come));
    return replays.is_stopped ? replays.status : finish(arguments, *files, *begun, replays, folder);
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
    command
        ->add_option("--marks", arguments->marks,
                     "Prices at the end of periods, in place of the last fills: CSV with the "
                     "columns instrument_identifiers, currency, price, and period if wanted")
        ->type_name("FILE");
    command->add_flag("--resume", arguments->resume,
                      "Go on from where an interrupted run into --output stopped; begin anew "
                      "where there is none");
    command->add_flag("--force", arguments->force, "Write into a folder that is not empty");
    command->footer(
        "Allocations that a book holds are measured beside the rules, as ACTUAL.\n"
        "\n"
        "Interrupted, it ends behind the period at hand with what it has.\n"
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
