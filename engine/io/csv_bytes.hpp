// Where the bytes stand that mean something in CSV, 64 at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace allot::io {

inline constexpr std::size_t csv_block = 64;

// Whether a byte is one of , " LF CR.
[[nodiscard]] constexpr bool ends_plain_cell(char c) noexcept {
    return c == ',' || c == '\n' || c == '\r' || c == '"';
}

// Bit i says whether byte i ends a plain cell. Reads csv_block bytes. The plain twin of the one
// below, and all there is on processors that are no x86.
[[nodiscard]] inline std::uint64_t ends_of_plain_cells_one_by_one(const char* at) noexcept {
    std::uint64_t ends = 0;
    for (std::size_t i = 0; i < csv_block; ++i) {
        ends |= std::uint64_t{ends_plain_cell(at[i])} << i;
    }
    return ends;
}

[[nodiscard]] inline std::uint64_t ends_of_plain_cells(const char* at) noexcept {
#ifdef __SSE2__
    std::uint64_t ends = 0;
    for (std::size_t i = 0; i < csv_block; i += sizeof(__m128i)) {
        // An unaligned load, which is what the cast is for.
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        const __m128i breaks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
        const __m128i others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')),
                                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
        const auto found =
            static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(breaks, others)));
        ends |= std::uint64_t{found} << i;
    }
    return ends;
#else
    return ends_of_plain_cells_one_by_one(at);
#endif
}

}  // namespace allot::io
