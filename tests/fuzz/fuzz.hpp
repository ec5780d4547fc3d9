// What fuzz targets share: the entry point they define and the check they make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// Called with one input; returns 0. Defined by each target, called by libFuzzer or by replay_main.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace allot_test {

// Ends the program, and thereby the fuzzer's run, when `holds` is false. On in every build.
inline void require(bool holds, const char* law) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", law);
        std::abort();
    }
}

}  // namespace allot_test
