// A book that nobody writes to may be read from several threads at once, also where it builds an
// index when it is first asked.
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "allot/engine.hpp"
#include "support/catch.hpp"
#include "threads/one_block.hpp"

namespace {

constexpr int few_fills = 20;

allot::Book allocated_book() {
    allot::Book book = make::one_block(few_fills, "100");
    (void)allot::Engine{}.run(book, {}).value();
    return book;
}

// Calls act(t) on `count` threads at once.
template <class Act>
void at_once(std::size_t count, Act act) {
    std::atomic<std::size_t> ready{0};
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < count; ++t) {
        threads.emplace_back([&, t] {
            for (++ready; ready < count;) {
                std::this_thread::yield();
            }
            act(t);
        });
    }
}

}  // namespace

TEST_CASE("Allocations are found by id from several threads at once", "[threads]") {
    const allot::Book book = allocated_book();
    const std::vector<allot::AllocationId> ids = book.allocation_ids();
    REQUIRE(ids.size() == std::size_t{make::orders_of_block} * few_fills);
    std::atomic<std::size_t> found{0};
    at_once(4, [&](std::size_t t) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const allot::AllocationId& id = ids[(i * 7 + t) % ids.size()];
            const auto allocation = book.find(id);
            found += allocation && allocation->id == id ? 1U : 0U;
        }
    });
    CHECK(found == 4 * ids.size());
}

TEST_CASE("A book is previewed and listed from several threads at once", "[threads]") {
    const allot::Book book = allocated_book();
    const allot::Engine engine;
    const std::size_t runs = book.runs().size();
    std::atomic<std::size_t> right{0};
    at_once(4, [&](std::size_t t) {
        allot::RunRequest request;
        request.options.threads = static_cast<unsigned>(t);
        const allot::RunResult result = engine.preview(book, request).value();
        right += result.allocations().empty() && result.placements.size() == 1 ? 1U : 0U;
        right +=
            book.allocations().size() == std::size_t{make::orders_of_block} * few_fills ? 1U : 0U;
    });
    CHECK(right == 8);
    CHECK(book.runs().size() == runs);
}
