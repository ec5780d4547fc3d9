// Anonymous rules: who an order is does not matter, only its numbers and its rank.
#include <algorithm>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

// A block of orders ranked by date, with names in the order given, and some fills.
allot::Book book_with_names(const std::vector<std::string>& names,
                            const std::vector<int>& quantities, const std::vector<int>& fills) {
    allot::Book book;
    allot::Block block;
    block.id = allot::BlockId{"desk", "B"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        allot::Order order;
        order.id = allot::OrderId{"desk", names[i]};
        order.side = "Buy";
        order.quantity = allot::Quantity{quantities[i]};
        order.portfolio_id = allot::PortfolioId{"funds", names[i]};
        order.date = allot::Time::parse("2026-03-02T09:0" + std::to_string(i) + ":00Z").value();
        book.put(order).value();
        allot::Portfolio portfolio;  // what is known of it goes by rank, not by name
        portfolio.id = *order.portfolio_id;
        portfolio.weight = allot::Weight::parse(std::to_string(i % 3 + 1)).value();
        portfolio.tier = static_cast<std::uint32_t>(i % 2 + 1);
        portfolio.house = i == 3;
        book.put(portfolio).value();
        block.order_ids.push_back(order.id);
    }
    book.put(block).value();
    allot::Placement placement;
    placement.id = allot::PlacementId{"desk", "P"};
    placement.block_ids = {block.id};
    book.put(placement).value();
    for (std::size_t i = 0; i < fills.size(); ++i) {
        allot::Execution execution;
        execution.id = allot::ExecutionId{"desk", "E" + std::to_string(i)};
        execution.placement_id = placement.id;
        execution.quantity = allot::Quantity{fills[i]};
        execution.created_date = allot::Time::parse("2026-03-02T10:00:00Z").value();
        execution.price = allot::CurrencyAndAmount{allot::Decimal{10}, "GBP"};
        book.put(execution).value();
    }
    return book;
}

// Units each rank has after a run, whatever the names are.
std::vector<std::string> units_by_rank(const allot::Engine& engine, const std::string& code,
                                       allot::Book book, const std::vector<std::string>& names) {
    allot::RunRequest request;
    request.algorithm = code;
    const auto result = engine.run(book, request);
    REQUIRE(result.has_value());
    REQUIRE_FALSE(result->allocations().empty());
    std::vector<std::string> units;
    for (const std::string& name : names) {
        units.push_back(book.allocated(allot::OrderId{"desk", name}).to_string());
    }
    return units;
}

}  // namespace

TEST_CASE("Anonymous rules do not care who an order is", "[laws]") {
    std::vector<std::string> names{"A", "B", "C", "D", "E"};
    const allot::Registry registry = allot::Registry::with_builtins();
    const allot::Engine engine;
    const std::size_t seeds = oracle::cases("anonymous rules", 300);
    for (const auto& rule : registry.all()) {
        if (!rule->info().properties.anonymous || rule->info().split_only) {
            continue;
        }
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            oracle::Random random{seed};
            std::vector<int> quantities;
            std::vector<int> fills;
            for (std::size_t i = 0; i < names.size(); ++i) {
                quantities.push_back(random.between(1, 50));
                fills.push_back(random.between(1, 30));
            }
            std::vector<std::string> others = names;
            random.shuffle(others);
            INFO(rule->info().code << ", seed " << seed);
            const std::string& code = rule->info().code;
            REQUIRE(
                units_by_rank(engine, code, book_with_names(names, quantities, fills), names) ==
                units_by_rank(engine, code, book_with_names(others, quantities, fills), others));
        }
    }
}
