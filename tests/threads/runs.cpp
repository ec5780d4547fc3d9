// Runs on several threads: the same bytes as on one, whatever the book, and errors that arrive.
#include <atomic>
#include <cstdint>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "allot/generate.hpp"
#include "allot/result_file.hpp"
#include "oracle/book_generator.hpp"
#include "oracle/scale.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "threads/thread_counts.hpp"
#include "unit/io_support.hpp"

namespace {

using allot_test::sink_to;
using allot_test::text_of;
using allot_test::thread_counts;

std::string text_of(const allot::RunResult& result) {
    std::string text;
    allot::write_result_json(result, sink_to(text)).value();
    return text;
}

// Every other execution grows, so that a second run makes new versions of what is there.
void grow_executions(allot::Book& book) {
    bool grows = false;
    for (const allot::ExecutionId& id : book.execution_ids()) {
        grows = !grows;
        allot::Execution execution = book.find(id).value();
        if (grows) {
            execution.quantity = execution.quantity + allot::Quantity{7};
            // Refused where a book came with more allocated than executed; then nothing changes.
            static_cast<void>(book.put(execution));
        }
    }
}

// Results and books of a preview, a run, a run after changes, all one after the other.
std::string whole_story(allot::Book book, allot::RunRequest request, unsigned threads) {
    request.options.threads = threads;
    const allot::Engine engine;
    std::string story = text_of(engine.preview(book, request).value());
    CHECK(allot_test::json_passed_on(engine, book, request) == story);
    story += text_of(engine.run(book, request).value()) + text_of(book);
    grow_executions(book);
    const std::string changed = text_of(engine.preview(book, request).value());
    CHECK(allot_test::json_passed_on(engine, book, request) == changed);
    return story + text_of(engine.run(book, request).value()) + text_of(book);
}

void check_all_counts(const allot::Book& book, const allot::RunRequest& request) {
    const std::string alone = whole_story(book, request, thread_counts[0]);
    for (const unsigned threads : thread_counts) {
        INFO(threads << " threads");
        const bool is_same = whole_story(book, request, threads) == alone;
        REQUIRE(is_same);
    }
}

allot::Book book_of(const allot::DayParameters& parameters) {
    const allot::Day day = allot::generate_day(parameters).value();
    allot::BookBuilder builder;
    const auto add = [&builder](const auto& entities) {
        for (const auto& entity : entities) {
            builder.add(entity);
        }
    };
    add(day.instruments);
    add(day.orders);
    add(day.blocks);
    add(day.placements);
    add(day.executions);
    return builder.build().value();
}

// Placements P0, P1, ... that share nothing, each with two orders and three fills.
allot::Book separate_placements(int count) {
    allot::Book book;
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i);
        make::put(book, make::order("A" + n, "30"), make::order("B" + n, "70"),
                  make::block("K" + n, {"A" + n, "B" + n}), make::placement("P" + n, {"K" + n}));
        for (const char* fill : {"x", "y", "z"}) {
            make::put(book, make::execution("E" + n + fill, "P" + n, "40"));
        }
    }
    return book;
}

// Placements enough for several stretches, far apart ones of which share orders; orders are dead,
// in a state that nobody knows, without portfolio, beyond their limit or in two blocks.
allot::Book wide_book(int count) {
    allot::Book book;
    for (int i = 0; i < 7; ++i) {
        make::put(book, make::order("S" + std::to_string(i), "1000"));
    }
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i);
        allot::Order order = make::order("A" + n, "30", "2026-03-02T09:00:00Z");
        order.state = i % 5 == 0 ? "Cancelled" : i % 50 == 3 ? "Odd" : "Placed";
        order.limit_price = i % 3 == 1 ? std::optional{allot::CurrencyAndAmount{
                                             allot::Decimal{i % 9 == 1 ? 5 : 15}, "GBP"}}
                                       : std::nullopt;
        if (i % 40 == 17) {
            order.portfolio_id.reset();
        }
        make::put(
            book, order, make::order("B" + n, "70"), make::block("K" + n, {"B" + n, "A" + n}),
            make::block("L" + n, {"A" + n, i % 11 < 7 ? "S" + std::to_string(i % 11) : "B" + n}),
            make::placement("P" + n, {"K" + n, "L" + n}));
        for (int fill = 0; fill < i % 4; ++fill) {
            make::put(book, make::execution("E" + n + "-" + std::to_string(fill), "P" + n, "40"));
        }
    }
    return book;
}

// Makes trouble, and if nothing comes of it, serves one claim after the other.
template <class Trouble>
class Troublesome : public allot::AlgorithmOf<Troublesome<Trouble>> {
  public:
    explicit Troublesome(Trouble trouble) : trouble_{trouble} {}
    [[nodiscard]] const allot::AlgorithmInfo& info() const noexcept override { return info_; }

    template <allot::SplitInteger Int>
    allot::Result<void> shares_of(const allot::Split<Int>& split, std::span<Int> shares) const {
        trouble_();
        Int left = split.available;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i] = split.room[i] < left ? split.room[i] : left;
            left -= shares[i];
        }
        return {};
    }

  private:
    Trouble trouble_;
    allot::AlgorithmInfo info_{.code = "TROUBLE", .summary = "-", .description = "-"};
};

template <class Trouble>
allot::Engine engine_with(Trouble trouble) {
    allot::Registry registry;
    registry.add(std::make_shared<Troublesome<Trouble>>(trouble)).value();
    return allot::Engine{std::move(registry)};
}

}  // namespace

TEST_CASE("Random books run to the same bytes on any number of threads", "[threads]") {
    const std::size_t count = oracle::cases("random books", 400);
    std::size_t failures = 0;
    std::size_t several = 0;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        INFO("seed " << seed);
        const oracle::Scenario scenario = oracle::random_scenario(seed);
        const allot::Book book =
            allot::read_book_json(oracle::json_text(scenario.book, seed), "book.json", {})
                .value()
                .book;
        allot::RunRequest request;
        request.algorithm = scenario.request.algorithm;
        request.options.allow_unpriced = scenario.request.allow_unpriced;
        check_all_counts(book, request);
        const allot::RunResult result = allot::Engine{}.preview(book, request).value();
        failures += result.failed.size();
        several += result.placements.size() > 1 ? 1U : 0U;
    }
    CHECK(failures > count / 4);
    CHECK(several > count / 4);
}

TEST_CASE("A day runs to the same bytes on any number of threads", "[threads]") {
    allot::DayParameters parameters;
    parameters.blocks = 40;
    parameters.orders = 300;
    parameters.executions = 1500;
    const allot::Book book = book_of(parameters);
    for (const char* algorithm : {"PR-FIFO", "FIFO", "PR-RND"}) {
        allot::RunRequest request;
        request.algorithm = algorithm;
        request.options.explain = algorithm == std::string{"FIFO"};
        check_all_counts(book, request);
    }
}

TEST_CASE("Placements in many stretches run to the same bytes on any number of threads",
          "[threads]") {
    const allot::Book book = wide_book(400);
    for (const allot::BeyondLimit beyond :
         {allot::BeyondLimit::fail, allot::BeyondLimit::no_claim, allot::BeyondLimit::ignore}) {
        allot::RunRequest request;
        request.options.beyond_limit = beyond;
        check_all_counts(book, request);
    }
    const allot::RunResult result = allot::Engine{}.preview(book, {}).value();
    std::multiset<allot::FailureType> failures;
    for (const auto& [key, failure] : result.failed) {
        failures.insert(failure.type);
    }
    std::size_t beyond_limit = 0;
    for (int i = 0; i < 400; ++i) {
        const bool has_fill = i % 4 != 0;
        const bool is_alive = i % 5 != 0;
        beyond_limit += i % 9 == 1 && has_fill && is_alive && i % 40 != 17 ? 1U : 0U;
    }
    CHECK(failures.count(allot::FailureType::LimitBreach) == beyond_limit);
    CHECK(failures.contains(allot::FailureType::EmptyPortfolioIdFailure));
    CHECK(!result.warnings.empty());
}

TEST_CASE("Over-executed placements are told on any number of threads", "[threads]") {
    const allot::Book book = separate_placements(30);
    check_all_counts(book, {});
    CHECK(allot::Engine{}.preview(book, {}).value().failed.size() == 30);
}

TEST_CASE("Memory that runs out on another thread is thrown to the caller", "[threads]") {
    allot::Book book = separate_placements(50);
    const std::string before = text_of(book);
    std::atomic<int> asked{0};
    const allot::Engine engine = engine_with([&asked] {
        if (++asked == 20) {
            throw std::bad_alloc{};
        }
    });
    for (const unsigned threads : thread_counts) {
        INFO(threads << " threads");
        asked = 0;
        allot::RunRequest request;
        request.algorithm = "TROUBLE";
        request.options.threads = threads;
        CHECK_THROWS_AS((void)engine.run(book, request), std::bad_alloc);
        CHECK(text_of(book) == before);
    }
}

TEST_CASE("A rule that throws fails the same placements on any number of threads", "[threads]") {
    const allot::Book book = separate_placements(50);
    const allot::Engine engine = engine_with([] { throw 7; });
    std::string alone;
    for (const unsigned threads : thread_counts) {
        allot::RunRequest request;
        request.algorithm = "TROUBLE";
        request.options.threads = threads;
        const allot::RunResult result = engine.preview(book, request).value();
        CHECK(result.failed.size() == 50);
        alone = alone.empty() ? text_of(result) : alone;
        CHECK(text_of(result) == alone);
    }
}

TEST_CASE("Progress is told by one thread at a time and never backwards", "[threads]") {
    const allot::Book book = separate_placements(50);
    for (const unsigned threads : thread_counts) {
        allot::RunRequest request;
        request.options.threads = threads;
        std::atomic<int> inside{0};
        std::size_t last = 0;
        bool is_right = true;
        request.options.progress = [&](std::size_t done, std::size_t total) {
            is_right = is_right && ++inside == 1 && done > last && done <= total && total == 150;
            last = done;
            --inside;
        };
        (void)allot::Engine{}.preview(book, request).value();
        CHECK(is_right);
        CHECK(last == 150);
    }
}

TEST_CASE("What progress throws ends the run with nothing done", "[threads]") {
    allot::Book book = separate_placements(50);
    const std::string before = text_of(book);
    for (const unsigned threads : thread_counts) {
        allot::RunRequest request;
        request.options.threads = threads;
        request.options.progress = [](std::size_t done, std::size_t) {
            if (done > 60) {
                throw std::string{"enough"};
            }
        };
        CHECK_THROWS_AS((void)allot::Engine{}.run(book, request), std::string);
        CHECK(text_of(book) == before);
    }
}
