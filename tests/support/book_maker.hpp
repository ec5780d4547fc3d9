// Short ways to fill a book in tests. Ids are in scope "desk", portfolios in scope "funds".
#pragma once

#include <string>
#include <vector>

#include "allot/book.hpp"
#include "support/catch.hpp"

namespace make {

inline allot::Quantity quantity(const std::string& text) {
    return allot::Quantity::parse(text).value();
}

inline allot::Order order(const std::string& code, const std::string& units,
                          const std::string& date = {}) {
    allot::Order order;
    order.id = allot::OrderId{"desk", code};
    order.side = "Buy";
    order.quantity = quantity(units);
    order.portfolio_id = allot::PortfolioId{"funds", "P" + code};
    if (!date.empty()) {
        order.date = allot::Time::parse(date).value();
    }
    return order;
}

inline allot::Block block(const std::string& code, const std::vector<std::string>& orders) {
    allot::Block block;
    block.id = allot::BlockId{"desk", code};
    for (const std::string& order : orders) {
        block.order_ids.emplace_back("desk", order);
    }
    return block;
}

inline allot::Placement placement(const std::string& code, const std::vector<std::string>& blocks) {
    allot::Placement placement;
    placement.id = allot::PlacementId{"desk", code};
    for (const std::string& block : blocks) {
        placement.block_ids.emplace_back("desk", block);
    }
    return placement;
}

inline allot::Execution execution(const std::string& code, const std::string& placement,
                                  const std::string& units,
                                  const std::string& time = "2026-03-02T10:00:00Z") {
    allot::Execution execution;
    execution.id = allot::ExecutionId{"desk", code};
    execution.placement_id = allot::PlacementId{"desk", placement};
    execution.quantity = quantity(units);
    execution.created_date = allot::Time::parse(time).value();
    execution.price = allot::CurrencyAndAmount{allot::Decimal{10}, "GBP"};
    return execution;
}

inline allot::Allocation allocation(const std::string& code, const std::string& order,
                                    const std::string& units,
                                    const std::vector<std::string>& executions = {},
                                    const std::vector<std::string>& placements = {}) {
    allot::Allocation allocation;
    allocation.id = allot::AllocationId{"desk", code};
    allocation.allocated_order_id = allot::OrderId{"desk", order};
    allocation.quantity = quantity(units);
    for (const std::string& execution : executions) {
        allocation.execution_ids.emplace_back("desk", execution);
    }
    for (const std::string& placement : placements) {
        allocation.placement_ids.emplace_back("desk", placement);
    }
    return allocation;
}

// Puts all of them, in this order; fails the test when one is refused.
template <class... Entities>
void put(allot::Book& book, const Entities&... entities) {
    const auto put_one = [&](const auto& entity) {
        const auto done = book.put(entity);
        INFO((done ? std::string{} : done.error().front().message()));
        REQUIRE(done.has_value());
    };
    (put_one(entities), ...);
}

// "E1-A desk/A 12" for every allocation.
template <class Views>
std::vector<std::string> texts(const Views& views) {
    std::vector<std::string> all;
    for (const auto& view : views) {
        all.push_back(view.id().code() + " " + view.order_id().to_id().code() + " " +
                      view.quantity().to_string());
    }
    return all;
}

}  // namespace make
