// Stable hashes: the same number for the same bytes on every machine and in every version.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace allot::detail {

// XXH64 with seed 0. Complexity: O(length). Thread safety: any thread.
[[nodiscard]] std::uint64_t hash64(std::string_view bytes) noexcept;

// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string hex(std::uint64_t value);

// A 128-bit hash (XXH3) of a sequence of texts and numbers. Texts carry their length, so that
// "ab","c" and "a","bc" differ. Thread safety: as any value.
class Digest {
  public:
    Digest();
    Digest(const Digest& other);
    Digest& operator=(const Digest& other);
    Digest(Digest&& other) noexcept;
    Digest& operator=(Digest&& other) noexcept;
    ~Digest();

    void add(std::string_view text);
    void add(std::uint64_t number);

    // 32 lower-case hexadecimal digits of what was added so far.
    [[nodiscard]] std::string hex() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace allot::detail
