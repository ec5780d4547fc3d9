// The forms of the split kernel in tests: those that this processor has, and one forced for a
// while.
#pragma once

#include <iostream>
#include <vector>

#include "allot/simd.hpp"

namespace allot_test {

// All forms that this processor has; says on standard output which are skipped.
inline std::vector<allot::SimdForm> simd_forms() {
    using allot::SimdForm;
    std::vector<SimdForm> forms;
    for (const SimdForm form : {SimdForm::scalar, SimdForm::avx2, SimdForm::avx512}) {
        if (allot::cpu_has(form)) {
            forms.push_back(form);
        } else {
            std::cout << "skipped: this CPU has no " << name_of(form) << '\n';
        }
    }
    return forms;
}

// Forces a form for as long as it lives.
class ForcedSimd {
  public:
    explicit ForcedSimd(allot::SimdForm form) : before_{allot::simd_form()} {
        allot::force_simd(form).value();
    }
    ForcedSimd(const ForcedSimd&) = delete;
    ForcedSimd& operator=(const ForcedSimd&) = delete;
    ~ForcedSimd() { (void)allot::force_simd(before_); }

  private:
    allot::SimdForm before_;
};

}  // namespace allot_test
