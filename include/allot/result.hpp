// Result<T>: a value, or the reason why there is none. A subset of std::expected (C++23).
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "allot/error.hpp"

namespace allot {

// Thrown by Result::value() when there is no value. what() is the message of the (first) error.
class Refusal : public std::runtime_error {
  public:
    explicit Refusal(Error error);
    explicit Refusal(Errors errors);

    // All reasons, at least one.
    [[nodiscard]] const Errors& errors() const noexcept { return errors_; }
    [[nodiscard]] ErrorCode code() const noexcept { return errors_.front().code; }

  private:
    Errors errors_;
};

// Marks the error when constructing a Result: return Unexpected{Error{...}}.
template <class E>
class Unexpected {
  public:
    constexpr explicit Unexpected(E error) : error_{std::move(error)} {}
    [[nodiscard]] constexpr E&& take() && noexcept { return std::move(error_); }

  private:
    E error_;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

// Holds a T or an E. Thread safety: as any value.
// value() throws Refusal when there is none; operator* and error() are for those who asked first
// (calling the wrong one is a bug and throws std::bad_variant_access).
template <class T, class E = Error>
class [[nodiscard]] Result {
  public:
    using value_type = T;
    using error_type = E;

    // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point.
    Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
    template <class F>
    requires std::is_convertible_v<F, E>
    // NOLINTNEXTLINE(google-explicit-constructor): `return Unexpected{...};` is the point.
    Result(Unexpected<F> error) : state_{std::in_place_index<1>, std::move(error).take()} {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] const T& operator*() const& { return std::get<0>(state_); }
    [[nodiscard]] T& operator*() & { return std::get<0>(state_); }
    [[nodiscard]] T&& operator*() && { return std::get<0>(std::move(state_)); }
    [[nodiscard]] const T* operator->() const { return &std::get<0>(state_); }
    [[nodiscard]] T* operator->() { return &std::get<0>(state_); }

    [[nodiscard]] const T& value() const& {
        require();
        return std::get<0>(state_);
    }
    [[nodiscard]] T&& value() && {
        require();
        return std::get<0>(std::move(state_));
    }
    [[nodiscard]] T value_or(T other) const& { return has_value() ? **this : std::move(other); }

    [[nodiscard]] const E& error() const& { return std::get<1>(state_); }
    [[nodiscard]] E&& error() && { return std::get<1>(std::move(state_)); }

  private:
    void require() const {
        if (!has_value()) {
            throw Refusal{std::get<1>(state_)};
        }
    }

    std::variant<T, E> state_;
};

// Done, or the reason why not.
template <class E>
class [[nodiscard]] Result<void, E> {
  public:
    using value_type = void;
    using error_type = E;

    Result() = default;
    template <class F>
    requires std::is_convertible_v<F, E>
    // NOLINTNEXTLINE(google-explicit-constructor): `return Unexpected{...};` is the point.
    Result(Unexpected<F> error) : state_{std::in_place_index<1>, std::move(error).take()} {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
    void value() const {
        if (!has_value()) {
            throw Refusal{std::get<1>(state_)};
        }
    }
    [[nodiscard]] const E& error() const& { return std::get<1>(state_); }
    [[nodiscard]] E&& error() && { return std::get<1>(std::move(state_)); }

  private:
    std::variant<std::monostate, E> state_;
};

}  // namespace allot
