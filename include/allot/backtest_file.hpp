// Files of a backtest: which books are its periods, and its results as JSON and CSV.
// docs/backtest.md describes them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "allot/backtest.hpp"
#include "allot/book_file.hpp"
#include "allot/result.hpp"

namespace allot {

// One book of a calendar.
struct PeriodFile {
    std::string name{};  // of the file without ".json", or of the folder
    std::filesystem::path path{};
};

// The books that `paths` name, in the order of their names: JSON files, folders of CSV files, and
// folders that hold such files and folders (a calendar; what else lies there is left alone).
// Errors: file_is_unreadable, folder_has_no_book, id_has_two_contents (a name that occurs twice).
[[nodiscard]] Result<std::vector<PeriodFile>> list_periods(
    const std::vector<std::filesystem::path>& paths);

// Marks from a CSV file with the columns instrument_identifiers, currency, price and, if wanted,
// period. Errors: those of reading CSV, by file and line; id_has_two_contents when an instrument
// has two prices in one period.
[[nodiscard]] Result<std::vector<Mark>, Errors> read_marks(const std::filesystem::path& path);

// {"schema":"allot/backtest-1",...}: everything but the blocks. Errors: file_is_not_writable.
[[nodiscard]] Result<void> write_backtest_json(const BacktestResult& result, const Sink& sink);

// A row for every rule and account. Errors: file_is_not_writable.
[[nodiscard]] Result<void> write_backtest_accounts_csv(const BacktestResult& result,
                                                       const Sink& sink);

// The columns of blocks.csv, and the rows of a period: one for every rule and block.
[[nodiscard]] std::string backtest_blocks_header();
[[nodiscard]] std::string backtest_blocks_rows(const PeriodOutcome& period);

// One page that works from disk, without script: docs/backtest.md says what it shows. `steps` of
// one of the worst blocks may be nullptr. Errors: file_is_not_writable.
[[nodiscard]] Result<void> write_backtest_report(const BacktestResult& result,
                                                 const BlockSteps* steps, const Sink& sink);

}  // namespace allot
