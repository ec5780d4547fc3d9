// State: what a backtest keeps from period to period.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/backtest/period.hpp"
#include "engine/backtest/replay.hpp"
#include "engine/backtest/totals.hpp"

namespace allot {

namespace backtest {

inline constexpr const char* stored_name = "ACTUAL";

// An order that goes on: what makes it the same order, and what it has under each rule.
struct CarriedOrder {
    std::string identity{};
    std::vector<Quantity> allocated{};  // by position of the rule
};
using Carried = std::map<OrderId, CarriedOrder>;

// One of the worst blocks and what orders of its period had before it, under its rule.
struct WorstBlock {
    BlockOutcome outcome{};
    std::size_t rule{0};
    std::shared_ptr<const std::vector<Quantity>> allocated{};
};

}  // namespace backtest

struct Backtest::State {
    BacktestOptions options{};
    RunRequest request{};
    std::shared_ptr<const Algorithm> plain{};
    std::vector<std::shared_ptr<const Algorithm>> rules{};  // nullptr: stored allocations
    std::vector<backtest::RuleTotals> totals{};             // by rule
    backtest::AccountNumbers accounts{};
    backtest::Carried carried{};
    std::vector<std::string> periods{};
    std::vector<backtest::WorstBlock> worst{};
    std::size_t splits{0};

    std::vector<PeriodLeftOut> left_out{};
    std::string begun_as{};  // fingerprint() before any book was seen

    void know_stored(const backtest::Period& period);
    [[nodiscard]] std::vector<Quantity> allocated_before(const backtest::Period& period,
                                                         std::size_t rule) const;
    [[nodiscard]] std::vector<backtest::Replayed> replay_all(
        const backtest::Period& period, const std::vector<std::vector<Quantity>>& allocated) const;
    void carry_on(const backtest::Period& period,
                  const std::vector<std::vector<Quantity>>& allocated,
                  const std::vector<backtest::Replayed>& replayed);
    void note_worst(const PeriodOutcome& outcome,
                    const std::vector<std::vector<Quantity>>& allocated);
    PeriodOutcome add(const std::string& name, backtest::Period& period);
    // What every result depends on beside the books, as one text.
    [[nodiscard]] std::string fingerprint() const;
};

}  // namespace allot
