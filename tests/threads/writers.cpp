// The result of a run, written by several threads: the same text, in order, one piece at a time.
#include <atomic>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "support/catch.hpp"
#include "threads/one_block.hpp"

namespace {

constexpr int many_fills = 700;  // 28,000 rows: more pieces than two windows hold on two threads

// What is written, and that no two calls of the sink overlap.
class Collected {
  public:
    allot::Sink sink() {
        return [this](std::string_view piece) {
            overlaps_ = overlaps_ || is_called_.exchange(true);
            text_ += piece;
            is_called_ = false;
            return true;
        };
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool overlaps() const { return overlaps_; }

  private:
    std::string text_{};
    std::atomic<bool> is_called_{false};
    bool overlaps_{false};
};

template <class Write>
void check_same(const Write& write) {
    Collected one;
    REQUIRE(write(one.sink(), 1U));
    REQUIRE(one.text().size() > 1'000'000);
    for (const unsigned threads : {2U, 3U, 8U}) {
        Collected more;
        REQUIRE(write(more.sink(), threads));
        CHECK(more.text() == one.text());
        CHECK_FALSE(more.overlaps());
    }
}

}  // namespace

TEST_CASE("A result is the same text for any number of threads", "[threads]") {
    const allot::Book book = make::one_block(many_fills, "1000000");
    const allot::RunResult result = allot::Engine{}.preview(book, {}).value();
    REQUIRE(result.allocations().size() == std::size_t{make::orders_of_block} * many_fills);
    check_same([&](const allot::Sink& sink, unsigned threads) {
        return allot::write_result_csv(result, sink, threads).has_value();
    });
    check_same([&](const allot::Sink& sink, unsigned threads) {
        return allot::write_result_json(result, sink, allot::NumberStyle::text, threads)
            .has_value();
    });
}

TEST_CASE("A sink that refuses is not called again, on several threads too", "[threads]") {
    const allot::Book book = make::one_block(many_fills, "1000000");
    const allot::RunResult result = allot::Engine{}.preview(book, {}).value();
    for (const int taken : {0, 1, 5}) {
        int calls = 0;
        const allot::Sink sink = [&](std::string_view) { return ++calls <= taken; };
        const auto written = allot::write_result_csv(result, sink, 2);
        REQUIRE_FALSE(written.has_value());
        CHECK(written.error().code == allot::ErrorCode::file_is_not_writable);
        CHECK(calls == taken + 1);
    }
}
