// What the benchmarks share: their sizes by name, a generator of their own, and checksums.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "allot/book.hpp"
#include "allot/generate.hpp"

namespace allot::bench {

// How much work there is. One instance for the real thing, one for the smoke test.
struct Sizes {
    DayParameters day{};                 // the canonical day: the generator's defaults
    std::size_t decimals{1000};          // numbers per batch
    std::vector<std::int64_t> claims{};  // claims per split
    bool smoke{false};                   // one pass each, no timing of interest

    [[nodiscard]] static Sizes canonical();
    [[nodiscard]] static Sizes small();
};

// SplitMix64: the same numbers on every machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) noexcept : state_{seed} {}
    [[nodiscard]] std::uint64_t next() noexcept;
    // 0 to bound - 1; the bias is of no importance here. Precondition: bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

  private:
    std::uint64_t state_;
};

// Folds results into one number, so that nothing is optimised away and a change of a result shows.
class Checksum {
  public:
    void add(std::uint64_t value) noexcept;
    void add(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

  private:
    std::uint64_t state_{0x9E3779B97F4A7C15};
};

// Prints the reason and ends the program with status 1: a time of a wrong result is worth nothing.
[[noreturn]] void stop(std::string_view reason);

// The day of `sizes`, and the book that holds it.
[[nodiscard]] Day make_day(const Sizes& sizes);
[[nodiscard]] Book make_book(const Day& day);

// Applies what all benchmarks have in common.
void configure(benchmark::internal::Benchmark* bench, const Sizes& sizes);

// One per file of benchmarks. `sizes` must outlive the run.
void register_decimal(const Sizes& sizes);
void register_split(const Sizes& sizes);
void register_batch(const Sizes& sizes);
void register_kernel(const Sizes& sizes);
void register_cumulative(const Sizes& sizes);
void register_run(const Sizes& sizes);
void register_files(const Sizes& sizes);
void register_backtest(const Sizes& sizes);

}  // namespace allot::bench
