// Period: what all rules have in common in one period of a backtest.
#include "engine/backtest/period.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/scaled.hpp"
#include "engine/run/guards.hpp"

namespace allot::backtest {

namespace {

using run::Collection;
using run::RunExecution;
using run::RunPlacement;
using store::none;

// Instant differences fit 64 bits for 292 years.
std::int64_t nanoseconds_between(const Instant& from, const Instant& to) {
    constexpr std::int64_t second = 1'000'000'000;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / second - 1;
    const std::int64_t seconds = std::min(to.seconds - from.seconds, most);
    return seconds * second + (static_cast<std::int64_t>(to.nanoseconds) -
                               static_cast<std::int64_t>(from.nanoseconds));
}

std::string text_of(const Identifiers& identifiers) {
    std::string text;
    for (const auto& [key, value] : identifiers) {
        text.append(text.empty() ? "" : "|").append(key).append("=").append(value);
    }
    return text;
}

// Whether a mark's instrument is that of a block: a common key, and none that differs.
bool is_of(const Identifiers& mark, const Identifiers& block) {
    bool is_common = false;
    for (const auto& [key, value] : mark) {
        const auto other = block.find(key);
        if (other != block.end() && other->second != value) {
            return false;
        }
        is_common = is_common || other != block.end();
    }
    return is_common;
}

// Marks of the period itself come before those of every period.
const Mark* mark_of(const Block& block, const PeriodMarks& given) {
    for (const std::string_view period : {given.period, std::string_view{}}) {
        for (const Mark& mark : given.marks) {
            if (mark.period == period && mark.currency == block.currency &&
                is_of(mark.instrument, block.identifiers)) {
                return &mark;
            }
        }
    }
    return nullptr;
}

class Preparation {
  public:
    Preparation(BookData& data, Period& period) : data_{&data}, period_{&period} {}

    void find_times() {
        const std::vector<RunExecution>& executions = period_->collection.executions;
        if (executions.empty()) {
            return;
        }
        const auto earlier = [this](const RunExecution& a, const RunExecution& b) {
            return run::is_earlier(*data_, a, b);
        };
        const auto [first, last] =
            std::minmax_element(executions.begin(), executions.end(), earlier);
        period_->at_ns.reserve(executions.size());
        for (const RunExecution& execution : executions) {
            period_->at_ns.push_back(nanoseconds_between(first->created, execution.created));
        }
        period_->length_ns = nanoseconds_between(first->created, last->created);
        period_->first_fill = time_of(*first);
        period_->last_fill = time_of(*last);
    }

    void find_blocks() {
        const Collection& collection = period_->collection;
        std::map<std::vector<std::uint32_t>, std::uint32_t> known;
        for (std::uint32_t at = 0; at < collection.placements.size(); ++at) {
            const RunPlacement& placement = collection.placements[at];
            const auto claims = placement.claims.of(collection.claims);
            const auto [entry, is_new] = known.try_emplace(
                {claims.begin(), claims.end()}, static_cast<std::uint32_t>(period_->blocks.size()));
            if (is_new) {
                period_->blocks.push_back(begin_block(placement));
            }
            Block& block = period_->blocks[entry->second];
            block.placements.push_back(at);
            period_->block_of_placement.push_back(entry->second);
            if (!placement.failure) {
                add_fills(placement, block);
            }
        }
    }

    // The last price of every instrument and currency marks the blocks that hold them.
    void find_marks(const PeriodMarks& given) {
        const Collection& collection = period_->collection;
        std::map<std::pair<std::string, std::string>, const RunExecution*> last;
        for (const Block& block : period_->blocks) {
            for (const std::uint32_t at : block.placements) {
                for (const RunExecution& execution :
                     collection.placements[at].executions.of(collection.executions)) {
                    const store::ExecutionRow& row = data_->executions.rows[execution.row];
                    if (!row.has_price) {
                        continue;
                    }
                    const RunExecution*& known =
                        last[{block.instrument, std::string{data_->text(row.price_currency)}}];
                    if (known == nullptr || run::is_earlier(*data_, *known, execution)) {
                        known = &execution;
                    }
                }
            }
        }
        for (Block& block : period_->blocks) {
            const auto found = last.find({block.instrument, block.currency});
            if (!block.is_priced || found == last.end()) {
                continue;
            }
            const Mark* const mark = mark_of(block, given);
            block.mark = mark == nullptr ? data_->executions.rows[found->second->row].price
                                         : mark->price.amount();
            block.price_scale = std::max(block.price_scale, block.mark.scale());
        }
    }

    // Prices as whole numbers, at the scale of their block.
    void scale_prices() {
        const Collection& collection = period_->collection;
        period_->prices.resize(collection.executions.size());
        for (Block& block : period_->blocks) {
            std::int64_t all = 0;  // has every bit of every price
            const auto take = [&](const Decimal& price, std::int64_t& out) {
                if (!detail::to_scaled(price, block.price_scale, out)) {
                    all = std::numeric_limits<std::int64_t>::max();
                }
                all |= std::abs(out);
            };
            std::int64_t mark = 0;
            take(block.mark, mark);
            for (const std::uint32_t at : block.placements) {
                const run::Range range = collection.placements[at].executions;
                for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
                    take(data_->executions.rows[collection.executions[i].row].price,
                         period_->prices[i]);
                }
            }
            constexpr int does_not_fit = 63;
            constexpr int far_too_many = 200;
            const auto bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(all)));
            block.price_bits = bits >= does_not_fit ? far_too_many : bits;
        }
    }

  private:
    [[nodiscard]] std::string time_of(const RunExecution& execution) const {
        store::TimeRoom room;
        return std::string{
            store::text_of(*data_, data_->executions.rows[execution.row].created_date, room)};
    }

    [[nodiscard]] Block begin_block(const RunPlacement& placement) const {
        Block block;
        block.claims = placement.claims;
        block.lot = placement.lot;
        if (placement.row == none) {
            block.is_priced = false;
            return block;
        }
        const store::PlacementRow& row = data_->placements.rows[placement.row];
        if (row.blocks.count > 0) {
            const std::uint32_t id = data_->lists[row.blocks.first];
            block.id = data_->blocks.ids.id<allot::Block>(id);
        }
        // Every order has a side; a block need not state one.
        const auto claims = placement.claims.of(period_->collection.claims);
        if (!claims.empty()) {
            const run::RunOrder& oldest = period_->collection.orders[claims.front()];
            const store::OrderKind& kind = data_->kind_of(data_->orders.rows[oldest.row]);
            block.is_sale = run::way_of(data_->text(kind.side)) == run::Way::sells;
        }
        block.identifiers = data_->identifiers.set(store::identifiers_of(*data_, row));
        block.instrument = text_of(block.identifiers);
        return block;
    }

    void add_fills(const RunPlacement& placement, Block& block) const {
        const auto executions = placement.executions.of(period_->collection.executions);
        for (std::size_t i = 0; i < executions.size(); ++i) {
            const store::ExecutionRow& row = data_->executions.rows[executions[i].row];
            const std::string_view currency = data_->text(row.price_currency);
            if (block.fills == 0) {
                block.currency = currency;
                block.executed = Decimal{0};
            }
            if (block.executed) {
                const Result<Decimal> sum =
                    allot::add(*block.executed, executions[i].quantity.units());
                block.executed = sum ? std::optional{*sum} : std::nullopt;
            }
            block.is_priced = block.is_priced && row.has_price && currency == block.currency;
            block.price_scale = std::max(block.price_scale, row.price.scale());
            block.last_ns = std::max(block.last_ns, period_->at_ns[placement.executions.first + i]);
            ++block.fills;
        }
    }

    BookData* data_;
    Period* period_;
};

// Orders as they were at each time. Where versions do not say when, as they stand.
void find_changes(const BookData& data, Period& period) {
    Collection& collection = period.collection;
    std::vector<std::uint8_t> changes(collection.orders.size());
    run::Timelines timelines{data, default_dead_states()};
    for (const RunPlacement& placement : collection.placements) {
        if (placement.row != none) {
            const store::List blocks = data.placements.rows[placement.row].blocks;
            std::for_each(data.begin(blocks), data.end(blocks),
                          [&](std::uint32_t block) { timelines.add_block(block); });
        }
    }
    for (std::uint32_t at = 0; at < collection.orders.size(); ++at) {
        run::RunOrder& order = collection.orders[at];
        period.final_ordered.push_back(order.ordered);
        if (!timelines.may_change(order.id)) {
            continue;
        }
        const std::vector<run::OrderMoment> moments = timelines.of(order.id).moments;
        if (moments.size() < 2) {
            continue;
        }
        changes[at] = 1;
        period.final_ordered.back() = moments.back().is_dead ? Quantity{} : order.ordered;
        order.ordered = moments.front().is_dead ? Quantity{} : moments.front().ordered;
        for (auto moment = moments.begin() + 1; moment != moments.end(); ++moment) {
            collection.changes.push_back({*moment, at});
        }
    }
    for (const Block& block : period.blocks) {
        const auto claims = block.claims.of(collection.claims);
        period.changes_of_block.push_back(
            std::any_of(claims.begin(), claims.end(),
                        [&](std::uint32_t order) { return changes[order] != 0; })
                ? 1
                : 0);
    }
}

// What orders had from executions, as far as both are of the period.
void keep_stored(const BookData& data, const run::Usage& usage, Period& period) {
    const Collection& collection = period.collection;
    std::vector<std::uint32_t> order_at(data.orders.ids.size(), none);
    for (std::uint32_t at = 0; at < collection.orders.size(); ++at) {
        order_at[collection.orders[at].id] = at;
    }
    period.has_stored = true;
    for (std::uint32_t at = 0; at < collection.executions.size(); ++at) {
        const std::size_t first = period.stored.size();
        usage.each_part(collection.executions[at].id,
                        [&](std::uint32_t order, std::optional<Quantity> quantity) {
                            if (order < order_at.size() && order_at[order] != none && quantity) {
                                period.stored.push_back({at, order_at[order], *quantity});
                            }
                        });
        std::sort(period.stored.begin() + static_cast<std::ptrdiff_t>(first), period.stored.end(),
                  [](const StoredShare& a, const StoredShare& b) { return a.order < b.order; });
    }
}

}  // namespace

Period prepare_period(BookData& data, const RunRequest& request, const Algorithm& plain,
                      const PeriodMarks& marks) {
    Period period;
    period.book = &data;
    if (data.live_allocations > 0) {
        // Positions stay the same when nothing is allocated any more.
        const run::Usage usage{data};
        period.collection = run::collect(data, request, plain, usage);
        keep_stored(data, usage, period);
        store::forget_allocations(data);
    }
    period.collection = run::collect(data, request, plain, run::Usage{data});
    Preparation preparation{data, period};
    preparation.find_times();
    preparation.find_blocks();
    preparation.find_marks(marks);
    preparation.scale_prices();
    find_changes(data, period);
    return period;
}

run::Collection collect_for(const Period& period, const RunRequest& request,
                            const Algorithm& algorithm) {
    const Needs& needs = algorithm.info().needs;
    if (!needs.weights && !needs.tiers && !needs.portfolios &&
        !algorithm.constraints().binds_totals()) {
        return period.collection;
    }
    run::Collection collection =
        run::collect(*period.book, request, algorithm, run::Usage{*period.book});
    collection.orders = period.collection.orders;  // the same, as they were at the start
    collection.changes = period.collection.changes;
    return collection;
}

}  // namespace allot::backtest
