// Rows of allocations in segments: a row never moves once it is written, so that the result of a
// run looks at its rows where they are, and a run writes them once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "allot/allocation.hpp"

namespace allot::store {

// A sequence of rows, numbered from 0. Thread safety: as a vector.
class AllocationRows {
  public:
    using Row = detail::AllocationRow;
    static_assert(std::is_trivially_copyable_v<Row> && std::is_trivially_destructible_v<Row>);

  private:
    struct Free {
        std::size_t capacity;
        void operator()(Row* rows) const noexcept {
            std::allocator<Row>{}.deallocate(rows, capacity);
        }
    };
    struct Segment {
        std::unique_ptr<Row, Free> rows{nullptr, Free{0}};
        std::size_t first{0};  // number of the first row
        std::size_t count{0};

        [[nodiscard]] std::size_t capacity() const noexcept { return rows.get_deleter().capacity; }
        [[nodiscard]] Row* end() const noexcept { return rows.get() + count; }
    };

  public:
    class iterator {
      public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = Row;
        using difference_type = std::ptrdiff_t;
        using pointer = const Row*;
        using reference = const Row&;

        iterator() = default;
        explicit iterator(std::span<const Segment> segments) noexcept : segments_{segments} {
            enter();
        }
        [[nodiscard]] reference operator*() const noexcept { return *row_; }
        [[nodiscard]] pointer operator->() const noexcept { return row_; }
        iterator& operator++() noexcept {
            if (++row_ == segments_.front().end()) {
                segments_ = segments_.subspan(1);
                enter();
            }
            return *this;
        }
        iterator operator++(int) noexcept {
            const iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const iterator& a, const iterator& b) noexcept {
            return a.row_ == b.row_;
        }

      private:
        void enter() noexcept {
            while (!segments_.empty() && segments_.front().count == 0) {
                segments_ = segments_.subspan(1);
            }
            row_ = segments_.empty() ? nullptr : segments_.front().rows.get();
        }

        std::span<const Segment> segments_{};
        const Row* row_{nullptr};
    };

    AllocationRows() = default;
    AllocationRows(const AllocationRows& other);
    AllocationRows& operator=(const AllocationRows& other);
    AllocationRows(AllocationRows&&) noexcept = default;
    AllocationRows& operator=(AllocationRows&&) noexcept = default;
    ~AllocationRows() = default;

    [[nodiscard]] std::size_t size() const noexcept {
        return segments_.empty() ? 0 : segments_.back().first + segments_.back().count;
    }
    [[nodiscard]] const Row& operator[](std::size_t number) const noexcept {
        return *place_of(number);
    }
    [[nodiscard]] Row& operator[](std::size_t number) noexcept { return *place_of(number); }
    [[nodiscard]] iterator begin() const noexcept { return iterator{segments_}; }
    [[nodiscard]] iterator end() const noexcept { return {}; }

    void push_back(const Row& row) {
        std::construct_at(reserve(1), row);
        take(1);
    }
    // Memory for the next `count` rows, side by side. They are no part of the sequence before they
    // are written and take() is called.
    [[nodiscard]] Row* reserve(std::size_t count);
    void take(std::size_t count) noexcept { segments_.back().count += count; }

  private:
    // Most look-ups are for the rows of the newest run. Complexity: O(log segments).
    [[nodiscard]] Row* place_of(std::size_t number) const noexcept {
        auto segment = segments_.end() - 1;
        if (number < segment->first) {
            segment =
                std::upper_bound(segments_.begin(), segment, number,
                                 [](std::size_t at, const Segment& s) { return at < s.first; }) -
                1;
        }
        return segment->rows.get() + (number - segment->first);
    }

    std::vector<Segment> segments_{};
};

}  // namespace allot::store
