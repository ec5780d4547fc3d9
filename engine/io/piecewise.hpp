// Rows as text, made in pieces by several threads and handed on in order.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/io/text_output.hpp"

namespace allot::io {

// Pieces on their way to a sink.
class PieceOutput {
  public:
    explicit PieceOutput(TextOutput& output) : output_{&output} {}

    // The text that `make(text)` appends, to be handed on by a call of what is returned, which
    // tells whether the sink has taken it; what stands in the output's own text goes before it.
    // Thread safety: may be called from several threads at once; what is returned is not.
    template <class Make>
    [[nodiscard]] std::function<bool()> prepare(const Make& make) {
        std::shared_ptr<TextBuffer> text = take_buffer();
        make(*text);
        return [this, text = std::move(text)] {
            const bool is_good = output_->flush() && output_->hand_over(text->view());
            const std::scoped_lock lock{mutex_};
            free_.push_back(text);
            return is_good;
        };
    }

  private:
    [[nodiscard]] std::shared_ptr<TextBuffer> take_buffer() {
        const std::scoped_lock lock{mutex_};
        if (free_.empty()) {
            return std::make_shared<TextBuffer>();
        }
        std::shared_ptr<TextBuffer> text = std::move(free_.back());
        free_.pop_back();
        text->cut(0);
        return text;
    }

    TextOutput* output_;
    std::mutex mutex_{};
    std::vector<std::shared_ptr<TextBuffer>> free_{};
};

}  // namespace allot::io
