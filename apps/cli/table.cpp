// Lays out text tables.
#include "apps/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace allot::cli {
namespace {

// Length of the well-formed UTF-8 sequence at the front of `text`, and its code point; length 0
// when there is none.
struct CodePoint {
    std::size_t length{0};
    std::uint32_t value{0};
};

CodePoint first_code_point(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return {1, lead};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return {};
    }
    std::uint32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return {};
        }
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[length] || value > 0x10FFFF || is_surrogate) {
        return {};
    }
    return {length, value};
}

bool is_tricky(std::uint32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||  // controls
           (code_point >= 0x200B && code_point <= 0x200F) ||                  // no width, direction
           (code_point >= 0x2028 && code_point <= 0x202E) ||  // line ends, direction
           (code_point >= 0x2060 && code_point <= 0x2069) ||  // no width, direction
           code_point == 0x061C || code_point == 0xFEFF;
}

std::string with_separators(std::string digits) {
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t i = std::min(digits.find('.'), digits.size()); i > first + 3;) {
        i -= 3;
        digits.insert(i, 1, ',');
    }
    return digits;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const CodePoint next = first_code_point(text);
        if (next.length == 0) {
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        if (is_tricky(next.value)) {
            out += fmt::format("\\u{{{:X}}}", next.value);
        } else {
            out += text.substr(0, next.length);
        }
        text.remove_prefix(next.length);
    }
    return out;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;
    }));
}

std::string grouped(const Decimal& number) {
    return with_separators(number.to_string());
}

std::string grouped(std::size_t number) {
    return with_separators(std::to_string(number));
}

std::string counted(std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

Table::Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

void Table::add(std::vector<std::string> cells) {
    for (std::string& cell : cells) {
        cell = printable(cell);
    }
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text(const Style& style) const {
    std::vector<std::string> headings;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        headings.emplace_back(columns_[i].heading);
        std::size_t width = width_of(headings.back());
        for (const std::vector<std::string>& row : rows_) {
            width = std::max(width, width_of(row[i]));
        }
        widths.push_back(width);
    }
    std::string out = style.dim(line(headings, widths)) + '\n';
    for (const std::vector<std::string>& row : rows_) {
        out += line(row, widths) + '\n';
    }
    return out;
}

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string space(widths[i] - width_of(cells[i]), ' ');
        out += i == 0 ? "  " : "   ";
        out += columns_[i].align == Align::right ? space + cells[i] : cells[i] + space;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

}  // namespace allot::cli
