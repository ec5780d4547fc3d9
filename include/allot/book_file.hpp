// Book files: JSON books and CSV folders in, JSON books out. docs/formats.md describes both.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "allot/book.hpp"
#include "allot/result.hpp"

namespace allot {

// Where text goes, piece by piece. Returns false when it cannot be written.
using Sink = std::function<bool(std::string_view)>;

// How decimals stand in JSON: as numbers (the wire's clients expect them) or as strings.
enum class NumberStyle : std::uint8_t { number, text };

struct ReadOptions {
    bool lenient{false};     // an unknown member is a warning
    bool quarantine{false};  // bad rows are left out instead of stopping everything
    // Called now and then with bytes read and in all.
    std::function<void(std::size_t done, std::size_t total)> progress{};
    // How many threads read a large JSON file or folder of CSV files; 0: all cores. The book and
    // what is told of it are the same for any number. `progress` is called on the caller's thread.
    unsigned threads{1};
};

// A book that was read, and what is to be said about it.
struct ReadBook {
    Book book;
    Errors warnings;     // unknown members, when lenient
    Errors quarantined;  // bad rows that were left out
};

// Reads a JSON file or a folder of CSV files. Every problem is reported, by file and line.
// Errors: file_is_unreadable, file_is_empty, file_is_not_json, file_is_not_csv,
// file_is_not_utf8, folder_has_no_book, schema_is_unknown, field_is_missing, field_is_unknown,
// field_has_wrong_type, and those of Book::put. Complexity: O(bytes).
[[nodiscard]] Result<ReadBook, Errors> read_book(const std::filesystem::path& path,
                                                 const ReadOptions& options = {});

// The same from JSON text; `name` stands for the file in messages.
[[nodiscard]] Result<ReadBook, Errors> read_book_json(std::string_view json,
                                                      const std::string& name,
                                                      const ReadOptions& options = {});

// Writes the whole book (with allocations, runs and earlier versions) so that read_book gives it
// back. Lists are sorted by id, so equal books give equal bytes. Errors: file_is_not_writable.
[[nodiscard]] Result<void> write_book_json(const Book& book, const Sink& sink,
                                           NumberStyle numbers = NumberStyle::number);

// Calls `write` with a sink to a temporary file beside `path`, and renames it over `path` when all
// went well; otherwise `path` keeps what it had. Errors: file_is_not_writable, those of `write`.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path,
                                      const std::function<Result<void>(const Sink&)>& write);

}  // namespace allot
