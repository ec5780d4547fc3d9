// The one explicit list of the rules that come with the library.
#include "algorithms/builtins.hpp"

#include <array>

#include "algorithms/composed.hpp"
#include "allot/registry.hpp"

namespace allot {

namespace {

using namespace algorithms;  // NOLINT(google-build-using-namespace): the list is about them.

// Each base with each remainder, and the tiers with each remainder.
void add_composed(Registry& registry) {
    const std::array remainders{
        make_remainder_fifo(), make_remainder_lifo(),   make_remainder_lf(), make_remainder_sf(),
        make_remainder_lr(),   make_remainder_oldest(), make_remainder_rr(), make_remainder_rnd(),
        make_remainder_to(),   make_remainder_keep(),
    };
    const std::array bases{
        make_pr(), make_pro(), make_eq(), make_pct(), make_tw(), make_fifo(), make_lifo(),
    };
    for (const auto& remainder : remainders) {
        for (const auto& base : bases) {
            const bool is_default = base->info().code == "PR" && remainder->info().code == "FIFO";
            registry.add(is_default ? make_pr_fifo() : compose(base, remainder)).value();
        }
        registry.add(compose(make_size(remainder->info().code == "SF"), remainder)).value();
        registry.add(make_tier(compose(make_pr(), remainder))).value();
    }
}

void add_cumulative(Registry& registry) {
    for (const auto& rule : {make_quota(), make_tijdeman(), make_webster(), make_dhondt(),
                             make_huntington(), make_adams(), make_dean()}) {
        registry.add(rule).value();
    }
}

}  // namespace

Registry Registry::with_builtins() {
    Registry registry;
    add_composed(registry);
    add_cumulative(registry);
    return registry;
}

}  // namespace allot
