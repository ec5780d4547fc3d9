// How a person sees the result of a backtest.
#pragma once

#include <string>

#include "allot/backtest.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {

// The rules side by side, then what stands out.
[[nodiscard]] std::string backtest_table(const BacktestResult& result, const Style& style);

}  // namespace allot::cli
