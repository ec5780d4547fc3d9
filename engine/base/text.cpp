// UTF-8 and the cutting of values for messages.
#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>
#include <vector>

namespace allot::detail {

namespace {

[[nodiscard]] std::uint8_t byte_at(std::string_view text, std::size_t position) noexcept {
    return static_cast<std::uint8_t>(text[position]);
}

[[nodiscard]] bool is_continuation(std::uint8_t byte) noexcept {
    return (byte & 0xC0U) == 0x80U;
}

// Length of the well-formed character at `position`, 0 when there is none. The bounds of the
// second byte rule out overlong forms, surrogates and what lies above U+10FFFF.
[[nodiscard]] std::size_t character_length(std::string_view text, std::size_t position) noexcept {
    const std::uint8_t first = byte_at(text, position);
    if (first < 0x80U) {
        return 1;
    }
    std::size_t length = 0;
    std::uint8_t low = 0x80U;
    std::uint8_t high = 0xBFU;
    if (first >= 0xC2U && first <= 0xDFU) {
        length = 2;
    } else if (first >= 0xE0U && first <= 0xEFU) {
        length = 3;
        low = first == 0xE0U ? 0xA0U : low;
        high = first == 0xEDU ? 0x9FU : high;
    } else if (first >= 0xF0U && first <= 0xF4U) {
        length = 4;
        low = first == 0xF0U ? 0x90U : low;
        high = first == 0xF4U ? 0x8FU : high;
    }
    if (length == 0 || text.size() - position < length) {
        return 0;
    }
    const std::uint8_t second = byte_at(text, position + 1);
    if (second < low || second > high) {
        return 0;
    }
    for (std::size_t i = 2; i < length; ++i) {
        if (!is_continuation(byte_at(text, position + i))) {
            return 0;
        }
    }
    return length;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) noexcept {
    std::size_t position = 0;
    while (position < text.size()) {
        const std::size_t length = character_length(text, position);
        if (length == 0) {
            break;
        }
        position += length;
    }
    return position;
}

bool is_utf8(std::string_view text) noexcept {
    return utf8_prefix(text) == text.size();
}

std::optional<std::uint32_t> whole_number(std::string_view text) noexcept {
    std::uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, number);
    return problem == std::errc{} && stopped == end ? std::optional{number} : std::nullopt;
}

std::string shown(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) {
        return std::string{text};
    }
    constexpr std::string_view mark = "...";
    std::size_t length = limit - mark.size();
    // At most three steps: a character has at most three continuation bytes, and text with more
    // of them is not UTF-8 and has no boundary to respect.
    for (int step = 0; step < 3 && is_continuation(byte_at(text, length)); ++step) {
        --length;
    }
    return std::string{text.substr(0, length)}.append(mark);
}

void append_printable(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (std::size_t position = 0; position < text.size();) {
        const std::uint8_t byte = byte_at(text, position);
        const std::size_t length = character_length(text, position);
        if (length == 0 || byte < 0x20U || byte == 0x7FU) {
            out.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
            ++position;
        } else {
            out.append(text.substr(position, length));
            position += length;
        }
    }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Distances from what a begins with to all that b begins with: of this byte of a, and of the
    // two before it.
    std::vector<std::size_t> row(b.size() + 1);
    std::vector<std::size_t> above = row;
    std::vector<std::size_t> above_that = row;
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        above_that.swap(above);
        above.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], above_that[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::string_view nearest_of(std::string_view name, std::span<const std::string_view> names) {
    constexpr std::size_t most_slips = 2;
    constexpr std::size_t longest = 64;  // no name is as long
    std::string_view nearest;
    std::size_t fewest = std::min(most_slips, name.size() / 2) + 1;
    for (const std::string_view known : name.size() < longest ? names : names.first(0)) {
        const bool is_far = known.size() + fewest <= name.size() ||
                            name.size() + fewest <= known.size();  // to see without counting
        const std::size_t slips = is_far ? fewest : edit_distance(name, known);
        if (slips < fewest) {
            fewest = slips;
            nearest = known;
        }
    }
    return nearest;
}

}  // namespace allot::detail
