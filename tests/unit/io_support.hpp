// What the tests of files share: books from text and back, and folders that vanish.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "support/catch.hpp"

namespace allot_test {

// A folder of its own below the system's temporary one, removed with all that is in it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "allot-io-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error{"cannot make " + name};
        }
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code no_matter;
        std::filesystem::remove_all(path_, no_matter);
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // Writes a file of the folder and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view text) const {
        const std::filesystem::path path = path_ / name;
        std::ofstream{path, std::ios::binary} << text;
        return path;
    }

  private:
    std::filesystem::path path_;
};

inline std::string text_of_file(const std::filesystem::path& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

inline allot::Sink sink_to(std::string& text) {
    return [&text](std::string_view piece) {
        text += piece;
        return true;
    };
}

inline std::string text_of(const allot::Book& book,
                           allot::NumberStyle numbers = allot::NumberStyle::number) {
    std::string text;
    allot::write_book_json(book, sink_to(text), numbers).value();
    return text;
}

// The JSON of a preview whose allocations are written while it goes on.
inline std::string json_passed_on(const allot::Engine& engine, const allot::Book& book,
                                  const allot::RunRequest& request) {
    std::string text;
    const allot::Sink to = sink_to(text);
    allot::ResultWriter writer =
        allot::ResultWriter::json(to, allot::NumberStyle::number, request.options.threads);
    const allot::RunResult rest = engine.preview(book, request, writer.sink()).value();
    CHECK(rest.allocations().empty());
    writer.finish(rest).value();
    return text;
}

// The messages of all errors, for failures of tests.
inline std::string messages(const allot::Errors& errors) {
    std::string text;
    for (const allot::Error& error : errors) {
        text += error.located_message() + '\n';
    }
    return text;
}

inline allot::ReadBook read_whole(std::string_view json, const allot::ReadOptions& options = {}) {
    allot::Result<allot::ReadBook, allot::Errors> read =
        allot::read_book_json(json, "book.json", options);
    if (!read) {
        FAIL(messages(read.error()));
    }
    return *std::move(read);
}

inline allot::Book read_json(std::string_view json) {
    return std::move(read_whole(json).book);
}

inline allot::Errors errors_of(std::string_view json, const allot::ReadOptions& options = {}) {
    const allot::Result<allot::ReadBook, allot::Errors> read =
        allot::read_book_json(json, "book.json", options);
    if (read) {
        FAIL("was read without an error: " << json.substr(0, 200));
    }
    return read.error();
}

}  // namespace allot_test
