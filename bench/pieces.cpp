// allot_pieces: one pass over a piece of work, for whoever counts instructions, and the splits of
// goal G1 as text, for rivals in other languages.
//
//   allot_pieces splits BITS        a checksum, then a line for each split: quantity and weights
//   allot_pieces kernel BITS FORM   the kernel on these splits, in a form of ALLOT_SIMD
//   allot_pieces wide BITS          the wide kernel on 20 splits of 100 claims
//   allot_pieces small FORM         4,000 placements of 2 to 10 claims through split_batch
//   allot_pieces engine             the canonical day through Engine::run, one thread
//
// All but the first print how many claims or allocations there were. What is of interest happens
// inside of allot_measured, so that a profiler can leave out the preparation
// (bench/instructions.sh).
#include <array>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "algorithms/kernel/kernel.hpp"
#include "allot/batch.hpp"
#include "allot/engine.hpp"
#include "allot/registry.hpp"
#include "allot/simd.hpp"
#include "bench/workload.hpp"

extern "C" void allot_measured(const std::function<void()>& pass);
extern "C" __attribute__((noinline)) void allot_measured(const std::function<void()>& pass) {
    pass();
}

namespace allot::bench {
namespace {

Workload<std::int64_t> narrow_splits(unsigned bits) {
    return in_type<std::int64_t>(make_workload(100, 100, 100, bits - 7), [](const Integer& value) {
        return static_cast<std::int64_t>(value);
    });
}

template <class Number>
void split_all(Workload<Number>& work) {
    for (std::size_t i = 0; i < work.quantities.size(); ++i) {
        const std::size_t from = work.offsets[i];
        const std::size_t count = work.offsets[i + 1] - from;
        kernel::proportional_floor(
            work.quantities[i], std::span<const Number>{work.weights}.subspan(from, count),
            work.totals[i], Number{1}, std::span<Number>{work.shares}.subspan(from, count));
    }
}

// What every rival has to arrive at: bench/peers computes it the same way.
std::int64_t checksum_of(const std::vector<std::int64_t>& shares) {
    constexpr std::int64_t prime = 1'000'000'007;
    std::int64_t sum = 0;
    for (const std::int64_t share : shares) {
        sum = (sum * 31 + share % prime) % prime;
    }
    return sum;
}

void print_splits(unsigned bits) {
    Workload<std::int64_t> work = narrow_splits(bits);
    split_all(work);
    std::cout << checksum_of(work.shares) << '\n';
    for (std::size_t i = 0; i < work.quantities.size(); ++i) {
        std::cout << work.quantities[i];
        for (std::size_t j = work.offsets[i]; j < work.offsets[i + 1]; ++j) {
            std::cout << ' ' << work.weights[j];
        }
        std::cout << '\n';
    }
}

std::size_t run_kernel(unsigned bits) {
    Workload<std::int64_t> work = narrow_splits(bits);
    allot_measured([&work] { split_all(work); });
    return work.shares.size();
}

std::size_t run_wide(unsigned bits) {
    Workload<Int256> work =
        in_type<Int256>(make_workload(20, 100, 100, bits - 7), [](const Integer& value) {
            std::array<std::uint64_t, 4> limbs{};
            for (unsigned i = 0; i < limbs.size(); ++i) {
                limbs[i] = static_cast<std::uint64_t>((value >> (64 * i)) & ~std::uint64_t{0});
            }
            return Int256{limbs};
        });
    allot_measured([&work] { split_all(work); });
    return work.shares.size();
}

std::size_t run_small() {
    static constexpr std::int64_t single_units[] = {1};
    Workload<std::int64_t> work = in_type<std::int64_t>(
        make_workload(4000, 2, 10, 17),
        [](const Integer& value) { return static_cast<std::int64_t>(value); });
    const auto rule = Registry::with_builtins().find("PR-FIFO").value();
    allot_measured([&] {
        split_batch(*rule, {work.weights, work.offsets, work.quantities, single_units}, work.shares)
            .value();
    });
    return work.shares.size();
}

std::size_t run_engine() {
    Book book = make_book(make_day(Sizes::canonical()));
    const Engine engine;
    RunRequest request;
    request.options.threads = 1;
    std::size_t allocations = 0;
    allot_measured([&] {
        const RunResult result = engine.run(book, request).value();
        allocations = result.allocations().size();
    });
    return allocations;
}

void use_form(const std::string& name) {
    for (const SimdForm form : {SimdForm::scalar, SimdForm::avx2, SimdForm::avx512}) {
        if (name == name_of(form) && cpu_has(form)) {
            force_simd(form).value();
            return;
        }
    }
    throw std::runtime_error{"no form " + name + " here"};
}

int run(const std::vector<std::string>& words) {
    const auto word = [&words](std::size_t i) { return i < words.size() ? words[i] : ""; };
    const auto bits = [&word] { return static_cast<unsigned>(std::stoul(word(1))); };
    const std::string piece = word(0);
    if (piece == "splits") {
        print_splits(bits());
    } else if (piece == "kernel") {
        use_form(word(2));
        std::cout << run_kernel(bits()) << '\n';
    } else if (piece == "wide") {
        std::cout << run_wide(bits()) << '\n';
    } else if (piece == "small") {
        use_form(word(1));
        std::cout << run_small() << '\n';
    } else if (piece == "engine") {
        std::cout << run_engine() << '\n';
    } else {
        throw std::runtime_error{"no piece '" + piece + "'; bench/pieces.cpp names them"};
    }
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace allot::bench

int main(int argc, char* argv[]) {
    try {
        return allot::bench::run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "allot_pieces: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
