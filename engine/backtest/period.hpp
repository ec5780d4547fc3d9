// Period: what all rules have in common in one period of a backtest, out of its book.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "allot/backtest.hpp"
#include "engine/run/component.hpp"
#include "engine/store/book_data.hpp"

namespace allot::backtest {

// Placements that have the same claims in the same order.
struct Block {
    BlockId id{};
    std::vector<std::uint32_t> placements{};  // positions in Collection::placements
    run::Range claims{};                      // positions in Collection::orders, by rank
    std::string instrument{};
    std::string currency{};
    bool is_sale{false};
    bool is_priced{true};  // all fills have a price, in one currency
    Quantity lot{1};
    std::optional<Decimal> executed{};  // nullopt: more than a decimal holds
    int price_scale{0};                 // finest of its fills and its mark
    int price_bits{0};  // of the largest price at that scale; far too many: none fits
    Identifiers identifiers{};
    Decimal mark{};  // last price of the instrument and currency in the period
    std::size_t fills{0};
    std::int64_t last_ns{0};  // of its last fill, after the first of the period
};

// What an order had from an execution before the backtest.
struct StoredShare {
    std::uint32_t execution{0};  // position in Collection::executions
    std::uint32_t order{0};      // position in Collection::orders
    Quantity quantity{};
};

struct Period {
    BookData* book{nullptr};
    run::Collection collection{};  // nothing allocated; judged for a rule that needs nothing
    std::vector<Block> blocks{};   // in the order of their first placements
    std::vector<std::uint32_t> block_of_placement{};
    std::vector<std::uint8_t> changes_of_block{};  // 1: an order of the block changes in time
    std::vector<Quantity> final_ordered{};         // of orders, when all is over; 0: dead by then
    std::vector<std::int64_t> at_ns{};             // of executions, after the first of the period
    std::vector<std::int64_t> prices{};  // of executions, at price_scale, where price_bits fit
    std::vector<StoredShare> stored{};   // by execution, then order
    bool has_stored{false};
    std::int64_t length_ns{0};  // from the first to the last execution
    std::string first_fill{};
    std::string last_fill{};
};

// What instruments are worth at the end of the period, beside their last prices.
struct PeriodMarks {
    std::string_view period{};
    std::span<const Mark> marks{};
};

// Takes the stored allocations out of the book and collects what is left. `data` lives as long as
// the period. `plain` is a rule that needs nothing of portfolios.
[[nodiscard]] Period prepare_period(BookData& data, const RunRequest& request,
                                    const Algorithm& plain, const PeriodMarks& marks);

// The claims of the period as another rule sees them, its failures included.
[[nodiscard]] run::Collection collect_for(const Period& period, const RunRequest& request,
                                          const Algorithm& algorithm);

}  // namespace allot::backtest
