// Whole files as text, and where in a text a byte stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allot/error.hpp"
#include "allot/result.hpp"

namespace allot::io {

// The bytes of a file, of a pipe too. Errors: file_is_unreadable, with the system's reason.
[[nodiscard]] Result<std::string> read_whole_file(const std::filesystem::path& path);

// Reads a file of lines stretch by stretch, so that no more than one has to be in memory. A stretch
// ends with a line feed outside of quotes (those of CSV), or with the file.
class FileStretches {
  public:
    // About `bytes` at a time. Errors: file_is_unreadable, with the system's reason.
    [[nodiscard]] static Result<FileStretches> open(const std::filesystem::path& path,
                                                    std::size_t bytes = std::size_t{1} << 18U);

    // The next stretch, valid until the next call; empty at the end. Errors: file_is_unreadable.
    // Complexity: O(its bytes).
    [[nodiscard]] Result<std::string_view> next() { return next(bytes_); }
    // The same, in `bytes`, and valid as long as they are.
    [[nodiscard]] Result<std::string_view> next(std::vector<char>& bytes);
    [[nodiscard]] std::size_t bytes_at_once() const noexcept { return size_; }
    // Bytes of the file as the system gives them; 0 when it does not know.
    [[nodiscard]] std::size_t file_size() const noexcept { return file_size_; }

  private:
    struct Closing {
        void operator()(const int* descriptor) const noexcept;
    };

    FileStretches() = default;
    // Reads until so many bytes are full, or the file has ended.
    [[nodiscard]] Result<void> fill(std::vector<char>& bytes, std::size_t& filled);

    std::filesystem::path path_{};
    std::unique_ptr<int, Closing> file_{};
    std::size_t file_size_{0};
    std::vector<char> bytes_{};
    std::size_t size_{0};       // of a stretch, about
    std::vector<char> rest_{};  // was read and not handed out yet
    bool is_at_end_{false};
};

// `text` without a byte order mark at its beginning.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text) noexcept;

// The first byte that is not part of well-formed UTF-8 (RFC 3629), if there is one.
[[nodiscard]] std::optional<std::size_t> first_byte_not_utf8(std::string_view text) noexcept;

// Turns offsets into lines and columns. Complexity: O(bytes from the offset asked for before).
class LineCounter {
  public:
    // `first_line` is the number of the line that `text` begins with.
    explicit LineCounter(std::string_view text, std::uint64_t first_line = 1) noexcept
        : text_{text}, line_{first_line} {}

    struct Position {
        std::uint64_t line{1};
        std::uint64_t column{1};
    };
    [[nodiscard]] Position at(std::size_t offset) noexcept;

  private:
    std::string_view text_;
    std::size_t line_start_{0};
    std::size_t searched_{0};  // no newline stands between line_start_ and here
    std::uint64_t line_;
};

}  // namespace allot::io
