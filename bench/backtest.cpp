// The backtest: fills of ten orders under every rule, measures included, and where the time goes.
#include "allot/backtest.hpp"

#include <chrono>
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
Book make_prints(std::size_t fills) {
    Book book;
    Random random{7};
    std::vector<OrderId> orders;
    for (std::size_t i = 0; i < 10; ++i) {
        orders.emplace_back("desk", "O" + std::to_string(i));
        const std::size_t lots = fills * (1 + random.below(8));
        book
            .put(Order{
                .id = orders.back(),
                .side = "Buy",
                .quantity = Quantity{100 * lots},
                .portfolio_id = PortfolioId{"funds", "F" + std::to_string(i % 7)},
                .instrument_identifiers = {{"Ticker", "X"}},
                .date = Time::parse("2026-03-02T09:0" + std::to_string(i % 10) + ":00Z").value()})
            .value();
    }
    book.put(Block{.id = {"desk", "B"}, .order_ids = orders}).value();
    book.put(Placement{.id = {"desk", "P"}, .block_ids = {{"desk", "B"}}}).value();
    for (std::size_t i = 0; i < fills; ++i) {
        const std::size_t size = random.below(2) == 0 ? 100 : 1 + random.below(900);
        const std::string millisecond = std::to_string(1000 + i % 1000).substr(1);
        const std::string second = std::to_string(100 + i / 1000 % 60).substr(1);
        const std::string minute = std::to_string(100 + i / 60'000 % 60).substr(1);
        book.put(Execution{.id = {"desk", "E" + std::to_string(10'000'000 + i)},
                           .placement_id = {"desk", "P"},
                           .quantity = Quantity{size},
                           .created_date = Time::parse("2026-03-02T10:" + minute + ':' + second +
                                                       '.' + millisecond + 'Z')
                                               .value(),
                           .price =
                               CurrencyAndAmount{
                                   Decimal::from_parts(
                                       static_cast<std::int64_t>(10'000 + random.below(100)), 2)
                                       .value(),
                                   "USD"}})
            .value();
    }
    return book;
}

// Fill-by-rule splits a second, with the measures, by the clock. Reading and tests are apart.
void replay(benchmark::State& state, std::size_t fills, std::vector<std::string> rules,
            unsigned threads) {
    const Book book = make_prints(fills);
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
    void start(const run::Component& /*component*/, int /*scale*/) override {}
    void add(const run::FillShares<std::int64_t>& fill) override { given += fill.shares[0]; }
    void add(const run::FillShares<Int256>& /*fill*/) override {}
    std::int64_t given{0};
};

// Parts of the time of one rule, one thread: collecting, splitting with the audit, measuring, and
// writing blocks.csv.
void parts(benchmark::State& state, std::size_t fills, const std::string& code) {
    Book book = make_prints(fills);
    const Registry registry = Registry::with_builtins();
    const auto rule = registry.find(code).value();
    RunRequest request;
    request.options.dead_states.emplace();
    double collecting = 0;
    double splitting = 0;
    double both = 0;
    for (auto _ : state) {
        const Clock::time_point begun = Clock::now();
        const backtest::Period period = backtest::prepare_period(book.data(), request, *rule, {});
        collecting += seconds_since(begun);
        const std::vector<Quantity> allocated(period.collection.orders.size());
        Nobody nobody;
        const Clock::time_point split = Clock::now();
        backtest::replay_neighbours(period, request, rule.get(), allocated, 0, nobody);
        splitting += seconds_since(split);
        benchmark::DoNotOptimize(nobody.given);
        const Clock::time_point measured = Clock::now();
        const auto replayed = backtest::replay_rule(period, request, *rule, allocated);
        both += seconds_since(measured);
        if (!replayed.blocks.front() || replayed.blocks.front()->fills != fills) {
            stop("a fill was not measured");
        }
        state.SetIterationTime(seconds_since(begun));
    }
    const auto times = static_cast<double>(state.iterations()) * static_cast<double>(fills) * 1e-9;
    state.counters["collecting_ns"] = collecting / times;
    state.counters["splitting_ns"] = splitting / times;
    state.counters["measuring_ns"] = (both - splitting) / times;
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
