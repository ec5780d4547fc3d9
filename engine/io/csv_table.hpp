// CSV as RFC 4180 has it: rows of cells, as views into the file's text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/csv_bytes.hpp"

namespace allot::io {

struct CsvCell {
    std::string_view text{};
    std::size_t offset{0};  // of its first byte, quote included
};

// Why a text is not CSV.
struct CsvFailure {
    std::string found{};
    std::string expected{};
    std::size_t offset{0};
};

// A row of more cells is no row of a book, and memory has an end.
inline constexpr std::size_t most_cells = 1000;

// Reads row by row. Rows end with LF or CRLF, the last one with the text too; lines without any
// byte are no rows. Precondition: the text outlives the reader.
class CsvReader {
  public:
    explicit CsvReader(std::string_view text) noexcept : text_{text} {}

    // Reads the next row; its cells are valid until the next call. Returns false at the end and
    // when something is wrong, see failure(). Complexity: O(bytes of the row).
    [[nodiscard]] bool next();
    // The same, but where the first `head` cells are plain and what follows them is `tail`, byte by
    // byte, nothing behind them is cut, and the row has no more cells than these: has_tail(). That
    // is for rows that end as one before did. Precondition: `tail` is empty, or is the end of a row
    // of this text without quotes in it, from behind the comma of cell `head` up to the line feed.
    [[nodiscard]] bool next(std::size_t head, std::string_view tail);
    [[nodiscard]] bool has_tail() const noexcept { return has_tail_; }

    [[nodiscard]] std::span<const CsvCell> cells() const noexcept {
        return {cells_.data(), count_};
    }
    // How many of the cells have some text.
    [[nodiscard]] std::size_t filled() const noexcept { return filled_; }
    // Whether all cells are views into the text: none had a quote in it.
    [[nodiscard]] bool is_text_itself() const noexcept { return unquoted_.empty(); }
    // Where the row begins, and how many line feeds stand before it.
    [[nodiscard]] std::size_t offset() const noexcept { return row_; }
    [[nodiscard]] std::uint64_t lines_before() const noexcept { return lines_before_row_; }
    // The same of what stands behind the row.
    [[nodiscard]] std::size_t end() const noexcept { return at_; }
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; }
    // Goes to the beginning of a row, with so many line feeds before it.
    void go_to(std::size_t offset, std::uint64_t lines) noexcept {
        at_ = offset;
        lines_ = lines;
    }
    [[nodiscard]] const std::optional<CsvFailure>& failure() const noexcept { return failure_; }

  private:
    // Where the plain cell at at_ ends. Precondition: at_ < text_.size().
    std::size_t end_of_plain();
    void look_at(std::size_t block);
    // Takes plain cells until there are so many, up to the end of the row, or up to what is none.
    void take_plain_cells(std::size_t most);
    // Steps over `tail`, if it is what follows.
    bool take_tail(std::string_view tail) noexcept;
    void skip_empty_lines() noexcept;
    bool read_plain();
    bool read_quoted();
    // Steps over what stands behind a cell. Sets row_ends_ at the end of the row.
    bool read_separator();
    void add(std::string_view cell, std::size_t offset) noexcept;
    // Counts the line feeds from there up to at_.
    void count_lines(std::size_t from) noexcept;
    bool fail(std::string_view found, std::string_view expected, std::size_t offset);

    std::string_view text_;
    std::size_t at_{0};
    std::size_t row_{0};
    std::uint64_t lines_{0};  // line feeds before at_
    std::uint64_t lines_before_row_{0};
    bool row_ends_{false};
    bool has_tail_{false};
    std::size_t block_{static_cast<std::size_t>(-1)};  // the stretch of text that ends_ is about
    CsvEnds ends_{};
    std::vector<CsvCell> cells_{};  // room for most_cells; of them count_ are of this row
    std::size_t count_{0};
    std::size_t filled_{0};
    std::deque<std::string> unquoted_{};  // texts of cells with quotes in them
    std::optional<CsvFailure> failure_{};
};

}  // namespace allot::io
