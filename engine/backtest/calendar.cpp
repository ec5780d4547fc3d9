// Which books are the periods of a backtest.
#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "allot/backtest_file.hpp"

namespace allot {

namespace {

namespace fs = std::filesystem;

Error file_error(ErrorCode code, const fs::path& path, std::string found, std::string expected) {
    Error error;
    error.code = code;
    error.found = std::move(found);
    error.expected = std::move(expected);
    error.place.file = path.string();
    return error;
}

bool is_folder(const fs::path& path) {
    std::error_code no_matter;
    return fs::is_directory(path, no_matter);
}

// A folder of CSV files, as read_book takes it.
bool is_csv_book(const fs::path& folder) {
    constexpr std::array<const char*, 4> names{"orders.csv", "blocks.csv", "placements.csv",
                                               "executions.csv"};
    return std::any_of(names.begin(), names.end(), [&](const char* name) {
        std::error_code no_matter;
        return fs::exists(folder / name, no_matter);
    });
}

PeriodFile period_of(const fs::path& path) {
    const fs::path last = path.has_filename() ? path : path.parent_path();
    return {is_folder(path) ? last.filename().string() : last.stem().string(), path};
}

// The books directly in a folder of books.
Result<void> add_calendar(const fs::path& folder, std::vector<PeriodFile>& periods) {
    const std::size_t before = periods.size();
    std::error_code problem;
    fs::directory_iterator entries{folder, problem};
    for (; !problem && entries != fs::directory_iterator{}; entries.increment(problem)) {
        const fs::path& path = entries->path();
        if (is_folder(path) ? is_csv_book(path) : path.extension() == ".json") {
            periods.push_back(period_of(path));
        }
    }
    if (problem) {
        return Unexpected{file_error(ErrorCode::file_is_unreadable, folder, problem.message(), "")};
    }
    if (periods.size() == before) {
        return Unexpected{file_error(ErrorCode::folder_has_no_book, folder, "",
                                     "CSV files, JSON books, or folders of CSV files")};
    }
    return {};
}

}  // namespace

Result<std::vector<PeriodFile>> list_periods(const std::vector<fs::path>& paths) {
    std::vector<PeriodFile> periods;
    for (const fs::path& path : paths) {
        std::error_code problem;
        if (!fs::exists(path, problem)) {
            return Unexpected{file_error(ErrorCode::file_is_unreadable, path,
                                         problem ? problem.message() : "nothing there",
                                         "a JSON book or a folder")};
        }
        if (!is_folder(path) || is_csv_book(path)) {
            periods.push_back(period_of(path));
        } else if (Result<void> added = add_calendar(path, periods); !added) {
            return Unexpected{std::move(added).error()};
        }
    }
    std::stable_sort(periods.begin(), periods.end(),
                     [](const PeriodFile& a, const PeriodFile& b) { return a.name < b.name; });
    const auto twice = std::adjacent_find(
        periods.begin(), periods.end(),
        [](const PeriodFile& a, const PeriodFile& b) { return a.name == b.name; });
    if (twice != periods.end()) {
        return Unexpected{file_error(ErrorCode::id_has_two_contents, (twice + 1)->path,
                                     twice->path.string(), "periods with names of their own")};
    }
    return periods;
}

}  // namespace allot
