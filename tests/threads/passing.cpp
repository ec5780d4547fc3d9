// Allocations that are passed on while the run goes on: the same text as of a whole result, on any
// number of threads, and trouble that ends the run.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "threads/thread_counts.hpp"
#include "unit/io_support.hpp"

namespace {

using allot_test::sink_to;
using allot_test::thread_counts;

constexpr int placements = 60;
constexpr int blocks = 17;
constexpr int orders = 40;
constexpr int fills = 30;
constexpr int fills_of_many = 700;

void put_block(allot::Book& book, const std::string& n, int least) {
    std::vector<std::string> codes;
    for (int i = 0; i < orders; ++i) {
        codes.push_back("O" + n + "-" + std::to_string(i));
        make::put(book, make::order(codes.back(), std::to_string(least + 20 * i)));
    }
    make::put(book, make::block("B" + n, codes));
}

void put_placement(allot::Book& book, const std::string& n, const std::string& block, int count) {
    make::put(book, make::placement("P" + n, {"B" + block}));
    for (int e = 0; e < count; ++e) {
        make::put(book, make::execution("E" + n + "-" + std::to_string(e), "P" + n, "173"));
    }
}

// Placements of some 20 stretches. Those of one block lie far apart, so that most of what one
// splits has its rows in later ones. One of them, in the middle, has as many rows as seven.
const allot::Book& blocks_in_turn() {
    static const allot::Book book = [] {
        allot::Book made;
        for (int b = 0; b < blocks; ++b) {
            put_block(made, std::to_string(b), 50);
        }
        for (int p = 0; p < placements; ++p) {
            put_placement(made, std::to_string(p), std::to_string(p % blocks), fills);
        }
        put_block(made, "many", 4000);
        put_placement(made, "30-many", "many", fills_of_many);
        return made;
    }();
    return book;
}

allot::RunRequest request_for(unsigned threads) {
    allot::RunRequest request;
    request.options.threads = threads;
    return request;
}

template <class Writer, class Write>
void check_same_text(const Writer& writer_to, const Write& write_whole) {
    const allot::Book& book = blocks_in_turn();
    const allot::Engine engine;
    std::string whole;
    write_whole(engine.preview(book, request_for(1)).value(), sink_to(whole));
    REQUIRE(whole.size() > 5'000'000);
    for (const unsigned threads : thread_counts) {
        INFO(threads << " threads");
        std::string text;
        const allot::Sink to = sink_to(text);
        allot::ResultWriter writer = writer_to(to, threads);
        const allot::RunResult rest =
            engine.preview(book, request_for(threads), writer.sink()).value();
        CHECK(rest.allocations().empty());
        REQUIRE(writer.finish(rest).has_value());
        const bool is_same = text == whole;
        CHECK(is_same);
    }
}

// How many parts were taken before the error of the sink came back, which is that of `number`.
std::size_t taken_before_error(unsigned threads, std::size_t number) {
    std::atomic<std::size_t> calls{0};
    std::size_t taken = 0;
    bool is_asked_again = false;
    bool has_failed = false;
    const allot::AllocationSink sink = [&](const allot::AllocationViews&) {
        ++calls;
        return [&]() -> allot::Result<void> {
            is_asked_again = is_asked_again || has_failed;
            if (taken == number) {
                has_failed = true;
                return allot::Unexpected{
                    allot::Error{.code = allot::ErrorCode::file_is_not_writable, .found = "sink"}};
            }
            ++taken;
            return {};
        };
    };
    const auto result = allot::Engine{}.preview(blocks_in_turn(), request_for(threads), sink);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().found == "sink");
    CHECK_FALSE(is_asked_again);
    CHECK(calls > number);
    return taken;
}

// The run throws what `make` throws while parts are made, or `take` while they are taken.
void check_thrown(const std::function<void()>& make, const std::function<void()>& take) {
    for (const unsigned threads : thread_counts) {
        INFO(threads << " threads");
        std::atomic<std::size_t> made{0};
        std::size_t taken = 0;
        const allot::AllocationSink sink = [&](const allot::AllocationViews&) {
            if (++made == 9) {
                make();
            }
            return [&]() -> allot::Result<void> {
                if (++taken == 7) {
                    take();
                }
                return {};
            };
        };
        CHECK_THROWS_AS((void)allot::Engine{}.preview(blocks_in_turn(), request_for(threads), sink),
                        std::runtime_error);
    }
}

}  // namespace

TEST_CASE("Allocations that are passed on make the same JSON", "[threads]") {
    check_same_text(
        [](const allot::Sink& to, unsigned threads) {
            return allot::ResultWriter::json(to, allot::NumberStyle::text, threads);
        },
        [](const allot::RunResult& result, const allot::Sink& to) {
            allot::write_result_json(result, to, allot::NumberStyle::text).value();
        });
}

TEST_CASE("Allocations that are passed on make the same CSV", "[threads]") {
    check_same_text([](const allot::Sink& to,
                       unsigned threads) { return allot::ResultWriter::csv(to, threads); },
                    [](const allot::RunResult& result, const allot::Sink& to) {
                        allot::write_result_csv(result, to).value();
                    });
}

TEST_CASE("Allocations are passed on in parts, in order and of one run", "[threads]") {
    // However many rows a placement has: what waits for its turn is memory, as text many times that
    // of the rows.
    constexpr std::size_t most = 8191;
    const allot::Book& book = blocks_in_turn();
    const allot::RunResult whole = allot::Engine{}.preview(book, request_for(1)).value();
    const auto of_many = std::find_if(whole.placements.begin(), whole.placements.end(),
                                      [](const allot::PlacementOutcome& outcome) {
                                          return outcome.id.code() == "P30-many" &&
                                                 outcome.allocated == outcome.executed;
                                      });
    REQUIRE(of_many != whole.placements.end());
    REQUIRE(whole.allocations().size() > most * 8);
    for (const unsigned threads : thread_counts) {
        INFO(threads << " threads");
        std::size_t parts = 0;
        std::size_t at = 0;
        bool is_right = true;
        const allot::AllocationSink sink = [&](const allot::AllocationViews& some) {
            return [&, some]() -> allot::Result<void> {
                ++parts;
                is_right = is_right && some.size() <= most;
                for (const allot::AllocationView& view : some) {
                    is_right = is_right && at < whole.allocations().size() &&
                               view.to_value() == whole.allocations()[at++].to_value();
                }
                is_right = is_right && *some.run() == whole.run;
                return {};
            };
        };
        REQUIRE(allot::Engine{}.preview(book, request_for(threads), sink).has_value());
        CHECK(is_right);
        CHECK(at == whole.allocations().size());
        CHECK(parts > 20);
    }
}

TEST_CASE("An error of the sink ends the run and is its error", "[threads]") {
    for (const unsigned threads : thread_counts) {
        for (const std::size_t number : {0U, 1U, 11U}) {
            INFO(threads << " threads, part " << number);
            CHECK(taken_before_error(threads, number) == number);
        }
    }
}

TEST_CASE("A text that nobody takes is told by the run that is written", "[threads]") {
    for (const unsigned threads : thread_counts) {
        int calls = 0;
        const allot::Sink to = [&](std::string_view) { return ++calls <= 3; };
        allot::ResultWriter writer = allot::ResultWriter::csv(to, threads);
        const auto result =
            allot::Engine{}.preview(blocks_in_turn(), request_for(threads), writer.sink());
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == allot::ErrorCode::file_is_not_writable);
        CHECK(calls == 4);
    }
}

TEST_CASE("What the sink throws is thrown to the caller", "[threads]") {
    const auto nothing = [] {};
    const auto trouble = [] { throw std::runtime_error{"trouble"}; };
    check_thrown(trouble, nothing);
    check_thrown(nothing, trouble);
}

TEST_CASE("What progress throws ends a run that passes on", "[threads]") {
    for (const unsigned threads : thread_counts) {
        INFO(threads << " threads");
        allot::RunRequest request = request_for(threads);
        request.options.progress = [](std::size_t done, std::size_t total) {
            if (done > total / 3) {
                throw std::runtime_error{"enough"};
            }
        };
        const allot::AllocationSink sink = [](const allot::AllocationViews&) {
            return [] { return allot::Result<void>{}; };
        };
        CHECK_THROWS_AS((void)allot::Engine{}.preview(blocks_in_turn(), request, sink),
                        std::runtime_error);
    }
}
