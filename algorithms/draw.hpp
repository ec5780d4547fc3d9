// Random draws from the key of a split: documented, so that anybody can check a result.
//
// Generator: SplitMix64 (Steele, Lea, Flood 2014), state = key. next(): state +=
// 0x9E3779B97F4A7C15; z = state; z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9; z = (z ^ z >> 27) *
// 0x94D049BB133111EB; return z ^ z >> 31. Bounded draw: the high 64 bits of next() * bound, draws
// whose low 64 bits are below 2^64 mod bound thrown away, so that every value is equally likely
// (Lemire 2019). Shuffle: Fisher-Yates from the back (Durstenfeld 1964): for i = n-1, ..., 1 swap i
// and draw(i+1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace allot::algorithms {

// Not thread-safe. Complexity: O(1) per draw.
class Draw {
  public:
    explicit Draw(std::uint64_t key) noexcept : state_{key} {}

    [[nodiscard]] std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    // 0 to bound - 1, each equally likely. Precondition: bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept {
        __extension__ using Wide = unsigned __int128;
        Wide product = static_cast<Wide>(next()) * bound;
        // 2^64 mod bound is less than the bound: most draws need not know it.
        if (static_cast<std::uint64_t>(product) < bound) {
            const std::uint64_t threshold = (0 - bound) % bound;
            while (static_cast<std::uint64_t>(product) < threshold) {
                product = static_cast<Wide>(next()) * bound;
            }
        }
        return static_cast<std::uint64_t>(product >> 64U);
    }

    // 0 to count - 1 in random order.
    [[nodiscard]] std::vector<std::size_t> shuffled(std::size_t count) {
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t i = count; i > 1; --i) {
            std::swap(order[i - 1], order[static_cast<std::size_t>(below(i))]);
        }
        return order;
    }

  private:
    std::uint64_t state_;
};

}  // namespace allot::algorithms
