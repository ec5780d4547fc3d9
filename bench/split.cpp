// One split by each built-in rule, in both integer widths, from two claims to a thousand.
#include <numeric>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "bench/bench.hpp"

namespace allot::bench {
namespace {

std::vector<std::int64_t> make_claims(std::size_t count) {
    Random random{count};
    std::vector<std::int64_t> claims(count);
    for (std::int64_t& claim : claims) {
        claim = static_cast<std::int64_t>(1 + random.below(100'000));
    }
    return claims;
}

std::string text_of(std::int64_t value) {
    return std::to_string(value);
}
std::string text_of(const Int256& value) {
    return value.to_string();
}

template <SplitInteger Int>
void split_claims(benchmark::State& state, const Algorithm& algorithm, std::size_t count) {
    const std::vector<std::int64_t> narrow = make_claims(count);
    const std::int64_t total = std::accumulate(narrow.begin(), narrow.end(), std::int64_t{0});
    const std::vector<Int> claims(narrow.begin(), narrow.end());
    const std::vector<Int> zeros(count);
    std::vector<Int> shares(count);
    Split<Int> split;
    split.outstanding = claims;
    split.room = claims;
    split.ordered = claims;
    split.allocated = zeros;
    split.baseline = zeros;
    split.available = Int{total / 3};
    split.lot = Int{1};
    for (auto _ : state) {
        std::fill(shares.begin(), shares.end(), Int{0});
        if (!algorithm.split(split, shares)) {
            stop("a rule refused a plain split");
        }
        benchmark::ClobberMemory();
    }
    Int given{0};
    Checksum checksum;
    for (const Int& share : shares) {
        given += share;
        checksum.add(text_of(share));
    }
    if (given != split.available) {
        stop("the shares of a split do not add up");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
    state.SetLabel(checksum.to_string());
}

}  // namespace

void register_split(const Sizes& sizes) {
    const Registry registry = Registry::with_builtins();
    for (const char* code : {"PR-FIFO", "FIFO"}) {
        const auto algorithm = registry.find(code).value();
        for (const std::int64_t claims : sizes.claims) {
            const auto count = static_cast<std::size_t>(claims);
            const std::string name = std::string{"split/"} + code + '/' + std::to_string(claims);
            configure(benchmark::RegisterBenchmark((name + "/narrow").c_str(),
                                                   [=](benchmark::State& state) {
                                                       split_claims<std::int64_t>(state, *algorithm,
                                                                                  count);
                                                   }),
                      sizes);
            configure(benchmark::RegisterBenchmark((name + "/wide").c_str(),
                                                   [=](benchmark::State& state) {
                                                       split_claims<Int256>(state, *algorithm,
                                                                            count);
                                                   }),
                      sizes);
        }
    }
}

}  // namespace allot::bench
