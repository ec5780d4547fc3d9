// Totals: what the blocks of all periods add up to, for one rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/backtest/permutations.hpp"
#include "engine/backtest/replay.hpp"

namespace allot::backtest {

// Accounts by portfolio and currency, numbered as they appear, for all rules together.
class AccountNumbers {
  public:
    using Key = std::pair<PortfolioId, std::string>;

    [[nodiscard]] std::uint32_t number_of(const Key& key) {
        return numbers_.try_emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
    }
    [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }
    [[nodiscard]] const std::map<Key, std::uint32_t>& all() const noexcept { return numbers_; }

  private:
    std::map<Key, std::uint32_t> numbers_{};
};

struct RuleTotals {
    RuleOutcome outcome{};  // without accounts, means, tests
    Distance means{};       // sums over orders of their means
    Distance times{};
    double price_deviations{0};  // statistic: sum over blocks, basis points
    std::size_t priced_blocks{0};
    std::vector<AccountOutcome> accounts{};  // by number
    TestBlocks tests{};

    // Everything but what the tests need, which grows with every block.
    [[nodiscard]] RuleTotals without_tests() const;
    // Takes over what add_period() made of without_tests().
    void take(RuleTotals next);
};

// Adds a period; gives its blocks. `allocated` is what orders had when it began. Throws Refusal
// when a sum is no decimal.
[[nodiscard]] std::vector<BlockOutcome> add_period(const Period& period,
                                                   std::span<const Quantity> allocated,
                                                   const Replayed& replayed,
                                                   std::size_t period_number,
                                                   AccountNumbers& accounts, RuleTotals& totals);

[[nodiscard]] RuleOutcome finish_totals(const RuleTotals& totals, const AccountNumbers& accounts,
                                        const TestResult& tests, std::size_t draws);

}  // namespace allot::backtest
