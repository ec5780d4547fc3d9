// Columns: what is written of each outcome, under one name in CSV ("worst_lots") and, in the way of
// JSON, in the summary ("worstLots").
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "allot/backtest.hpp"

namespace allot::backtest {

// A value as it is written.
struct Cell {
    std::string text{};
    bool is_text{false};  // quoted in JSON
    bool is_given{true};  // else an empty cell, and no member
};

[[nodiscard]] inline Cell cell_of(std::string_view value) {
    return {std::string{value}, true, !value.empty()};
}
[[nodiscard]] inline Cell cell_of(std::size_t value) {
    return {std::to_string(value)};
}
[[nodiscard]] inline Cell cell_of(const Decimal& value) {
    return {value.to_string()};
}
[[nodiscard]] inline Cell cell_of(const std::optional<Decimal>& value) {
    return value ? Cell{value->to_string()} : Cell{{}, false, false};
}
// The shortest text that gives the same number back.
[[nodiscard]] Cell cell_of(double value);  // statistic

template <class Visit>
void each_distance(std::string_view name, const Distance& distance, Visit visit) {
    visit(std::string{name} + "_units", cell_of(distance.units));
    visit(std::string{name} + "_lots", cell_of(distance.lots));
    visit(std::string{name} + "_share", cell_of(distance.share));
}

template <class Visit>
void each_tracking(const Tracking& tracking, Visit visit) {
    each_distance("worst", tracking.worst, visit);
    each_distance("mean", tracking.mean, visit);
    each_distance("time_weighted", tracking.time_weighted, visit);
    each_distance("at_end", tracking.at_end, visit);
}

template <class Visit>
void each_leftover(const Leftovers& leftovers, Visit visit) {
    visit("leftovers", cell_of(leftovers.count));
    visit("leftover_units", cell_of(leftovers.units));
    visit("leftover_worth", cell_of(leftovers.worth));
}

// Calls visit(name, cell) for every column of blocks.csv.
template <class Visit>
void each_column(const BlockOutcome& block, std::string_view period, Visit visit) {
    visit("period", cell_of(period));
    visit("algorithm", cell_of(block.algorithm));
    visit("block", cell_of(block.block.to_string()));
    visit("instrument", cell_of(block.instrument));
    visit("currency", cell_of(block.currency));
    visit("side", cell_of(block.is_sale ? "Sell" : "Buy"));
    visit("orders", cell_of(block.orders));
    visit("fills", cell_of(block.fills));
    visit("ordered", cell_of(block.ordered));
    visit("executed", cell_of(block.executed));
    visit("allocated", cell_of(block.allocated));
    each_tracking(block.tracking, visit);
    visit("worst_order", cell_of(block.worst_order ? block.worst_order->to_string() : ""));
    visit("worst_at", cell_of(block.worst_at));
    visit("worst_fill", cell_of(block.worst_fill));
    visit("average_price", cell_of(block.average_price));
    visit("largest_price_difference", cell_of(block.largest_price_difference));
    visit("price_deviation", cell_of(block.price_deviation));
    visit("cash_moved", cell_of(block.cash_moved));
    each_leftover(block.leftovers, visit);
    visit("tickets", cell_of(block.tickets));
    visit("take_backs", cell_of(block.take_backs));
}

// The same for accounts.csv.
template <class Visit>
void each_column(const AccountOutcome& account, std::string_view algorithm, Visit visit) {
    visit("algorithm", cell_of(algorithm));
    visit("portfolio", cell_of(account.portfolio.to_string()));
    visit("currency", cell_of(account.currency));
    visit("orders", cell_of(account.orders));
    visit("ordered", cell_of(account.ordered));
    visit("allocated", cell_of(account.allocated));
    visit("unfilled", cell_of(account.unfilled));
    visit("cash_difference", cell_of(account.cash_difference));
    visit("deviation_profit", cell_of(account.deviation_profit));
    visit("favoured_p", cell_of(account.favoured_p));
    visit("favoured_p_corrected", cell_of(account.favoured_p_corrected));
    visit("harmed_p", cell_of(account.harmed_p));
    each_leftover(account.leftovers, visit);
    visit("tickets", cell_of(account.tickets));
}

// What the summary says of a rule, but for its lists.
template <class Visit>
void each_column(const RuleOutcome& rule, Visit visit) {
    visit("algorithm", cell_of(rule.algorithm));
    visit("blocks", cell_of(rule.blocks));
    visit("orders", cell_of(rule.orders));
    visit("fills", cell_of(rule.fills));
    visit("executed", cell_of(rule.executed));
    visit("allocated", cell_of(rule.allocated));
    visit("unfilled", cell_of(rule.unfilled));
    each_tracking(rule.tracking, visit);
    visit("largest_price_difference_points", cell_of(rule.largest_price_difference));
    visit("price_deviation_points", cell_of(rule.price_deviation));
    visit("cash_moved", cell_of(rule.cash_moved));
    visit("first_in_slope", cell_of(rule.first_in.slope));
    visit("first_in_slope_low", cell_of(rule.first_in.slope_low));
    visit("first_in_slope_high", cell_of(rule.first_in.slope_high));
    visit("first_in_correlation", cell_of(rule.first_in.correlation));
    visit("first_in_correlation_low", cell_of(rule.first_in.correlation_low));
    visit("first_in_correlation_high", cell_of(rule.first_in.correlation_high));
    visit("first_in_p", cell_of(rule.first_in.p));
    visit("smallest_favoured_p", cell_of(rule.smallest_favoured_p));
    each_leftover(rule.leftovers, visit);
    visit("tickets", cell_of(rule.tickets));
    visit("take_backs", cell_of(rule.take_backs));
}

// "worst_lots" to "worstLots".
[[nodiscard]] std::string member_name(std::string_view column);

}  // namespace allot::backtest
