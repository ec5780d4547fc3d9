// Random: the library's own source of chance. Integers only, so that a seed gives the same numbers
// on every machine; the distributions of the standard library differ from one vendor to the next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace allot {

// xoshiro256** (Blackman and Vigna, 2018), its state filled by splitmix64. Not thread-safe.
class Random {
  public:
    explicit Random(std::uint64_t seed) noexcept {
        for (std::uint64_t& word : state_) {
            seed += 0x9E3779B97F4A7C15U;
            std::uint64_t mixed = seed;
            mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
            mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
            word = mixed ^ (mixed >> 31U);
        }
    }

    [[nodiscard]] std::uint64_t next() noexcept {
        const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotate(state_[3], 45);
        return result;
    }

    // A whole number in [0, bound), each equally likely. Precondition: bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept {
        // Numbers under (2^64 mod bound) are drawn again, so that no result is favoured.
        const std::uint64_t unfair = (0 - bound) % bound;
        std::uint64_t drawn = next();
        while (drawn < unfair) {
            drawn = next();
        }
        return drawn % bound;
    }

    // The same, quicker, for many draws: Lemire, Fast random integer generation in an interval
    // (2019). Precondition: bound > 0.
    [[nodiscard]] std::uint32_t pick(std::uint32_t bound) noexcept {
        std::uint64_t product = (next() >> 32U) * bound;
        if (static_cast<std::uint32_t>(product) < bound) {
            const std::uint32_t unfair = (0U - bound) % bound;
            while (static_cast<std::uint32_t>(product) < unfair) {
                product = (next() >> 32U) * bound;
            }
        }
        return static_cast<std::uint32_t>(product >> 32U);
    }

    // A whole number in [lowest, highest].
    [[nodiscard]] std::int64_t between(std::int64_t lowest, std::int64_t highest) noexcept {
        return lowest +
               static_cast<std::int64_t>(below(static_cast<std::uint64_t>(highest - lowest) + 1));
    }

    // True in `percent` of a hundred cases.
    [[nodiscard]] bool chance(unsigned percent) noexcept { return below(100) < percent; }

    template <class T>
    void shuffle(std::span<T> items) noexcept {
        for (std::size_t i = items.size(); i > 1; --i) {
            std::swap(items[i - 1], items[below(i)]);
        }
    }

  private:
    static std::uint64_t rotate(std::uint64_t x, unsigned by) noexcept {
        return (x << by) | (x >> (64U - by));
    }

    std::array<std::uint64_t, 4> state_{};
};

}  // namespace allot
