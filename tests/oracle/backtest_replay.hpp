// The fills of one period under one rule, before anything is measured.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/backtest_oracle.hpp"

namespace oracle {

// One fill of a block, and what each claim has of it.
struct ReplayedFill {
    const ExecutionRow* execution{nullptr};
    std::vector<Rational> outstanding{};  // before the fill
    std::vector<Rational> shares{};
};

// Placements that have the same claims.
struct ReplayedBlock {
    Key id{};
    std::vector<const OrderRow*> claims{};  // in rank order
    std::vector<Rational> start{};          // outstanding when the period begins
    std::vector<ReplayedFill> fills{};      // in time order
    Identifiers instrument{};
    std::optional<std::string>
        currency{};  // of the first fill of the first placement that did not fail
    Rational lot{1};
};

// Last prices by instrument and currency.
using Marks = std::map<std::pair<Identifiers, std::string>, Rational>;

struct ReplayedPeriod {
    std::vector<ReplayedBlock> blocks{};  // by the id of their first placement
    std::map<Key, std::string> failed{};
    std::map<Key, Rational> start{};  // outstanding of every order, when the period begins and ends
    std::map<Key, Rational> end{};
    Rational first{};  // moments of the first and the last fill, measured or not
    Rational last{};
    Marks marks{};
};

// What one rule remembers from period to period.
class ReplayedRule {
  public:
    // "ACTUAL" stands for the allocations of the books.
    ReplayedRule(std::string code, const BacktestRequest& request)
        : code_{std::move(code)}, request_{&request} {}

    // The book must live as long as what is returned.
    ReplayedPeriod replay(const PlainBook& book);

  private:
    void begin(const PlainBook& book);
    std::vector<Rational> shares(const ReplayedBlock& block, const ReplayedFill& fill) const;

    std::string code_;
    const BacktestRequest* request_;
    std::map<Key, OrderRow> orders_{};    // of the last period
    std::map<Key, Rational> had_{};       // what each has now
    std::map<Key, Rational> baseline_{};  // what each had when the period began
};

// Of the cumulative rules those that the pencil knows.
bool is_cumulative(const std::string& code);

// Nanoseconds since 1970.
Rational moment(const ExecutionRow& execution);

// A side that begins with "sell" or "short".
bool is_sale(const std::string& side);

}  // namespace oracle
