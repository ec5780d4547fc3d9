// What the benchmarks share; see bench.hpp.
#include "bench/bench.hpp"

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace allot::bench {

Sizes Sizes::canonical() {
    Sizes sizes;
    sizes.claims = {2, 10, 100, 1000};
    return sizes;
}

Sizes Sizes::small() {
    Sizes sizes;
    sizes.day.blocks = 5;
    sizes.day.orders = 40;
    sizes.day.executions = 300;
    sizes.day.portfolios = 10;
    sizes.decimals = 20;
    sizes.claims = {2, 10};
    sizes.smoke = true;
    return sizes;
}

std::uint64_t Random::next() noexcept {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31U);
}

void Checksum::add(std::uint64_t value) noexcept {
    state_ = Random{state_ ^ value}.next();
}

void Checksum::add(std::string_view text) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    }
    add(hash);
}

std::string Checksum::to_string() const {
    std::ostringstream text;
    text << "checksum " << std::hex << std::setw(16) << std::setfill('0') << state_;
    return text.str();
}

void stop(std::string_view reason) {
    std::cerr << "allot_bench: " << reason << '\n';
    std::exit(EXIT_FAILURE);
}

Day make_day(const Sizes& sizes) {
    return generate_day(sizes.day).value();
}

Book make_book(const Day& day) {
    BookBuilder builder;
    for (const Instrument& instrument : day.instruments) {
        builder.add(instrument);
    }
    for (const Order& order : day.orders) {
        builder.add(order);
    }
    for (const Block& block : day.blocks) {
        builder.add(block);
    }
    for (const Placement& placement : day.placements) {
        builder.add(placement);
    }
    for (const Execution& execution : day.executions) {
        builder.add(execution);
    }
    return builder.build().value();
}

void configure(benchmark::internal::Benchmark* bench, const Sizes& sizes) {
    if (sizes.smoke) {
        bench->Iterations(1);
    }
}

}  // namespace allot::bench
