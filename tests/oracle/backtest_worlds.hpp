// Random small calendars for the backtest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oracle/backtest_oracle.hpp"

namespace oracle {

struct BacktestWorld {
    std::uint64_t seed{0};
    BacktestRequest request{};
    std::vector<BacktestPeriod> periods{};
};

// The same seed gives the same world everywhere.
BacktestWorld random_backtest(std::uint64_t seed);

// The worlds with one thing less.
std::vector<BacktestWorld> smaller(const BacktestWorld& world);

// What a person needs to see the case again.
std::string description(const BacktestWorld& world);

}  // namespace oracle
