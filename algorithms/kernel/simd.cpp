// Which form of the kernel runs: what the processor has, or what was forced.
#include "allot/simd.hpp"

#include <array>
#include <atomic>
#include <string>

#include "algorithms/kernel/forms.hpp"

namespace allot {

namespace {

constexpr std::array forms{SimdForm::scalar, SimdForm::avx2, SimdForm::avx512};

[[nodiscard]] SimdForm best_form() noexcept {
    SimdForm best = SimdForm::scalar;
    for (const SimdForm form : forms) {
        best = cpu_has(form) ? form : best;
    }
    return best;
}

// Relaxed everywhere: the form guards no other memory.
[[nodiscard]] std::atomic<SimdForm>& current_form() noexcept {
    static std::atomic<SimdForm> form{best_form()};
    return form;
}

// "avx2, scalar": what may be asked for.
[[nodiscard]] std::string accepted_names() {
    std::string names;
    for (const SimdForm form : forms) {
        if (cpu_has(form)) {
            names += (names.empty() ? "" : ", ") + std::string{name_of(form)};
        }
    }
    return names;
}

[[nodiscard]] Error refused(std::string_view found, std::string expected) {
    return {ErrorCode::option_is_not_valid,
            "",
            "",
            "simd",
            std::string{found},
            std::move(expected),
            {}};
}

}  // namespace

std::string_view name_of(SimdForm form) noexcept {
    switch (form) {
        case SimdForm::avx512:
            return "avx512";
        case SimdForm::avx2:
            return "avx2";
        case SimdForm::scalar:
            break;
    }
    return "scalar";
}

Result<SimdForm> parse_simd_form(std::string_view name) {
    for (const SimdForm form : forms) {
        if (name_of(form) == name) {
            return form;
        }
    }
    return Unexpected{refused(name, "scalar, avx2 or avx512")};
}

bool cpu_has(SimdForm form) noexcept {
#if ALLOT_HAS_X86_FORMS
    if (form == SimdForm::avx2) {
        return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
               __builtin_cpu_supports("bmi2") != 0;
    }
    if (form == SimdForm::avx512) {
        return cpu_has(SimdForm::avx2) && __builtin_cpu_supports("avx512f") != 0 &&
               __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
               __builtin_cpu_supports("avx512ifma") != 0;
    }
#endif
    return form == SimdForm::scalar;
}

SimdForm simd_form() noexcept {
    return current_form().load(std::memory_order_relaxed);
}

Result<void> force_simd(SimdForm form) {
    if (!cpu_has(form)) {
        return Unexpected{
            refused(name_of(form), "a form that this processor has: " + accepted_names())};
    }
    current_form().store(form, std::memory_order_relaxed);
    return {};
}

}  // namespace allot
