// Unsigned integers of several machine words, as far as the split kernel needs them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace allot::kernel {

__extension__ using Uint128 = unsigned __int128;

template <std::size_t Count>
using Words = std::array<std::uint64_t, Count>;  // least significant first

[[nodiscard]] constexpr std::uint64_t low_word(Uint128 value) noexcept {
    return static_cast<std::uint64_t>(value);
}
[[nodiscard]] constexpr std::uint64_t high_word(Uint128 value) noexcept {
    return static_cast<std::uint64_t>(value >> 64U);
}

template <std::size_t Count>
[[nodiscard]] constexpr std::size_t width_in_bits(const Words<Count>& value) noexcept {
    for (std::size_t i = Count; i-- > 0;) {
        if (value[i] != 0) {
            return 64 * i + static_cast<std::size_t>(std::bit_width(value[i]));
        }
    }
    return 0;
}

// The low `To` words of `value`, filled up with zeros. Without a loop, so that the words stay in
// registers.
template <std::size_t To, std::size_t From>
[[nodiscard]] constexpr Words<To> resized(const Words<From>& value) noexcept {
    return [&value]<std::size_t... I>(std::index_sequence<I...>) {
        return Words<To>{(I < From ? value[I < From ? I : 0] : 0)...};
    }
    (std::make_index_sequence<To>{});
}

// Precondition: value * 2^bits fits.
template <std::size_t Count>
[[nodiscard]] constexpr Words<Count> shifted_left(const Words<Count>& value,
                                                  std::size_t bits) noexcept {
    Words<Count> out{};
    const std::size_t words = bits / 64;
    const std::size_t rest = bits % 64;
    for (std::size_t i = words; i < Count; ++i) {
        out[i] = value[i - words] << rest;
        if (rest != 0 && i > words) {
            out[i] |= value[i - words - 1] >> (64 - rest);
        }
    }
    return out;
}

// Adds `term` to `total`; returns the carry.
template <std::size_t Count>
constexpr std::uint64_t add_to(Words<Count>& total, const Words<Count>& term) noexcept {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < Count; ++i) {
        const Uint128 word = static_cast<Uint128>(total[i]) + term[i] + carry;
        total[i] = low_word(word);
        carry = high_word(word);
    }
    return carry;
}

// The low words of a * b.
template <std::size_t Count>
[[nodiscard]] constexpr Words<Count> multiply_low(const Words<Count>& a,
                                                  const Words<Count>& b) noexcept {
    Words<Count> out{};
    for (std::size_t i = 0; i < Count; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; i + j < Count; ++j) {
            const Uint128 sum = static_cast<Uint128>(a[i]) * b[j] + out[i + j] + carry;
            out[i + j] = low_word(sum);
            carry = high_word(sum);
        }
    }
    return out;
}

// floor(a * b / 2^(64 * A)): the high words of the product.
template <std::size_t A, std::size_t B>
[[nodiscard]] constexpr Words<B> multiply_high(const Words<A>& a, const Words<B>& b) noexcept {
    Words<A + B> product{};
#pragma GCC unroll 4
    for (std::size_t i = 0; i < B; ++i) {
        std::uint64_t carry = 0;
#pragma GCC unroll 8
        for (std::size_t j = 0; j < A; ++j) {
            const Uint128 sum = static_cast<Uint128>(a[j]) * b[i] + product[i + j] + carry;
            product[i + j] = low_word(sum);
            carry = high_word(sum);
        }
        product[i + A] = carry;
    }
    Words<B> high{};
    for (std::size_t i = 0; i < B; ++i) {
        high[i] = product[A + i];
    }
    return high;
}

// floor((high * 2^64 + low) / divisor). Precondition: high < divisor. The processor divides so in
// one instruction, which compilers do not use: they cannot know that the quotient fits a word.
[[nodiscard]] inline std::uint64_t divide_words(std::uint64_t high, std::uint64_t low,
                                                std::uint64_t divisor) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    __asm__("divq %2" : "+a"(low), "+d"(high) : "r"(divisor) : "cc");
    return low;
#else
    return static_cast<std::uint64_t>((static_cast<Uint128>(high) << 64U | low) / divisor);
#endif
}

// One digit of a long division, base 2^64: returns floor(remainder * 2^64 / divisor) and leaves the
// new remainder. The digit estimated from the leading words is at most two too large when the
// divisor's top bit is set (Knuth, The Art of Computer Programming, volume 2, 4.3.1, theorem B).
// Precondition: the divisor's top bit is set, remainder < divisor.
template <std::size_t Count>
[[nodiscard]] inline std::uint64_t next_digit(Words<Count>& remainder,
                                              const Words<Count>& divisor) noexcept {
    constexpr std::size_t top = Count - 1;
    std::uint64_t after_top = 0;
    if constexpr (Count > 1) {
        after_top = remainder[top - 1];
    }
    std::uint64_t digit = ~std::uint64_t{0};
    if (remainder[top] < divisor[top]) {
        digit = divide_words(remainder[top], after_top, divisor[top]);
    }
    // remainder * 2^64 - digit * divisor, the word above the top kept apart.
    Words<Count> rest{};
    std::uint64_t carry = 0;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < Count; ++i) {
        const Uint128 taken = static_cast<Uint128>(digit) * divisor[i] + carry;
        carry = high_word(taken);
        const std::uint64_t from = i == 0 ? 0 : remainder[i - 1];
        const Uint128 difference = static_cast<Uint128>(from) - low_word(taken) - borrow;
        rest[i] = low_word(difference);
        borrow = high_word(difference) & 1U;
    }
    std::uint64_t above = remainder[top] - carry - borrow;
    while (above != 0) {  // below zero: the digit was too large
        --digit;
        std::uint64_t up = 0;
        for (std::size_t i = 0; i < Count; ++i) {
            const Uint128 sum = static_cast<Uint128>(rest[i]) + divisor[i] + up;
            rest[i] = low_word(sum);
            up = high_word(sum);
        }
        above += up;
    }
    remainder = rest;
    return digit;
}

}  // namespace allot::kernel
