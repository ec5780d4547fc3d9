// One split by each built-in rule, in both integer widths, from two claims to a thousand.
#include <algorithm>
#include <memory>
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

// What the rules look at beside the claims: ten portfolios to a weight of 1 to 9, three tiers.
template <SplitInteger Int>
struct Facts {
    std::vector<Int> weights{};
    std::vector<std::uint32_t> portfolios{};
    std::vector<std::uint32_t> tiers{};
    std::vector<std::uint8_t> houses{};
    std::vector<std::uint8_t> named{};

    // `shared`: how many claims a portfolio has.
    Facts(std::size_t count, std::size_t shared) {
        for (std::size_t i = 0; i < count; ++i) {
            portfolios.push_back(static_cast<std::uint32_t>(i / shared));
            weights.push_back(Int{static_cast<std::int64_t>(1 + i / shared % 9)});
            tiers.push_back(static_cast<std::uint32_t>(1 + i % 3));
            houses.push_back(i % 10 == 9 ? 1 : 0);
            named.push_back(i % 7 == 3 ? 1 : 0);
        }
    }
};

template <SplitInteger Int>
void split_claims(benchmark::State& state, const Algorithm& algorithm, std::size_t count,
                  std::size_t shared) {
    const std::vector<std::int64_t> narrow = make_claims(count);
    const std::int64_t total = std::accumulate(narrow.begin(), narrow.end(), std::int64_t{0});
    const std::vector<Int> claims(narrow.begin(), narrow.end());
    const std::vector<Int> zeros(count);
    const Facts<Int> facts{count, shared};
    std::vector<Int> shares(count);
    Split<Int> split;
    split.outstanding = claims;
    split.room = claims;
    split.ordered = claims;
    split.allocated = zeros;
    split.baseline = zeros;
    split.weights = facts.weights;
    split.portfolios = facts.portfolios;
    split.tiers = facts.tiers;
    split.houses = facts.houses;
    split.named = facts.named;
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
    if (given != split.available && !algorithm.info().split_only) {
        stop("the shares of a split do not add up");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
    state.SetLabel(checksum.to_string());
}

template <SplitInteger Int>
void register_row(const std::string& name, std::shared_ptr<const Algorithm> algorithm,
                  std::size_t count, std::size_t shared, const Sizes& sizes) {
    configure(benchmark::RegisterBenchmark(name.c_str(),
                                           [=](benchmark::State& state) {
                                               split_claims<Int>(state, *algorithm, count, shared);
                                           }),
              sizes);
}

// PR-FIFO as one would write it: a product and a quotient a claim, then turns from the oldest. The
// yardstick of all rules: none that works within one split is to take three times as long.
void split_plainly(benchmark::State& state, std::size_t count) {
    __extension__ using Wide = unsigned __int128;
    const std::vector<std::int64_t> claims = make_claims(count);
    const std::int64_t total = std::accumulate(claims.begin(), claims.end(), std::int64_t{0});
    const std::int64_t available = total / 3;
    std::vector<std::int64_t> shares(count);
    for (auto _ : state) {
        std::fill(shares.begin(), shares.end(), std::int64_t{0});
        const std::int64_t sum = std::accumulate(claims.begin(), claims.end(), std::int64_t{0});
        const std::int64_t capped = std::min(available, sum);
        std::int64_t left = capped;
        for (std::size_t i = 0; i < count; ++i) {
            shares[i] = static_cast<std::int64_t>(
                static_cast<Wide>(capped) * static_cast<Wide>(claims[i]) / static_cast<Wide>(sum));
            left -= shares[i];
        }
        for (std::size_t turn = 0; left > 0; turn = (turn + 1) % count) {
            const std::int64_t lot = shares[turn] < claims[turn] ? 1 : 0;
            shares[turn] += lot;
            left -= lot;
        }
        benchmark::ClobberMemory();
    }
    Checksum checksum;
    for (const std::int64_t share : shares) {
        checksum.add(text_of(share));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
    state.SetLabel(checksum.to_string());
}

}  // namespace

// One row a rule, to be read beside the plain form of PR-FIFO of the same run, whose checksum is
// that of the rule.
void register_split(const Sizes& sizes) {
    const Registry registry = Registry::with_builtins();
    for (const std::int64_t claims : sizes.claims) {
        configure(benchmark::RegisterBenchmark(
                      ("split/plain/" + std::to_string(claims) + "/narrow").c_str(),
                      [claims](benchmark::State& state) {
                          split_plainly(state, static_cast<std::size_t>(claims));
                      }),
                  sizes);
    }
    for (const auto& rule : registry.all()) {
        const std::string& code = rule->info().code;
        const bool is_wide_too = code == "PR-FIFO" || code == "FIFO" || code == "TW-FIFO";
        for (const std::int64_t claims : sizes.claims) {
            const auto count = static_cast<std::size_t>(claims);
            const std::string name = "split/" + code + '/' + std::to_string(claims);
            register_row<std::int64_t>(name + "/narrow", rule, count, 1, sizes);
            if (is_wide_too) {
                register_row<Int256>(name + "/wide", rule, count, 1, sizes);
            }
            if (code == "PCT-FIFO") {
                register_row<std::int64_t>(name + "/narrow/five-to-a-portfolio", rule, count, 5,
                                           sizes);
            }
        }
    }
}

}  // namespace allot::bench
