// A whole backtest with a pencil: every measure of docs/backtest.md as an exact fraction, rounded
// once. Written from that page; shares nothing with the library.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "oracle/book_oracle.hpp"

namespace oracle {

struct BacktestPeriod {
    std::string name{};
    PlainBook book{};
};

struct BacktestRequest {
    std::vector<std::string> algorithms{};  // BASE-REMAINDER or a cumulative rule
    Rational lot{1};
    bool allow_unpriced{false};
    bool independent{false};
};

// Every number under a name that says where it stands: "1/QUOTA/block 0/worst.lots",
// "QUOTA/account funds/P1 GBP/unfilled".
struct BacktestSheet {
    std::map<std::string, std::string> exact{};
    std::map<std::string, double> statistics{};
};

BacktestSheet backtest(const std::vector<BacktestPeriod>& periods, const BacktestRequest& request);

}  // namespace oracle
