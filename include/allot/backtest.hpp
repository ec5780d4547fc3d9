// Backtest: replays the fills of many periods under many rules, and measures who gained.
//
//   Backtest backtest = Backtest::begin({.algorithms = {"PR-FIFO", "QUOTA"}}).value();
//   for (const std::string day : {"2026-03-02", "2026-03-03"}) {
//       (void)backtest.replay(day, std::move(read_book(day).value().book)).value();
//   }
//   for (const RuleOutcome& rule : backtest.result().rules) {
//       std::cout << rule.algorithm << ' ' << rule.tracking.worst.units.to_string() << '\n';
//   }
//
// docs/backtest.md defines every measure, with its formula and unit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allot/book.hpp"
#include "allot/engine.hpp"
#include "allot/registry.hpp"

namespace allot {

// What an instrument is worth at the end of a period, in place of its last price there.
struct Mark {
    std::string period{};      // empty: of every period that has no mark of its own
    Identifiers instrument{};  // applies to blocks as an Instrument does: a common key, none that
                               // differs
    std::string currency{};
    Price price{};

    friend bool operator==(const Mark&, const Mark&) = default;
};

struct BacktestOptions {
    // Codes of rules, "PR-LF" or "PR-LF:minimum=2"; at least one. The allocations that a book holds
    // are measured beside them, as the rule ACTUAL.
    std::vector<std::string> algorithms{"PR-FIFO"};
    // Lot, strict lots, ties and unpriced fills as in a run. Orders in any state make claims: one
    // that is closed today was alive when it was filled. Seed, threads and progress are not used.
    RunOptions options{};
    std::uint64_t seed{1};      // of rules that draw, and of the permutations
    std::size_t draws{10'000};  // permutations behind each test, 1 to 10,000,000
    bool independent{false};    // every period starts with nothing allocated
    std::vector<Mark> marks{};  // the first that applies counts, those of the period before others
    unsigned threads{0};        // 0: as many as there are cores; the results are the same
};

// A distance of what an order has from its exact part of its block, in three units. Rounded
// half_even to 6 places.
struct Distance {
    Decimal units{};
    Decimal lots{};   // of the instrument
    Decimal share{};  // of the order; 1 is all of it

    friend bool operator==(const Distance&, const Distance&) = default;
};

// Distances over time. The exact part of an order is what a divisible fill would have given it:
// executed so far x outstanding at the start of the period / sum of outstanding at the start.
struct Tracking {
    Distance worst{};          // largest of any order after any fill
    Distance mean{};           // over fills and orders
    Distance time_weighted{};  // the same, each state as long as it lasted
    Distance at_end{};         // largest of any order after the last fill

    friend bool operator==(const Tracking&, const Tracking&) = default;
};

// Units above the exact part of a single fill rounded down to whole lots.
struct Leftovers {
    std::size_t count{0};  // how often
    Decimal units{};
    Decimal worth{};  // at the prices of the fills
};

// One block of one period under one rule. A block is what its claims make it: placements that have
// the same claims are measured together, under the id of the first block of the first of them.
struct BlockOutcome {
    std::size_t period{0};    // position in BacktestResult::periods
    std::string algorithm{};  // as RuleOutcome::algorithm
    BlockId block{};
    std::string instrument{};  // its identifiers, "key=value|key=value"
    std::string currency{};
    bool is_sale{false};
    std::size_t orders{0};
    std::size_t fills{0};
    Decimal ordered{};   // outstanding at the start of the period
    Decimal executed{};  // in the period
    Decimal allocated{};
    Tracking tracking{};
    std::optional<OrderId> worst_order{};  // whose distance was the worst, in units
    std::string worst_at{};                // the time of the fill after which it was
    std::size_t worst_fill{0};             // which fill of the block that is, from 1
    // Prices; absent where fills have none or several currencies. Rounded half_even to 10 places.
    std::optional<Decimal> average_price{};
    std::optional<Decimal> largest_price_difference{};  // of an order's average from the block's
    double price_deviation{0};  // statistic: standard deviation of the same, weighted by units
    Decimal cash_moved{};       // sum of what orders gained against the block's average price
    Leftovers leftovers{};
    std::size_t tickets{0};     // allocations
    std::size_t take_backs{0};  // shares below zero; none, or the rule is broken
};

// One account (portfolio) under one rule, over all periods, in one currency.
struct AccountOutcome {
    PortfolioId portfolio{};
    std::string currency{};
    std::size_t orders{0};  // counted once a period
    Decimal ordered{};      // outstanding at the start of periods
    Decimal allocated{};
    Decimal unfilled{};  // at the end of periods
    // What it paid less, or received more, than at the average prices of its blocks. Sums to zero
    // over the accounts of a block but for rounding at the 6th place.
    Decimal cash_difference{};
    // Profit of what it has against its exact part of every fill, marked at the last price of the
    // period: what the rule gave it or took from it.
    Decimal deviation_profit{};
    Leftovers leftovers{};
    std::size_t tickets{0};
    // Of the permutation test: how often chance gave the account as much as the rule did, or more;
    // p = (1 + that) / (1 + draws). Corrected for many accounts after Holm.
    double favoured_p{1};            // statistic
    double favoured_p_corrected{1};  // statistic
    double harmed_p{1};              // statistic: as little as the rule did, or less
};

// How the rank of an order explains what it got: see docs/backtest.md.
struct FirstInBias {
    double slope{0};             // statistic: share of the order, from the oldest to the youngest
    double slope_low{0};         // statistic: 95 % interval of the slope, by permutation
    double slope_high{0};        // statistic
    double correlation{0};       // statistic: of ranks, pooled over blocks
    double correlation_low{0};   // statistic
    double correlation_high{0};  // statistic
    double p{1};  // statistic: how often chance gives a slope as far from zero, or farther
};

// Number of orders by the distance of their average price from that of their block, in basis points
// of it: in the order's favour above zero.
struct PriceHistogram {
    static constexpr std::array<int, 14> edges_in_tenths{-500, -200, -100, -50, -20, -10, -1,
                                                         1,    10,   20,   50,  100, 200, 500};
    std::array<std::size_t, 15> counts{};  // below the first edge, between edges, from the last on
};

// How much of a block lies with the wrong orders, over the time of its period: the mean over blocks
// and fills of sum |distance| / 2 / sum of outstanding at the start, by hundredths of the time
// between the first and the last fill of the period.
struct MisplacedCurve {
    std::array<double, 100> share{};       // statistic: 0 where nothing happened
    std::array<std::size_t, 100> fills{};  // how many fills stand behind each
};

struct PeriodFailure {
    std::size_t period{0};
    Failure failure{};
};

// What became of everything under one rule.
struct RuleOutcome {
    std::string algorithm{};  // with its parameters; "ACTUAL": the allocations of the books
    std::size_t blocks{0};
    std::size_t orders{0};  // claims of blocks; counted once a period
    std::size_t fills{0};
    Decimal executed{};
    Decimal allocated{};
    Decimal unfilled{};  // of orders at the end of periods
    Tracking tracking{};
    Decimal largest_price_difference{};  // in basis points of the block's average, 6 places
    double price_deviation{0};           // statistic: mean over blocks, basis points
    Decimal cash_moved{};                // over all currencies, as numbers
    FirstInBias first_in{};
    double smallest_favoured_p{1};  // statistic: corrected, over all accounts
    Leftovers leftovers{};
    std::size_t tickets{0};
    std::size_t take_backs{0};
    PriceHistogram prices{};
    MisplacedCurve misplaced{};
    std::vector<AccountOutcome> accounts{};  // by portfolio, then currency
    std::vector<PeriodFailure> failures{};   // placements that the rule could not split
};

// One period that was replayed.
struct PeriodOutcome {
    std::string name{};
    std::size_t executions{0};
    std::string first_fill{};  // time as received; empty: no fill
    std::string last_fill{};
    std::vector<std::vector<BlockOutcome>> blocks{};  // by rule, then in the order of the blocks
};

// One fill of a block under one rule, order by order, in rank order.
struct BlockStep {
    std::size_t fill{0};  // of the block, from 1
    std::string time{};
    Decimal quantity{};
    std::optional<Decimal> price{};
    std::vector<Decimal> shares{};
    std::vector<Decimal> allocated{};  // with this fill
    std::vector<Decimal> lots_off{};   // from the exact part, ahead above zero; 6 places
};

// How one block came to where it was worst: its first fills, those around the worst, and its last.
struct BlockSteps {
    BlockOutcome block{};
    std::vector<OrderId> orders{};
    std::vector<Decimal> ordered{};
    std::vector<BlockStep> steps{};
};

// A period that could not be replayed.
struct PeriodLeftOut {
    std::string name{};
    std::string why{};
};

struct BacktestResult {
    std::string engine_version{};
    std::uint64_t seed{0};
    std::size_t draws{0};
    bool independent{false};
    std::string lot{};
    bool is_complete{true};              // for the caller to say that periods are still to come
    std::vector<std::string> periods{};  // names, in time order
    std::vector<PeriodLeftOut> left_out{};
    std::size_t splits{0};             // fills times rules
    std::vector<RuleOutcome> rules{};  // in the order asked for; ACTUAL, where there is one, last
    // The ten blocks in which an order was most lots off its exact part, under any rule; the worst
    // first, each once, under the rule where it was so.
    std::vector<BlockOutcome> worst{};
};

// Thread safety: one call at a time.
class Backtest {
  public:
    // Errors: algorithm_is_unknown, algorithm_code_is_not_valid, algorithm_parameter_is_not_valid,
    // algorithm_refused (a rule for the bare split only), lot_is_not_positive, option_is_not_valid
    // (draws; no rule, or one twice).
    [[nodiscard]] static Result<Backtest> begin(
        BacktestOptions options, const Registry& registry = Registry::with_builtins());
    Backtest(Backtest&&) noexcept;
    Backtest& operator=(Backtest&&) noexcept;
    ~Backtest();

    // Replays a period under every rule, each from where the periods before left it: an order that
    // stands in two periods, one behind the other, goes on with what that rule gave it. Takes the
    // book to pieces. A placement that a rule cannot split is noted in the result and not measured
    // under that rule.
    // Errors (the period counts nothing): total_is_out_of_range, when a sum is no decimal, or the
    // profit of an order's deviation is 4.6 x 10^12 or more.
    // Complexity: O(fills x claims), per rule.
    [[nodiscard]] Result<PeriodOutcome> replay(const std::string& name, Book book);

    // Notes a period that cannot be replayed, for the result.
    void leave_out(const std::string& name, const std::string& why);

    // Everything that was measured so far, as text, for resume() to go on from.
    [[nodiscard]] std::string save() const;
    // Goes on from what save() gave, under the same options, threads aside. Errors: those of
    // begin(); option_is_not_valid (saved) when it is damaged, or of another version or options.
    [[nodiscard]] static Result<Backtest> resume(
        BacktestOptions options, std::string_view saved,
        const Registry& registry = Registry::with_builtins());

    // The names of the periods so far, replayed and left out, sorted.
    [[nodiscard]] std::vector<std::string> seen_periods() const;

    // What was measured so far, with the permutation tests.
    // Complexity: O(rules x draws x claims of all periods).
    [[nodiscard]] BacktestResult result() const;

    // The steps of result().worst[number], from the book of its period as it was given to replay().
    // Errors: option_is_not_valid when there is no such block, or the book holds another.
    [[nodiscard]] Result<BlockSteps> worst_steps(std::size_t number, Book book) const;

  private:
    struct State;
    explicit Backtest(std::unique_ptr<State> state) noexcept;

    std::unique_ptr<State> state_;
};

}  // namespace allot
