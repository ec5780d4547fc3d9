// The folder of results of a backtest.
#include "apps/cli/backtest_folder.hpp"

#include <charconv>
#include <iterator>
#include <system_error>

#include "allot/backtest_file.hpp"

namespace allot::cli {
namespace {

Error not_writable(const std::filesystem::path& path) {
    Error error;
    error.code = ErrorCode::file_is_not_writable;
    error.place.file = path.string();
    return error;
}

}  // namespace

Result<std::string> BacktestFolder::read_saved() {
    const std::filesystem::path path = path_ / "checkpoint";
    std::error_code no_matter;
    if (!std::filesystem::exists(path, no_matter)) {
        return std::string{};
    }
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::size_t line_end = text.find('\n');
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), blocks_size_);
    if (!file || line_end == std::string::npos || error != std::errc{} ||
        end != text.data() + line_end) {
        Error damaged;
        damaged.code = ErrorCode::option_is_not_valid;
        damaged.entity = "backtest";
        damaged.field = "saved";
        damaged.found = path.string();
        damaged.expected = "a checkpoint that an interrupted run left";
        return Unexpected{std::move(damaged)};
    }
    return text.substr(line_end + 1);
}

Result<void> BacktestFolder::open() {
    if (path_.empty()) {
        return {};
    }
    std::error_code problem;
    std::filesystem::create_directories(path_, problem);
    const std::filesystem::path path = path_ / "blocks.csv";
    if (blocks_size_ > 0) {
        if (std::filesystem::file_size(path, problem) < blocks_size_ || problem) {
            return Unexpected{not_writable(path)};
        }
        std::filesystem::resize_file(path, blocks_size_, problem);
        blocks_.open(path, std::ios::binary | std::ios::app);
        return problem || !blocks_ ? Result<void>{Unexpected{not_writable(path)}} : Result<void>{};
    }
    blocks_.open(path, std::ios::binary | std::ios::trunc);
    return write_blocks(backtest_blocks_header());
}

Result<void> BacktestFolder::add(const PeriodOutcome& period, const Backtest& backtest) {
    if (path_.empty()) {
        return {};
    }
    Result<void> written = write_blocks(backtest_blocks_rows(period));
    const auto now = std::chrono::steady_clock::now();
    if (written && now >= next_checkpoint_) {
        written = write_checkpoint(backtest);
        // A long history makes a long checkpoint: it takes a small part of the time at most.
        const auto took = std::chrono::steady_clock::now() - now;
        next_checkpoint_ = now + std::chrono::seconds{2} + 20 * took;
    }
    return written;
}

Result<void> BacktestFolder::finish(const BacktestResult& result, const BlockSteps* steps,
                                    const Backtest& backtest) {
    if (path_.empty()) {
        return {};
    }
    Result<void> written = write_file(path_ / "accounts.csv", [&](const Sink& sink) {
        return write_backtest_accounts_csv(result, sink);
    });
    if (written) {
        written = write_file(path_ / "summary.json",
                             [&](const Sink& sink) { return write_backtest_json(result, sink); });
    }
    if (written) {
        written = write_file(path_ / "report.html", [&](const Sink& sink) {
            return write_backtest_report(result, steps, sink);
        });
    }
    if (!written || !result.is_complete) {
        return written ? write_checkpoint(backtest) : written;
    }
    std::error_code no_matter;
    std::filesystem::remove(path_ / "checkpoint", no_matter);
    return {};
}

Result<void> BacktestFolder::write_blocks(const std::string& text) {
    blocks_ << text << std::flush;
    if (!blocks_) {
        return Unexpected{not_writable(path_ / "blocks.csv")};
    }
    blocks_size_ += text.size();
    return {};
}

Result<void> BacktestFolder::write_checkpoint(const Backtest& backtest) {
    return write_file(path_ / "checkpoint", [&](const Sink& sink) -> Result<void> {
        if (sink(std::to_string(blocks_size_) + '\n') && sink(backtest.save())) {
            return {};
        }
        return Unexpected{not_writable(path_ / "checkpoint")};
    });
}

}  // namespace allot::cli
