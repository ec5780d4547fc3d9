// Writes a generated day as a CSV folder, with all columns of docs/formats.md.
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/generate.hpp"
#include "engine/io/csv_output.hpp"
#include "engine/io/text_output.hpp"

namespace allot {
namespace {

template <class Entity>
Result<void> write_rows(const std::vector<Entity>& rows, const std::filesystem::path& folder) {
    const std::string name = std::string{io::Schema<Entity>::list} + ".csv";
    return write_file(folder / name, [&](const Sink& sink) {
        io::TextOutput output{sink};
        io::CsvOutput csv{output.text()};
        csv.write_header<Entity>();
        for (const Entity& row : rows) {
            csv.write_row(row);
            if (!output.pass_on()) {
                break;
            }
        }
        return output.finish();
    });
}

}  // namespace

Result<void> write_day_csv(const Day& day, const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem) {
        Error error;
        error.code = ErrorCode::file_is_not_writable;
        error.found = problem.message();
        error.place.file = folder.string();
        return Unexpected{std::move(error)};
    }
    Result<void> written = write_rows(day.instruments, folder);
    written = written ? write_rows(day.orders, folder) : written;
    written = written ? write_rows(day.blocks, folder) : written;
    written = written ? write_rows(day.placements, folder) : written;
    return written ? write_rows(day.executions, folder) : written;
}

}  // namespace allot
