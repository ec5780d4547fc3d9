// The benchmark program. `--smoke` runs every benchmark once with small sizes, as the tests do; all
// other options are Google Benchmark's.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>
#include <vector>

#include "bench/bench.hpp"

namespace {

int run(std::vector<char*> arguments) {
    bool smoke = false;
    std::erase_if(arguments, [&smoke](const char* argument) {
        const bool found = std::string_view{argument} == "--smoke";
        smoke = smoke || found;
        return found;
    });
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) {
        return 2;
    }
    const allot::bench::Sizes sizes =
        smoke ? allot::bench::Sizes::small() : allot::bench::Sizes::canonical();
    allot::bench::register_decimal(sizes);
    allot::bench::register_split(sizes);
    allot::bench::register_batch(sizes);
    allot::bench::register_kernel(sizes);
    allot::bench::register_cumulative(sizes);
    allot::bench::register_run(sizes);
    allot::bench::register_files(sizes);
    allot::bench::register_backtest(sizes);
    if (benchmark::RunSpecifiedBenchmarks() == 0) {
        std::cerr << "allot_bench: no benchmark of that name\n";
        return 2;
    }
    benchmark::Shutdown();
    return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char* argv[]) {
    try {
        return run(std::vector<char*>(argv, argv + argc));
    } catch (const std::exception& error) {
        std::cerr << "allot_bench: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
