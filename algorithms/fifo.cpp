// FIFO: strict time priority. The oldest claim is filled before the next gets anything.
#include <cstddef>

#include "algorithms/builtins.hpp"

namespace allot::algorithms {

namespace {

class Fifo : public AlgorithmOf<Fifo> {
  public:
    [[nodiscard]] const AlgorithmInfo& info() const noexcept override {
        static const AlgorithmInfo info{
            "FIFO",
            {"FIFO-FIFO"},
            "strict time priority: the oldest claim is filled before the next gets anything",
            "Claims are served in rank order. Each takes as much as it has room for, until "
            "nothing is left. How the market sliced the fills does not matter, but young orders "
            "wait until all older ones are complete.",
            {.exact_sum = true,
             .house_monotone = true,
             .anonymous = true,
             .slice_invariant = true}};
        return info;
    }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        Int left = split.available;
        for (std::size_t i = 0; i < shares.size() && left > Int{0}; ++i) {
            shares[i] = split.outstanding[i] < left ? split.outstanding[i] : left;
            left -= shares[i];
        }
        return {};
    }
};

}  // namespace

std::shared_ptr<const Algorithm> make_fifo() {
    return std::make_shared<Fifo>();
}

}  // namespace allot::algorithms
