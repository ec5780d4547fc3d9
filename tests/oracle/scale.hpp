// How many random cases a test tries: all of them in an optimised build, a tenth where sanitizers
// or missing optimisation make each one slow. ALLOT_CASES=N (percent) overrides.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

namespace oracle {

inline std::size_t cases(const std::string& what, std::size_t all) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
    std::size_t percent = 10;
#else
    std::size_t percent = 100;
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    percent = 10;
#endif
#endif
    if (const char* wanted = std::getenv("ALLOT_CASES")) {
        percent = std::stoul(wanted);
    }
    const std::size_t count = all * percent / 100;
    if (count != all) {
        std::cout << what << ": " << count << " cases instead of " << all << '\n';
    }
    return count;
}

}  // namespace oracle
