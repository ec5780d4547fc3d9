// The one explicit list of the rules that come with the library.
#include "algorithms/builtins.hpp"

#include "allot/registry.hpp"

namespace allot {

Registry Registry::with_builtins() {
    Registry registry;
    registry.add(algorithms::make_fifo()).value();
    registry.add(algorithms::make_pr_fifo()).value();
    return registry;
}

}  // namespace allot
