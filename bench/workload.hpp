// Splits by the thousand, as the benchmarks of the kernel want them: claims one placement after the
// other, and the same numbers for every rival.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/bench.hpp"

namespace allot::bench {

// Claims of many splits. Number is any integer type that takes a cpp_int.
template <class Number>
struct Workload {
    std::vector<Number> weights{};
    std::vector<Number> shares{};
    std::vector<Number> quantities{};    // one a split, below its total
    std::vector<Number> totals{};        // sum of the weights of a split
    std::vector<std::size_t> offsets{};  // one more than splits
};

using Integer = boost::multiprecision::cpp_int;

// `splits` splits of `fewest` to `most` claims with weights of at most `bits` bits.
[[nodiscard]] Workload<Integer> make_workload(std::size_t splits, std::size_t fewest,
                                              std::size_t most, unsigned bits);

// The same in another type; `convert` makes a Number of an Integer.
template <class Number, class Convert>
[[nodiscard]] Workload<Number> in_type(const Workload<Integer>& from, Convert convert) {
    Workload<Number> to;
    const auto fill = [&](const std::vector<Integer>& values, std::vector<Number>& out) {
        out.reserve(values.size());
        for (const Integer& value : values) {
            out.push_back(convert(value));
        }
    };
    fill(from.weights, to.weights);
    fill(from.quantities, to.quantities);
    fill(from.totals, to.totals);
    to.shares.resize(to.weights.size());
    to.offsets = from.offsets;
    return to;
}

}  // namespace allot::bench
