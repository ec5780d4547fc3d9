// Runs over lopsided books take time in proportion to claims times fills: what works on ten must
// not be quadratic in anything else.
#include <time.h>

#include <algorithm>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

allot::Book lopsided(int orders, int fills) {
    allot::BookBuilder builder;
    std::vector<std::string> codes;
    for (int i = 0; i < orders; ++i) {
        codes.push_back("O" + std::to_string(i));
        builder.add(make::order(codes.back(), std::to_string((1000 + i) * fills)));
    }
    builder.add(make::block("B", codes));
    builder.add(make::placement("P", {"B"}));
    for (int i = 0; i < fills; ++i) {
        builder.add(make::execution("E" + std::to_string(i), "P", std::to_string(orders + i % 7)));
    }
    return builder.build().value();
}

// The least processor time of three tries at a run, and at a second one in which a fill has grown.
double seconds(int orders, int fills) {
    const allot::Book original = lopsided(orders, fills);
    allot::RunRequest request;
    request.options.threads = 1;
    double least = 1e9;
    for (int i = 0; i < 3; ++i) {
        allot::Book book = original;
        const double start = processor_seconds();
        (void)allot::Engine{}.run(book, request).value();
        make::put(book, make::execution("E0", "P", std::to_string(3 * orders)));
        (void)allot::Engine{}.run(book, request).value();
        least = std::min(least, processor_seconds() - start);
    }
    return least;
}

// Eight times as much takes eight times as long, or with sorting and memory a little more; what is
// quadratic takes 64 times as long.
constexpr double most = 28;

}  // namespace

TEST_CASE("A run over a large block takes time in proportion to its orders", "[engine][sizes]") {
    CHECK(seconds(16'000, 3) < most * seconds(2'000, 3));
}

TEST_CASE("A run over many fills takes time in proportion to them", "[engine][sizes]") {
    CHECK(seconds(5, 16'000) < most * seconds(5, 2'000));
}
