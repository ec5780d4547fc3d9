// The backtest: fills of ten orders under every rule, measures included, and where the time goes.
#include "allot/backtest.hpp"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "allot/backtest_file.hpp"
#include "bench/bench.hpp"
#include "engine/backtest/replay.hpp"

namespace allot::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

// One block of ten orders whose fills have the heavy tail of real prints.
Day make_prints(std::size_t fills) {
    Day day;
    Random random{7};
    Block block{.id = {"desk", "B"}};
    for (std::size_t i = 0; i < 10; ++i) {
        const std::string number = std::to_string(i);
        const std::size_t lots = fills * (1 + random.below(8));
        day.orders.push_back(
            Order{.id = {"desk", "O" + number},
                  .side = "Buy",
                  .quantity = Quantity{100 * lots},
                  .portfolio_id = PortfolioId{"funds", "F" + std::to_string(i % 7)},
                  .instrument_identifiers = {{"Ticker", "X"}},
                  .date = Time::parse("2026-03-02T09:0" + number + ":00Z").value()});
        block.order_ids.push_back(day.orders.back().id);
    }
    day.blocks.push_back(block);
    day.placements.push_back(Placement{.id = {"desk", "P"}, .block_ids = {block.id}});
    for (std::size_t i = 0; i < fills; ++i) {
        const std::size_t size = random.below(2) == 0 ? 100 : 1 + random.below(900);
        const std::string millisecond = std::to_string(1000 + i % 1000).substr(1);
        const std::string second = std::to_string(100 + i / 1000 % 60).substr(1);
        const std::string minute = std::to_string(100 + i / 60'000 % 60).substr(1);
        const auto cents = static_cast<std::int64_t>(10'000 + random.below(100));
        const std::string time = "2026-03-02T10:" + minute + ':' + second + '.' + millisecond;
        day.executions.push_back(
            Execution{.id = {"desk", "E" + std::to_string(10'000'000 + i)},
                      .placement_id = {"desk", "P"},
                      .quantity = Quantity{size},
                      .created_date = Time::parse(time + 'Z').value(),
                      .price = CurrencyAndAmount{Decimal::from_parts(cents, 2).value(), "USD"}});
    }
    return day;
}

// Fill-by-rule splits a second, with the measures, by the clock. Reading and tests are apart.
void replay(benchmark::State& state, std::size_t fills, std::vector<std::string> rules,
            unsigned threads) {
    const Book book = make_book(make_prints(fills));
    BacktestOptions options;
    options.algorithms = std::move(rules);
    options.threads = threads;
    options.independent = true;
    std::string label;
    for (auto _ : state) {
        Backtest backtest = Backtest::begin(options).value();
        Book copy = book;
        const Clock::time_point begun = Clock::now();
        const PeriodOutcome outcome = backtest.replay("day", std::move(copy)).value();
        state.SetIterationTime(seconds_since(begun));
        if (label.empty()) {
            Checksum checksum;
            checksum.add(backtest_blocks_rows(outcome));
            label = checksum.to_string();
        }
    }
    state.SetItemsProcessed(state.iterations() *
                            static_cast<std::int64_t>(fills * options.algorithms.size()));
    state.SetLabel(label);
}

// Takes part in the splits, and measures nothing.
class Nobody final : public run::SplitListener {
  public:
    void start(const run::Component& /*component*/, int /*scale*/, bool /*is_wide*/) override {}
    void add(const run::FillShares<std::int64_t>& fill) override { given += fill.shares[0]; }
    void add(const run::FillShares<Int256>& /*fill*/) override {}
    std::int64_t given{0};
};

// Adds up the time of one part of the work.
template <class Work>
auto timed(double& seconds, Work work) {
    const Clock::time_point begun = Clock::now();
    auto result = work();
    seconds += seconds_since(begun);
    return result;
}

// Where the time of one rule goes, on one thread, in nanoseconds a fill: reading the CSV folder,
// collecting, splitting with the audit, measuring, and writing blocks.csv.
void parts(benchmark::State& state, std::size_t fills, const std::string& code) {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("allot_bench_prints_" + std::to_string(getpid()));
    write_day_csv(make_prints(fills), folder).value();
    const auto rule = Registry::with_builtins().find(code).value();
    RunRequest request;
    request.options.dead_states.emplace();
    double reading = 0;
    double collecting = 0;
    double splitting = 0;
    double both = 0;
    double writing = 0;
    for (auto _ : state) {
        const Clock::time_point begun = Clock::now();
        ReadBook read = timed(reading, [&] { return read_book(folder).value(); });
        const backtest::Period period = timed(collecting, [&] {
            return backtest::prepare_period(read.book.data(), request, *rule, {});
        });
        const std::vector<Quantity> allocated(period.collection.orders.size());
        benchmark::DoNotOptimize(timed(splitting, [&] {
            Nobody nobody;
            backtest::replay_neighbours(period, request, rule.get(), allocated, 0, nobody);
            return nobody.given;
        }));
        const auto replayed =
            timed(both, [&] { return backtest::replay_rule(period, request, *rule, allocated); });
        if (!replayed.blocks.front() || replayed.blocks.front()->fills != fills) {
            stop("a fill was not measured");
        }
        PeriodOutcome outcome;
        outcome.blocks.emplace_back(1);
        benchmark::DoNotOptimize(timed(writing, [&] { return backtest_blocks_rows(outcome); }));
        state.SetIterationTime(seconds_since(begun));
    }
    std::filesystem::remove_all(folder);
    const auto times = static_cast<double>(state.iterations()) * static_cast<double>(fills) * 1e-9;
    state.counters["reading_ns"] = reading / times;
    state.counters["collecting_ns"] = collecting / times;
    state.counters["splitting_ns"] = splitting / times;
    state.counters["measuring_ns"] = (both - splitting) / times;
    state.counters["writing_ns"] = writing / times;
}

}  // namespace

void register_backtest(const Sizes& sizes) {
    const std::size_t fills = sizes.smoke ? 50 : 100'000;
    const std::vector<std::string> quick{"PR-FIFO", "PR-LR", "PR-RR", "PR-LF", "PR-SF", "FIFO"};
    const auto add = [&](const std::string& name, auto run) {
        configure(benchmark::RegisterBenchmark(name.c_str(), run)->UseManualTime(), sizes);
    };
    for (const char* rule : {"PR-FIFO", "PR-LR", "PR-RR", "WEBSTER", "QUOTA", "TIJDEMAN"}) {
        add("backtest/replay/" + std::string{rule},
            [=](benchmark::State& state) { replay(state, fills, {rule}, 1); });
    }
    for (const unsigned threads : {1U, 2U}) {
        add("backtest/six_rules/threads:" + std::to_string(threads),
            [=](benchmark::State& state) { replay(state, fills, quick, threads); });
    }
    for (const char* rule : {"PR-FIFO", "PR-LR", "WEBSTER"}) {
        add("backtest/parts/" + std::string{rule},
            [=](benchmark::State& state) { parts(state, fills, rule); });
    }
}

}  // namespace allot::bench
