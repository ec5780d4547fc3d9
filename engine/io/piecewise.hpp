// Rows as text, made in pieces by several threads and handed on in order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/base/workers.hpp"
#include "engine/io/text_output.hpp"

namespace allot::io {

// Enough rows that a piece is worth a thread's while, and few enough that a window of pieces is
// little memory: about a megabyte of allocations. One thread alone gains nothing by pieces that its
// cache would hold: the system takes a large piece with less work than many small ones.
inline constexpr std::size_t rows_of_a_piece = 4096;

// Rows on their way to a sink, piece by piece.
class PieceOutput {
  public:
    // `threads` as in RunOptions.
    PieceOutput(TextOutput& output, unsigned threads) : output_{&output}, threads_{threads} {}

    // Calls make(first, last, text) for neighbouring stretches of `rows`; it appends their text,
    // and is called from several threads at once. Pieces are handed on while others are made.
    // Returns false once the sink has refused. Memory: some pieces a thread.
    template <class Make>
    [[nodiscard]] bool write(std::size_t rows, const Make& make) {
        constexpr std::size_t work_of_a_row = 5;  // a row costs as much as so many claims
        const std::size_t pieces = (rows + rows_of_a_piece - 1) / rows_of_a_piece;
        const std::size_t threads = detail::thread_count(threads_, pieces, rows * work_of_a_row);
        std::vector<std::function<bool()>> made(detail::usual_ahead(threads));
        std::atomic<bool> is_good{true};
        detail::share_jobs_in_turn(
            threads, pieces, made.size(),
            [&](std::size_t piece) {
                if (is_good) {
                    const std::size_t first = piece * rows_of_a_piece;
                    made[piece % made.size()] = prepare([&](TextBuffer& text) {
                        make(first, std::min(rows, first + rows_of_a_piece), text);
                    });
                }
            },
            [&](std::size_t piece) { is_good = is_good && made[piece % made.size()](); });
        return is_good;
    }

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
    unsigned threads_;
    std::mutex mutex_{};
    std::vector<std::shared_ptr<TextBuffer>> free_{};
};

}  // namespace allot::io
