// Large pages, where the system has them for the asking.
#include "engine/base/large_pages.hpp"

#include <memory>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace allot::detail {

void ask_for_large_pages([[maybe_unused]] void* memory,
                         [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
    constexpr std::size_t large_page = std::size_t{1} << 21U;
    if (std::align(large_page, large_page, memory, bytes) != nullptr) {
        (void)madvise(memory, bytes / large_page * large_page, MADV_HUGEPAGE);
    }
#endif
}

}  // namespace allot::detail
