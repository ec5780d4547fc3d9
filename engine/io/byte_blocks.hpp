// Asks for bytes of a kind in a text, 16 at a time.
#pragma once

#ifdef __SSE2__

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/text_ends.hpp"

namespace allot::io {

// The bytes of a short text, some of them more than once, and no others. Precondition: there are
// 1 to 16.
[[nodiscard]] inline __m128i block_of(std::string_view text) noexcept {
    detail::TextEnds ends = detail::ends_of(text);
    if (text.size() < 8) {
        // Of a text this short the words are not full: both together are one.
        ends.first |= text.size() >= 4 ? ends.last << 32U : ends.last * 0x0101010101010000U;
        ends.last = ends.first;
    }
    return _mm_set_epi64x(static_cast<std::int64_t>(ends.last),
                          static_cast<std::int64_t>(ends.first));
}

// Whether find(block) has a bit for any block of the text. `find` gives a byte with its highest bit
// set for each byte that is of the kind.
template <class Find>
[[nodiscard]] inline bool is_found(std::string_view text, const Find& find) noexcept {
    constexpr std::size_t block = sizeof(__m128i);
    if (text.size() <= block) {
        return !text.empty() && _mm_movemask_epi8(find(block_of(text))) != 0;
    }
    const auto load = [](const char* at) {
        // An unaligned load, which is what the cast is for.
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    };
    // The last block overlaps the one before.
    __m128i found = find(load(text.data() + text.size() - block));
    for (std::size_t at = 0; at + block < text.size(); at += block) {
        found = _mm_or_si128(found, find(load(text.data() + at)));
    }
    return _mm_movemask_epi8(found) != 0;
}

// Bytes from `first` to `last`, as find() above gives them.
[[nodiscard]] inline __m128i are_between(__m128i bytes, char first, char last) noexcept {
    const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    const __m128i most = _mm_set1_epi8(static_cast<char>(last - first));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, most), above);
}

}  // namespace allot::io

#endif
