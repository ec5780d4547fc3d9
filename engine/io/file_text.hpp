// Whole files as text, and where in a text a byte stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "allot/error.hpp"
#include "allot/result.hpp"

namespace allot::io {

// The bytes of a file, of a pipe too. Errors: file_is_unreadable, with the system's reason.
[[nodiscard]] Result<std::string> read_whole_file(const std::filesystem::path& path);

// `text` without a byte order mark at its beginning.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text) noexcept;

// The first byte that is not part of well-formed UTF-8 (RFC 3629), if there is one.
[[nodiscard]] std::optional<std::size_t> first_byte_not_utf8(std::string_view text) noexcept;

// Turns offsets into lines and columns. Complexity: O(bytes from the offset asked for before).
class LineCounter {
  public:
    explicit LineCounter(std::string_view text) noexcept : text_{text} {}

    struct Position {
        std::uint64_t line{1};
        std::uint64_t column{1};
    };
    [[nodiscard]] Position at(std::size_t offset) noexcept;

  private:
    std::string_view text_;
    std::size_t line_start_{0};
    std::size_t searched_{0};  // no newline stands between line_start_ and here
    std::uint64_t line_{1};
};

}  // namespace allot::io
