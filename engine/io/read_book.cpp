// Reading a book from where it is: a JSON file or a folder of CSV files.
#include <string>
#include <system_error>
#include <utility>

#include "allot/book_file.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/intake.hpp"
#include "engine/io/read_csv.hpp"

namespace allot {

Result<ReadBook, Errors> read_book(const std::filesystem::path& path, const ReadOptions& options) {
    std::error_code no_matter;
    if (std::filesystem::is_directory(path, no_matter)) {
        io::Intake intake{options};
        io::read_folder(path, intake);
        return intake.finish();
    }
    const Result<std::string> text = io::read_whole_file(path);
    if (!text) {
        return Unexpected{Errors{text.error()}};
    }
    if (path.extension() == ".csv" && !text->starts_with('{')) {
        return Unexpected{Errors{{.code = ErrorCode::file_is_not_json,
                                  .expected = "a JSON file, or the folder that the CSV file is in",
                                  .place = {.file = path.string()}}}};
    }
    return read_book_json(*text, path.string(), options);
}

}  // namespace allot
