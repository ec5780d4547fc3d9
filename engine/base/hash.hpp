// Stable hashes: the same number for the same bytes on every machine and in every version.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

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
        add(static_cast<std::uint64_t>(text.size()));
        add_appended(text);
    }
    void add(std::uint64_t number) {
        if (buffer_.size() - used_ < sizeof(number)) {
            flush();
        }
        write(buffer_.data() + used_, number);
        used_ += sizeof(number);
    }

    // The same in two steps, for texts that come again: append() puts together what add(text) adds,
    // of one or more texts, and add_appended() adds it.
    static void append(std::string& bytes, std::string_view text) {
        const std::size_t end = bytes.size() + sizeof(std::uint64_t);
        bytes.resize(end);
        write(bytes.data() + end - sizeof(std::uint64_t), text.size());
        bytes.append(text);
    }
    void add_appended(std::string_view bytes) {
        if (bytes.size() > buffer_.size() - used_) {
            flush();
            if (bytes.size() > buffer_.size()) {
                update(bytes.data(), bytes.size());
                return;
            }
        }
        if (!bytes.empty()) {
            std::memcpy(buffer_.data() + used_, bytes.data(), bytes.size());
            used_ += bytes.size();
        }
    }

    // 32 lower-case hexadecimal digits of what was added so far.
    [[nodiscard]] std::string hex() const;

  private:
    // Byte by byte, the least first, whatever the machine's own order.
    static void write(char* to, std::uint64_t number) noexcept {
        for (std::size_t i = 0; i < sizeof(number); ++i) {
            to[i] = static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
        }
    }
    void flush() {
        update(buffer_.data(), used_);
        used_ = 0;
    }
    void update(const char* bytes, std::size_t count);

    struct State;
    std::unique_ptr<State> state_;
    std::array<char, 1024> buffer_{};
    std::size_t used_{0};
};

}  // namespace allot::detail
