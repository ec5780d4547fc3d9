// Scratch: a list that lives as long as one split. Splits of a few claims are the common case, and
// for them asking for memory would cost as much as the arithmetic.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace allot::algorithms {

// `count` values, T{} each. Not thread-safe.
template <class T>
class Scratch {
  public:
    explicit Scratch(std::size_t count) : count_{count} {
        if (count > small_.size()) {
            large_.resize(count);
        }
    }

    [[nodiscard]] std::span<T> span() noexcept {
        return count_ > small_.size() ? std::span<T>{large_} : std::span<T>{small_.data(), count_};
    }

  private:
    static constexpr std::size_t few = 24;

    std::size_t count_;
    std::array<T, few> small_{};
    std::vector<T> large_{};
};

}  // namespace allot::algorithms
