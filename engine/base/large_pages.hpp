// Large pages: memory that is written once from front to back, without a fault every 4096 bytes.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
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
        if (count * sizeof(T) < worth_asking) {
            return std::allocator<T>{}.allocate(count);
        }
        auto* const memory = static_cast<T*>(::operator new(count * sizeof(T), line));
        ask_for_large_pages(memory, count * sizeof(T));
        return memory;
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        if (count * sizeof(T) < worth_asking) {
            std::allocator<T>{}.deallocate(memory, count);
        } else {
            ::operator delete(memory, line);
        }
    }

    friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) = default;

  private:
    static constexpr std::size_t worth_asking = std::size_t{1} << 23U;
    // A row that is as long as a line of the processor's cache shall be one.
    static constexpr std::align_val_t line{64};
};

template <class T>
using LargeVector = std::vector<T, LargePageAllocator<T>>;

}  // namespace allot::detail
