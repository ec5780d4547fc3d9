// The split kernel beside its rivals, on the same splits: goals G1 (100 claims, in the second-level
// cache), G2 (beyond it, beside a plain copy) and G4 (quantities beyond 63 bits), and the sizes of
// the chart (bench/chart.py). A name ends with who computes: a form of the kernel, its plain twin,
// or a rival.
#include <algorithm>
#include <bit>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "algorithms/kernel/kernel.hpp"
#include "allot/simd.hpp"
#include "bench/workload.hpp"

namespace allot::bench {
namespace {

namespace mp = boost::multiprecision;
using Float50 = mp::number<mp::cpp_dec_float<50>, mp::et_off>;
using Checked256 =
    mp::number<mp::cpp_int_backend<256, 256, mp::signed_magnitude, mp::checked, void>, mp::et_off>;
using PlainInteger = mp::number<mp::cpp_int_backend<>, mp::et_off>;

// One split of a workload.
template <class Number>
struct Part {
    const Number& quantity;
    std::span<const Number> weights;
    const Number& total;
    std::span<Number> shares;
};

template <class Number>
Part<Number> part(Workload<Number>& work, std::size_t i) {
    const std::size_t from = work.offsets[i];
    const std::size_t count = work.offsets[i + 1] - from;
    return {work.quantities[i], std::span{work.weights}.subspan(from, count), work.totals[i],
            std::span{work.shares}.subspan(from, count)};
}

// Every split once an iteration; items are claims. `text` writes a share for the checksum, which is
// the same for all rivals that are exact.
template <class Number, class Rule, class Text>
void run_splits(benchmark::State& state, Workload<Number>& work, Rule rule, Text text) {
    const std::size_t splits = work.quantities.size();
    for (auto _ : state) {
        for (std::size_t i = 0; i < splits; ++i) {
            rule(part(work, i));
        }
        benchmark::ClobberMemory();
    }
    Checksum checksum;
    for (std::size_t i = 0; i < work.shares.size(); i += 1 + work.shares.size() / 10000) {
        checksum.add(text(work.shares[i]));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(work.weights.size()));
    state.SetBytesProcessed(state.iterations() *
                            static_cast<std::int64_t>(work.weights.size() * sizeof(Number)));
    state.SetLabel(checksum.to_string());
}

// floor(quantity * weight / total) as any integer type says it.
const auto divide = [](const auto& split) {
    for (std::size_t i = 0; i < split.weights.size(); ++i) {
        split.shares[i] = split.quantity * split.weights[i] / split.total;
    }
};
const auto divide_and_floor = [](const auto& split) {
    for (std::size_t i = 0; i < split.weights.size(); ++i) {
        split.shares[i] = floor(split.quantity * split.weights[i] / split.total);
    }
};
const auto divide_128 = [](const auto& split) {
    for (std::size_t i = 0; i < split.weights.size(); ++i) {
        split.shares[i] = multiply_divide(split.quantity, split.weights[i], split.total);
    }
};
const auto copy_weights = [](const auto& split) {
    std::memcpy(split.shares.data(), split.weights.data(), split.weights.size_bytes());
};
const auto kernel_floor = [](const auto& split) {
    using Number = std::remove_cvref_t<decltype(split.quantity)>;
    kernel::proportional_floor(split.quantity, split.weights, split.total, Number{1}, split.shares);
};

const auto text_of_integer = [](const auto& value) { return value.str(); };
const auto text_of_float = [](const Float50& value) { return value.str(0, std::ios_base::fixed); };
const auto text_of_narrow = [](std::int64_t value) { return std::to_string(value); };
const auto text_of_wide = [](const Int256& value) { return value.to_string(); };

Checked256 to_checked(const Integer& value) {
    return Checked256{value.str()};
}
Float50 to_float(const Integer& value) {
    return Float50{value.str()};
}
Int256 to_wide(const Integer& value) {
    std::array<std::uint64_t, 4> limbs{};
    for (unsigned i = 0; i < limbs.size(); ++i) {
        limbs[i] = static_cast<std::uint64_t>((value >> (64 * i)) & ~std::uint64_t{0});
    }
    return Int256{limbs};
}

// What a workload is made of; it is made when a benchmark that is not filtered out wants it.
struct Recipe {
    std::size_t splits;
    std::size_t claims;
    unsigned bits;  // of the sum of weights, at most
};

template <class Number, class Convert>
class Lazy {
  public:
    Lazy(const Recipe& recipe, Convert convert) : recipe_{recipe}, convert_{convert} {}

    [[nodiscard]] Workload<Number>& get() {
        if (work_.weights.empty()) {
            const auto carry = static_cast<unsigned>(std::bit_width(recipe_.claims - 1));
            work_ = in_type<Number>(
                make_workload(recipe_.splits, recipe_.claims, recipe_.claims, recipe_.bits - carry),
                convert_);
        }
        return work_;
    }

  private:
    Recipe recipe_;
    Convert convert_;
    Workload<Number> work_{};
};

// Registers one rival under `name`.
template <class Work, class Rule, class Text>
void add(const std::string& name, const Sizes& sizes, const std::shared_ptr<Work>& work, Rule rule,
         Text text) {
    configure(benchmark::RegisterBenchmark(name.c_str(),
                                           [work, rule, text](benchmark::State& state) {
                                               run_splits(state, work->get(), rule, text);
                                           }),
              sizes);
}

// The same with numbers of the rival's own type.
template <class Number, class Convert, class Rule, class Text>
void add(const std::string& name, const Sizes& sizes, const Recipe& recipe, Convert convert,
         Rule rule, Text text) {
    add(name, sizes, std::make_shared<Lazy<Number, Convert>>(recipe, convert), rule, text);
}

const auto narrow = [](const Integer& value) { return static_cast<std::int64_t>(value); };
const auto plain_integer = [](const Integer& value) { return PlainInteger{value}; };

// The kernel in each form that this processor has, a plain copy, and a division a claim.
void add_narrow(const std::string& name, const Sizes& sizes, const Recipe& recipe) {
    const auto work = std::make_shared<Lazy<std::int64_t, decltype(narrow)>>(recipe, narrow);
    for (const SimdForm form : {SimdForm::scalar, SimdForm::avx2, SimdForm::avx512}) {
        if (!cpu_has(form)) {
            continue;
        }
        auto* bench = benchmark::RegisterBenchmark(
            (name + std::string{name_of(form)}).c_str(), [work, form](benchmark::State& state) {
                const SimdForm before = simd_form();
                force_simd(form).value();
                run_splits(state, work->get(), kernel_floor, text_of_narrow);
                force_simd(before).value();
            });
        configure(bench, sizes);
    }
    add(name + "memcpy", sizes, work, copy_weights, text_of_narrow);
    add(name + "uint128", sizes, work, divide_128, text_of_narrow);
}

void add_long_numbers(const std::string& name, const Sizes& sizes, const Recipe& recipe) {
    add<Checked256>(name + "checked_int256", sizes, recipe, to_checked, divide, text_of_integer);
    add<PlainInteger>(name + "cpp_int", sizes, recipe, plain_integer, divide, text_of_integer);
    add<Float50>(name + "cpp_dec_float_50", sizes, recipe, to_float, divide_and_floor,
                 text_of_float);
}

// G1: 100 claims a split, 100 splits: 160 kB.
void register_g1(const Sizes& sizes, unsigned bits) {
    const std::string name = "goal/G1/" + std::to_string(bits) + "bit/";
    const Recipe recipe{sizes.smoke ? 2U : 100U, 100, bits};
    add_narrow(name, sizes, recipe);
    add_long_numbers(name, sizes, recipe);
}

// The chart: from 2 claims a split to 10 million, as many splits as make 10,000 claims; totals of
// 47 bits. The long numbers are timed up to where their time a claim no longer changes.
void register_chart(const Sizes& sizes) {
    constexpr std::size_t claims_in_all = 10'000;
    constexpr std::size_t most_of_long_numbers = 100'000;
    std::vector<std::size_t> counts{2, 5, 10};
    if (!sizes.smoke) {
        counts.insert(counts.end(), {20, 50, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000});
    }
    for (const std::size_t claims : counts) {
        const std::string name = "chart/" + std::to_string(claims) + '/';
        const std::size_t splits = sizes.smoke ? 2 : std::max(claims_in_all / claims, 1UL);
        add_narrow(name, sizes, {splits, claims, 47});
        if (claims <= most_of_long_numbers) {
            add_long_numbers(name, sizes, {splits, claims, 47});
        }
    }
}

// G2: splits of 1000 claims over `megabytes` of weights and as many of shares; also by two threads,
// each with claims of its own.
void register_g2(const Sizes& sizes, std::size_t megabytes, const char* place) {
    const std::size_t splits = sizes.smoke ? 2 : megabytes * 131;
    struct Rival {
        const char* name;
        void (*rule)(const Part<std::int64_t>&);
    };
    const Rival rivals[] = {
        {"kernel", [](const Part<std::int64_t>& split) { kernel_floor(split); }},
        {"memcpy", [](const Part<std::int64_t>& split) { copy_weights(split); }}};
    for (const int threads : {1, 2}) {
        for (const Rival& rival : rivals) {
            const std::string name = "goal/G2/" + std::string{place} + '/' + rival.name;
            auto* bench = benchmark::RegisterBenchmark(
                name.c_str(), [splits, rival](benchmark::State& state) {
                    Workload<std::int64_t> work =
                        in_type<std::int64_t>(make_workload(splits, 1000, 1000, 16), narrow);
                    run_splits(state, work, rival.rule, text_of_narrow);
                });
            configure(bench, sizes);
            bench->Threads(threads);
        }
    }
}

// G4: the wide kernel on quantities of `bits` bits.
void register_g4(const Sizes& sizes, unsigned bits) {
    const std::string name = "goal/G4/" + std::to_string(bits) + "bit/";
    const Recipe recipe{sizes.smoke ? 2U : 20U, 100, bits};
    const auto work = std::make_shared<Lazy<Int256, decltype(&to_wide)>>(recipe, to_wide);
    add(name + "kernel", sizes, work, kernel_floor, text_of_wide);
    add(name + "plain_twin", sizes, work, divide_128, text_of_wide);
    add<PlainInteger>(name + "cpp_int", sizes, recipe, plain_integer, divide, text_of_integer);
}

}  // namespace

void register_kernel(const Sizes& sizes) {
    for (const unsigned bits : {32U, 47U, 51U, 62U}) {
        register_g1(sizes, bits);
    }
    register_g2(sizes, 4, "L3");
    register_g2(sizes, 128, "memory");
    for (const unsigned bits : {90U, 126U, 190U, 254U}) {
        register_g4(sizes, bits);
    }
    register_chart(sizes);
}

}  // namespace allot::bench
