// Backtests of random calendars against the pencil: every decimal equal, every statistic to the
// ninth digit.
#include "allot/backtest.hpp"

#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "allot/book_file.hpp"
#include "oracle/backtest_oracle.hpp"
#include "oracle/backtest_worlds.hpp"
#include "oracle/book_generator.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using oracle::BacktestPeriod;
using oracle::BacktestRequest;
using oracle::BacktestSheet;
using oracle::BacktestWorld;

// Writes what the library found under the names of the pencil.
class Writer {
  public:
    BacktestSheet sheet{};

    void block(const std::string& name, const allot::BlockOutcome& block);
    void rule(const allot::RuleOutcome& rule, const std::vector<std::string>& periods);

  private:
    void exact(const std::string& name, const std::string& text) { sheet.exact[name] = text; }
    void exact(const std::string& name, const allot::Decimal& value) {
        exact(name, value.to_string());
    }
    void exact(const std::string& name, std::size_t count) { exact(name, std::to_string(count)); }
    void distance(const std::string& name, const allot::Distance& distance) {
        exact(name + ".units", distance.units);
        exact(name + ".lots", distance.lots);
        exact(name + ".share", distance.share);
    }
    void tracking(const std::string& name, const allot::Tracking& tracking) {
        distance(name + "worst", tracking.worst);
        distance(name + "mean", tracking.mean);
        distance(name + "time_weighted", tracking.time_weighted);
        distance(name + "at_end", tracking.at_end);
    }
    void leftovers(const std::string& name, const allot::Leftovers& leftovers) {
        exact(name + ".count", leftovers.count);
        exact(name + ".units", leftovers.units);
        exact(name + ".worth", leftovers.worth);
    }
    void account(const std::string& name, const allot::AccountOutcome& account);
};

void Writer::block(const std::string& name, const allot::BlockOutcome& block) {
    const auto price = [](const std::optional<allot::Decimal>& value) {
        return value ? value->to_string() : "none";
    };
    exact(name + "id", block.block.to_string());
    exact(name + "currency", block.currency);
    exact(name + "is_sale", std::string{block.is_sale ? "yes" : "no"});
    exact(name + "orders", block.orders);
    exact(name + "fills", block.fills);
    exact(name + "ordered", block.ordered);
    exact(name + "executed", block.executed);
    exact(name + "allocated", block.allocated);
    tracking(name, block.tracking);
    exact(name + "worst_order", block.worst_order ? block.worst_order->to_string() : "none");
    exact(name + "worst_at", block.worst_at);
    exact(name + "average_price", price(block.average_price));
    exact(name + "largest_price_difference", price(block.largest_price_difference));
    sheet.statistics[name + "price_deviation"] = block.price_deviation;
    exact(name + "cash_moved", block.cash_moved);
    leftovers(name + "leftovers", block.leftovers);
    exact(name + "tickets", block.tickets);
    exact(name + "take_backs", block.take_backs);
}

void Writer::account(const std::string& name, const allot::AccountOutcome& account) {
    const std::string mine =
        name + "account " + account.portfolio.to_string() + " " + account.currency + "/";
    exact(mine + "orders", account.orders);
    exact(mine + "ordered", account.ordered);
    exact(mine + "allocated", account.allocated);
    exact(mine + "unfilled", account.unfilled);
    exact(mine + "cash_difference", account.cash_difference);
    exact(mine + "deviation_profit", account.deviation_profit);
    leftovers(mine + "leftovers", account.leftovers);
    exact(mine + "tickets", account.tickets);
}

void Writer::rule(const allot::RuleOutcome& rule, const std::vector<std::string>& periods) {
    const std::string name = rule.algorithm + "/";
    exact(name + "blocks", rule.blocks);
    exact(name + "orders", rule.orders);
    exact(name + "fills", rule.fills);
    exact(name + "executed", rule.executed);
    exact(name + "allocated", rule.allocated);
    exact(name + "unfilled", rule.unfilled);
    tracking(name, rule.tracking);
    exact(name + "largest_price_difference", rule.largest_price_difference);
    sheet.statistics[name + "price_deviation"] = rule.price_deviation;
    exact(name + "cash_moved", rule.cash_moved);
    sheet.statistics[name + "slope"] = rule.first_in.slope;
    sheet.statistics[name + "correlation"] = rule.first_in.correlation;
    leftovers(name + "leftovers", rule.leftovers);
    exact(name + "tickets", rule.tickets);
    exact(name + "take_backs", rule.take_backs);
    for (std::size_t i = 0; i < rule.prices.counts.size(); ++i) {
        exact(name + "prices " + std::to_string(i), rule.prices.counts.at(i));
    }
    for (std::size_t i = 0; i < rule.misplaced.share.size(); ++i) {
        sheet.statistics[name + "misplaced " + std::to_string(i)] = rule.misplaced.share.at(i);
        exact(name + "misplaced fills " + std::to_string(i), rule.misplaced.fills.at(i));
    }
    for (const allot::AccountOutcome& outcome : rule.accounts) {
        account(name, outcome);
    }
    for (const allot::PeriodFailure& failure : rule.failures) {
        sheet.exact[name + "failed in " + periods.at(failure.period)] +=
            failure.failure.placement.to_string() + " " +
            std::string{allot::name(failure.failure.type)} + "\n";
    }
}

BacktestSheet replayed(const BacktestWorld& world) {
    allot::BacktestOptions options;
    options.algorithms = world.request.algorithms;
    options.options.lot = allot::Quantity::parse(oracle::decimal_text(world.request.lot)).value();
    options.options.allow_unpriced = world.request.allow_unpriced;
    options.independent = world.request.independent;
    options.draws = 1;
    options.threads = 1;
    allot::Backtest backtest = allot::Backtest::begin(options).value();
    Writer writer;
    for (const BacktestPeriod& period : world.periods) {
        allot::Book book =
            allot::read_book_json(oracle::json_text(period.book, world.seed), "book.json", {})
                .value()
                .book;
        const allot::PeriodOutcome outcome = backtest.replay(period.name, std::move(book)).value();
        for (const std::vector<allot::BlockOutcome>& blocks : outcome.blocks) {
            // Blocks that the rule could not split stand there without numbers.
            std::size_t measured = 0;
            for (const allot::BlockOutcome& block : blocks) {
                if (block.fills > 0) {
                    writer.block(period.name + "/" + block.algorithm + "/block " +
                                     std::to_string(measured++) + "/",
                                 block);
                }
            }
        }
    }
    const allot::BacktestResult result = backtest.result();
    for (const allot::RuleOutcome& rule : result.rules) {
        writer.rule(rule, result.periods);
    }
    return writer.sheet;
}

// One line for each number that differs.
std::string differences(const BacktestSheet& got, const BacktestSheet& wanted) {
    std::ostringstream text;
    text.precision(17);
    std::map<std::string, std::pair<std::string, std::string>> exact;
    for (const auto& [name, value] : got.exact) {
        exact[name].first = value;
        exact[name].second = "(no such thing)";
    }
    for (const auto& [name, value] : wanted.exact) {
        exact.try_emplace(name, "(no such thing)", "").first->second.second = value;
    }
    for (const auto& [name, values] : exact) {
        if (values.first != values.second) {
            text << name << ": " << values.first << ", expected " << values.second << '\n';
        }
    }
    for (const auto& [name, value] : wanted.statistics) {
        const auto found = got.statistics.find(name);
        // The last term is for sums of large numbers that end near zero.
        if (found != got.statistics.end() &&
            !(std::abs(found->second - value) <= 1e-9 * std::abs(value) + 1e-12)) {
            text << name << ": " << found->second << ", expected " << value << '\n';
        }
    }
    return text.str();
}

std::string trouble(const BacktestWorld& world) {
    try {
        return differences(replayed(world), oracle::backtest(world.periods, world.request));
    } catch (const allot::Refusal& refusal) {
        return std::string{"refused: "} + refusal.what() + "\n";
    }
}

// Drops what is not needed to fail.
BacktestWorld minimised(BacktestWorld world) {
    for (bool shrinks = true; shrinks;) {
        shrinks = false;
        for (const BacktestWorld& less : oracle::smaller(world)) {
            if (!trouble(less).empty()) {
                world = less;
                shrinks = true;
                break;
            }
        }
    }
    return world;
}

}  // namespace

TEST_CASE("Backtests of random calendars measure what the pencil measures", "[oracle][backtest]") {
    const std::size_t count = oracle::cases("random calendars", 600);
    std::size_t numbers = 0;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        const BacktestWorld world = oracle::random_backtest(seed);
        if (!trouble(world).empty()) {
            const BacktestWorld least = minimised(world);
            FAIL(oracle::description(least) << trouble(least));
        }
        numbers += oracle::backtest(world.periods, world.request).exact.size();
    }
    CHECK(numbers > 100 * count);
}
