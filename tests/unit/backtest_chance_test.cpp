// The permutation tests of the backtest against all permutations of small blocks, and against rules
// that favour somebody or nobody.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "allot/split.hpp"
#include "engine/backtest/permutations.hpp"
#include "tests/oracle/random.hpp"
#include "tests/unit/backtest_support.hpp"

using backtest_test::account;
using backtest_test::fill;
using backtest_test::options_of;
using backtest_test::order;
using backtest_test::replay;
using backtest_test::Replayed;

namespace {

constexpr std::size_t many_draws = 100'000;

// Orders by block and rank; an order belongs to the account that `accounts` names.
using Accounts = std::vector<std::vector<std::string>>;

// Blocks of 3 and of 4 orders under FIFO, so that each order has a deviation of its own.
allot::Book two_blocks(const Accounts& accounts) {
    const std::vector<std::vector<std::string>> sizes{{"10", "20", "30"}, {"8", "8", "24", "16"}};
    const std::vector<std::vector<std::string>> prices{{"10", "12", "11"}, {"7", "5", "6"}};
    allot::Book book;
    for (std::size_t b = 0; b < accounts.size(); ++b) {
        const std::string name = std::to_string(b);
        std::vector<std::string> codes;
        for (std::size_t i = 0; i < accounts[b].size(); ++i) {
            codes.push_back("O" + name + std::to_string(i));
            make::put(book, order(codes.back(), sizes[b][i], static_cast<int>(i), accounts[b][i]));
        }
        make::put(book, make::block("B" + name, codes), make::placement("P" + name, {"B" + name}));
        for (std::size_t f = 0; f < prices[b].size(); ++f) {
            make::put(book, fill("E" + name + std::to_string(f), "P" + name, "11", prices[b][f],
                                 "10:0" + std::to_string(f) + ":00", "C" + name));
        }
    }
    return book;
}

// The profit of every order, from a run in which each has an account of its own.
std::vector<std::vector<double>> profits() {
    const Replayed replayed = replay(options_of({"FIFO"}, "1", 1),
                                     two_blocks({{"a0", "a1", "a2"}, {"b0", "b1", "b2", "b3"}}));
    std::vector<std::vector<double>> all(2);
    for (const allot::AccountOutcome& one : replayed.result.rules[0].accounts) {
        all[one.portfolio.code()[0] == 'a' ? 0 : 1].push_back(
            std::stod(one.deviation_profit.to_string()));
    }
    return all;
}

// Calls `visit` with every way to deal the values of each block anew.
void deal(std::vector<std::vector<double>> values, std::size_t block,
          const std::function<void(const std::vector<std::vector<double>>&)>& visit) {
    if (block == values.size()) {
        visit(values);
        return;
    }
    std::vector<std::size_t> order(values[block].size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::vector<double> before = values[block];
    do {
        for (std::size_t i = 0; i < order.size(); ++i) {
            values[block][i] = before[order[i]];
        }
        deal(values, block + 1, visit);
    } while (std::next_permutation(order.begin(), order.end()));
}

struct Tails {
    double at_least{0};
    double at_most{0};
};

Tails exact_tails(const std::vector<std::vector<double>>& values,
                  const std::function<double(const std::vector<std::vector<double>>&)>& statistic) {
    const double observed = statistic(values);
    Tails tails;
    double all = 0;
    deal(values, 0, [&](const std::vector<std::vector<double>>& dealt) {
        const double here = statistic(dealt);
        tails.at_least += here >= observed - 1e-9 ? 1 : 0;
        tails.at_most += here <= observed + 1e-9 ? 1 : 0;
        all += 1;
    });
    REQUIRE(all == 6 * 24);
    return {tails.at_least / all, tails.at_most / all};
}

// Five standard deviations of a share among many_draws, and the one that is counted in advance.
bool is_within_sampling(double p, double exact) {
    const double draws = static_cast<double>(many_draws);
    return std::abs(p - exact) <= 5 * std::sqrt(exact * (1 - exact) / draws) + 2 / draws;
}

// Gives odd fills to one account first, others to it last: whoever sends the cheap fills odd,
// favours it. Else first in, first out.
class Favourite : public allot::AlgorithmOf<Favourite> {
  public:
    Favourite() {
        info_.code = "FAVOURITE";
        info_.summary = "wrong on purpose";
        info_.needs.portfolios = true;
    }
    [[nodiscard]] const allot::AlgorithmInfo& info() const noexcept override { return info_; }
    [[nodiscard]] std::string_view named_portfolio() const noexcept override { return "funds/X"; }

    template <allot::SplitInteger Int>
    [[nodiscard]] allot::Result<void> shares_of(const allot::Split<Int>& split,
                                                std::span<Int> shares) const {
        const bool is_cheap = (split.available / split.lot) % Int{2} == Int{1};
        Int left = split.available;
        for (const bool turn : {true, false}) {
            for (std::size_t i = 0; i < shares.size(); ++i) {
                const bool is_named = !split.named.empty() && split.named[i] != 0;
                if ((is_named == is_cheap) == turn) {
                    shares[i] = std::min(left, split.room[i]);
                    left -= shares[i];
                }
            }
        }
        return {};
    }

  private:
    allot::AlgorithmInfo info_{};
};

allot::Registry with_favourite() {
    allot::Registry registry = allot::Registry::with_builtins();
    registry.add(std::make_shared<Favourite>()).value();
    return registry;
}

// 40 blocks of four orders of 100, of the accounts W, X, Y and Z in an order drawn by lot; cheap
// fills are of 11, dear ones of 10 units, and a dozen in each block. In the end all is worth 100.
allot::Book forty_blocks(std::uint64_t seed) {
    oracle::Random random{seed};
    allot::Book book;
    for (int b = 10; b < 50; ++b) {
        const std::string name = std::to_string(b);
        std::vector<std::string> accounts{"W", "X", "Y", "Z"};
        random.shuffle(accounts);
        std::vector<std::string> codes;
        for (std::size_t i = 0; i < accounts.size(); ++i) {
            codes.push_back("O" + name + std::to_string(i));
            make::put(book, order(codes.back(), "100", static_cast<int>(i), accounts[i]));
        }
        allot::Block block = make::block("B" + name, codes);
        make::put(book, block, make::placement("P" + name, {"B" + name}));
        for (int f = 10; f < 22; ++f) {
            const bool is_cheap = random.one_in(2);
            make::put(book, fill("E" + name + std::to_string(f), "P" + name, is_cheap ? "11" : "10",
                                 is_cheap ? std::to_string(random.between(90, 99))
                                          : std::to_string(random.between(101, 110)),
                                 "10:" + std::to_string(f) + ":00"));
        }
        make::put(book, fill("L" + name, "P" + name, "10", "100", "10:30:00"));
    }
    return book;
}

}  // namespace

TEST_CASE("Chances of accounts are those of all permutations", "[backtest][chance]") {
    const std::vector<std::vector<double>> values = profits();
    REQUIRE(values[0].size() == 3);
    REQUIRE(values[1].size() == 4);
    allot::BacktestOptions options = options_of({"FIFO"}, "1", many_draws);
    // A has two orders in the second block and none in the first, B and C one in each or more.
    // Both blocks have one currency here, so that accounts reach over both.
    const Accounts accounts{{"B", "C", "B"}, {"A", "A", "C", "B"}};
    allot::Book book = two_blocks(accounts);
    for (const allot::ExecutionId& id : book.execution_ids()) {
        allot::Execution execution = *book.find(id);
        execution.price->currency = "GBP";
        make::put(book, execution);
    }
    // One currency, and no identifiers: the last price would be that of both blocks.
    for (const allot::OrderId& id : book.order_ids()) {
        allot::Order made = *book.find(id);
        made.instrument_identifiers["Instrument/default/Figi"] = id.code().substr(0, 2);
        make::put(book, made);
    }
    for (const allot::BlockId& id : book.block_ids()) {
        allot::Block made = *book.find(id);
        made.instrument_identifiers["Instrument/default/Figi"] = "O" + id.code().substr(1);
        make::put(book, made);
    }
    const Replayed replayed = replay(options, std::move(book));
    const allot::RuleOutcome& rule = replayed.result.rules[0];
    REQUIRE(rule.accounts.size() == 3);
    std::vector<double> p;
    for (const std::string name : {"A", "B", "C"}) {
        const Tails tails = exact_tails(values, [&](const std::vector<std::vector<double>>& dealt) {
            double sum = 0;
            for (std::size_t b = 0; b < 2; ++b) {
                for (std::size_t i = 0; i < dealt[b].size(); ++i) {
                    sum += accounts[b][i] == name ? dealt[b][i] : 0;
                }
            }
            return sum;
        });
        INFO(name << " " << tails.at_least << " " << tails.at_most);
        CHECK(is_within_sampling(account(rule, name).favoured_p, tails.at_least));
        CHECK(is_within_sampling(account(rule, name).harmed_p, tails.at_most));
        p.push_back(account(rule, name).favoured_p);
    }
    // Holm: the smallest times 3, the next times 2, the largest as it is, each at least the one
    // before and at most 1.
    std::vector<std::string> names{"A", "B", "C"};
    std::sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return account(rule, a).favoured_p < account(rule, b).favoured_p;
    });
    std::sort(p.begin(), p.end());
    const double first = std::min(1.0, 3 * p[0]);
    const double second = std::max(first, std::min(1.0, 2 * p[1]));
    const double third = std::max(second, p[2]);
    CHECK(account(rule, names[0]).favoured_p_corrected == Approx(first).epsilon(1e-12));
    CHECK(account(rule, names[1]).favoured_p_corrected == Approx(second).epsilon(1e-12));
    CHECK(account(rule, names[2]).favoured_p_corrected == Approx(third).epsilon(1e-12));
    CHECK(rule.smallest_favoured_p == Approx(first).epsilon(1e-12));
}

TEST_CASE("The chance of a slope is that of all permutations", "[backtest][chance]") {
    // One fill of 11 a block would do; there are three. FIFO over 10, 20, 30: a is 10, 1, 0, then
    // 10, 12, 0, then 10, 20, 3. E is 11, 22, 33, the exact parts E/6, E/3, E/2.
    const std::vector<std::vector<double>> leads{
        {((10 - 11.0 / 6) + (10 - 22.0 / 6) + (10 - 33.0 / 6)) / 3 / 10,
         ((1 - 11.0 / 3) + (12 - 22.0 / 3) + (20 - 33.0 / 3)) / 3 / 20,
         (-11.0 / 2 - 22.0 / 2 + 3 - 33.0 / 2) / 3 / 30},
        // Over 8, 8, 24, 16: 8, 3, 0, 0, then 8, 8, 6, 0, then 8, 8, 17, 0. Parts E/7, E/7, 3E/7,
        // 2E/7.
        {((8 - 11.0 / 7) + (8 - 22.0 / 7) + (8 - 33.0 / 7)) / 3 / 8,
         ((3 - 11.0 / 7) + (8 - 22.0 / 7) + (8 - 33.0 / 7)) / 3 / 8,
         (-33.0 / 7 + (6 - 66.0 / 7) + (17 - 99.0 / 7)) / 3 / 24,
         (-22.0 / 7 - 44.0 / 7 - 66.0 / 7) / 3 / 16}};
    const auto slope = [](const std::vector<std::vector<double>>& dealt) {
        double products = 0;
        double squares = 0;
        for (const std::vector<double>& block : dealt) {
            for (std::size_t i = 0; i < block.size(); ++i) {
                const double position =
                    static_cast<double>(i) / static_cast<double>(block.size() - 1) - 0.5;
                products += position * block[i];
                squares += position * position;
            }
        }
        return products / squares;
    };
    const Replayed replayed = replay(options_of({"FIFO"}, "1", many_draws),
                                     two_blocks({{"A", "B", "C"}, {"A", "B", "C", "D"}}));
    const allot::FirstInBias& bias = replayed.result.rules[0].first_in;
    CHECK(bias.slope == Approx(slope(leads)).epsilon(1e-9));
    const double p =
        exact_tails(leads, [&](const auto& dealt) { return std::abs(slope(dealt)); }).at_least;
    INFO(p);
    CHECK(is_within_sampling(bias.p, p));

    // The quantiles that bound the interval lie among those of all permutations, half a percent
    // of probability to either side.
    std::vector<double> all;
    deal(leads, 0, [&](const auto& dealt) { all.push_back(slope(dealt)); });
    std::sort(all.begin(), all.end());
    const auto at = [&](double share) {
        return all[static_cast<std::size_t>(share * static_cast<double>(all.size()))];
    };
    CHECK(bias.slope - bias.slope_low >= at(0.97) - 1e-9);
    CHECK(bias.slope - bias.slope_low <= at(0.98) + 1e-9);
    CHECK(bias.slope - bias.slope_high >= at(0.02) - 1e-9);
    CHECK(bias.slope - bias.slope_high <= at(0.03) + 1e-9);
    CHECK(bias.correlation_low <= bias.correlation_high);
}

TEST_CASE("One draw is no evidence", "[backtest][chance]") {
    const Replayed replayed =
        replay(options_of({"FIFO"}, "1", 1), two_blocks({{"A", "B", "C"}, {"A", "B", "C", "D"}}));
    for (const allot::AccountOutcome& one : replayed.result.rules[0].accounts) {
        CHECK((one.favoured_p == 0.5 || one.favoured_p == 1));
        CHECK((one.harmed_p == 0.5 || one.harmed_p == 1));
    }
}

TEST_CASE("A rule that favours an account is found, exact rules are not", "[backtest][chance]") {
    std::vector<allot::Book> books;
    books.push_back(forty_blocks(1));
    const Replayed replayed = replay(options_of({"FAVOURITE", "TIJDEMAN", "PR-LR"}, "1", 10'000),
                                     std::move(books), with_favourite());
    const allot::RuleOutcome& favourite = replayed.result.rules[0];
    CHECK(favourite.failures.empty());
    CHECK(favourite.blocks == 40);
    CHECK(favourite.take_backs == 0);
    CHECK(account(favourite, "X").favoured_p_corrected < 0.001);
    CHECK(account(favourite, "X").harmed_p > 0.999);
    CHECK(account(favourite, "X").deviation_profit.sign() > 0);
    CHECK(favourite.smallest_favoured_p == account(favourite, "X").favoured_p_corrected);
    for (const std::string other : {"W", "Y", "Z"}) {
        CHECK(account(favourite, other).favoured_p > 0.05);
    }
    for (const std::size_t rule : {1U, 2U}) {
        INFO(replayed.result.rules[rule].algorithm);
        CHECK(replayed.result.rules[rule].smallest_favoured_p > 0.05);
    }
}

TEST_CASE("Exact rules are rarely suspected", "[backtest][chance]") {
    // 40 worlds of four accounts, one test each after Holm: 5 % of them are expected below 0.05,
    // 8 or more with a chance of 1 in 2,000.
    std::size_t suspected = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const Replayed replayed = replay(options_of({"TIJDEMAN"}, "1", 500), forty_blocks(seed));
        suspected += replayed.result.rules[0].smallest_favoured_p < 0.05 ? 1U : 0U;
    }
    CHECK(suspected < 8);
}

TEST_CASE("The same books, rules and seed give the same bytes for any number of threads",
          "[backtest][chance]") {
    allot::BacktestOptions options =
        options_of({"PR-FIFO", "PR-RND", "QUOTA", "TIJDEMAN"}, "1", 2000);
    const std::string one = backtest_test::json(replay(options, forty_blocks(3)).result);
    for (const unsigned threads : {1U, 2U, 4U, 0U}) {
        options.threads = threads;
        CHECK(backtest_test::json(replay(options, forty_blocks(3)).result) == one);
    }
}

TEST_CASE("Another seed changes the tests alone", "[backtest][chance]") {
    allot::BacktestOptions options = options_of({"PR-FIFO", "QUOTA"}, "1", 200);
    const allot::BacktestResult first = replay(options, forty_blocks(3)).result;
    options.seed = 2;
    allot::BacktestResult second = replay(options, forty_blocks(3)).result;
    CHECK(backtest_test::json(first) != backtest_test::json(second));
    CHECK(second.seed == 2);
    CHECK(second.rules[0].accounts[0].favoured_p != first.rules[0].accounts[0].favoured_p);
    second.seed = first.seed;
    for (std::size_t i = 0; i < first.rules.size(); ++i) {
        allot::RuleOutcome& rule = second.rules[i];
        const allot::FirstInBias& bias = first.rules[i].first_in;
        CHECK(rule.first_in.slope == bias.slope);
        CHECK(rule.first_in.correlation == bias.correlation);
        rule.first_in = bias;
        rule.smallest_favoured_p = first.rules[i].smallest_favoured_p;
        for (std::size_t a = 0; a < rule.accounts.size(); ++a) {
            rule.accounts[a].favoured_p = first.rules[i].accounts[a].favoured_p;
            rule.accounts[a].favoured_p_corrected = first.rules[i].accounts[a].favoured_p_corrected;
            rule.accounts[a].harmed_p = first.rules[i].accounts[a].harmed_p;
        }
    }
    CHECK(backtest_test::json(first) == backtest_test::json(second));
}

TEST_CASE("Other names in the same order change no number", "[backtest][chance]") {
    const auto book_named = [](const std::string& prefix) {
        allot::Book book;
        const std::vector<std::string> codes{prefix + "A", prefix + "B", prefix + "C"};
        for (int i = 0; i < 3; ++i) {
            make::put(book,
                      order(codes[static_cast<std::size_t>(i)], "30", 0, "P" + std::to_string(i)));
        }
        make::put(book, make::block(prefix + "B1", codes),
                  make::placement(prefix + "P1", {prefix + "B1"}));
        for (int f = 0; f < 5; ++f) {  // at one time: their ids say which is first
            make::put(book, fill(prefix + "E" + std::to_string(f), prefix + "P1", "7",
                                 std::to_string(10 + f * f), "10:00:00"));
        }
        return book;
    };
    const allot::BacktestOptions options = options_of({"PR-FIFO", "PR-LR", "QUOTA"});
    std::string plain = backtest_test::json(replay(options, book_named("")).result);
    std::string renamed = backtest_test::json(replay(options, book_named("zz")).result);
    CHECK(plain != renamed);
    for (std::size_t at = renamed.find("zz"); at != std::string::npos; at = renamed.find("zz")) {
        renamed.erase(at, 2);
    }
    CHECK(plain == renamed);
}

TEST_CASE("Profits of an account may add up to more than 64 bits", "[backtest][chance]") {
    // Three blocks of two orders; account 0 gains in each what just fits. All three gains come
    // together in one of eight deals, and all three losses in another.
    constexpr std::int64_t most = 4'600'000'000'000'000'000;
    allot::backtest::TestBlocks blocks;
    blocks.sizes = {2, 2, 2};
    blocks.accounts = {0, 1, 0, 1, 0, 1};
    blocks.profits = {most, -most, most, -most, most, -most};
    blocks.leads = {0, 0, 0, 0, 0, 0};
    constexpr std::size_t draws = 8000;
    const auto result = allot::backtest::run_permutations(blocks, 2, 1, draws, 1);
    CHECK(result.accounts[0].at_least > draws / 8 - 200);
    CHECK(result.accounts[0].at_least < draws / 8 + 200);
    CHECK(result.accounts[0].at_most == draws);
    CHECK(result.accounts[1].at_most == result.accounts[0].at_least);
}
