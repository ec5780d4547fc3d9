// Cuts JSON into its smallest parts.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/base/text.hpp"
#include "engine/io/special_bytes.hpp"

namespace allot::io {

// A place in a text that goes on part by part. Each take_... says whether that part stands here,
// and is behind it then; if not, the place is somewhere in it. Precondition: the text outlives it.
class JsonCutter {
  public:
    explicit JsonCutter(std::string_view text) noexcept : text_{text} {}

    [[nodiscard]] std::size_t at() const noexcept { return at_; }
    [[nodiscard]] bool is_at_end() const noexcept { return at_ == text_.size(); }
    [[nodiscard]] bool is_at(char c) const noexcept {
        return at_ < text_.size() && text_[at_] == c;
    }
    // The byte here. Precondition: !is_at_end().
    [[nodiscard]] char byte() const noexcept { return text_[at_]; }
    void go_to(std::size_t at) noexcept { at_ = at; }
    // What stands before the place, from `begin` on.
    [[nodiscard]] std::string_view cut_from(std::size_t begin) const noexcept {
        return text_.substr(begin, at_ - begin);
    }

    bool take(char c) noexcept {
        const bool is_there = is_at(c);
        at_ += is_there ? 1U : 0U;
        return is_there;
    }
    bool take(std::string_view word) noexcept {
        const bool is_there = text_.substr(at_, word.size()) == word;
        at_ += is_there ? word.size() : 0U;
        return is_there;
    }
    void skip_space() noexcept {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                      text_[at_] == '\r' || text_[at_] == '\t')) {
            ++at_;
        }
    }
    // Goes to the next byte that cannot stand in a string as it is.
    void skip_plain_text() noexcept;
    // A string in which nothing is escaped; `out` is its content.
    bool take_plain_text(std::string_view& out) noexcept {
        if (!take('"')) {
            return false;
        }
        const std::size_t begin = at_;
        skip_plain_text();
        out = cut_from(begin);
        return take('"');
    }
    // A number (RFC 8259, section 6) that some double can hold.
    bool take_number();
    bool take_number(std::string_view& out) {
        const std::size_t begin = at_;
        const bool is_there = take_number();
        out = cut_from(begin);
        return is_there;
    }
    // A value, whose end is looked for and nothing else.
    bool skip_value() noexcept;

  private:
    std::size_t skip_digits() noexcept {
        const std::size_t begin = at_;
        while (at_ < text_.size() && detail::is_digit(text_[at_])) {
            ++at_;
        }
        return at_ - begin;
    }

    std::string_view text_;
    std::size_t at_{0};
};

inline void JsonCutter::skip_plain_text() noexcept {
#ifdef __SSE2__
    constexpr std::size_t block = sizeof(__m128i);
    for (; text_.size() - at_ >= block; at_ += block) {
        // An unaligned load, which is what the cast is for.
        const auto special = static_cast<std::uint32_t>(_mm_movemask_epi8(are_special_in_json(
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_.data() + at_)))));
        if (special != 0) {
            at_ += static_cast<std::size_t>(std::countr_zero(special));
            return;
        }
    }
#endif
    while (at_ < text_.size() && !is_special_in_json(text_[at_])) {
        ++at_;
    }
}

inline bool JsonCutter::take_number() {
    (void)take('-');
    const std::size_t begin = at_;
    const std::size_t whole = skip_digits();
    if (whole == 0 || (whole > 1 && text_[begin] == '0')) {
        return false;
    }
    // find_fault() refuses what no double can hold, and so it has to be here.
    constexpr std::size_t most_digits = 308;
    if (whole > most_digits && std::strtod(std::string{text_.substr(begin, whole)}.c_str(),
                                           nullptr) > 1.7976931348623157e308) {
        at_ = begin;
        return false;
    }
    if (take('.') && skip_digits() == 0) {
        return false;
    }
    if (take('e') || take('E')) {
        if (!take('+')) {
            (void)take('-');
        }
        return skip_digits() != 0;
    }
    return true;
}

inline bool JsonCutter::skip_value() noexcept {
    std::size_t depth = 0;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            ++at_;
            for (skip_plain_text(); !is_at('"'); skip_plain_text()) {
                if (is_at_end()) {
                    return false;
                }
                at_ += at_ + 1 < text_.size() && is_at('\\') ? 2U : 1U;
            }
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0) {
                return true;  // of what the value stands in
            }
            --depth;
        } else if (depth == 0 && c == ',') {
            return true;
        }
    }
    return false;
}

}  // namespace allot::io
