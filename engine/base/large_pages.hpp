// Large pages: memory that is written once from front to back, without a fault every 4096 bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace allot::detail {

// Asks the system to back the memory with large pages as far as it covers some, before it is used
// for the first time. A wish: where it is not known or not granted, nothing happens.
// Thread safety: any thread.
void ask_for_large_pages(void* memory, std::size_t bytes) noexcept;

// What a vector needs to have large pages once it is large: in tables of gigabytes that are read
// here and there, finding a page takes as long as reading from it.
template <class T>
class LargePageAllocator {
  public:
    using value_type = T;

    LargePageAllocator() = default;
    template <class Other>
    LargePageAllocator(const LargePageAllocator<Other>& /*other*/) noexcept {}  // NOLINT: converts

    [[nodiscard]] T* allocate(std::size_t count) {
        T* const memory = std::allocator<T>{}.allocate(count);
        if (count * sizeof(T) >= worth_asking) {
            ask_for_large_pages(memory, count * sizeof(T));
        }
        return memory;
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        std::allocator<T>{}.deallocate(memory, count);
    }

    friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) = default;

  private:
    static constexpr std::size_t worth_asking = std::size_t{1} << 23U;
};

template <class T>
using LargeVector = std::vector<T, LargePageAllocator<T>>;

}  // namespace allot::detail
