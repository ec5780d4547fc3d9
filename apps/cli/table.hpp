// Plain text tables: aligned columns, numbers with thousands separators.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "allot/decimal.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {

// `text` with everything that could play tricks on a terminal written as escapes: control
// characters, overrides of the writing direction, bytes that are no UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

// Places that `text` takes on a terminal: one per code point.
[[nodiscard]] std::size_t width_of(std::string_view text);

// "1,234,567.125"
[[nodiscard]] std::string grouped(const Decimal& number);
[[nodiscard]] std::string grouped(std::size_t number);

// "1 order", "1,200 orders"
[[nodiscard]] std::string counted(std::size_t number, std::string_view noun);

// Rows of cells under column headings. Cells are made printable on entry.
class Table {
  public:
    enum class Align : unsigned char { left, right };
    struct Column {
        std::string_view heading;
        Align align;
    };

    explicit Table(std::vector<Column> columns);

    void add(std::vector<std::string> cells);

    // The table, indented by two, headings dimmed.
    [[nodiscard]] std::string text(const Style& style) const;

  private:
    [[nodiscard]] std::string line(const std::vector<std::string>& cells,
                                   const std::vector<std::size_t>& widths) const;

    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace allot::cli
