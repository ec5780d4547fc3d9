// Bytes that cannot stand in a text of a file as they are. Hardly any text has one: whether it has
// is asked of whole blocks.
#pragma once

#include <algorithm>
#include <string_view>

#include "engine/io/byte_blocks.hpp"

namespace allot::io {

// What wants quotes in CSV (RFC 4180), and what sets the parts of a cell apart.
[[nodiscard]] constexpr bool is_special_in_csv(char c) noexcept {
    return c == '"' || c == ',' || c == '\r' || c == '\n' || c == '\\' || c == '/' || c == '|' ||
           c == '=';
}

// What JSON wants escaped.
[[nodiscard]] constexpr bool is_special_in_json(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

[[nodiscard]] inline bool is_plain_in_csv(std::string_view text) noexcept {
#ifdef __SSE2__
    return !is_found(text, [](__m128i bytes) {
        const auto are = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
        const __m128i quotes =
            _mm_or_si128(_mm_or_si128(are('"'), are(',')), _mm_or_si128(are('\r'), are('\n')));
        const __m128i parts =
            _mm_or_si128(_mm_or_si128(are('\\'), are('/')), _mm_or_si128(are('|'), are('=')));
        return _mm_or_si128(quotes, parts);
    });
#else
    return std::none_of(text.begin(), text.end(), is_special_in_csv);
#endif
}

#ifdef __SSE2__
// A byte with its highest bit set for each that is special.
[[nodiscard]] inline __m128i are_special_in_json(__m128i bytes) noexcept {
    const auto are = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    return _mm_or_si128(are_between(bytes, '\0', '\x1F'), _mm_or_si128(are('"'), are('\\')));
}
#endif

[[nodiscard]] inline bool is_plain_in_json(std::string_view text) noexcept {
#ifdef __SSE2__
    return !is_found(text, are_special_in_json);
#else
    return std::none_of(text.begin(), text.end(), is_special_in_json);
#endif
}

}  // namespace allot::io
