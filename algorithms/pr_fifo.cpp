// PR-FIFO, the default, on a path of its own: pro rata by the kernel, turns without memory. What
// is limited, has a minimum or is to be explained goes the way of every composed rule, which gives
// the same shares.
#include <utility>

#include "algorithms/builtins.hpp"
#include "algorithms/composed.hpp"
#include "algorithms/proportional.hpp"
#include "algorithms/turns.hpp"

namespace allot::algorithms {

namespace {

class PrFifo : public AlgorithmOf<PrFifo> {
  public:
    PrFifo() : composed_{compose(make_pr(), make_remainder_fifo())} {}

    [[nodiscard]] const AlgorithmInfo& info() const noexcept override { return composed_->info(); }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        if (split.is_limited() || split.minimum > Int{0} || split.explanation != nullptr) {
            return composed_->split(split, shares);
        }
        const Int total = sum(split.outstanding);
        const Int quantity = split.available < total ? split.available : total;
        if (quantity <= Int{0}) {
            return {};
        }
        const Int given = proportional_floor(quantity, split.outstanding, total, split.lot, shares);
        give_in_turns(split, Int{quantity - given}, shares, [](std::size_t at) { return at; }, {});
        return {};
    }

  private:
    std::shared_ptr<const Algorithm> composed_;
};

}  // namespace

std::shared_ptr<const Algorithm> make_pr_fifo() {
    return std::make_shared<PrFifo>();
}

}  // namespace allot::algorithms
