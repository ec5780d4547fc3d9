// On how many threads the tests try what shall come out the same on any number.
#pragma once

namespace allot_test {

inline constexpr unsigned thread_counts[]{1, 2, 3, 8};

}  // namespace allot_test
