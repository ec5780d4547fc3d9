// What is wrong with one row, before it is known which row that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/error.hpp"
#include "allot/result.hpp"
#include "engine/base/text.hpp"

namespace allot::io {

// The way from a row to a value in it, e.g. "price.amount" or "orderIds[2].code". Lives on the
// stack of the readers, so that text is made only for a message.
struct Trail {
    static constexpr std::size_t not_an_item = std::numeric_limits<std::size_t>::max();

    const Trail* parent{nullptr};
    std::string_view name{};
    std::size_t item{not_an_item};

    [[nodiscard]] std::string to_string() const {
        std::string text = parent == nullptr ? std::string{} : parent->to_string();
        if (item != not_an_item) {
            return text + '[' + std::to_string(item) + ']';
        }
        if (!text.empty()) {
            text += '.';
        }
        return text.append(name);
    }
    // Name of the member of the row that the way begins with.
    [[nodiscard]] std::string_view top() const noexcept {
        return parent == nullptr ? name : parent->top();
    }
};

struct Complaint {
    ErrorCode code{};
    std::string top{};    // member of the row
    std::string field{};  // the whole way
    std::string found{};
    std::string expected{};
    std::size_t offset{0};  // in the file's text
};

// After so many problems a file is not worth reading on.
inline constexpr std::size_t most_problems = 1000;

// ", such as side" for "sied", and nothing for what is unlike all of `names`.
[[nodiscard]] inline std::string such_as(std::string_view name,
                                         std::span<const std::string_view> names) {
    const std::string_view nearest = detail::nearest_of(name, names);
    return nearest.empty() ? std::string{} : std::string{", such as "}.append(nearest);
}

// At most most_problems of one row; the rest is not kept.
class Complaints {
  public:
    // With `unknown_is_fatal` false, unknown members are noted apart.
    explicit Complaints(bool unknown_is_fatal) noexcept : unknown_is_fatal_{unknown_is_fatal} {}

    void add(ErrorCode code, const Trail& trail, std::string found, std::string expected,
             std::size_t offset) {
        if (errors_.size() >= most_problems) {
            return;
        }
        errors_.push_back({code, std::string{trail.top()}, trail.to_string(), std::move(found),
                           std::move(expected), offset});
    }
    // `known`: what might have been meant.
    void add_unknown(const Trail& trail, std::size_t offset,
                     std::span<const std::string_view> known = {}) {
        std::vector<Complaint>& list = unknown_is_fatal_ ? errors_ : unknown_;
        if (list.size() < most_problems) {
            list.push_back({ErrorCode::field_is_unknown,
                            std::string{trail.top()},
                            trail.to_string(),
                            {},
                            unknown_is_fatal_ && !known.empty()
                                ? "a member of docs/formats.md" + such_as(trail.name, known)
                                : std::string{},
                            offset});
        }
    }
    // Moves the value out of `result`, or notes why there is none. Returns whether there was one.
    template <class T>
    bool take(Result<T> result, T& out, const Trail& trail, std::string_view found,
              std::size_t offset) {
        if (!result) {
            Error error = std::move(result).error();
            add(error.code, trail, error.found.empty() ? std::string{found} : error.found,
                std::move(error.expected), offset);
            return false;
        }
        out = *std::move(result);
        return true;
    }

    // Whether something may be wrong with a member of the row.
    [[nodiscard]] bool is_about(std::string_view top) const noexcept {
        if (errors_.size() >= most_problems) {
            return true;
        }
        for (const Complaint& complaint : errors_) {
            if (complaint.top == top) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool empty() const noexcept { return errors_.empty(); }
    [[nodiscard]] std::vector<Complaint>& errors() noexcept { return errors_; }
    [[nodiscard]] std::vector<Complaint>& unknown() noexcept { return unknown_; }
    void clear() noexcept {
        errors_.clear();
        unknown_.clear();
    }

  private:
    bool unknown_is_fatal_;
    std::vector<Complaint> errors_{};
    std::vector<Complaint> unknown_{};  // only when that is no error
};

}  // namespace allot::io
