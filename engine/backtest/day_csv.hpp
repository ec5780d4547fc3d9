// Writes the rows of a generated day as CSV files, with all columns of docs/formats.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "allot/book_file.hpp"
#include "engine/io/csv_output.hpp"
#include "engine/io/text_output.hpp"

namespace allot {

// Errors: file_is_not_writable.
[[nodiscard]] Result<void> make_folder(const std::filesystem::path& folder);

// The file of one kind of entity. `produce(take)` calls `take` with entity after entity, until it
// returns false; where it says that something is wrong, the file keeps its old content.
// Errors: file_is_not_writable, those of `produce`.
template <class Entity>
[[nodiscard]] Result<void> write_rows(
    const std::filesystem::path& folder,
    const std::function<Result<void>(const std::function<bool(const Entity&)>&)>& produce) {
    const std::string name = std::string{io::Schema<Entity>::list} + ".csv";
    return write_file(folder / name, [&](const Sink& sink) {
        io::TextOutput output{sink};
        io::CsvOutput csv{output.text()};
        csv.write_header<Entity>();
        const Result<void> produced = produce([&](const Entity& entity) {
            csv.write_row(entity);
            return output.pass_on();
        });
        return produced ? output.finish() : produced;
    });
}

}  // namespace allot
