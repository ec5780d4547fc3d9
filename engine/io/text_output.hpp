// Text on its way to a sink, in pieces that are worth a call.
#pragma once

#include <cstddef>
#include <string>

#include "allot/book_file.hpp"

namespace allot::io {

class TextOutput {
  public:
    explicit TextOutput(const Sink& sink) : sink_{&sink} { text_.reserve(2 * enough); }

    // What has not been handed over yet; append to it.
    [[nodiscard]] std::string& text() noexcept { return text_; }

    // Hands over when there is enough. Returns false once the sink has refused.
    bool pass_on() { return text_.size() < enough || flush(); }

    // Errors: file_is_not_writable.
    [[nodiscard]] Result<void> finish() {
        if (flush()) {
            return {};
        }
        return Unexpected{Error{.code = ErrorCode::file_is_not_writable,
                                .expected = "a place that takes the whole text"}};
    }

  private:
    static constexpr std::size_t enough = std::size_t{1} << 16U;

    bool flush() {
        if (is_good_ && !text_.empty()) {
            is_good_ = (*sink_)(text_);
        }
        text_.clear();
        return is_good_;
    }

    const Sink* sink_;
    std::string text_{};
    bool is_good_{true};
};

}  // namespace allot::io
