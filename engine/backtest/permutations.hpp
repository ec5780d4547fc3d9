// Permutation tests: what chance alone would have made of the same blocks, when which order of a
// block has which deviation is drawn by lot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allot/backtest.hpp"

namespace allot::backtest {

// What the tests need of every block that was measured, one entry an order, by rank.
struct TestBlocks {
    std::vector<std::uint32_t> sizes{};     // orders of each block
    std::vector<std::uint32_t> accounts{};  // numbers, from 0
    std::vector<std::int64_t> profits{};    // deviation profit, in millionths of the currency
    std::vector<double> leads{};            // statistic: OrderNumbers::lead
};

struct AccountTest {
    std::size_t at_least{0};  // draws that gave the account as much as the rule, or more
    std::size_t at_most{0};   // as little, or less
};

struct TestResult {
    std::vector<AccountTest> accounts{};  // by number
    FirstInBias first_in{};
};

// Permutes the orders within each block `draws` times. The same for any number of threads.
// Complexity: O(draws x orders). Memory: O(draws + threads x accounts).
[[nodiscard]] TestResult run_permutations(const TestBlocks& blocks, std::size_t accounts,
                                          std::uint64_t seed, std::size_t draws,
                                          std::size_t threads);

// (1 + draws as far as what was observed, or farther) / (1 + draws).
[[nodiscard]] double p_value(std::size_t as_far, std::size_t draws);  // statistic

// Holm (1979): p-values corrected for their number, in the same order.
[[nodiscard]] std::vector<double> correct_after_holm(  // statistic
    const std::vector<double>& p);                     // statistic

}  // namespace allot::backtest
