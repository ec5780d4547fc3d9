// Rows of allocations in segments: how they grow and are copied.
#include "engine/store/allocation_rows.hpp"

#include "engine/base/large_pages.hpp"

namespace allot::store {

AllocationRows::AllocationRows(const AllocationRows& other) {
    if (other.size() == 0) {
        return;
    }
    Row* to = reserve(other.size());
    for (const Segment& segment : other.segments_) {
        to = std::uninitialized_copy_n(segment.rows.get(), segment.count, to);
    }
    take(other.size());
}

AllocationRows& AllocationRows::operator=(const AllocationRows& other) {
    AllocationRows copy{other};
    segments_ = std::move(copy.segments_);
    return *this;
}

AllocationRows::Row* AllocationRows::reserve(std::size_t count) {
    if (segments_.empty() || segments_.back().capacity() - segments_.back().count < count) {
        // Room for a quarter more keeps the number of segments logarithmic; what a large run needs
        // is known, and taken exactly.
        constexpr std::size_t least = 16;
        const std::size_t capacity = std::max({count, size() / 4, least});
        Row* const rows = std::allocator<Row>{}.allocate(capacity);
        // Millions of rows fill memory that is new, and a fault every page takes longer than they
        // do.
        detail::ask_for_large_pages(rows, capacity * sizeof(Row));
        std::unique_ptr<Row, Free> owner{rows, Free{capacity}};
        segments_.push_back({std::move(owner), size(), 0});
    }
    return segments_.back().end();
}

}  // namespace allot::store
