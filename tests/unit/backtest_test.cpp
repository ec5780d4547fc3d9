// Every measure of the backtest, worked out by hand, and what Backtest refuses.
#include "allot/backtest.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "tests/unit/backtest_support.hpp"

using backtest_test::account;
using backtest_test::book_of;
using backtest_test::decimal;
using backtest_test::fill;
using backtest_test::options_of;
using backtest_test::order;
using backtest_test::replay;
using backtest_test::Replayed;
using backtest_test::text;

namespace {

// A (30, the older) and B (70); FIFO over 40 @ 10, 20 @ 13 and 20 @ 14:
//
//     fill            1      2      3
//     E              40     60     80
//     A's share      30      0      0     exact part 12, 18, 24    d(A)  18  12   6
//     B's share      10     20     20                28, 42, 56    d(B) -18 -12  -6
allot::Book three_fills(const std::string& side = "Buy") {
    return book_of(
        {order("A", "30", 0, "PA", side), order("B", "70", 1, "PB", side)},
        {fill("E1", "P1", "40", "10", "10:00:00"), fill("E2", "P1", "20", "13", "10:10:00"),
         fill("E3", "P1", "20", "14", "10:40:00")});
}

const allot::BlockOutcome& only_block(const Replayed& replayed) {
    REQUIRE(replayed.periods.at(0).blocks.at(0).size() == 1);
    return replayed.periods[0].blocks[0][0];
}

bool is_near(double value, double expected) {
    return std::abs(value - expected) <= 1e-9 * std::abs(expected) + 1e-15;
}

}  // namespace

TEST_CASE("A block is counted", "[backtest]") {
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills());
    const allot::BlockOutcome& block = only_block(replayed);
    CHECK(block.period == 0);
    CHECK(block.algorithm == "FIFO");
    CHECK(block.block.to_string() == "desk/B1");
    CHECK(block.currency == "GBP");
    CHECK_FALSE(block.is_sale);
    CHECK(block.orders == 2);
    CHECK(block.fills == 3);
    CHECK(block.ordered == decimal("100"));
    CHECK(block.executed == decimal("80"));
    CHECK(block.allocated == decimal("80"));
    CHECK(block.tickets == 4);  // A has one, B three
    CHECK(block.take_backs == 0);

    CHECK(replayed.periods[0].name == "day0");
    CHECK(replayed.periods[0].executions == 3);
    CHECK(replayed.periods[0].first_fill == "2026-03-02T10:00:00Z");
    CHECK(replayed.periods[0].last_fill == "2026-03-02T10:40:00Z");

    const allot::BacktestResult& result = replayed.result;
    CHECK(result.periods == std::vector<std::string>{"day0"});
    CHECK(result.splits == 3);
    CHECK(result.lot == "10");
    REQUIRE(result.rules.size() == 1);  // the book holds no allocations
    const allot::RuleOutcome& rule = result.rules[0];
    CHECK(rule.blocks == 1);
    CHECK(rule.orders == 2);
    CHECK(rule.fills == 3);
    CHECK(rule.executed == decimal("80"));
    CHECK(rule.allocated == decimal("80"));
    CHECK(rule.unfilled == decimal("20"));
    CHECK(rule.tickets == 4);
    CHECK(rule.failures.empty());
    REQUIRE(rule.accounts.size() == 2);
    CHECK(account(rule, "PA").orders == 1);
    CHECK(account(rule, "PA").ordered == decimal("30"));
    CHECK(account(rule, "PA").unfilled == decimal("0"));
    CHECK(account(rule, "PA").tickets == 1);
    CHECK(account(rule, "PB").allocated == decimal("50"));
    CHECK(account(rule, "PB").unfilled == decimal("20"));
    CHECK(account(rule, "PB").tickets == 3);
}

TEST_CASE("Tracking is the distance from exact pro rata", "[backtest]") {
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills());
    const allot::BlockOutcome& block = only_block(replayed);
    // |d| is 18, 12, 6 for both orders. Of its size A is off by 0.6, 0.4, 0.2, B by 18/70 and less.
    CHECK(text(block.tracking.worst) == "18 1.8 0.6");
    // (18 + 12 + 6) / 3 = 12. (12/30 + 12/70) / 2 = 0.285714...
    CHECK(text(block.tracking.mean) == "12 1.2 0.285714");
    // (18 x 10 minutes + 12 x 30 minutes) / 40 minutes = 13.5. (13.5/30 + 13.5/70) / 2 =
    // 0.321428...
    CHECK(text(block.tracking.time_weighted) == "13.5 1.35 0.321429");
    CHECK(text(block.tracking.at_end) == "6 0.6 0.2");
    REQUIRE(block.worst_order.has_value());
    CHECK(block.worst_order->to_string() == "desk/A");  // as far as B, and the older
    CHECK(block.worst_at == "2026-03-02T10:00:00Z");
    CHECK(replayed.result.rules[0].tracking == block.tracking);

    // Behind the fills lie (18 + 18) / 2 / 100, 0.12 and 0.06 of the block with the wrong order;
    // the second fill is at 10/40 of the time.
    const allot::MisplacedCurve& curve = replayed.result.rules[0].misplaced;
    CHECK(is_near(curve.share[0], 0.18));
    CHECK(is_near(curve.share[25], 0.12));
    CHECK(is_near(curve.share[99], 0.06));
    CHECK(curve.fills[25] == 1);
    CHECK(curve.fills[24] + curve.fills[26] == 0);
}

TEST_CASE("Fills of one time weigh alike in the mean over time", "[backtest]") {
    const Replayed replayed =
        replay(options_of({"FIFO"}), book_of({order("A", "30", 0, "PA"), order("B", "70", 1, "PB")},
                                             {fill("E1", "P1", "40", "10", "10:00:00"),
                                              fill("E2", "P1", "60", "10", "10:00:00")}));
    // |d| is 18 behind the first and 0 behind the second.
    const allot::BlockOutcome& block = only_block(replayed);
    CHECK(text(block.tracking.mean) == "9 9 0.214286");
    CHECK(block.tracking.time_weighted == block.tracking.mean);
    CHECK(text(block.tracking.at_end) == "0 0 0");
}

TEST_CASE("The rule's mean is over orders, its worst over blocks", "[backtest]") {
    // B1 as above: |d| over fills has the mean 12 for each of 2 orders. B2: one fill of 2 over
    // three orders of 1, FIFO: d = 1/3, 1/3, -2/3, the mean 4/9 for 3 orders.
    allot::Book book = three_fills();
    make::put(book, order("C", "1", 0, "PC"), order("D", "1", 1, "PD"), order("E", "1", 2, "PE"),
              make::block("B2", {"C", "D", "E"}), make::placement("P2", {"B2"}),
              fill("F1", "P2", "2", "5", "10:05:00"));
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), std::move(book));
    REQUIRE(replayed.periods[0].blocks[0].size() == 2);
    CHECK(text(replayed.periods[0].blocks[0][1].tracking.mean) == "0.444444 0.044444 0.444444");
    const allot::Tracking& tracking = replayed.result.rules[0].tracking;
    // (2 x 12 + 3 x 4/9) / 5 = 5.0666...; shares (0.4 + 12/70 + 4/3) / 5 = 0.380952...
    CHECK(text(tracking.mean) == "5.066667 0.506667 0.380952");
    // The share of an order that is 2/3 off in B2 is larger than 0.6 in B1.
    CHECK(text(tracking.worst) == "18 1.8 0.666667");
    CHECK(text(tracking.at_end) == "6 0.6 0.666667");
    REQUIRE(replayed.result.worst.size() == 2);
    CHECK(replayed.result.worst[0].block.code() == "B1");
    CHECK(replayed.result.worst[1].block.code() == "B2");
}

TEST_CASE("Prices: who paid more", "[backtest]") {
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills());
    const allot::BlockOutcome& block = only_block(replayed);
    const allot::RuleOutcome& rule = replayed.result.rules[0];
    // N = 400 + 260 + 280 = 940, A = 80, N / A = 11.75. A paid 300 / 30 = 10, B 640 / 50 = 12.8.
    REQUIRE(block.average_price.has_value());
    CHECK(*block.average_price == decimal("11.75"));
    REQUIRE(block.largest_price_difference.has_value());
    CHECK(*block.largest_price_difference == decimal("1.75"));
    // 1.75 / 11.75 = 1489.36170212... basis points
    CHECK(rule.largest_price_difference == decimal("1489.361702"));
    // 30/80 x 1.75^2 + 50/80 x 1.05^2 = 1.8375
    CHECK(is_near(block.price_deviation, std::sqrt(1.8375)));
    CHECK(is_near(rule.price_deviation, std::sqrt(1.8375) / 11.75 * 10000));
    // A: 30 x 11.75 - 300; B the opposite.
    CHECK(account(rule, "PA").cash_difference == decimal("52.5"));
    CHECK(account(rule, "PB").cash_difference == decimal("-52.5"));
    CHECK(block.cash_moved == decimal("52.5"));
    CHECK(rule.cash_moved == decimal("52.5"));
    // A paid 1489 basis points less, B 894 more: beyond the outer edges of 50.
    CHECK(rule.prices.counts[14] == 1);
    CHECK(rule.prices.counts[0] == 1);
}

TEST_CASE("What a purchase gains a sale loses", "[backtest]") {
    for (const std::string side : {"Sell", "sell short", "Short", "SHORTSELL"}) {
        const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills(side));
        const allot::RuleOutcome& rule = replayed.result.rules[0];
        CHECK(only_block(replayed).is_sale);
        CHECK(account(rule, "PA").cash_difference == decimal("-52.5"));
        CHECK(account(rule, "PA").deviation_profit == decimal("-66"));
        CHECK(rule.prices.counts[0] == 1);  // A, who sold for less
        CHECK(only_block(replayed).cash_moved == decimal("52.5"));
    }
    for (const std::string side : {"Buy", "BuyToCover", "oversell"}) {
        const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills(side));
        CHECK_FALSE(only_block(replayed).is_sale);
        CHECK(account(replayed.result.rules[0], "PA").cash_difference == decimal("52.5"));
    }
}

TEST_CASE("Price differences are counted between the edges", "[backtest]") {
    // FIFO gives each order a fill of its own. Average 10000; in basis points of it, in favour of
    // a purchase: 50, 49.99, 0.1, 0.0999, 0, -0.1, -0.1001, -99.9898 (which makes the average).
    std::vector<allot::Order> orders;
    std::vector<allot::Execution> fills;
    const std::vector<std::string> prices{"9950",  "9950.01", "9999.9",     "9999.9001",
                                          "10000", "10000.1", "10000.1001", "10099.9898"};
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const std::string digit = std::to_string(i);
        orders.push_back(order("O" + digit, "10", static_cast<int>(i), "P" + digit));
        fills.push_back(fill("E" + digit, "P1", "10", prices[i], "10:0" + digit + ":00"));
    }
    const Replayed replayed = replay(options_of({"FIFO"}), book_of(orders, fills));
    REQUIRE(*only_block(replayed).average_price == decimal("10000"));
    const auto& counts = replayed.result.rules[0].prices.counts;
    // An edge belongs to what is above it: [0.1, 1) holds 0.1, [-0.1, 0.1) holds -0.1.
    CHECK(counts == std::array<std::size_t, 15>{1, 0, 0, 0, 0, 0, 1, 3, 1, 0, 0, 0, 0, 1, 1});
}

TEST_CASE("A block without a price for each fill, or in two currencies, has no price measures",
          "[backtest]") {
    for (const bool is_unpriced : {true, false}) {
        allot::BacktestOptions options = options_of({"FIFO"}, "10");
        options.options.allow_unpriced = true;
        const Replayed replayed = replay(
            options, book_of({order("A", "30", 0, "PA"), order("B", "70", 1, "PB")},
                             {fill("E1", "P1", "40", "10", "10:00:00"),
                              fill("E2", "P1", "40", is_unpriced ? "" : "13", "10:10:00", "USD")}));
        const allot::BlockOutcome& block = only_block(replayed);
        CHECK(block.allocated == decimal("80"));
        CHECK(text(block.tracking.worst) == "18 1.8 0.6");
        CHECK_FALSE(block.average_price.has_value());
        CHECK_FALSE(block.largest_price_difference.has_value());
        CHECK(block.price_deviation == 0);
        CHECK(block.cash_moved == decimal("0"));
        for (const allot::AccountOutcome& account : replayed.result.rules[0].accounts) {
            CHECK(account.cash_difference == decimal("0"));
            CHECK(account.deviation_profit == decimal("0"));
        }
        CHECK(replayed.result.rules[0].prices.counts == std::array<std::size_t, 15>{});
    }
}

TEST_CASE("A fill without a price fails its placement unless it is allowed", "[backtest]") {
    const Replayed replayed =
        replay(options_of({"FIFO", "PR-LR"}),
               book_of({order("A", "30", 0, "PA")}, {fill("E1", "P1", "10", "10", "10:00:00"),
                                                     fill("E2", "P1", "10", "", "10:10:00")}));
    REQUIRE(replayed.result.rules.size() == 2);
    for (const allot::RuleOutcome& rule : replayed.result.rules) {
        CHECK(rule.blocks == 0);
        CHECK(rule.fills == 0);
        REQUIRE(rule.failures.size() == 1);
        CHECK(rule.failures[0].period == 0);
        CHECK(rule.failures[0].failure.type == allot::FailureType::PriceMissing);
        CHECK(rule.failures[0].failure.placement.to_string() == "desk/P1");
    }
}

TEST_CASE("A rule that cannot split a placement measures the others", "[backtest]") {
    // PCT needs weights, which no portfolio has.
    const Replayed replayed = replay(options_of({"PCT", "FIFO"}), three_fills());
    REQUIRE(replayed.result.rules.size() == 2);
    CHECK(replayed.result.rules[0].blocks == 0);
    REQUIRE(replayed.result.rules[0].failures.size() == 1);
    CHECK(replayed.result.rules[0].failures[0].failure.type == allot::FailureType::WeightMissing);
    CHECK(replayed.result.rules[1].blocks == 1);
    CHECK(replayed.result.rules[1].failures.empty());
}

TEST_CASE("First-in bias is the slope of the lead over the ranks", "[backtest]") {
    // Leads: A (0.6 + 0.4 + 0.2) / 3 = 0.4, B -(18 + 12 + 6) / 3 / 70 = -6/35. Positions -1/2, 1/2.
    const Replayed replayed = replay(options_of({"FIFO", "LIFO"}, "10"), three_fills());
    const allot::FirstInBias& fifo = replayed.result.rules[0].first_in;
    CHECK(is_near(fifo.slope, -6.0 / 35 - 0.4));
    CHECK(is_near(fifo.correlation, -1));
    CHECK(replayed.result.rules[1].first_in.slope > 0);
    CHECK(is_near(replayed.result.rules[1].first_in.correlation, 1));
}

TEST_CASE("First-in bias has a mean of its own for every block", "[backtest]") {
    // One fill a block, FIFO. B1: 6 over 6, 6 and 12: d = 4.5, -1.5, -3; leads 3/4, -1/4, -1/4.
    // B2: 10 over 5 and 15: d = 2.5, -2.5; leads 1/2, -1/6; the mean 1/6 takes nothing away from
    // a slope over -1/2, 1/2.
    // Products: B1 -3/8 + 0 - 1/8 = -1/2; B2 -1/4 - 1/12 = -1/3. Squares: 1/2 + 1/2.
    // Slope: (-1/2 - 1/3) / 1 = -5/6.
    // Ranks from the middle, by age -1, 0, 1 and -1/2, 1/2; by lead, with equal ones sharing
    // theirs, 1, -1/2, -1/2 and 1/2, -1/2. Products -1 - 1/2 - 1/4 - 1/4 = -2; squares of age 5/2,
    // of lead
    // 2. Correlation: -2 / sqrt(5).
    allot::Book book =
        book_of({order("A", "6", 0, "PA"), order("B", "6", 1, "PB"), order("C", "12", 2, "PC")},
                {fill("E1", "P1", "6", "1", "10:00:00")});
    make::put(book, order("D", "5", 0, "PD"), order("E", "15", 1, "PE"),
              make::block("B2", {"D", "E"}), make::placement("P2", {"B2"}),
              fill("F1", "P2", "10", "1", "10:00:00"));
    const Replayed replayed = replay(options_of({"FIFO"}), std::move(book));
    CHECK(is_near(replayed.result.rules[0].first_in.slope, -5.0 / 6));
    CHECK(is_near(replayed.result.rules[0].first_in.correlation, -2 / std::sqrt(5.0)));
}

TEST_CASE("The profit of a deviation is marked at the last price", "[backtest]") {
    // Mark 14. A: (30 - 12) x 4 + (0 - 6) x 1 + (0 - 6) x 0 = 66.
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills());
    CHECK(account(replayed.result.rules[0], "PA").deviation_profit == decimal("66"));
    CHECK(account(replayed.result.rules[0], "PB").deviation_profit == decimal("-66"));
}

TEST_CASE("The last price is the instrument's, in the block's currency", "[backtest]") {
    // Another block of the instrument trades later at 20, in GBP; a third at 99 in USD; a fourth,
    // of another instrument, at 1. A: 18 x 10 - 6 x 7 - 6 x 6 = 102.
    const allot::Identifiers one{{"Instrument/default/Figi", "ONE"}};
    const allot::Identifiers two{{"Instrument/default/Figi", "TWO"}};
    allot::Book book;
    const auto block = [&](const std::string& code, const std::vector<allot::Order>& orders,
                           const allot::Identifiers& instrument) {
        std::vector<std::string> codes;
        for (allot::Order made : orders) {
            made.instrument_identifiers = instrument;
            make::put(book, made);
            codes.push_back(made.id.code());
        }
        allot::Block made = make::block("B" + code, codes);
        made.instrument_identifiers = instrument;
        make::put(book, made, make::placement("P" + code, {"B" + code}));
    };
    block("1", {order("A", "30", 0, "PA"), order("B", "70", 1, "PB")}, one);
    block("2", {order("C", "10", 0, "PC")}, one);
    block("3", {order("D", "10", 0, "PD")}, one);
    block("4", {order("E", "10", 0, "PE")}, two);
    make::put(book, fill("E1", "P1", "40", "10", "10:00:00"),
              fill("E2", "P1", "20", "13", "10:10:00"), fill("E3", "P1", "20", "14", "10:40:00"),
              fill("F", "P2", "10", "20", "11:00:00"),
              fill("G", "P3", "5", "99", "12:00:00", "USD"), fill("H", "P4", "5", "1", "12:00:00"));
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), std::move(book));
    CHECK(account(replayed.result.rules[0], "PA").deviation_profit == decimal("102"));
    CHECK(account(replayed.result.rules[0], "PB").deviation_profit == decimal("-102"));
}

TEST_CASE("Leftovers are what is above the whole lots of the exact share", "[backtest]") {
    // Lot 10. Fill 1: 12 of 40 belong to A, in whole lots 10, and it has 30: 20 above, worth 200.
    // B has 10 of its 20. Then only B is left, and its exact share is all.
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), three_fills());
    for (const allot::Leftovers* leftovers :
         {&only_block(replayed).leftovers, &replayed.result.rules[0].leftovers,
          &account(replayed.result.rules[0], "PA").leftovers}) {
        CHECK(leftovers->count == 1);
        CHECK(leftovers->units == decimal("20"));
        CHECK(leftovers->worth == decimal("200"));
    }
    CHECK(account(replayed.result.rules[0], "PB").leftovers.count == 0);
}

TEST_CASE("What exceeds the orders belongs to nobody", "[backtest]") {
    // 130 of 100: E stays at 100, all are filled, nobody is off.
    const Replayed replayed = replay(
        options_of({"FIFO"}),
        book_of({order("A", "30", 0, "PA"), order("B", "70", 1, "PB")},
                {fill("E1", "P1", "90", "10", "10:00:00"), fill("E2", "P1", "30", "10", "10:10:00"),
                 fill("E3", "P1", "10", "10", "10:20:00")}));
    const allot::BlockOutcome& block = only_block(replayed);
    CHECK(block.fills == 3);
    CHECK(block.executed == decimal("130"));
    CHECK(block.allocated == decimal("100"));
    CHECK(text(block.tracking.worst) == "3 3 0.1");  // 30 - 27 behind the first fill
    CHECK(text(block.tracking.at_end) == "0 0 0");
    CHECK(text(block.tracking.mean) == "1 1 0.02381");  // (3 + 0 + 0) / 3; (0.1 + 3/70) / 3 / 2
    CHECK(block.tickets == 3);
    CHECK(replayed.result.rules[0].unfilled == decimal("0"));
}

TEST_CASE("Placements of the same claims are one block", "[backtest]") {
    // FIFO: E1 of P2 first, then E2 of P1, as if it were one placement.
    allot::Book book;
    make::put(book, order("A", "30", 0, "PA"), order("B", "70", 1, "PB"),
              make::block("B7", {"A", "B"}), make::block("B2", {"B", "A"}),
              make::placement("P1", {"B7"}), make::placement("P2", {"B2"}),
              make::placement("P3", {"B7"}), fill("E1", "P2", "40", "10", "10:00:00"),
              fill("E2", "P1", "20", "13", "10:10:00"), fill("E3", "P3", "20", "14", "10:40:00"));
    const Replayed replayed = replay(options_of({"FIFO"}, "10"), std::move(book));
    const allot::BlockOutcome& block = only_block(replayed);
    CHECK(block.block.to_string() == "desk/B7");  // of P1
    CHECK(block.fills == 3);
    CHECK(text(block.tracking.worst) == "18 1.8 0.6");
    CHECK(text(block.tracking.time_weighted) == "13.5 1.35 0.321429");
}

TEST_CASE("An order in two blocks is counted once, and has what both gave it", "[backtest]") {
    // FIFO: E1 fills A of B1 with 20; E2 of B2 finds 10 left of it, then gives C 10.
    allot::Book book;
    make::put(book, order("A", "30", 0, "PA"), order("B", "70", 1, "PB"), order("C", "20", 2, "PC"),
              make::block("B1", {"A", "B"}), make::block("B2", {"A", "C"}),
              make::placement("P1", {"B1"}), make::placement("P2", {"B2"}),
              fill("E1", "P1", "20", "10", "10:00:00"), fill("E2", "P2", "20", "10", "10:10:00"));
    const Replayed replayed = replay(options_of({"FIFO"}), std::move(book));
    const allot::RuleOutcome& rule = replayed.result.rules[0];
    REQUIRE(replayed.periods[0].blocks[0].size() == 2);
    // In B2 A has 10 against 20 x 30 / 50 = 12: outstanding counts when the period begins.
    CHECK(text(replayed.periods[0].blocks[0][1].tracking.worst) == "2 2 0.1");
    CHECK(replayed.periods[0].blocks[0][1].ordered == decimal("50"));
    CHECK(rule.blocks == 2);
    CHECK(rule.orders == 3);
    CHECK(rule.unfilled == decimal("80"));  // B 70, C 10
    CHECK(account(rule, "PA").orders == 1);
    CHECK(account(rule, "PA").ordered == decimal("30"));
    CHECK(account(rule, "PA").allocated == decimal("30"));
    CHECK(account(rule, "PA").tickets == 2);
}

TEST_CASE("Orders in any state make claims, dead executions offer nothing", "[backtest]") {
    allot::Order closed = order("A", "30", 0, "PA");
    closed.state = "Closed";
    allot::Order cancelled = order("B", "70", 1, "PB");
    cancelled.state = "Cancelled";
    std::vector<allot::Execution> fills{fill("E1", "P1", "40", "10", "10:00:00")};
    for (const std::string state : {"Cancelled", "Busted", "rejected"}) {
        fills.push_back(fill("D" + state, "P1", "20", "10", "10:10:00"));
        fills.back().state = state;
    }
    const Replayed replayed = replay(options_of({"FIFO"}), book_of({closed, cancelled}, fills));
    CHECK(only_block(replayed).orders == 2);
    CHECK(only_block(replayed).fills == 1);
    CHECK(only_block(replayed).allocated == decimal("40"));
}

TEST_CASE("Orders go on into the next period", "[backtest]") {
    // A 30 and B 70 have 30 and 10 behind the first day under FIFO, 12 and 28 under PR-FIFO.
    const auto first = [] {
        return book_of({order("A", "30", 0, "PA"), order("B", "70", 1, "PB")},
                       {fill("E1", "P1", "40", "10", "10:00:00")});
    };
    const auto second = [](const allot::Order& a) {
        return book_of({a, order("B", "70", 1, "PB")}, {fill("E2", "P1", "10", "10", "11:00:00")});
    };
    const auto outstanding = [&](const allot::Order& a, bool is_independent) {
        allot::BacktestOptions options = options_of({"FIFO", "PR-FIFO"});
        options.independent = is_independent;
        std::vector<allot::Book> books;
        books.push_back(first());
        books.push_back(second(a));
        const Replayed replayed = replay(options, std::move(books));
        CHECK(replayed.result.independent == is_independent);
        return replayed.periods[1].blocks[0][0].ordered.to_string() + " " +
               replayed.periods[1].blocks[1][0].ordered.to_string();
    };
    allot::Order a = order("A", "30", 0, "PA");
    CHECK(outstanding(a, false) == "60 60");
    CHECK(outstanding(a, true) == "100 100");
    a.quantity = make::quantity("50");  // grown: 20 and 38 are left of it
    CHECK(outstanding(a, false) == "80 80");
    a = order("A", "30", 0, "another");
    CHECK(outstanding(a, false) == "90 72");
    a = order("A", "30", 2, "PA");
    CHECK(outstanding(a, false) == "90 72");
}

TEST_CASE("An order that skips a period begins anew", "[backtest]") {
    const auto day = [](bool with_a) {
        std::vector<allot::Order> orders{order("B", "70", 1, "PB")};
        if (with_a) {
            orders.push_back(order("A", "30", 0, "PA"));
        }
        return book_of(orders, {fill("E1", "P1", "10", "10", "10:00:00")});
    };
    std::vector<allot::Book> books;
    for (const bool with_a : {true, false, true}) {
        books.push_back(day(with_a));
    }
    const Replayed replayed = replay(options_of({"FIFO"}), std::move(books));
    CHECK(replayed.periods[0].blocks[0][0].ordered == decimal("100"));
    CHECK(replayed.periods[1].blocks[0][0].ordered == decimal("70"));  // A had the 10 of day 0
    CHECK(replayed.periods[2].blocks[0][0].ordered == decimal("90"));  // B has 60 left
    // Outstanding at the end of each period: 90, 60, 80.
    CHECK(replayed.result.rules[0].unfilled == decimal("230"));
    CHECK(replayed.result.rules[0].orders == 5);
}

TEST_CASE("A cumulative rule counts from the start of the period", "[backtest]") {
    // Day 0, QUOTA, A 10 and B 20: a single fill of 3 is 1 and 2. Day 1 begins at 9 and 18: 3 more
    // are 1 and 2 again.
    std::vector<allot::Book> books;
    for (int day = 0; day < 2; ++day) {
        books.push_back(book_of({order("A", "10", 0, "PA"), order("B", "20", 1, "PB")},
                                {fill("E1", "P1", "3", "10", "10:00:00")}));
    }
    const Replayed replayed = replay(options_of({"QUOTA"}), std::move(books));
    CHECK(replayed.periods[1].blocks[0][0].ordered == decimal("27"));
    CHECK(text(replayed.periods[1].blocks[0][0].tracking.worst) == "0 0 0");
}

TEST_CASE("Allocations of the book are a rule of their own", "[backtest]") {
    // A has 10 of E1 by name; B's 25 name E1 and E2: 30 of E1's 40 are left, of which B takes 25.
    // The third names the placement: E1 has 5 left, the rest of 10 is E2's.
    allot::Book book = book_of(
        {order("A", "30", 0, "PA"), order("B", "70", 1, "PB")},
        {fill("E1", "P1", "40", "10", "10:00:00"), fill("E2", "P1", "20", "13", "10:10:00")});
    make::put(book, make::allocation("X1", "A", "10", {"E1"}, {"P1"}),
              make::allocation("X2", "B", "25", {"E1", "E2"}, {"P1"}),
              make::allocation("X3", "A", "10", {}, {"P1"}));
    allot::Allocation cancelled = make::allocation("X4", "B", "30", {"E2"}, {"P1"});
    cancelled.state = "Cancelled";
    make::put(book, cancelled);
    const Replayed replayed = replay(options_of({"FIFO"}), std::move(book));
    REQUIRE(replayed.result.rules.size() == 2);
    const allot::RuleOutcome& actual = replayed.result.rules[1];
    CHECK(actual.algorithm == "ACTUAL");
    CHECK(actual.allocated == decimal("45"));
    CHECK(actual.tickets == 3);  // A 15 and B 25 of E1, A 5 of E2
    CHECK(account(actual, "PA").allocated == decimal("20"));
    CHECK(account(actual, "PA").tickets == 2);
    // Exact: 12 and 28 of 40, 18 and 42 of 60. A is 3, then 2 above, B 3, then 17 below.
    CHECK(text(actual.tracking.worst) == "17 17 0.242857");
    // A: 15 x 10 + 5 x 13 = 215; B 250; 465 / 45 = 31/3. A: 20 x 31/3 - 215 = -25/3.
    CHECK(account(actual, "PA").cash_difference == decimal("-8.333333"));
    CHECK(account(actual, "PB").cash_difference == decimal("8.333333"));
    // The rules do not see them: FIFO has 60 to give.
    CHECK(replayed.result.rules[0].allocated == decimal("60"));
    CHECK(replayed.result.splits == 4);
}

TEST_CASE("An allocation to an order without a claim is left out", "[backtest]") {
    allot::Book book =
        book_of({order("A", "30", 0, "PA")}, {fill("E1", "P1", "20", "10", "10:00:00")});
    make::put(book, order("Z", "30", 0, "PZ"), make::block("B9", {"Z"}),
              make::placement("P9", {"B9"}), make::allocation("X1", "A", "12", {"E1"}, {"P1"}),
              make::allocation("X2", "Z", "8", {"E1"}, {"P1"}));
    const Replayed replayed = replay(options_of({"FIFO"}), std::move(book));
    const allot::RuleOutcome& actual = replayed.result.rules.at(1);
    CHECK(actual.allocated == decimal("12"));
    CHECK(actual.accounts.size() == 1);
}

TEST_CASE("What cannot be begun is refused by name", "[backtest]") {
    const auto code_of = [](const allot::BacktestOptions& options) {
        const auto begun = allot::Backtest::begin(options);
        REQUIRE_FALSE(begun.has_value());
        return begun.error().code;
    };
    using allot::ErrorCode;
    CHECK(code_of(options_of({"NOSUCH"})) == ErrorCode::algorithm_is_unknown);
    CHECK(code_of(options_of({"PR FIFO"})) == ErrorCode::algorithm_code_is_not_valid);
    CHECK(code_of(options_of({"PR:minimum=x"})) == ErrorCode::algorithm_parameter_is_not_valid);
    CHECK(code_of(options_of({"PR-KEEP"})) == ErrorCode::algorithm_refused);
    CHECK(code_of(options_of({"FIFO"}, "0")) == ErrorCode::lot_is_not_positive);
    CHECK(code_of(options_of({"FIFO"}, "1", 0)) == ErrorCode::option_is_not_valid);
    CHECK(code_of(options_of({"FIFO"}, "1", 10'000'001)) == ErrorCode::option_is_not_valid);
    CHECK(code_of(options_of({})) == ErrorCode::option_is_not_valid);
    CHECK(code_of(options_of({"FIFO", "PR", "FIFO"})) == ErrorCode::option_is_not_valid);
    CHECK(code_of(options_of({"PR-LF", "pr-lf"})) == ErrorCode::option_is_not_valid);
    CHECK(code_of(options_of({"PR", "PR-FIFO"})) == ErrorCode::option_is_not_valid);
    CHECK(code_of(options_of({"LF", "PR-LF"})) == ErrorCode::option_is_not_valid);
    CHECK(allot::Backtest::begin(options_of({"PR-LF", "PR-LF:minimum=2"}, "1", 10'000'000))
              .has_value());
}

TEST_CASE("A period whose sums are no decimals counts nothing", "[backtest]") {
    const std::string much = "1" + std::string(34, '0');
    allot::Backtest backtest = allot::Backtest::begin(options_of({"FIFO"})).value();
    REQUIRE(backtest.replay("first", three_fills()).has_value());
    const std::string before = backtest_test::json(backtest.result());
    const auto refused =
        backtest.replay("second", book_of({order("A", much, 0, "PA"), order("B", much, 1, "PB")},
                                          {fill("E1", "P1", much, much, "10:00:00")}));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::total_is_out_of_range);
    CHECK(backtest_test::json(backtest.result()) == before);
    // And the orders go on from where the period before left them.
    const auto third = backtest.replay("third", three_fills());
    REQUIRE(third.has_value());
    CHECK(third->blocks[0][0].ordered == decimal("20"));
}
