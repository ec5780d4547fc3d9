// The folder of results of a backtest: blocks.csv grows with every period, a checkpoint stands
// there while the run lasts, and the rest is written at its end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "allot/backtest.hpp"
#include "allot/result.hpp"

namespace allot::cli {

class BacktestFolder {
  public:
    // No path: nothing is written.
    explicit BacktestFolder(std::filesystem::path path) : path_{std::move(path)} {}

    // What Backtest::save() gave to the last checkpoint; empty when none is there.
    // Errors: file_is_unreadable, option_is_not_valid (saved) when it is damaged.
    [[nodiscard]] Result<std::string> read_saved();

    // Makes the folder and begins blocks.csv, or cuts it to where the checkpoint was made.
    // Errors of these: file_is_not_writable.
    [[nodiscard]] Result<void> open();
    // Adds the blocks of a period, and now and then a checkpoint.
    [[nodiscard]] Result<void> add(const PeriodOutcome& period, const Backtest& backtest);
    // Writes the results. The checkpoint stays when the run is not complete.
    [[nodiscard]] Result<void> finish(const BacktestResult& result, const BlockSteps* steps,
                                      const Backtest& backtest);

  private:
    [[nodiscard]] Result<void> write_blocks(const std::string& text);
    [[nodiscard]] Result<void> write_checkpoint(const Backtest& backtest);

    std::filesystem::path path_;
    std::ofstream blocks_{};
    std::uint64_t blocks_size_{0};
    std::chrono::steady_clock::time_point next_checkpoint_{};
};

}  // namespace allot::cli
