// SHA-256, for proofs that have to hold against somebody who wants to deceive.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace allot::detail {

// The hash of a sequence of bytes that come piece by piece. Thread safety: as any value.
class Sha256 {
  public:
    Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256();

    void add(std::string_view bytes);
    // 64 lower-case hexadecimal digits of what was added. Call once.
    [[nodiscard]] std::string hex();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace allot::detail
