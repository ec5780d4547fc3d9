// Decimal: parse, print, add, multiply, over numbers of the kinds that a book holds.
#include "allot/decimal.hpp"

#include <string>
#include <vector>

#include "bench/bench.hpp"

namespace allot::bench {
namespace {

// Quantities, prices and a few long numbers, in fixed proportions.
std::vector<std::string> make_texts(std::size_t count) {
    Random random{1};
    std::vector<std::string> texts;
    texts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string whole = std::to_string(random.below(1'000'000));
        const std::string cents = std::to_string(10 + random.below(90));
        switch (i % 10) {
            case 0:
                texts.push_back(whole + "123456789." + cents + "3456789");
                break;
            case 1:
            case 2:
            case 3:
                texts.push_back(std::to_string(random.below(500)) + '.' + cents);
                break;
            case 4:
                texts.push_back(std::to_string(random.below(500)) + '.' + cents + "25");
                break;
            default:
                texts.push_back(whole);
                break;
        }
    }
    return texts;
}

std::vector<Decimal> make_decimals(std::size_t count) {
    std::vector<Decimal> decimals;
    decimals.reserve(count);
    for (const std::string& text : make_texts(count)) {
        decimals.push_back(Decimal::parse(text).value());
    }
    return decimals;
}

void finish(benchmark::State& state, std::size_t count, const std::vector<Decimal>& results) {
    Checksum checksum;
    for (const Decimal& result : results) {
        checksum.add(result.to_string());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
    state.SetLabel(checksum.to_string());
}

void parse(benchmark::State& state, std::size_t count) {
    const std::vector<std::string> texts = make_texts(count);
    std::vector<Decimal> results(count);
    for (auto _ : state) {
        for (std::size_t i = 0; i < count; ++i) {
            results[i] = *Decimal::parse(texts[i]);
        }
        benchmark::ClobberMemory();
    }
    finish(state, count, results);
}

void print(benchmark::State& state, std::size_t count) {
    const std::vector<Decimal> decimals = make_decimals(count);
    std::string text;
    for (auto _ : state) {
        text.clear();
        for (const Decimal& decimal : decimals) {
            decimal.append_to(text);
        }
        benchmark::ClobberMemory();
    }
    finish(state, count, decimals);
}

template <class Operation>
void combine(benchmark::State& state, std::size_t count, Operation operation) {
    const std::vector<Decimal> decimals = make_decimals(count);
    std::vector<Decimal> results(count);
    for (auto _ : state) {
        for (std::size_t i = 0; i < count; ++i) {
            results[i] = operation(decimals[i], decimals[(i + 1) % count]);
        }
        benchmark::ClobberMemory();
    }
    finish(state, count, results);
}

}  // namespace

void register_decimal(const Sizes& sizes) {
    const std::size_t count = sizes.decimals;
    const auto add_benchmark = [&sizes](const char* name, auto function) {
        configure(benchmark::RegisterBenchmark(name, function), sizes);
    };
    add_benchmark("decimal/parse", [count](benchmark::State& state) { parse(state, count); });
    add_benchmark("decimal/print", [count](benchmark::State& state) { print(state, count); });
    add_benchmark("decimal/add", [count](benchmark::State& state) {
        combine(state, count, [](const Decimal& a, const Decimal& b) { return a + b; });
    });
    add_benchmark("decimal/multiply", [count](benchmark::State& state) {
        combine(state, count, [](const Decimal& a, const Decimal& b) { return a * b; });
    });
}

}  // namespace allot::bench
