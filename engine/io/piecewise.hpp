// Rows as text, made in pieces by several threads and handed on in order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/base/workers.hpp"
#include "engine/io/text_output.hpp"

namespace allot::io {

// Enough rows that a piece is worth a thread's while, and few enough that a window of pieces is
// little memory: about a megabyte of allocations. One thread alone gains nothing by pieces that its
// cache would hold: the system takes a large piece with less work than many small ones.
inline constexpr std::size_t rows_of_a_piece = 4096;

// Calls make(first, last, text) for neighbouring stretches of `rows`; it appends their text, and is
// called from several threads at once. While a window of pieces is made, that before it is handed
// on, so that making and writing go side by side. `threads` as in RunOptions. Returns false once
// the sink has refused. Memory: twice as many pieces as threads, twice.
template <class Make>
[[nodiscard]] bool write_in_pieces(TextOutput& output, std::size_t rows, unsigned threads,
                                   const Make& make) {
    constexpr std::size_t work_of_a_row = 5;  // a row costs as much as so many claims
    const std::size_t pieces = (rows + rows_of_a_piece - 1) / rows_of_a_piece;
    const std::size_t workers = detail::thread_count(threads, pieces, rows * work_of_a_row);
    const auto make_piece = [&](std::size_t piece, TextBuffer& text) {
        const std::size_t first = piece * rows_of_a_piece;
        make(first, std::min(rows, first + rows_of_a_piece), text);
    };
    if (workers == 1) {
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            make_piece(piece, output.text());
            if (!output.pass_on()) {
                return false;
            }
        }
        return true;
    }
    const std::size_t width = 2 * workers;
    std::vector<TextBuffer> made(width);
    std::vector<TextBuffer> ready(width);
    std::size_t ready_count = 0;
    bool is_good = output.flush();
    for (std::size_t first = 0; is_good && (first < pieces || ready_count > 0); first += width) {
        const std::size_t count = first < pieces ? std::min(width, pieces - first) : 0;
        detail::share_jobs(workers, count + 1, 1, [&](std::size_t job) {
            if (job > 0) {
                made[job - 1].cut(0);
                make_piece(first + job - 1, made[job - 1]);
                return;
            }
            for (std::size_t i = 0; i < ready_count && is_good; ++i) {
                is_good = output.hand_over(ready[i].view());
            }
        });
        std::swap(made, ready);
        ready_count = count;
    }
    return is_good;
}

}  // namespace allot::io
