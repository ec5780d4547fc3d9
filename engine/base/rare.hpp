// Rare: what few of many objects have, kept beside them so that those without it stay small.
#pragma once

#include <memory>
#include <utility>

namespace allot::detail {

// A std::optional of the size of a pointer. Copies are deep. Thread safety: as any value.
template <class T>
class Rare {
  public:
    Rare() = default;
    Rare(T value) : value_{std::make_unique<T>(std::move(value))} {}  // NOLINT: converts
    Rare(const Rare& other) : value_{other ? std::make_unique<T>(*other) : nullptr} {}
    Rare& operator=(const Rare& other) {
        value_ = other ? std::make_unique<T>(*other) : nullptr;
        return *this;
    }
    Rare(Rare&&) noexcept = default;
    Rare& operator=(Rare&&) noexcept = default;
    ~Rare() = default;

    [[nodiscard]] explicit operator bool() const noexcept { return value_ != nullptr; }
    // Precondition of both: there is one.
    [[nodiscard]] const T& operator*() const noexcept { return *value_; }
    [[nodiscard]] const T* operator->() const noexcept { return value_.get(); }
    // The value, made where there is none.
    [[nodiscard]] T& ensure() {
        if (value_ == nullptr) {
            value_ = std::make_unique<T>();
        }
        return *value_;
    }
    void reset() noexcept { value_.reset(); }

  private:
    std::unique_ptr<T> value_{};
};

}  // namespace allot::detail
