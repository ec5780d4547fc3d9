// The engine on the canonical day through the object interface, and beside the naive twin.
#include <time.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "allot/engine.hpp"
#include "bench/bench.hpp"
#include "bench/naive.hpp"

namespace allot::bench {
namespace {

// Seconds of processor time of this thread: what others do on the machine counts little.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Numbers>
double median(Numbers numbers) {
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::nth_element(numbers.begin(), middle, numbers.end());
    return *middle;
}

std::string checksum_of(const RunResult& result) {
    Checksum checksum;
    for (const AllocationView allocation : result.allocations()) {
        checksum.add(allocation.order_id().code);
        checksum.add(allocation.quantity().to_string());
    }
    return checksum.to_string();
}

void count_allocations(benchmark::State& state, std::size_t per_iteration) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(per_iteration));
    state.counters["allocations"] = static_cast<double>(per_iteration);
}

void build_book(benchmark::State& state, const Sizes& sizes) {
    const Day day = make_day(sizes);
    std::size_t entities = 0;
    for (auto _ : state) {
        const Book book = make_book(day);
        entities = book.size();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(entities));
    state.counters["entities"] = static_cast<double>(entities);
}

void preview(benchmark::State& state, const Sizes& sizes, const char* algorithm) {
    const Book book = make_book(make_day(sizes));
    const Engine engine;
    RunRequest request;
    request.algorithm = algorithm;
    request.options.threads = 1;
    std::size_t allocations = 0;
    std::string label;
    for (auto _ : state) {
        const RunResult result = engine.preview(book, request).value();
        allocations = result.allocations().size();
        if (label.empty()) {
            state.PauseTiming();
            label = checksum_of(result);
            state.ResumeTiming();
        }
    }
    count_allocations(state, allocations);
    state.SetLabel(label);
}

// The copy of the book that each run writes to is made outside of the time.
void run_on_copies(benchmark::State& state, const Book& original, const char* algorithm) {
    const Engine engine;
    RunRequest request;
    request.algorithm = algorithm;
    request.options.threads = 1;
    std::size_t allocations = 0;
    std::string label;
    for (auto _ : state) {
        Book book = original;
        const double start = cpu_seconds();
        const RunResult result = engine.run(book, request).value();
        state.SetIterationTime(cpu_seconds() - start);
        allocations = result.allocations().size();
        if (label.empty()) {
            label = checksum_of(result);
        }
    }
    count_allocations(state, allocations);
    state.SetLabel(label);
}

void run_and_commit(benchmark::State& state, const Sizes& sizes, const char* algorithm) {
    run_on_copies(state, make_book(make_day(sizes)), algorithm);
}

// One thread and several in turn, by the wall clock: the ratio is the median over iterations of the
// time on one thread / the time on all.
void run_on_threads(benchmark::State& state, const Sizes& sizes) {
    const Book original = make_book(make_day(sizes));
    const Engine engine;
    const auto time_on = [&](unsigned threads) {
        Book book = original;
        RunRequest request;
        request.options.threads = threads;
        const auto start = std::chrono::steady_clock::now();
        const RunResult result = engine.run(book, request).value();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        return std::pair{took.count(), result.allocations().size()};
    };
    std::vector<double> ratios;
    std::size_t allocations = 0;
    for (auto _ : state) {
        const double alone = time_on(1).first;
        const auto [together, count] = time_on(static_cast<unsigned>(state.range(0)));
        state.SetIterationTime(together);
        ratios.push_back(alone / together);
        allocations = count;
    }
    count_allocations(state, allocations);
    state.counters["ratio"] = median(ratios);
}

// A block of many orders with few fills, and a placement of many fills over few orders: neither may
// take longer than its claims times its fills, and its sorting.
Book lopsided_book(std::int64_t orders, std::int64_t fills) {
    BookBuilder builder;
    Block block;
    block.id = BlockId{"desk", "B"};
    for (std::int64_t i = 0; i < orders; ++i) {
        Order order;
        order.id = OrderId{"desk", "O" + std::to_string(i)};
        order.side = "Buy";
        order.quantity = Quantity{(1 + i % 7919) * fills};
        order.portfolio_id = PortfolioId{"funds", "F" + std::to_string(i % 100)};
        builder.add(order);
        block.order_ids.push_back(order.id);
    }
    builder.add(block);
    Placement placement;
    placement.id = PlacementId{"desk", "P"};
    placement.block_ids = {block.id};
    builder.add(placement);
    for (std::int64_t i = 0; i < fills; ++i) {
        Execution execution;
        execution.id = ExecutionId{"desk", "E" + std::to_string(i)};
        execution.placement_id = placement.id;
        execution.quantity = Quantity{1 + i % 5 + orders / 2};
        execution.created_date = Time::parse("2026-03-02T10:00:00Z").value();
        execution.price = CurrencyAndAmount{Decimal{10}, "GBP"};
        builder.add(execution);
    }
    return builder.build().value();
}

void lopsided(benchmark::State& state, std::int64_t orders, std::int64_t fills) {
    run_on_copies(state, lopsided_book(orders, fills), "PR-FIFO");
}

// Every allocation turned into a value with its own text, which only some callers need.
void make_values(benchmark::State& state, const Sizes& sizes) {
    Book book = make_book(make_day(sizes));
    const RunResult result = Engine{}.run(book, {}).value();
    Checksum checksum;
    for (auto _ : state) {
        checksum = Checksum{};
        for (const AllocationView allocation : result.allocations()) {
            checksum.add(allocation.to_value().id.code());
        }
    }
    count_allocations(state, result.allocations().size());
    state.SetLabel(checksum.to_string());
}

void require_agreement(const RunResult& result, const naive::Store& twin) {
    std::map<std::pair<std::string, std::string>, naive::Number> expected;
    for (const auto& [id, allocation] : twin.allocations) {
        expected.emplace(std::pair{allocation.execution_id, allocation.order_id},
                         allocation.quantity);
    }
    if (expected.size() != result.allocations().size()) {
        stop("the engine and the naive twin make different numbers of allocations");
    }
    for (const AllocationView allocation : result.allocations()) {
        const auto found = expected.find({allocation.execution_ids().front().to_id().to_string(),
                                          allocation.order_id().to_id().to_string()});
        if (found == expected.end() ||
            found->second != naive::Number{allocation.quantity().to_string()}) {
            stop("the engine and the naive twin disagree on allocation " +
                 allocation.id().to_string());
        }
    }
}

// One iteration is one run of each, one after the other, so that both see the same machine. The
// time shown is the engine's; ratio is the median over iterations of naive time / engine time.
void engine_and_naive(benchmark::State& state, const Sizes& sizes) {
    const Day day = make_day(sizes);
    const Book book = make_book(day);
    const naive::Store store = naive::load(day);
    const Engine engine;
    RunRequest request;
    request.options.threads = 1;
    std::vector<double> ratios;
    std::vector<double> naive_times;
    std::size_t allocations = 0;
    for (auto _ : state) {
        Book engine_book = book;
        const double engine_start = cpu_seconds();
        const RunResult result = engine.run(engine_book, request).value();
        const double engine_time = cpu_seconds() - engine_start;
        naive::Store twin = store;
        const double naive_start = cpu_seconds();
        naive::run(twin);
        const double naive_time = cpu_seconds() - naive_start;
        state.SetIterationTime(engine_time);
        ratios.push_back(naive_time / engine_time);
        naive_times.push_back(naive_time);
        if (allocations == 0) {
            require_agreement(result, twin);
            allocations = result.allocations().size();
        }
    }
    count_allocations(state, allocations);
    state.counters["naive_per_second"] = static_cast<double>(allocations) / median(naive_times);
    state.counters["ratio"] = median(ratios);
    state.counters["ratio_min"] = *std::min_element(ratios.begin(), ratios.end());
    state.counters["ratio_max"] = *std::max_element(ratios.begin(), ratios.end());
}

}  // namespace

void register_run(const Sizes& sizes) {
    const auto add_benchmark = [&sizes](const std::string& name, auto function) {
        auto* bench = benchmark::RegisterBenchmark(name.c_str(), function);
        bench->Unit(benchmark::kMillisecond);
        configure(bench, sizes);
        return bench;
    };
    add_benchmark("day/build_book", [&](benchmark::State& state) { build_book(state, sizes); });
    for (const char* code : {"PR-FIFO", "FIFO"}) {
        add_benchmark(std::string{"day/preview/"} + code,
                      [&sizes, code](benchmark::State& state) { preview(state, sizes, code); });
        add_benchmark(std::string{"day/run/"} + code, [&sizes, code](benchmark::State& state) {
            run_and_commit(state, sizes, code);
        })->UseManualTime();
    }
    add_benchmark("day/run_on_threads",
                  [&](benchmark::State& state) { run_on_threads(state, sizes); })
        ->UseManualTime()
        ->Arg(2);
    const std::int64_t many = sizes.smoke ? 500 : 100'000;
    add_benchmark("lopsided/orders", [many](benchmark::State& state) {
        lopsided(state, many, 5);
    })->UseManualTime();
    add_benchmark("lopsided/fills", [many](benchmark::State& state) {
        lopsided(state, 20, many);
    })->UseManualTime();
    add_benchmark("day/make_values", [&](benchmark::State& state) { make_values(state, sizes); });
    auto* comparison = add_benchmark(
        "day/engine_and_naive", [&](benchmark::State& state) { engine_and_naive(state, sizes); });
    comparison->UseManualTime()->Iterations(sizes.smoke ? 1 : 9);
}

}  // namespace allot::bench
