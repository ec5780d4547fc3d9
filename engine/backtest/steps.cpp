// Steps: how one block came to where it was worst, fill by fill.
#include "engine/backtest/steps.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/backtest/exact.hpp"
#include "engine/backtest/replay.hpp"

namespace allot::backtest {

namespace {

using run::Component;
using run::FillShares;

class StepListener final : public run::SplitListener {
  public:
    StepListener(const Period& period, std::span<const Quantity> allocated, std::uint32_t block,
                 BlockSteps& steps)
        : period_{&period}, allocated_{allocated}, block_{block}, steps_{&steps} {
        for (const std::uint32_t at : period.blocks[block].claims.of(period.collection.claims)) {
            const run::RunOrder& order = period.collection.orders[at];
            steps.orders.push_back(period.book->orders.ids.id<Order>(order.id));
            steps.ordered.push_back(allocated[at] < order.ordered
                                        ? (order.ordered - allocated[at]).units()
                                        : Decimal{0});
        }
    }

    void start(const Component& /*component*/, int scale, bool is_wide) override {
        scale_ = scale;
        fills_ = 0;
        MeterStart start = start_of(*period_, allocated_, block_, scale);
        start.is_wide = is_wide;
        meter_ = make_meter(start);
        steps_->steps.clear();
    }
    void add(const FillShares<std::int64_t>& fill) override { take(fill); }
    void add(const FillShares<Int256>& fill) override { take(fill); }

  private:
    template <class Int>
    void take(const FillShares<Int>& fill) {
        const run::RunExecution& execution = period_->collection.executions[fill.execution];
        if (period_->block_of_placement[execution.placement] != block_) {
            return;
        }
        ++fills_;
        meter_->add(fill, facts_of(*period_, fill.execution));
        if (is_shown()) {
            note(fill, execution);
        }
    }

    // The first fills, those around the worst, and the last.
    [[nodiscard]] bool is_shown() const {
        constexpr std::size_t first = 12;
        constexpr std::size_t before = 6;
        constexpr std::size_t behind = 3;
        const std::size_t worst = steps_->block.worst_fill;
        return fills_ <= first || (fills_ + before >= worst && fills_ <= worst + behind) ||
               fills_ + behind > steps_->block.fills;
    }

    template <class Int>
    void note(const FillShares<Int>& fill, const run::RunExecution& execution) {
        const BookData& book = *period_->book;
        const store::ExecutionRow& row = book.executions.rows[execution.row];
        BlockStep step;
        step.fill = fills_;
        store::TimeRoom room;
        step.time = std::string{store::text_of(book, row.created_date, room)};
        step.quantity = execution.quantity.units();
        step.price = row.has_price ? std::optional{row.price} : std::nullopt;
        for (const Int& share : fill.shares) {
            step.shares.push_back(rounded(whole(share), 1, scale_, scale_));
        }
        Meter::Standing standing = meter_->standing();
        step.allocated = std::move(standing.allocated);
        step.lots_off = std::move(standing.lots_off);
        steps_->steps.push_back(std::move(step));
    }

    const Period* period_;
    std::span<const Quantity> allocated_;
    std::uint32_t block_;
    BlockSteps* steps_;
    int scale_{0};
    std::size_t fills_{0};
    std::unique_ptr<Meter> meter_{};
};

}  // namespace

std::optional<BlockSteps> steps_of(const Period& period, const RunRequest& request,
                                   const Algorithm* algorithm, std::span<const Quantity> allocated,
                                   const BlockOutcome& outcome) {
    for (std::uint32_t at = 0; at < period.blocks.size(); ++at) {
        const Block& block = period.blocks[at];
        if (!(block.id == outcome.block) || block.claims.count != outcome.orders) {
            continue;
        }
        BlockSteps steps;
        steps.block = outcome;
        StepListener listener{period, allocated, at, steps};
        replay_neighbours(period, request, algorithm, allocated, at, listener);
        const bool is_it =
            std::find_if(steps.steps.begin(), steps.steps.end(), [&](const BlockStep& step) {
                return step.fill == outcome.worst_fill && step.time == outcome.worst_at;
            }) != steps.steps.end();
        if (is_it) {
            return steps;
        }
    }
    return std::nullopt;
}

}  // namespace allot::backtest
