// The ends of a short text as two words, to hash or to compare it by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace allot::detail {

// The bytes at `at` as a number. Precondition: there are as many as a Word has.
template <class Word>
[[nodiscard]] inline std::uint64_t word_at(const char* at) noexcept {
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// The first and the last eight bytes of a text, which overlap or are one in short ones: no step
// copies a number of bytes that the compiler does not know. Up to 16 bytes they and the size are
// all that there is to a text.
struct TextEnds {
    std::uint64_t first{0};
    std::uint64_t last{0};
};

[[nodiscard]] inline TextEnds ends_of(std::string_view text) noexcept {
    const char* const at = text.data();
    const std::size_t size = text.size();
    if (size >= 8) {
        return {word_at<std::uint64_t>(at), word_at<std::uint64_t>(at + size - 8)};
    }
    if (size >= 4) {
        return {word_at<std::uint32_t>(at), word_at<std::uint32_t>(at + size - 4)};
    }
    if (size == 0) {
        return {};
    }
    return {word_at<std::uint8_t>(at) | word_at<std::uint8_t>(at + size / 2) << 8U,
            word_at<std::uint8_t>(at + size - 1)};
}

}  // namespace allot::detail
