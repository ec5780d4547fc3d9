// Stable hashes by xxHash.
#include "engine/base/hash.hpp"

#ifdef __clang_analyzer__
// The analyzer loses its way in the pointers of xxHash: it is shown declarations only.
#undef XXH_INLINE_ALL
#define XXH_STATIC_LINKING_ONLY
#endif
#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace allot::detail {

// Most of what is added is a few bytes long, so that it pays to collect it.
struct Digest::State {
    XXH3_state_t hash;
    std::array<unsigned char, 1024> buffer;
    std::size_t used;

    void add(const void* bytes, std::size_t count) {
        if (count > buffer.size() - used) {
            flush();
        }
        if (count > buffer.size()) {
            (void)XXH3_128bits_update(&hash, bytes, count);
        } else {
            std::memcpy(buffer.data() + used, bytes, count);
            used += count;
        }
    }
    void flush() {
        (void)XXH3_128bits_update(&hash, buffer.data(), used);
        used = 0;
    }
};

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_hex(std::string& out, std::uint64_t value) {
    for (unsigned shift = 64; shift > 0;) {
        shift -= 4;
        out += hex_digits[(value >> shift) & 0xFU];
    }
}

}  // namespace

std::uint64_t hash64(std::string_view bytes) noexcept {
    if (bytes.data() == nullptr) {  // the empty view of nothing
        return XXH64("", 0, 0);
    }
    return XXH64(bytes.data(), bytes.size(), 0);
}

std::string hex(std::uint64_t value) {
    std::string out;
    append_hex(out, value);
    return out;
}

Digest::Digest() : state_{std::make_unique<State>()} {
    // The state is zeroed memory; xxHash asks for a reset of such before its first use.
    XXH3_INITSTATE(&state_->hash);
    (void)XXH3_128bits_reset(&state_->hash);
}

Digest::Digest(const Digest& other) : state_{std::make_unique<State>(*other.state_)} {}
Digest& Digest::operator=(const Digest& other) {
    *state_ = *other.state_;
    return *this;
}
Digest::Digest(Digest&& other) noexcept = default;
Digest& Digest::operator=(Digest&& other) noexcept = default;
Digest::~Digest() = default;

void Digest::add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    if (!text.empty()) {
        state_->add(text.data(), text.size());
    }
}

void Digest::add(std::uint64_t number) {
    // Byte by byte, the least first, whatever the machine's own order.
    std::array<unsigned char, sizeof(number)> bytes{};
    for (unsigned char& byte : bytes) {
        byte = static_cast<unsigned char>(number & 0xFFU);
        number >>= 8U;
    }
    state_->add(bytes.data(), bytes.size());
}

std::string Digest::hex() const {
    State all = *state_;
    all.flush();
    const XXH128_hash_t hash = XXH3_128bits_digest(&all.hash);
    std::string out;
    append_hex(out, hash.high64);
    append_hex(out, hash.low64);
    return out;
}

}  // namespace allot::detail
