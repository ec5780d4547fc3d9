// Large pages: memory that is written once from front to back, without a fault every 4096 bytes.
#pragma once

#include <cstddef>

namespace allot::detail {

// Asks the system to back the memory with large pages as far as it covers some, before it is used
// for the first time. A wish: where it is not known or not granted, nothing happens.
// Thread safety: any thread.
void ask_for_large_pages(void* memory, std::size_t bytes) noexcept;

}  // namespace allot::detail
