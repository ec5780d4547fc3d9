// PR-FIFO, the default, on a path of its own: pro rata by the kernel, turns without memory. What
// is limited, has a minimum or is to be explained goes the way of every composed rule, which gives
// the same shares.
#include <algorithm>
#include <cstdint>
#include <memory>

#include "algorithms/batch_placement.hpp"
#include "algorithms/builtins.hpp"
#include "algorithms/composed.hpp"
#include "algorithms/kernel/small.hpp"
#include "algorithms/proportional.hpp"
#include "algorithms/turns.hpp"
#include "allot/simd.hpp"

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

    // Small placements go through a kernel of their own, block by block; what it leaves is split
    // one placement at a time.
    [[nodiscard]] Result<void> split_many(const Batch& batch,
                                          std::span<std::int64_t> shares) const override {
        const std::size_t placements = batch.quantities.size();
        for (std::size_t first = 0; first < placements; first += kernel::placements_per_block) {
            const std::size_t count = std::min(placements - first, kernel::placements_per_block);
            const std::uint32_t done = split_small(batch, first, count, shares);
            for (std::size_t i = 0; i < count; ++i) {
                if ((done >> i & 1U) == 0) {
                    const Split<std::int64_t> placement = placement_of(batch, first + i, {});
                    if (!is_sound(placement)) {
                        return Unexpected{unsound(placement, first + i)};
                    }
                    const auto own =
                        shares.subspan(batch.offsets[first + i], placement.outstanding.size());
                    std::fill(own.begin(), own.end(), 0);
                    (void)shares_of(placement, own);
                }
            }
        }
        return {};
    }

  private:
    // Which of the placements were split, as bits.
    [[nodiscard]] static std::uint32_t split_small(const Batch& batch, std::size_t first,
                                                   std::size_t count,
                                                   std::span<std::int64_t> shares) noexcept {
#if ALLOT_HAS_X86_FORMS
        const bool has_single_units = batch.lots.size() == 1 && batch.lots.front() == 1;
        if (has_single_units && simd_form() != SimdForm::scalar) {
            return kernel::split_small_avx2({batch.outstanding.data(), batch.offsets.data() + first,
                                             batch.quantities.data() + first, shares.data(), count,
                                             batch.offsets.back()});
        }
#endif
        (void)batch, (void)first, (void)count, (void)shares;
        return 0;
    }

    std::shared_ptr<const Algorithm> composed_;
};

}  // namespace

std::shared_ptr<const Algorithm> make_pr_fifo() {
    return std::make_shared<PrFifo>();
}

}  // namespace allot::algorithms
