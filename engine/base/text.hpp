// Text as it comes from outside: is it UTF-8, is it a whole number, and how much of it goes into a
// message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace allot::detail {

inline constexpr std::size_t shown_bytes = 200;  // of a value in a message

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates). Complexity: O(length).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// How many slips lead from one text to the other: insertions, deletions and replacements of a byte,
// and exchanges of two neighbours (optimal string alignment).
// Complexity: O(length of one * length of the other).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The one of `names` that `name` was probably meant to be: at most two slips away, and no more than
// half of its bytes. Empty when there is none.
[[nodiscard]] std::string_view nearest_of(std::string_view name,
                                          std::span<const std::string_view> names);

// Number of bytes of well-formed UTF-8 that `text` begins with.
[[nodiscard]] std::size_t utf8_prefix(std::string_view text) noexcept;

// `text` as a whole number, digits only. nullopt: it is none, or does not fit.
[[nodiscard]] std::optional<std::uint32_t> whole_number(std::string_view text) noexcept;

// `text`, cut between characters and marked with "..." when it is longer than `limit` bytes, which
// count the mark. What is cut once stays as it is. Precondition: limit > 3. Complexity: O(limit).
[[nodiscard]] std::string shown(std::string_view text, std::size_t limit = shown_bytes);

// Appends `text` with control characters and bytes that are not UTF-8 as \xNN, so that a message
// stays one line whatever the input was.
void append_printable(std::string& out, std::string_view text);

}  // namespace allot::detail
