// Stable hashes by xxHash.
#include "engine/base/hash.hpp"

#ifdef __clang_analyzer__
// The analyzer loses its way in the pointers of xxHash: it is shown declarations only.
#undef XXH_INLINE_ALL
#define XXH_STATIC_LINKING_ONLY
#endif
#include <xxhash.h>

namespace allot::detail {

struct Digest::State {
    XXH3_state_t hash;
};

namespace {

constexpr std::size_t usual_room = 4096;

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

Digest::Digest() : state_{std::make_unique<State>()}, buffer_(usual_room) {
    // The state is zeroed memory; xxHash asks for a reset of such before its first use.
    XXH3_INITSTATE(&state_->hash);
    (void)XXH3_128bits_reset(&state_->hash);
}

Digest::Digest(const Digest& other)
    : state_{std::make_unique<State>(*other.state_)}, buffer_{other.buffer_}, used_{other.used_} {}
Digest& Digest::operator=(const Digest& other) {
    *state_ = *other.state_;
    buffer_ = other.buffer_;
    used_ = other.used_;
    return *this;
}
Digest::Digest(Digest&& other) noexcept = default;
Digest& Digest::operator=(Digest&& other) noexcept = default;
Digest::~Digest() = default;

void Digest::make_room(std::size_t size) {
    (void)XXH3_128bits_update(&state_->hash, buffer_.data(), used_);
    used_ = 0;
    if (size > buffer_.size()) {
        buffer_.resize(size);
    }
}

std::string Digest::hex() const {
    State all = *state_;
    (void)XXH3_128bits_update(&all.hash, buffer_.data(), used_);
    const XXH128_hash_t hash = XXH3_128bits_digest(&all.hash);
    std::string out;
    append_hex(out, hash.high64);
    append_hex(out, hash.low64);
    return out;
}

}  // namespace allot::detail
