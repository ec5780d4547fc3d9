// PR-FIFO, the default, on a path of its own: pro rata by the kernel, turns without memory. What
// is limited, has a minimum or is to be explained goes the way of every composed rule, which gives
// the same shares.
#include <algorithm>
#include <bit>
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
        split_total(split, sum(split.outstanding), shares);
        return {};
    }

    // Small placements go through a kernel of their own, block by block; what it leaves is split
    // one placement at a time.
    [[nodiscard]] Result<void> split_many(const Batch& batch,
                                          std::span<std::int64_t> shares) const override {
        const std::size_t placements = batch.quantities.size();
        for (std::size_t first = 0; first < placements; first += kernel::placements_per_block) {
            const std::size_t count = std::min(placements - first, kernel::placements_per_block);
            const std::uint32_t all = ~std::uint32_t{0} >> (kernel::placements_per_block - count);
            std::uint32_t left = all & ~split_small(batch, first, count, shares);
            for (; left != 0; left &= left - 1) {
                const std::size_t i = first + static_cast<std::size_t>(std::countr_zero(left));
                const Split<std::int64_t> placement = placement_of(batch, i, {});
                const std::int64_t total = sound_total(placement);
                if (total < 0) {
                    return Unexpected{unsound(placement, i)};
                }
                const auto own = shares.subspan(batch.offsets[i], placement.outstanding.size());
                split_total(placement, total, own);
            }
        }
        return {};
    }

  private:
    // Writes every share. Precondition: `total` is the sum of what is outstanding.
    template <SplitInteger Int>
    static void split_total(const Split<Int>& split, const Int& total, std::span<Int> shares) {
        const Int quantity = split.available < total ? split.available : total;
        if (quantity <= Int{0}) {
            std::fill(shares.begin(), shares.end(), Int{0});
            return;
        }
        const Int given = proportional_floor(quantity, split.outstanding, total, split.lot, shares);
        if (given != quantity) {
            give_in_turns(split, Int{quantity - given}, shares, InRankOrder{}, {});
        }
    }

    // Which of the placements were split, as bits.
    [[nodiscard]] static std::uint32_t split_small(const Batch& batch, std::size_t first,
                                                   std::size_t count,
                                                   std::span<std::int64_t> shares) noexcept {
#if ALLOT_HAS_X86_FORMS
        const bool has_single_units = batch.lots.size() == 1 && batch.lots.front() == 1;
        const std::size_t claims = batch.offsets[first + count] - batch.offsets[first];
        if (has_single_units && claims <= count * kernel::most_small_claims &&
            simd_form() != SimdForm::scalar) {
            const kernel::SmallBlock block{batch.outstanding.data(),
                                           batch.offsets.data() + first,
                                           batch.quantities.data() + first,
                                           shares.data(),
                                           count,
                                           batch.offsets.back()};
            return simd_form() == SimdForm::avx512 ? kernel::split_small_avx512(block)
                                                   : kernel::split_small_avx2(block);
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
