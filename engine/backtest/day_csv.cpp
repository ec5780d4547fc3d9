// Writes a generated day as a CSV folder.
#include "engine/backtest/day_csv.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "allot/generate.hpp"

namespace allot {
namespace {

template <class Entity>
Result<void> write_all(const std::vector<Entity>& rows, const std::filesystem::path& folder) {
    return write_rows<Entity>(folder,
                              [&](const std::function<bool(const Entity&)>& take) -> Result<void> {
                                  (void)std::all_of(rows.begin(), rows.end(), take);
                                  return {};
                              });
}

}  // namespace

Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (!problem) {
        return {};
    }
    Error error;
    error.code = ErrorCode::file_is_not_writable;
    error.found = problem.message();
    error.place.file = folder.string();
    return Unexpected{std::move(error)};
}

Result<void> write_day_csv(const Day& day, const std::filesystem::path& folder) {
    Result<void> written = make_folder(folder);
    written = written ? write_all(day.instruments, folder) : written;
    written = written ? write_all(day.orders, folder) : written;
    written = written ? write_all(day.blocks, folder) : written;
    written = written ? write_all(day.placements, folder) : written;
    return written ? write_all(day.executions, folder) : written;
}

}  // namespace allot
