// Prefetch: calls for memory that will be read soon.
#pragma once

namespace allot::detail {

// A hint without any other effect; the address need not be valid.
inline void prefetch(const void* address) noexcept {
    __builtin_prefetch(address);
    // GCC takes a function that does nothing but prefetch for one without effect, and drops calls
    // of it.
    __asm__ volatile("");
}

}  // namespace allot::detail
