// Copying short texts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace allot::detail {

// Copies `bytes` to `to` and returns the end. Most are shorter than a call of the C library is
// worth: of those the first and the last ones go, as words that may overlap.
inline char* put_bytes(char* to, std::string_view bytes) noexcept {
    const std::size_t size = bytes.size();
    const auto put_ends = [&]<class Word>(Word first) {
        Word last{};
        std::memcpy(&first, bytes.data(), sizeof first);
        std::memcpy(&last, bytes.data() + size - sizeof last, sizeof last);
        std::memcpy(to, &first, sizeof first);
        std::memcpy(to + size - sizeof last, &last, sizeof last);
    };
    if (size > 32) {
        std::memcpy(to, bytes.data(), size);
    } else if (size >= 16) {
        put_ends(std::array<std::uint64_t, 2>{});
    } else if (size >= 8) {
        put_ends(std::uint64_t{});
    } else if (size >= 4) {
        put_ends(std::uint32_t{});
    } else if (size != 0) {
        to[0] = bytes[0];
        to[size / 2] = bytes[size / 2];
        to[size - 1] = bytes[size - 1];
    }
    return to + size;
}

}  // namespace allot::detail
