// Totals: what the blocks of all periods add up to, for one rule.
#include "engine/backtest/totals.hpp"

#include <algorithm>

#include "engine/backtest/sums.hpp"
#include "engine/base/scaled.hpp"

namespace allot::backtest {

namespace {

// Throws Refusal when the profit has more than 12 digits before the point.
std::int64_t millionths(const Decimal& profit) {
    std::int64_t out = 0;
    if (!detail::to_scaled(profit, shown_places, out)) {
        throw Refusal{Error{ErrorCode::total_is_out_of_range,
                            "measure",
                            "",
                            "deviation profit",
                            profit.to_string(),
                            "below 4.6 x 10^12",
                            {}}};
    }
    return out;
}

void count_price(PriceHistogram& prices, const Decimal& points) {
    const Decimal tenths = points * Decimal{10};
    const auto& edges = PriceHistogram::edges_in_tenths;
    const auto above =
        std::upper_bound(edges.begin(), edges.end(), tenths,
                         [](const Decimal& value, int edge) { return value < Decimal{edge}; });
    ++prices.counts[static_cast<std::size_t>(above - edges.begin())];
}

// Adds the blocks of one period to the totals of one rule.
class PeriodSum {
  public:
    // `before` is what each order had when the period began.
    PeriodSum(const Period& period, std::span<const Quantity> before, std::size_t number,
              AccountNumbers& accounts, RuleTotals& totals)
        : period_{&period},
          before_{before},
          number_{number},
          accounts_{&accounts},
          totals_{&totals},
          accounts_of_(period.collection.orders.size()),
          allocated_(period.collection.orders.size()) {}

    BlockOutcome add(const Block& block, const std::optional<BlockNumbers>& numbers) {
        BlockOutcome outcome = begin(block);
        if (!numbers) {
            return outcome;
        }
        fill(block, *numbers, outcome);
        add_to_rule(outcome, *numbers);
        const auto claims = block.claims.of(period_->collection.claims);
        totals_->tests.sizes.push_back(static_cast<std::uint32_t>(claims.size()));
        for (std::size_t rank = 0; rank < claims.size(); ++rank) {
            const OrderNumbers& order = numbers->orders[rank];
            const std::uint32_t account = add_order(block, claims[rank], order);
            add_to(outcome.leftovers, order.leftovers);
            outcome.tickets += order.tickets;
            totals_->tests.accounts.push_back(account);
            totals_->tests.profits.push_back(millionths(order.deviation_profit));
            totals_->tests.leads.push_back(order.lead);
        }
        add_to(totals_->outcome.leftovers, outcome.leftovers);
        totals_->outcome.tickets += outcome.tickets;
        return outcome;
    }

    // What orders still lack when all is over, each counted once.
    void add_unfilled() {
        for (std::size_t at = 0; at < accounts_of_.size(); ++at) {
            if (accounts_of_[at].empty()) {
                continue;
            }
            const Decimal has = before_[at].units() + allocated_[at];
            const Decimal& ordered = period_->final_ordered[at].units();
            if (has < ordered) {
                const Decimal unfilled = ordered - has;
                totals_->outcome.unfilled = totals_->outcome.unfilled + unfilled;
                for (const std::uint32_t number : accounts_of_[at]) {
                    Decimal& of_account = totals_->accounts[number].unfilled;
                    of_account = of_account + unfilled;
                }
            }
        }
    }

  private:
    [[nodiscard]] BlockOutcome begin(const Block& block) const {
        BlockOutcome outcome;
        outcome.period = number_;
        outcome.algorithm = totals_->outcome.algorithm;
        outcome.block = block.id;
        outcome.instrument = block.instrument;
        outcome.currency = block.currency;
        outcome.is_sale = block.is_sale;
        outcome.orders = block.claims.count;
        return outcome;
    }

    void fill(const Block& block, const BlockNumbers& numbers, BlockOutcome& outcome) const {
        const BookData& book = *period_->book;
        outcome.fills = numbers.fills;
        outcome.ordered = numbers.ordered;
        outcome.executed = numbers.executed;
        outcome.allocated = numbers.allocated;
        outcome.tracking = numbers.tracking;
        outcome.average_price = numbers.average_price;
        outcome.largest_price_difference = numbers.largest_price_difference;
        outcome.price_deviation = numbers.price_deviation;
        outcome.cash_moved = numbers.cash_moved;
        outcome.take_backs = numbers.take_backs;
        if (numbers.has_worst) {
            const auto claims = block.claims.of(period_->collection.claims);
            const run::RunOrder& order = period_->collection.orders[claims[numbers.worst_rank]];
            outcome.worst_order = book.orders.ids.id<Order>(order.id);
            const run::RunExecution& execution =
                period_->collection.executions[numbers.worst_execution];
            outcome.worst_fill = numbers.worst_fill;
            store::TimeRoom room;
            outcome.worst_at = std::string{
                store::text_of(book, book.executions.rows[execution.row].created_date, room)};
        }
    }

    void add_to_rule(const BlockOutcome& block, const BlockNumbers& numbers) {
        RuleOutcome& rule = totals_->outcome;
        ++rule.blocks;
        rule.fills += block.fills;
        rule.executed = rule.executed + block.executed;
        rule.allocated = rule.allocated + block.allocated;
        raise(rule.tracking.worst, block.tracking.worst);
        raise(rule.tracking.at_end, block.tracking.at_end);
        rule.cash_moved = rule.cash_moved + block.cash_moved;
        rule.take_backs += block.take_backs;
        if (numbers.has_points) {
            totals_->price_deviations += numbers.price_deviation_points;
            ++totals_->priced_blocks;
        }
        for (std::size_t i = 0; i < rule.misplaced.share.size(); ++i) {
            rule.misplaced.share[i] += numbers.misplaced.share[i];
            rule.misplaced.fills[i] += numbers.misplaced.fills[i];
        }
        for (const OrderNumbers& order : numbers.orders) {
            add_to(totals_->means, order.mean);
            add_to(totals_->times, order.time_weighted);
            if (order.price_difference) {
                count_price(rule.prices, *order.price_difference);
                const Decimal distance = order.price_difference->sign() < 0
                                             ? -*order.price_difference
                                             : *order.price_difference;
                rule.largest_price_difference = std::max(rule.largest_price_difference, distance);
            }
        }
    }

    // Also of an order that joined behind the last fill.
    [[nodiscard]] Decimal wanted_at_end(std::uint32_t at) const {
        return std::max(period_->final_ordered[at].units() - before_[at].units(), Decimal{0});
    }

    std::uint32_t add_order(const Block& block, std::uint32_t at, const OrderNumbers& numbers) {
        const run::RunOrder& order = period_->collection.orders[at];
        const std::uint32_t number = accounts_->number_of(
            {period_->book->portfolios.id<Portfolio>(order.portfolio), block.currency});
        if (totals_->accounts.size() <= number) {
            totals_->accounts.resize(number + 1);
        }
        AccountOutcome& account = totals_->accounts[number];
        std::vector<std::uint32_t>& known = accounts_of_[at];
        totals_->outcome.orders += known.empty() ? 1U : 0U;
        if (std::find(known.begin(), known.end(), number) == known.end()) {
            known.push_back(number);
            ++account.orders;
            account.ordered = account.ordered + std::max(numbers.ordered, wanted_at_end(at));
        }
        allocated_[at] = allocated_[at] + numbers.allocated;
        account.allocated = account.allocated + numbers.allocated;
        account.cash_difference = account.cash_difference + numbers.cash_difference;
        account.deviation_profit = account.deviation_profit + numbers.deviation_profit;
        add_to(account.leftovers, numbers.leftovers);
        account.tickets += numbers.tickets;
        return number;
    }

    const Period* period_;
    std::span<const Quantity> before_;
    std::size_t number_;
    AccountNumbers* accounts_;
    RuleTotals* totals_;
    std::vector<std::vector<std::uint32_t>> accounts_of_;  // by order; one for each currency
    std::vector<Decimal> allocated_;                       // by order, over all blocks
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

RuleTotals RuleTotals::without_tests() const {
    RuleTotals copy;
    copy.outcome = outcome;
    copy.means = means;
    copy.times = times;
    copy.price_deviations = price_deviations;
    copy.priced_blocks = priced_blocks;
    copy.accounts = accounts;
    return copy;
}

void RuleTotals::take(RuleTotals next) {
    TestBlocks all = std::move(tests);
    append(all.sizes, next.tests.sizes);
    append(all.accounts, next.tests.accounts);
    append(all.profits, next.tests.profits);
    append(all.leads, next.tests.leads);
    *this = std::move(next);
    tests = std::move(all);
}

std::vector<BlockOutcome> add_period(const Period& period, std::span<const Quantity> allocated,
                                     const Replayed& replayed, std::size_t period_number,
                                     AccountNumbers& accounts, RuleTotals& totals) {
    PeriodSum sum{period, allocated, period_number, accounts, totals};
    std::vector<BlockOutcome> blocks;
    for (std::size_t at = 0; at < period.blocks.size(); ++at) {
        blocks.push_back(sum.add(period.blocks[at], replayed.blocks[at]));
    }
    sum.add_unfilled();
    for (const Failure& failure : replayed.failures) {
        totals.outcome.failures.push_back({period_number, failure});
    }
    return blocks;
}

RuleOutcome finish_totals(const RuleTotals& totals, const AccountNumbers& accounts,
                          const TestResult& tests, std::size_t draws) {
    RuleOutcome rule = totals.outcome;
    const std::size_t claims = totals.tests.leads.size();  // an order once in each of its blocks
    rule.tracking.mean = divided(totals.means, claims);
    rule.tracking.time_weighted = divided(totals.times, claims);
    rule.first_in = tests.first_in;
    if (totals.priced_blocks > 0) {
        rule.price_deviation =
            totals.price_deviations / static_cast<double>(totals.priced_blocks);  // statistic
    }
    for (std::size_t i = 0; i < rule.misplaced.share.size(); ++i) {
        if (rule.misplaced.fills[i] > 0) {
            rule.misplaced.share[i] /= static_cast<double>(rule.misplaced.fills[i]);  // statistic
        }
    }
    std::vector<double> p;  // statistic
    for (const auto& [key, number] : accounts.all()) {
        if (number >= totals.accounts.size() || totals.accounts[number].orders == 0) {
            continue;
        }
        AccountOutcome account = totals.accounts[number];
        account.portfolio = key.first;
        account.currency = key.second;
        account.favoured_p = p_value(tests.accounts[number].at_least, draws);
        account.harmed_p = p_value(tests.accounts[number].at_most, draws);
        p.push_back(account.favoured_p);
        rule.accounts.push_back(std::move(account));
    }
    const std::vector<double> corrected = correct_after_holm(p);  // statistic
    for (std::size_t i = 0; i < corrected.size(); ++i) {
        rule.accounts[i].favoured_p_corrected = corrected[i];
        rule.smallest_favoured_p = std::min(rule.smallest_favoured_p, corrected[i]);
    }
    return rule;
}

}  // namespace allot::backtest
