// Catch2's main, compiled once for all rooms of tests. ALLOT_SIMD=scalar|avx2|avx512 runs them in
// that form of the split kernel; where the processor lacks it, the room says so and counts as
// skipped.
#include <cstdlib>
#include <iostream>

#include "allot/simd.hpp"
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

namespace {

constexpr int status_of_skipped = 77;  // as tests/CMakeLists.txt tells ctest

}  // namespace

int main(int argc, char* argv[]) {
    if (const char* const wanted = std::getenv("ALLOT_SIMD")) {
        const allot::Result<allot::SimdForm> form = allot::parse_simd_form(wanted);
        if (!form) {
            std::cerr << form.error().message() << '\n';
            return EXIT_FAILURE;
        }
        if (!allot::force_simd(*form)) {
            std::cout << "skipped: this CPU has no " << wanted << '\n';
            return status_of_skipped;
        }
    }
    return Catch::Session().run(argc, argv);
}
