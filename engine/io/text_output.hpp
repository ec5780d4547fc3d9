// Text on its way to a sink, in pieces that are worth a call.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "allot/book_file.hpp"
#include "engine/base/put_bytes.hpp"

namespace allot::io {

// A text that grows at its end, also by letting others write into its memory.
class TextBuffer {
  public:
    explicit TextBuffer(std::size_t capacity = 256)
        : capacity_{std::max<std::size_t>(capacity, 1)}, bytes_{new char[capacity_]} {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
    // Forgets what stands behind the first `size` bytes. Precondition: there are as many.
    void cut(std::size_t size) noexcept { size_ = size; }

    void append(std::string_view text) {
        char* const end = room(text.size());
        extend_to(detail::put_bytes(end, text));
    }
    // These two are called for every cell, and g++ takes them for too large in grouped sources.
    [[gnu::always_inline]] void push_back(char c) {
        *room(1) = c;
        ++size_;
    }

    // The end of the text, with memory for `count` bytes behind it, valid until the next call.
    [[nodiscard, gnu::always_inline]] char* room(std::size_t count) {
        if (capacity_ - size_ < count) {
            grow(count);
        }
        return bytes_.get() + size_;
    }
    // Takes what was written behind the end up to `end` into the text.
    void extend_to(const char* end) noexcept {
        size_ = static_cast<std::size_t>(end - bytes_.get());
    }

  private:
    void grow(std::size_t count) {
        capacity_ = std::max(2 * capacity_, size_ + count);
        std::unique_ptr<char[]> larger{new char[capacity_]};
        std::memcpy(larger.get(), bytes_.get(), size_);
        bytes_ = std::move(larger);
    }

    std::size_t capacity_;
    std::size_t size_{0};
    std::unique_ptr<char[]> bytes_;
};

class TextOutput {
  public:
    explicit TextOutput(const Sink& sink) : sink_{&sink} {}

    // What has not been handed over yet; append to it.
    [[nodiscard]] TextBuffer& text() noexcept { return text_; }

    // Hands over when there is enough. Returns false once the sink has refused.
    bool pass_on() { return text_.size() < enough || flush(); }

    // Errors: file_is_not_writable.
    [[nodiscard]] Result<void> finish() {
        flush();
        return state();
    }

    // Whether the sink has refused. Errors: file_is_not_writable.
    [[nodiscard]] Result<void> state() const {
        if (is_good_) {
            return {};
        }
        return Unexpected{Error{.code = ErrorCode::file_is_not_writable,
                                .expected = "a place that takes the whole text"}};
    }

    // Hands over everything that is there. Returns false once the sink has refused.
    bool flush() {
        if (is_good_ && !text_.empty()) {
            is_good_ = (*sink_)(text_.view());
        }
        text_.cut(0);
        return is_good_;
    }

    // Hands over a text that was made elsewhere. Precondition: flush() came before.
    bool hand_over(std::string_view text) {
        is_good_ = is_good_ && (text.empty() || (*sink_)(text));
        return is_good_;
    }

  private:
    static constexpr std::size_t enough = std::size_t{1} << 16U;

    const Sink* sink_;
    TextBuffer text_{2 * enough};
    bool is_good_{true};
};

}  // namespace allot::io
