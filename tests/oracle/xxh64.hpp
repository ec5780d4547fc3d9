// XXH64 as its published description tells it, one step after the other.
#pragma once

#include <cstdint>
#include <string>

namespace oracle {

namespace xxh64_steps {

inline constexpr std::uint64_t prime_1 = 0x9E3779B185EBCA87ULL;
inline constexpr std::uint64_t prime_2 = 0xC2B2AE3D27D4EB4FULL;
inline constexpr std::uint64_t prime_3 = 0x165667B19E3779F9ULL;
inline constexpr std::uint64_t prime_4 = 0x85EBCA77C2B2AE63ULL;
inline constexpr std::uint64_t prime_5 = 0x27D4EB2F165667C5ULL;

inline std::uint64_t rotate_left(std::uint64_t value, unsigned bits) {
    return (value << bits) | (value >> (64U - bits));
}
inline std::uint64_t little_endian(const std::string& bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i > 0; --i) {
        value = (value << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}
inline std::uint64_t round(std::uint64_t accumulator, std::uint64_t lane) {
    return rotate_left(accumulator + lane * prime_2, 31) * prime_1;
}
inline std::uint64_t merge(std::uint64_t hash, std::uint64_t accumulator) {
    return (hash ^ round(0, accumulator)) * prime_1 + prime_4;
}

}  // namespace xxh64_steps

inline std::uint64_t xxh64(const std::string& bytes, std::uint64_t seed = 0) {
    namespace x = xxh64_steps;
    std::size_t at = 0;
    std::uint64_t hash = seed + x::prime_5;
    if (bytes.size() >= 32) {
        std::uint64_t lanes[4] = {seed + x::prime_1 + x::prime_2, seed + x::prime_2, seed,
                                  seed - x::prime_1};
        for (; at + 32 <= bytes.size(); at += 32) {
            for (std::size_t lane = 0; lane < 4; ++lane) {
                lanes[lane] = x::round(lanes[lane], x::little_endian(bytes, at + 8 * lane, 8));
            }
        }
        hash = x::rotate_left(lanes[0], 1) + x::rotate_left(lanes[1], 7) +
               x::rotate_left(lanes[2], 12) + x::rotate_left(lanes[3], 18);
        for (const std::uint64_t lane : lanes) {
            hash = x::merge(hash, lane);
        }
    }
    hash += bytes.size();
    for (; at + 8 <= bytes.size(); at += 8) {
        hash ^= x::round(0, x::little_endian(bytes, at, 8));
        hash = x::rotate_left(hash, 27) * x::prime_1 + x::prime_4;
    }
    if (at + 4 <= bytes.size()) {
        hash ^= x::little_endian(bytes, at, 4) * x::prime_1;
        hash = x::rotate_left(hash, 23) * x::prime_2 + x::prime_3;
        at += 4;
    }
    for (; at < bytes.size(); ++at) {
        hash ^= x::little_endian(bytes, at, 1) * x::prime_5;
        hash = x::rotate_left(hash, 11) * x::prime_1;
    }
    hash = (hash ^ (hash >> 33U)) * x::prime_2;
    hash = (hash ^ (hash >> 29U)) * x::prime_3;
    return hash ^ (hash >> 32U);
}

inline std::string hexadecimal(std::uint64_t value) {
    std::string text(16, '0');
    for (std::size_t i = 16; i > 0; --i, value >>= 4U) {
        text[i - 1] = "0123456789abcdef"[value & 15U];
    }
    return text;
}

}  // namespace oracle
