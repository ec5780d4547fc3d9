// CSV as RFC 4180 has it.
#include "engine/io/csv_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace allot::io {

bool CsvReader::fail(std::string_view found, std::string_view expected, std::size_t offset) {
    failure_ = CsvFailure{std::string{found}, std::string{expected}, offset};
    return false;
}

void CsvReader::skip_empty_lines() noexcept {
    while (at_ < text_.size() &&
           (text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n"))) {
        at_ += text_[at_] == '\n' ? 1U : 2U;
        ++lines_;
    }
}

bool CsvReader::next() {
    return next(0, {});
}

bool CsvReader::next(std::size_t head, std::string_view tail) {
    count_ = 0;
    filled_ = 0;
    has_tail_ = false;
    if (!unquoted_.empty()) {
        unquoted_.clear();
    }
    skip_empty_lines();
    if (at_ >= text_.size() || failure_) {
        return false;
    }
    if (cells_.empty()) {
        cells_.resize(most_cells);
    }
    row_ = at_;
    lines_before_row_ = lines_;
    row_ends_ = false;
    if (!tail.empty()) {
        take_plain_cells(head);
        if (count_ == head && !row_ends_ && take_tail(tail)) {
            return true;
        }
    }
    while (!row_ends_) {
        take_plain_cells(most_cells);
        if (row_ends_) {
            return true;
        }
        if (count_ == most_cells) {
            return fail("more than " + std::to_string(most_cells) + " cells",
                        "at most " + std::to_string(most_cells), row_);
        }
        const bool is_quoted = at_ < text_.size() && text_[at_] == '"';
        if (!(is_quoted ? read_quoted() : read_plain()) || !read_separator()) {
            return false;
        }
    }
    return true;
}

bool CsvReader::take_tail(std::string_view tail) noexcept {
    has_tail_ = text_.substr(at_, tail.size()) == tail;
    if (has_tail_) {
        at_ += tail.size();
        ++lines_;
    }
    return has_tail_;
}

void CsvReader::add(std::string_view cell, std::size_t offset) noexcept {
    filled_ += cell.empty() ? 0U : 1U;
    cells_[count_++] = {cell, offset};
}

// Most rows are nothing else, so that this is most of the work: what it changes is kept at hand.
void CsvReader::take_plain_cells(std::size_t most) {
    if (at_ >= text_.size()) {
        return;
    }
    const char* const text = text_.data();
    CsvCell* const cells = cells_.data();
    std::size_t begin = at_;
    std::size_t count = count_;
    std::size_t filled = filled_;
    const auto add_up_to = [&](std::size_t end) {
        cells[count].text = {text + begin, end - begin};
        cells[count].offset = begin;
        ++count;
        filled += end == begin ? 0U : 1U;
        begin = end + 1;
    };
    std::size_t block = begin / csv_block;
    std::uint64_t behind_begin = ~std::uint64_t{0} << begin % csv_block;
    while (block * csv_block < text_.size()) {
        if (block != block_) {
            look_at(block);
        }
        const std::size_t first = block * csv_block;
        // What is no comma ends the plain cells of this row, one way or the other.
        const std::uint64_t stops = ends_.all & ~ends_.commas & behind_begin;
        std::uint64_t commas = ends_.commas & behind_begin & (stops - 1U) & ~stops;
        for (; commas != 0 && count < most; commas &= commas - 1) {
            add_up_to(first + static_cast<std::size_t>(std::countr_zero(commas)));
        }
        if (count == most) {
            break;
        }
        if (stops != 0) {
            const auto stop = first + static_cast<std::size_t>(std::countr_zero(stops));
            if (text[stop] == '\n') {
                add_up_to(stop);
                row_ends_ = true;
                ++lines_;
            }
            break;
        }
        ++block;
        behind_begin = ~std::uint64_t{0};
    }
    at_ = begin;
    count_ = count;
    filled_ = filled;
}

std::size_t CsvReader::end_of_plain() {
    std::size_t block = at_ / csv_block;
    look_at(block);
    std::uint64_t ends = ends_.all & (~std::uint64_t{0} << at_ % csv_block);
    while (ends == 0) {
        if (++block * csv_block >= text_.size()) {
            return text_.size();
        }
        look_at(block);
        ends = ends_.all;
    }
    return block * csv_block + static_cast<std::size_t>(std::countr_zero(ends));
}

void CsvReader::look_at(std::size_t block) {
    if (block == block_) {
        return;
    }
    block_ = block;
    const std::string_view rest = text_.substr(block * csv_block);
    if (rest.size() >= csv_block) {
        ends_ = ends_of_plain_cells(rest.data());
        return;
    }
    std::array<char, csv_block> last{};
    std::copy(rest.begin(), rest.end(), last.begin());
    ends_ = ends_of_plain_cells(last.data());
}

bool CsvReader::read_plain() {
    const std::size_t begin = at_;
    at_ = at_ < text_.size() ? end_of_plain() : at_;
    add(text_.substr(begin, at_ - begin), begin);
    return true;
}

bool CsvReader::read_quoted() {
    const std::size_t open = at_++;
    std::string* joined = nullptr;
    std::size_t begin = at_;
    while (true) {
        const void* quote = std::memchr(text_.data() + at_, '"', text_.size() - at_);
        if (quote == nullptr) {
            return fail("end of file", "a closing quote", open);
        }
        at_ = static_cast<std::size_t>(static_cast<const char*>(quote) - text_.data()) + 1;
        const bool is_doubled = at_ < text_.size() && text_[at_] == '"';
        if (!is_doubled && joined == nullptr) {
            add(text_.substr(begin, at_ - 1 - begin), open);
            count_lines(open);
            return true;
        }
        if (joined == nullptr) {
            joined = &unquoted_.emplace_back();
        }
        joined->append(text_.substr(begin, at_ - 1 - begin + (is_doubled ? 1U : 0U)));
        if (!is_doubled) {
            add(*joined, open);
            count_lines(open);
            return true;
        }
        begin = ++at_;
    }
}

void CsvReader::count_lines(std::size_t from) noexcept {
    const std::string_view passed = text_.substr(from, at_ - from);
    lines_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
}

bool CsvReader::read_separator() {
    if (at_ == text_.size()) {
        row_ends_ = true;
        return true;
    }
    switch (text_[at_]) {
        case ',':
            ++at_;
            return true;
        case '\n':
            ++at_;
            ++lines_;
            row_ends_ = true;
            return true;
        case '\r':
            if (text_.substr(at_, 2) == "\r\n") {
                at_ += 2;
                ++lines_;
                row_ends_ = true;
                return true;
            }
            return fail("a carriage return", "a newline behind it, or quotes around the cell", at_);
        case '"':
            return fail("a quote within a cell", "quotes around the whole cell, each in it doubled",
                        at_);
        default:
            return fail("text behind a closing quote", "a comma or the end of the line", at_);
    }
}

}  // namespace allot::io
