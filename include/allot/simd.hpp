// The forms in which the arithmetic of splits is compiled, and which one runs.
//
// All forms give the same results, to the last unit; they differ in speed only. The library takes
// the best one that the processor has. Tests and measurements force another.
#pragma once

#include <string_view>

#include "allot/result.hpp"

namespace allot {

enum class SimdForm {
    scalar,  // portable C++, on every processor
    avx2,    // x86-64 with AVX2, FMA and BMI2
    avx512,  // x86-64 with AVX-512 F, DQ, VL and IFMA
};

// "scalar", "avx2", "avx512". Thread safety: any thread.
[[nodiscard]] std::string_view name_of(SimdForm form) noexcept;

// The form of that name. Errors: option_is_not_valid, naming the accepted ones.
[[nodiscard]] Result<SimdForm> parse_simd_form(std::string_view name);

// Whether this processor, and this build of the library, can run `form`. Thread safety: any thread.
[[nodiscard]] bool cpu_has(SimdForm form) noexcept;

// The form that runs: the one that was forced, else the best that the processor has.
// Thread safety: any thread.
[[nodiscard]] SimdForm simd_form() noexcept;

// From now on all splits of this process run in `form`: the only state that the library keeps
// beside what the caller holds. No result depends on it.
// Errors: option_is_not_valid when this processor lacks `form`; nothing changes then.
// Thread safety: any thread; splits that run at the same time use either form.
Result<void> force_simd(SimdForm form);

}  // namespace allot
