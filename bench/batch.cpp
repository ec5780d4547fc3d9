// Whole placements through split_batch: goals G3 (2 to 10 claims a placement, beside one division a
// claim) and G5 (an in-memory run: shares made and taken off what is outstanding).
#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "algorithms/kernel/plain.hpp"
#include "allot/batch.hpp"
#include "allot/registry.hpp"
#include "allot/simd.hpp"
#include "bench/workload.hpp"

namespace allot::bench {
namespace {

using Claims = Workload<std::int64_t>;

Claims make_claims(std::size_t splits, std::size_t fewest, std::size_t most) {
    return in_type<std::int64_t>(make_workload(splits, fewest, most, 17),
                                 [](const Integer& value) { return std::int64_t{value}; });
}

// PR-FIFO as one writes it with one 128-bit division a claim.
void divide(Claims& claims) {
    for (std::size_t i = 0; i < claims.quantities.size(); ++i) {
        const std::size_t first = claims.offsets[i];
        const std::size_t count = claims.offsets[i + 1] - first;
        const std::span<const std::int64_t> weights{claims.weights.data() + first, count};
        const std::span<std::int64_t> shares{claims.shares.data() + first, count};
        const std::int64_t total = kernel::plain::sum(weights);
        const std::int64_t quantity = std::min(claims.quantities[i], total);
        std::int64_t left = quantity;
        for (std::size_t j = 0; j < count; ++j) {
            shares[j] = multiply_divide(quantity, weights[j], total);
            left -= shares[j];
        }
        for (std::size_t j = 0; left > 0; ++j) {  // one round ends it: single units
            const std::int64_t turn = shares[j] < weights[j] ? 1 : 0;
            shares[j] += turn;
            left -= turn;
        }
    }
}

void split(const Algorithm& rule, Claims& claims) {
    static constexpr std::int64_t single_units[] = {1};
    split_batch(rule, {claims.weights, claims.offsets, claims.quantities, single_units},
                claims.shares)
        .value();
}

// Calls `pass` on all claims once an iteration; items are claims, which is allocations.
template <class Pass>
void run_passes(benchmark::State& state, Claims& claims, Pass pass) {
    for (auto _ : state) {
        pass(claims);
        benchmark::ClobberMemory();
    }
    Checksum checksum;
    for (std::size_t i = 0; i < claims.shares.size(); i += 1 + claims.shares.size() / 10000) {
        checksum.add(static_cast<std::uint64_t>(claims.shares[i]));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(claims.shares.size()));
    state.SetLabel(checksum.to_string());
}

std::shared_ptr<const Algorithm> pr_fifo() {
    return Registry::with_builtins().find("PR-FIFO").value();
}

void register_g3(const Sizes& sizes) {
    const auto claims = std::make_shared<Claims>(make_claims(sizes.smoke ? 40 : 4000, 2, 10));
    for (const SimdForm form : {SimdForm::scalar, SimdForm::avx2, SimdForm::avx512}) {
        if (!cpu_has(form)) {
            continue;
        }
        const std::string name = "goal/G3/batch/" + std::string{name_of(form)};
        configure(benchmark::RegisterBenchmark(name.c_str(),
                                               [=](benchmark::State& state) {
                                                   const SimdForm before = simd_form();
                                                   force_simd(form).value();
                                                   run_passes(state, *claims,
                                                              [rule = pr_fifo()](Claims& all) {
                                                                  split(*rule, all);
                                                              });
                                                   force_simd(before).value();
                                               }),
                  sizes);
    }
    configure(benchmark::RegisterBenchmark(
                  "goal/G3/division",
                  [=](benchmark::State& state) { run_passes(state, *claims, divide); }),
              sizes);
}

// A fill of every placement: shares, and what is outstanding brought up to date, some placements at
// a time so that their claims stay in the cache. Fills are small, and every hundred fills the
// orders start anew, outside the measured time.
constexpr std::size_t claims_at_a_time = 2000;
constexpr int fills = 100;

void take_off(const Claims& claims, std::size_t first, std::size_t count, std::int64_t* from) {
    for (std::size_t i = first; i < first + count; ++i) {
        from[i] -= claims.shares[i];
    }
}

void run_contiguous(benchmark::State& state, std::size_t placements, std::size_t claims) {
    static constexpr std::int64_t single_units[] = {1};
    Claims work = make_claims(placements, claims, claims);
    for (std::size_t i = 0; i < placements; ++i) {
        work.quantities[i] = 1 + work.totals[i] / (2 * fills);
    }
    std::vector<std::int64_t> outstanding = work.weights;
    const auto rule = pr_fifo();
    const std::size_t at_a_time = claims_at_a_time / claims;
    int fill = 0;
    for (auto _ : state) {
        if (++fill == fills) {
            state.PauseTiming();
            outstanding = work.weights;
            fill = 0;
            state.ResumeTiming();
        }
        for (std::size_t i = 0; i < placements; i += at_a_time) {
            const std::size_t count = std::min(at_a_time, placements - i);
            split_batch(*rule,
                        {outstanding, std::span{work.offsets}.subspan(i, count + 1),
                         std::span{work.quantities}.subspan(i, count), single_units},
                        work.shares)
                .value();
            take_off(work, i * claims, count * claims, outstanding.data());
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(work.shares.size()));
}

// The same with claims that lie anywhere among `orders` orders: gathered, split, scattered.
void run_gathered(benchmark::State& state, std::size_t orders, std::size_t placements) {
    constexpr std::size_t claims = 10;
    constexpr std::size_t at_a_time = 64;
    Random random{orders};
    std::vector<std::int64_t> start(orders);
    std::vector<std::uint32_t> order_of(orders);
    for (std::size_t i = 0; i < orders; ++i) {
        start[i] = static_cast<std::int64_t>(1 + random.below(100'000));
        order_of[i] = static_cast<std::uint32_t>(i);
    }
    for (std::size_t i = 0; i < placements * claims; ++i) {
        std::swap(order_of[i], order_of[i + random.below(orders - i)]);
    }
    order_of.resize(placements * claims);
    std::vector<std::int64_t> outstanding = start;
    Claims part = make_claims(at_a_time, claims, claims);
    std::fill(part.quantities.begin(), part.quantities.end(), 2003);
    const auto rule = pr_fifo();
    int fill = 0;
    for (auto _ : state) {
        if (++fill == fills) {
            state.PauseTiming();
            outstanding = start;
            fill = 0;
            state.ResumeTiming();
        }
        for (std::size_t first = 0; first < order_of.size(); first += at_a_time * claims) {
            const std::size_t count = std::min(at_a_time * claims, order_of.size() - first);
            const std::uint32_t* const ids = order_of.data() + first;
            for (std::size_t i = 0; i < count; ++i) {
                if (first + count + i < order_of.size()) {
                    __builtin_prefetch(&outstanding[ids[count + i]], 1);
                }
                part.weights[i] = outstanding[ids[i]];
            }
            split(*rule, part);
            for (std::size_t i = 0; i < count; ++i) {
                outstanding[ids[i]] -= part.shares[i];
            }
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(order_of.size()));
}

void register_g5(const Sizes& sizes) {
    const std::size_t many = sizes.smoke ? 200 : 1'000'000;
    for (const int threads : {1, 2}) {
        for (const std::size_t claims : {std::size_t{10}, std::size_t{100}}) {
            auto* bench = benchmark::RegisterBenchmark(
                ("goal/G5/contiguous/" + std::to_string(claims)).c_str(),
                [=](benchmark::State& state) { run_contiguous(state, many / claims, claims); });
            configure(bench, sizes);
            bench->Threads(threads);
        }
        auto* bench =
            benchmark::RegisterBenchmark("goal/G5/gathered/10", [=](benchmark::State& state) {
                const std::size_t orders = sizes.smoke ? 10'000 : 20'000'000;
                run_gathered(state, orders, 64 * (many / 640 + 1));  // whole batches
            });
        configure(bench, sizes);
        bench->Threads(threads);
    }
}

}  // namespace

void register_batch(const Sizes& sizes) {
    register_g3(sizes);
    register_g5(sizes);
}

}  // namespace allot::bench
