// Where the bytes stand that mean something in CSV, 64 at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace allot::io {

inline constexpr std::size_t csv_block = 64;

// Of a stretch of text, bit i about byte i.
struct CsvEnds {
    std::uint64_t all{0};     // the bytes that end a plain cell: , " LF CR
    std::uint64_t commas{0};  // those of them that are commas

    friend bool operator==(const CsvEnds&, const CsvEnds&) = default;
};

// Reads csv_block bytes. The plain twin of the one below, and all there is on processors that are
// no x86.
[[nodiscard]] inline CsvEnds ends_of_plain_cells_one_by_one(const char* at) noexcept {
    CsvEnds ends;
    for (std::size_t i = 0; i < csv_block; ++i) {
        const char c = at[i];
        ends.commas |= std::uint64_t{c == ','} << i;
        ends.all |= std::uint64_t{c == ',' || c == '\n' || c == '\r' || c == '"'} << i;
    }
    return ends;
}

[[nodiscard]] inline CsvEnds ends_of_plain_cells(const char* at) noexcept {
#ifdef __SSE2__
    CsvEnds ends;
    for (std::size_t i = 0; i < csv_block; i += sizeof(__m128i)) {
        // An unaligned load, which is what the cast is for.
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        const __m128i breaks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                                            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
        const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        const __m128i commas = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
        const __m128i all = _mm_or_si128(_mm_or_si128(breaks, quotes), commas);
        ends.all |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(all))} << i;
        ends.commas |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(commas))} << i;
    }
    return ends;
#else
    return ends_of_plain_cells_one_by_one(at);
#endif
}

}  // namespace allot::io
