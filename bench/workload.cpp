// Splits by the thousand; see workload.hpp.
#include "bench/workload.hpp"

namespace allot::bench {

namespace {

Integer random_bits(Random& random, unsigned bits) {
    Integer value = 0;
    for (unsigned have = 0; have < bits; have += 64) {
        value = (value << 64U) | Integer{random.next()};
    }
    return value & ((Integer{1} << bits) - 1);
}

}  // namespace

Workload<Integer> make_workload(std::size_t splits, std::size_t fewest, std::size_t most,
                                unsigned bits) {
    Random random{splits * 1000 + most + bits};
    Workload<Integer> made;
    made.offsets.push_back(0);
    for (std::size_t i = 0; i < splits; ++i) {
        const std::size_t claims = fewest + random.below(most - fewest + 1);
        Integer total = 0;
        for (std::size_t j = 0; j < claims; ++j) {
            made.weights.push_back(random_bits(random, bits) + 1);
            total += made.weights.back();
        }
        made.quantities.push_back(total * (1 + random.below(97)) / 100);
        made.totals.push_back(total);
        made.offsets.push_back(made.weights.size());
    }
    made.shares.resize(made.weights.size());
    return made;
}

}  // namespace allot::bench
