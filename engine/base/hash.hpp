// Stable hashes: the same number for the same bytes on every machine and in every version.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/put_bytes.hpp"

namespace allot::detail {

// XXH64 with seed 0. Complexity: O(length). Thread safety: any thread.
[[nodiscard]] std::uint64_t hash64(std::string_view bytes) noexcept;

// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string hex(std::uint64_t value);

// A 128-bit hash (XXH3) of a sequence of texts and numbers. Texts carry their length, so that
// "ab","c" and "a","bc" differ. Most of what is added is a few bytes long, so that it is collected
// here before it is hashed. Thread safety: as any value.
class Digest {
  public:
    Digest();
    Digest(const Digest& other);
    Digest& operator=(const Digest& other);
    Digest(Digest&& other) noexcept;
    Digest& operator=(Digest&& other) noexcept;
    ~Digest();

    void add(std::string_view text) {
        char* const to = room(sizeof(std::uint64_t) + text.size());
        take(put_text(to, text));
    }
    void add(std::uint64_t number) { take(put_number(room(sizeof number), number)); }
    // Bytes as they stand, such as those that put_text() has written elsewhere.
    void add_bytes(std::string_view bytes) { take(put_bytes(room(bytes.size()), bytes)); }

    // The same for many at a time: room() has place for `size` bytes, the put_ functions write
    // there and return the end of what they wrote, and take() adds all up to that end.
    [[nodiscard]] char* room(std::size_t size) {
        if (size > buffer_.size() - used_) {
            make_room(size);
        }
        return buffer_.data() + used_;
    }
    void take(const char* end) noexcept { used_ = static_cast<std::size_t>(end - buffer_.data()); }

    // Byte by byte, the least first, whatever the machine's own order.
    static char* put_number(char* to, std::uint64_t number) noexcept {
        if constexpr (std::endian::native == std::endian::little) {
            std::memcpy(to, &number, sizeof number);
        } else {
            for (std::size_t i = 0; i < sizeof number; ++i) {
                to[i] = static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
            }
        }
        return to + sizeof number;
    }
    static char* put_text(char* to, std::string_view text) noexcept {
        return put_bytes(put_number(to, text.size()), text);
    }
    // 32 lower-case hexadecimal digits of what was added so far.
    [[nodiscard]] std::string hex() const;

  private:
    void make_room(std::size_t size);

    struct State;
    std::unique_ptr<State> state_;
    std::vector<char> buffer_;  // what is not hashed yet are the first used_ bytes
    std::size_t used_{0};
};

}  // namespace allot::detail
