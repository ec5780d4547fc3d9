// Each measure in a loop of its own.
#include "oracle/backtest_measures.hpp"

#include <algorithm>

namespace oracle {

namespace {

Rational size_of(const Rational& value) {
    return value < 0 ? Rational{-value} : value;
}

// |d| in the three units. What an order of nothing has is no part of it.
Distances distances(const Rational& d, const Rational& lot, const Rational& outstanding) {
    const Rational units = size_of(d);
    return {units, units / lot, outstanding == 0 ? Rational{0} : Rational{units / outstanding}};
}

void add(Distances& sum, const Distances& more, const Rational& times) {
    for (std::size_t unit = 0; unit < 3; ++unit) {
        sum[unit] += more[unit] * times;
    }
}

// Means over orders add means of orders that were rounded.
void add_rounded(Distances& mean, const Distances& of_order, std::size_t orders) {
    for (std::size_t unit = 0; unit < 3; ++unit) {
        mean[unit] += rounded(of_order[unit], 12) / Rational{static_cast<unsigned>(orders)};
    }
}

void grow(Distances& largest, const Distances& more) {
    for (std::size_t unit = 0; unit < 3; ++unit) {
        largest[unit] = std::max(largest[unit], more[unit]);
    }
}

Rational sum_of(const std::vector<Rational>& values) {
    Rational sum{0};
    for (const Rational& value : values) {
        sum += value;
    }
    return sum;
}

// What is executed behind each fill, at most all that is outstanding.
std::vector<Rational> executed_by(const ReplayedBlock& block) {
    std::vector<Rational> executed;
    Rational all{0};
    for (const ReplayedFill& fill : block.fills) {
        all += fill.execution->quantity;
        executed.push_back(std::min(all, sum_of(block.start)));
    }
    return executed;
}

// d(i, f): by fill, then order.
std::vector<std::vector<Rational>> deviations(const ReplayedBlock& block) {
    const Rational total = sum_of(block.start);
    const std::vector<Rational> executed = executed_by(block);
    std::vector<Rational> has(block.claims.size(), Rational{0});
    std::vector<std::vector<Rational>> all;
    for (std::size_t f = 0; f < block.fills.size(); ++f) {
        std::vector<Rational> row;
        for (std::size_t i = 0; i < has.size(); ++i) {
            has[i] += block.fills[f].shares[i];
            const Rational part =
                total == 0 ? Rational{0} : Rational{executed[f] * block.start[i] / total};
            row.push_back(has[i] - part);
        }
        all.push_back(row);
    }
    return all;
}

void track(const ReplayedBlock& block, BlockMeasures& out) {
    const auto d = deviations(block);
    const Rational fills{static_cast<unsigned>(block.fills.size())};
    const Rational begins = moment(*block.fills.front().execution);
    const Rational lasts = moment(*block.fills.back().execution) - begins;
    const Rational total = sum_of(block.start);
    for (std::size_t f = 0; f < d.size(); ++f) {
        Rational misplaced{0};
        for (std::size_t i = 0; i < block.claims.size(); ++i) {
            const Distances off = distances(d[f][i], block.lot, block.start[i]);
            if (off[0] > out.worst[0]) {
                out.worst_order = i;
                out.worst_at = block.fills[f].execution->created_date;
            }
            grow(out.worst, off);
            if (f + 1 == d.size()) {
                grow(out.at_end, off);
            }
            OrderMeasures& order = out.orders[i];
            add(order.mean, off, 1 / fills);
            if (lasts > 0 && f + 1 < d.size()) {
                const Rational stays =
                    moment(*block.fills[f + 1].execution) - moment(*block.fills[f].execution);
                add(order.time_weighted, off, stays / lasts);
            }
            order.lead +=
                block.start[i] == 0 ? Rational{0} : Rational{d[f][i] / block.start[i] / fills};
            misplaced += off[0] / 2;
        }
        out.misplaced.push_back(total == 0 ? Rational{0} : Rational{misplaced / total});
    }
    for (OrderMeasures& order : out.orders) {
        order.time_weighted = lasts == 0 ? order.mean : order.time_weighted;
    }
}

// Above the exact part of the fill in whole lots.
void leave_over(const ReplayedBlock& block, BlockMeasures& out) {
    for (const ReplayedFill& fill : block.fills) {
        const Rational total = sum_of(fill.outstanding);
        const Rational available = std::min(fill.execution->quantity, total);
        for (std::size_t i = 0; i < block.claims.size(); ++i) {
            Rational whole{0};
            if (total > 0) {
                whole = Rational{floor_of(available * fill.outstanding[i] / total / block.lot)} *
                        block.lot;
            }
            const Rational above = fill.shares[i] - whole;
            if (above > 0) {
                LeftoverSums& sums = out.orders[i].leftovers;
                sums.count += 1;
                sums.units += above;
                sums.worth +=
                    out.is_priced ? Rational{above * fill.execution->price->amount} : Rational{0};
            }
        }
    }
}

void count(const ReplayedBlock& block, BlockMeasures& out) {
    out.ordered = sum_of(block.start);
    std::set<std::string> currencies;
    out.is_priced = true;
    for (const ReplayedFill& fill : block.fills) {
        out.executed += fill.execution->quantity;
        if (fill.execution->price) {
            currencies.insert(fill.execution->price->currency);
        } else {
            out.is_priced = false;
        }
        for (std::size_t i = 0; i < block.claims.size(); ++i) {
            OrderMeasures& order = out.orders[i];
            order.allocated += fill.shares[i];
            out.allocated += fill.shares[i];
            order.tickets += fill.shares[i] > 0 ? 1U : 0U;
            out.take_backs += fill.shares[i] < 0 ? 1U : 0U;
            if (fill.execution->price) {
                order.money += fill.shares[i] * fill.execution->price->amount;
            }
        }
    }
    out.is_priced = out.is_priced && currencies.size() == 1;
    out.currency = block.currency.value();
    if (out.is_priced && out.allocated != 0) {
        Rational money{0};
        for (const OrderMeasures& order : out.orders) {
            money += order.money;
        }
        out.average_price = money / out.allocated;
    }
}

// What an order's deviation is worth at the last price.
void profit(const ReplayedBlock& block, const Marks& marks, BlockMeasures& out) {
    const Rational total = sum_of(block.start);
    const auto mark = marks.find({block.instrument, out.currency});
    if (!out.is_priced || mark == marks.end() || total == 0) {
        return;
    }
    const std::vector<Rational> executed = executed_by(block);
    for (std::size_t f = 0; f < block.fills.size(); ++f) {
        const Rational slice = f == 0 ? executed[0] : Rational{executed[f] - executed[f - 1]};
        const Rational gain = mark->second - block.fills[f].execution->price->amount;
        for (std::size_t i = 0; i < block.claims.size(); ++i) {
            const Rational above = block.fills[f].shares[i] - slice * block.start[i] / total;
            out.orders[i].profit +=
                is_sale(block.claims[i]->side) ? Rational{-above * gain} : Rational{above * gain};
        }
    }
}

}  // namespace

Precise precise(const Rational& value) {
    return Precise{Whole{numerator(value)}} / Precise{Whole{denominator(value)}};
}

Rational rounded(const Rational& value, int places) {
    return value < 0 ? Rational{-rounded_half_even(Rational{-value}, places)}
                     : rounded_half_even(value, places);
}

Distances BlockMeasures::mean() const {
    Distances sum{};
    for (const OrderMeasures& order : orders) {
        add_rounded(sum, order.mean, orders.size());
    }
    return sum;
}

Distances BlockMeasures::time_weighted() const {
    Distances sum{};
    for (const OrderMeasures& order : orders) {
        add_rounded(sum, order.time_weighted, orders.size());
    }
    return sum;
}

Rational BlockMeasures::largest_price_difference() const {
    Rational largest{0};
    for (const OrderMeasures& order : orders) {
        if (order.allocated != 0) {
            largest = std::max(largest,
                               size_of(Rational{order.money / order.allocated - *average_price}));
        }
    }
    return largest;
}

Rational BlockMeasures::cash_difference(std::size_t order, bool is_sale) const {
    const Rational less = orders[order].allocated * *average_price - orders[order].money;
    return is_sale ? Rational{-less} : less;
}

Rational BlockMeasures::price_variance() const {
    Rational sum{0};
    for (const OrderMeasures& order : orders) {
        if (order.allocated != 0) {
            const Rational off = order.money / order.allocated - *average_price;
            sum += order.allocated / allocated * off * off;
        }
    }
    return sum;
}

BlockMeasures measure(const ReplayedBlock& block, const Marks& marks) {
    BlockMeasures out;
    out.orders.resize(block.claims.size());
    count(block, out);
    track(block, out);
    leave_over(block, out);
    profit(block, marks, out);
    return out;
}

}  // namespace oracle
