// SHA-256 by OpenSSL.
#include "engine/base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace allot::detail {

struct Sha256::State {
    EVP_MD_CTX* context{EVP_MD_CTX_new()};

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

namespace {

// It fails for want of memory only, the algorithm being there.
void expect(bool is_good) {
    if (!is_good) {
        throw std::bad_alloc{};
    }
}

}  // namespace

Sha256::Sha256() : state_{std::make_unique<State>()} {
    expect(state_->context != nullptr &&
           EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    expect(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
    constexpr std::size_t size = 32;
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, size> hash{};
    expect(EVP_DigestFinal_ex(state_->context, hash.data(), nullptr) == 1);
    std::string text;
    for (const unsigned char byte : hash) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

}  // namespace allot::detail
