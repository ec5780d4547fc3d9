// PR-FIFO: pro rata to what is outstanding, leftovers in turns from the oldest. The default.
#include "algorithms/builtins.hpp"
#include "algorithms/proportional.hpp"
#include "algorithms/turns.hpp"

namespace allot::algorithms {

namespace {

class PrFifo : public AlgorithmOf<PrFifo> {
  public:
    [[nodiscard]] const AlgorithmInfo& info() const noexcept override {
        static const AlgorithmInfo info{
            "PR-FIFO",
            {"PR"},
            "pro rata to outstanding, leftover lots in turns from the oldest (the default)",
            "Every claim first receives its exact pro-rata part of what is available, rounded "
            "down to whole lots. The lots left over are given one a turn, round robin in rank "
            "order, beginning with the oldest claim. What is less than a lot comes last and goes "
            "to the next claim in the cycle. Every fill starts its cycle anew, so many small "
            "fills favour the oldest orders.",
            {.exact_sum = true, .anonymous = true}};
        return info;
    }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        const Int total = sum(split.outstanding);
        const Int quantity = split.available < total ? split.available : total;
        if (quantity <= Int{0}) {
            return {};
        }
        proportional_floor(quantity, split.outstanding, total, split.lot, shares);
        const Int given = sum(std::span<const Int>{shares});
        give_in_turns(Int{quantity - given}, split.outstanding, split.lot, shares);
        return {};
    }
};

}  // namespace

std::shared_ptr<const Algorithm> make_pr_fifo() {
    return std::make_shared<PrFifo>();
}

}  // namespace allot::algorithms
