// The cumulative rules: one fill of 1 to a million lots over 10 and 1000 claims. The label says
// what a lot costs; what a fill costs is the time.
#include <numeric>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "bench/bench.hpp"

namespace allot::bench {
namespace {

// Orders of a lot or more each, in all more than `lots`, without a common divisor to speak of.
std::vector<std::int64_t> make_orders(std::size_t count, std::int64_t lots) {
    Random random{count};
    const std::int64_t mean = lots / static_cast<std::int64_t>(count) + 1;
    std::vector<std::int64_t> orders(count);
    for (std::int64_t& order : orders) {
        order = mean + 1 +
                static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(6 * mean + 50)));
    }
    return orders;
}

void split_lots(benchmark::State& state, const Algorithm& algorithm, std::size_t count,
                std::int64_t lots) {
    const std::vector<std::int64_t> orders = make_orders(count, lots);
    const std::vector<std::int64_t> zeros(count, 0);
    std::vector<std::int64_t> shares(count);
    Split<std::int64_t> split;
    split.outstanding = orders;
    split.room = orders;
    split.ordered = orders;
    split.allocated = zeros;
    split.baseline = zeros;
    split.available = lots;
    split.lot = 1;
    for (auto _ : state) {
        std::fill(shares.begin(), shares.end(), 0);
        if (!algorithm.split(split, std::span<std::int64_t>{shares})) {
            stop("a rule refused a plain split");
        }
        benchmark::ClobberMemory();
    }
    if (std::accumulate(shares.begin(), shares.end(), std::int64_t{0}) != lots) {
        stop("the shares of a split do not add up");
    }
    Checksum checksum;
    for (const std::int64_t share : shares) {
        checksum.add(static_cast<std::uint64_t>(share));
    }
    state.SetItemsProcessed(state.iterations() * lots);
    state.counters["a_lot"] =
        benchmark::Counter(static_cast<double>(state.iterations() * lots),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetLabel(checksum.to_string());
}

}  // namespace

void register_cumulative(const Sizes& sizes) {
    const Registry registry = Registry::with_builtins();
    const std::vector<std::int64_t> fills = sizes.smoke
                                                ? std::vector<std::int64_t>{1, 100}
                                                : std::vector<std::int64_t>{1, 10, 1000, 1'000'000};
    for (const char* code :
         {"QUOTA", "TIJDEMAN", "WEBSTER", "DHONDT", "HUNTINGTON", "ADAMS", "DEAN"}) {
        const auto algorithm = registry.find(code).value();
        for (const std::size_t count : {std::size_t{10}, std::size_t{1000}}) {
            for (const std::int64_t lots : fills) {
                const std::string name = std::string{"cumulative/"} + code + '/' +
                                         std::to_string(count) + "/lots:" + std::to_string(lots);
                configure(benchmark::RegisterBenchmark(name.c_str(),
                                                       [=](benchmark::State& state) {
                                                           split_lots(state, *algorithm, count,
                                                                      lots);
                                                       }),
                          sizes);
            }
        }
    }
}

}  // namespace allot::bench
