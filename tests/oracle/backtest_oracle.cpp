// Adds up what the blocks of a rule say, and writes it all on one sheet.
#include "oracle/backtest_oracle.hpp"

#include <algorithm>
#include <set>

#include "oracle/backtest_measures.hpp"

namespace oracle {

namespace {

const std::array<std::string, 3> unit_names{"units", "lots", "share"};

std::string shown(const Rational& value, int places) {
    return decimal_text(rounded(value, places));
}

std::string name_of(const Key& id) {
    return id.first + "/" + id.second;
}

// What one account has under one rule.
struct Account {
    std::size_t orders{0};
    Rational ordered{};
    Rational allocated{};
    Rational unfilled{};
    Rational cash{};
    Rational profit{};
    LeftoverSums leftovers{};
    std::size_t tickets{0};
};

// One rule over all periods.
class Sums {
  public:
    Sums(std::string code, BacktestSheet& sheet) : code_{std::move(code)}, sheet_{sheet} {}

    void add(const std::string& period, const ReplayedPeriod& replayed);
    void write();

  private:
    void add_block(const std::string& name, const ReplayedBlock& block, const BlockMeasures& said);
    void add_prices(const ReplayedBlock& block, const BlockMeasures& said);
    void add_ranks(const BlockMeasures& said);
    void add_misplaced(const ReplayedPeriod& period, const std::vector<BlockMeasures>& said);
    void write_block(const std::string& name, const ReplayedBlock& block,
                     const BlockMeasures& said);
    void write_distances(const std::string& name, const Distances& distances);
    void write_leftovers(const std::string& name, const LeftoverSums& sums);
    void exact(const std::string& name, const std::string& text) { sheet_.exact[name] = text; }
    void exact(const std::string& name, const Rational& value, int places) {
        exact(name, shown(value, places));
    }
    void exact(const std::string& name, std::size_t count) { exact(name, std::to_string(count)); }
    void statistic(const std::string& name, const Precise& value) {
        sheet_.statistics[name] = value.convert_to<double>();
    }

    std::string code_;
    BacktestSheet& sheet_;
    std::size_t blocks_{0}, claims_{0}, orders_{0}, fills_{0}, tickets_{0}, take_backs_{0};
    Rational executed_{}, allocated_{}, unfilled_{}, cash_moved_{}, largest_points_{};
    Distances worst_{}, mean_{}, time_weighted_{}, at_end_{};
    LeftoverSums leftovers_{};
    std::map<std::pair<Key, std::string>, Account> accounts_{};
    Precise deviation_points_{0};
    std::size_t priced_{0};
    std::array<std::size_t, 15> histogram_{};
    Precise xx_{0}, xy_{0}, rank_xx_{0}, rank_xy_{0}, rank_yy_{0};
    std::array<Precise, 100> misplaced_{};
    std::array<std::size_t, 100> misplaced_fills_{};
};

void Sums::write_distances(const std::string& name, const Distances& distances) {
    for (std::size_t unit = 0; unit < 3; ++unit) {
        exact(name + "." + unit_names[unit], distances[unit], 6);
    }
}

void Sums::write_leftovers(const std::string& name, const LeftoverSums& sums) {
    exact(name + ".count", sums.count);
    exact(name + ".units", decimal_text(sums.units));
    exact(name + ".worth", sums.worth, 6);
}

void add_rounded(LeftoverSums& sum, const LeftoverSums& more) {
    sum.count += more.count;
    sum.units += more.units;
    sum.worth += rounded(more.worth, 6);
}

LeftoverSums all_leftovers(const BlockMeasures& said) {
    LeftoverSums all;
    for (const OrderMeasures& order : said.orders) {
        add_rounded(all, order.leftovers);
    }
    return all;
}

std::size_t all_tickets(const BlockMeasures& said) {
    std::size_t all = 0;
    for (const OrderMeasures& order : said.orders) {
        all += order.tickets;
    }
    return all;
}

Rational cash_moved(const ReplayedBlock& block, const BlockMeasures& said) {
    Rational moved{0};
    for (std::size_t i = 0; said.average_price && i < block.claims.size(); ++i) {
        const bool sells = is_sale(block.claims[i]->side);
        moved += std::max(Rational{0}, rounded(said.cash_difference(i, sells), 6));
    }
    return moved;
}

void Sums::write_block(const std::string& name, const ReplayedBlock& block,
                       const BlockMeasures& said) {
    exact(name + "id", name_of(block.id));
    exact(name + "currency", said.currency);
    exact(name + "is_sale", is_sale(block.claims.front()->side) ? "yes" : "no");
    exact(name + "orders", block.claims.size());
    exact(name + "fills", block.fills.size());
    exact(name + "ordered", decimal_text(said.ordered));
    exact(name + "executed", decimal_text(said.executed));
    exact(name + "allocated", decimal_text(said.allocated));
    write_distances(name + "worst", said.worst);
    write_distances(name + "mean", said.mean());
    write_distances(name + "time_weighted", said.time_weighted());
    write_distances(name + "at_end", said.at_end);
    exact(name + "worst_order",
          said.worst_order ? name_of(block.claims[*said.worst_order]->id) : "none");
    exact(name + "worst_at", said.worst_at);
    exact(name + "average_price", said.average_price ? shown(*said.average_price, 10) : "none");
    exact(name + "largest_price_difference",
          said.average_price ? shown(said.largest_price_difference(), 10) : "none");
    statistic(name + "price_deviation",
              said.average_price ? Precise{sqrt(precise(said.price_variance()))} : Precise{0});
    exact(name + "cash_moved", cash_moved(block, said), 6);
    write_leftovers(name + "leftovers", all_leftovers(said));
    exact(name + "tickets", all_tickets(said));
    exact(name + "take_backs", said.take_backs);
}

void Sums::add_prices(const ReplayedBlock& block, const BlockMeasures& said) {
    if (!said.average_price || *said.average_price == 0) {
        return;
    }
    static const std::array<int, 14> edges{-500, -200, -100, -50, -20, -10, -1,
                                           1,    10,   20,   50,  100, 200, 500};
    const Rational average = abs(*said.average_price);
    largest_points_ =
        std::max(largest_points_, Rational{said.largest_price_difference() / average * 10000});
    deviation_points_ += sqrt(precise(said.price_variance())) / precise(average) * 10000;
    ++priced_;
    for (std::size_t i = 0; i < block.claims.size(); ++i) {
        if (said.orders[i].allocated != 0) {
            const Rational points = said.cash_difference(i, is_sale(block.claims[i]->side)) /
                                    said.orders[i].allocated / average * 10000;
            std::size_t place = 0;
            while (place < edges.size() && points >= Rational{edges[place], 10}) {
                ++place;
            }
            ++histogram_[place];
        }
    }
}

// The rank of each value from 0 on; equal ones share the mean of their ranks.
std::vector<Rational> ranks(const std::vector<Rational>& values) {
    std::vector<Rational> out;
    for (const Rational& value : values) {
        std::size_t below = 0;
        std::size_t equal = 0;
        for (const Rational& other : values) {
            below += other < value ? 1U : 0U;
            equal += other == value ? 1U : 0U;
        }
        out.push_back(Rational{static_cast<unsigned>(2 * below + equal - 1), 2});
    }
    return out;
}

void Sums::add_ranks(const BlockMeasures& said) {
    const std::size_t count = said.orders.size();
    if (count < 2) {
        return;
    }
    std::vector<Rational> leads;
    Rational mean{0};
    const Rational n{static_cast<unsigned>(count)};
    for (const OrderMeasures& order : said.orders) {
        leads.push_back(order.lead);
        mean += order.lead / n;
    }
    const std::vector<Rational> by_lead = ranks(leads);
    for (std::size_t i = 0; i < count; ++i) {
        const Rational position = Rational{static_cast<unsigned>(i)} / (n - 1) - Rational{1, 2};
        const Rational by_age = Rational{static_cast<unsigned>(i)} - (n - 1) / 2;
        const Rational by_size = by_lead[i] - (n - 1) / 2;
        xx_ += precise(position * position);
        xy_ += precise(position * (leads[i] - mean));
        rank_xx_ += precise(by_age * by_age);
        rank_xy_ += precise(by_age * by_size);
        rank_yy_ += precise(by_size * by_size);
    }
}

void Sums::add_misplaced(const ReplayedPeriod& period, const std::vector<BlockMeasures>& said) {
    const Rational lasts = period.last - period.first;
    for (std::size_t b = 0; b < said.size(); ++b) {
        if (said[b].ordered == 0) {
            continue;
        }
        for (std::size_t f = 0; f < said[b].misplaced.size(); ++f) {
            const Rational passed = moment(*period.blocks[b].fills[f].execution) - period.first;
            Whole place = lasts == 0 ? Whole{0} : floor_of(passed * 100 / lasts);
            place = place > 99 ? Whole{99} : place;
            misplaced_.at(place.convert_to<std::size_t>()) += precise(said[b].misplaced[f]);
            ++misplaced_fills_.at(place.convert_to<std::size_t>());
        }
    }
}

void Sums::add_block(const std::string& name, const ReplayedBlock& block,
                     const BlockMeasures& said) {
    write_block(name, block, said);
    ++blocks_;
    claims_ += block.claims.size();
    fills_ += block.fills.size();
    executed_ += said.executed;
    allocated_ += said.allocated;
    cash_moved_ += rounded(cash_moved(block, said), 6);
    take_backs_ += said.take_backs;
    tickets_ += all_tickets(said);
    add_rounded(leftovers_, all_leftovers(said));
    for (std::size_t unit = 0; unit < 3; ++unit) {
        worst_[unit] = std::max(worst_[unit], said.worst[unit]);
        at_end_[unit] = std::max(at_end_[unit], said.at_end[unit]);
    }
    for (std::size_t i = 0; i < block.claims.size(); ++i) {
        const OrderMeasures& order = said.orders[i];
        for (std::size_t unit = 0; unit < 3; ++unit) {
            mean_[unit] += rounded(order.mean[unit], 12);
            time_weighted_[unit] += rounded(order.time_weighted[unit], 12);
        }
        Account& account = accounts_[{*block.claims[i]->portfolio, said.currency}];
        account.allocated += order.allocated;
        account.tickets += order.tickets;
        account.profit += rounded(order.profit, 6);
        if (said.average_price) {
            account.cash += rounded(said.cash_difference(i, is_sale(block.claims[i]->side)), 6);
        }
        add_rounded(account.leftovers, order.leftovers);
    }
    add_prices(block, said);
    add_ranks(said);
}

void Sums::add(const std::string& period, const ReplayedPeriod& replayed) {
    std::vector<BlockMeasures> said;
    std::set<Key> seen;
    std::set<std::pair<Key, std::string>> seen_in_currency;
    for (const ReplayedBlock& block : replayed.blocks) {
        said.push_back(measure(block, replayed.marks));
        const std::string place = std::to_string(said.size() - 1);
        add_block(period + "/" + code_ + "/block " + place + "/", block, said.back());
        for (const OrderRow* order : block.claims) {
            if (seen.insert(order->id).second) {
                ++orders_;
                unfilled_ += replayed.end.at(order->id);
            }
            const std::string& currency = said.back().currency;
            if (seen_in_currency.insert({order->id, currency}).second) {
                Account& account = accounts_[{*order->portfolio, currency}];
                ++account.orders;
                account.ordered += replayed.start.at(order->id);
                account.unfilled += replayed.end.at(order->id);
            }
        }
    }
    add_misplaced(replayed, said);
    std::string failed;
    for (const auto& [id, type] : replayed.failed) {
        failed += name_of(id) + " " + type + "\n";
    }
    if (!failed.empty()) {
        exact(code_ + "/failed in " + period, failed);
    }
}

void Sums::write() {
    const std::string name = code_ + "/";
    exact(name + "blocks", blocks_);
    exact(name + "orders", orders_);
    exact(name + "fills", fills_);
    exact(name + "executed", decimal_text(executed_));
    exact(name + "allocated", decimal_text(allocated_));
    exact(name + "unfilled", decimal_text(unfilled_));
    const Rational claims{static_cast<unsigned>(std::max<std::size_t>(claims_, 1))};
    for (std::size_t unit = 0; unit < 3; ++unit) {
        mean_[unit] /= claims;
        time_weighted_[unit] /= claims;
    }
    write_distances(name + "worst", worst_);
    write_distances(name + "mean", mean_);
    write_distances(name + "time_weighted", time_weighted_);
    write_distances(name + "at_end", at_end_);
    exact(name + "largest_price_difference", largest_points_, 6);
    statistic(name + "price_deviation",
              priced_ == 0 ? Precise{0} : Precise{deviation_points_ / priced_});
    exact(name + "cash_moved", decimal_text(cash_moved_));
    statistic(name + "slope", xx_ == 0 ? Precise{0} : Precise{xy_ / xx_});
    const bool has_ranks = rank_xx_ > 0 && rank_yy_ > 0;
    statistic(name + "correlation",
              has_ranks ? Precise{rank_xy_ / sqrt(rank_xx_ * rank_yy_)} : Precise{0});
    write_leftovers(name + "leftovers", leftovers_);
    exact(name + "tickets", tickets_);
    exact(name + "take_backs", take_backs_);
    for (std::size_t i = 0; i < histogram_.size(); ++i) {
        exact(name + "prices " + std::to_string(i), histogram_.at(i));
    }
    for (std::size_t i = 0; i < misplaced_.size(); ++i) {
        const std::size_t fills = misplaced_fills_.at(i);
        exact(name + "misplaced fills " + std::to_string(i), fills);
        statistic(name + "misplaced " + std::to_string(i),
                  fills == 0 ? Precise{0} : Precise{misplaced_.at(i) / fills});
    }
    for (const auto& [id, account] : accounts_) {
        const std::string mine = name + "account " + name_of(id.first) + " " + id.second + "/";
        exact(mine + "orders", account.orders);
        exact(mine + "ordered", decimal_text(account.ordered));
        exact(mine + "allocated", decimal_text(account.allocated));
        exact(mine + "unfilled", decimal_text(account.unfilled));
        exact(mine + "cash_difference", decimal_text(account.cash));
        exact(mine + "deviation_profit", decimal_text(account.profit));
        write_leftovers(mine + "leftovers", account.leftovers);
        exact(mine + "tickets", account.tickets);
    }
}

}  // namespace

BacktestSheet backtest(const std::vector<BacktestPeriod>& periods, const BacktestRequest& request) {
    BacktestSheet sheet;
    std::vector<std::string> codes = request.algorithms;
    if (std::any_of(periods.begin(), periods.end(), [](const BacktestPeriod& period) {
            return !period.book.allocations.empty();
        })) {
        codes.emplace_back("ACTUAL");
    }
    for (const std::string& code : codes) {
        ReplayedRule rule{code, request};
        Sums sums{code, sheet};
        for (const BacktestPeriod& period : periods) {
            const ReplayedPeriod replayed = rule.replay(period.book);
            if (code != "ACTUAL" || !period.book.allocations.empty()) {
                sums.add(period.name, replayed);
            }
        }
        sums.write();
    }
    return sheet;
}

}  // namespace oracle
