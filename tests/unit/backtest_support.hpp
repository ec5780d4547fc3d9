// Short ways to fill books for the tests of the backtest, and to find things in what it says.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allot/backtest.hpp"
#include "allot/backtest_file.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace backtest_test {

inline allot::Decimal decimal(const std::string& text) {
    return allot::Decimal::parse(text).value();
}

// An order of 2026-03-01, at a minute that says which is the oldest.
inline allot::Order order(const std::string& code, const std::string& units, int minute,
                          const std::string& portfolio, const std::string& side = "Buy") {
    const std::string digits = std::to_string(minute);
    allot::Order made = make::order(
        code, units, "2026-03-01T09:" + std::string(2 - digits.size(), '0') + digits + ":00Z");
    made.portfolio_id = allot::PortfolioId{"funds", portfolio};
    made.side = side;
    return made;
}

// A fill of 2026-03-02. An empty price: none.
inline allot::Execution fill(const std::string& code, const std::string& placement,
                             const std::string& units, const std::string& price,
                             const std::string& time, const std::string& currency = "GBP") {
    allot::Execution made = make::execution(code, placement, units, "2026-03-02T" + time + "Z");
    made.price.reset();
    if (!price.empty()) {
        made.price = allot::CurrencyAndAmount{decimal(price), currency};
    }
    return made;
}

// One block B1 with one placement P1, lot 10 unless said otherwise.
inline allot::Book book_of(const std::vector<allot::Order>& orders,
                           const std::vector<allot::Execution>& fills,
                           const std::string& block = "B1", const std::string& placement = "P1") {
    allot::Book book;
    std::vector<std::string> codes;
    for (const allot::Order& order : orders) {
        make::put(book, order);
        codes.push_back(order.id.code());
    }
    make::put(book, make::block(block, codes), make::placement(placement, {block}));
    for (const allot::Execution& fill : fills) {
        make::put(book, fill);
    }
    return book;
}

inline allot::BacktestOptions options_of(const std::vector<std::string>& algorithms,
                                         const std::string& lot = "1", std::size_t draws = 100) {
    allot::BacktestOptions options;
    options.algorithms = algorithms;
    options.options.lot = make::quantity(lot);
    options.draws = draws;
    options.threads = 1;
    return options;
}

// All of it: what was said of each period, and in the end.
struct Replayed {
    std::vector<allot::PeriodOutcome> periods{};
    allot::BacktestResult result{};
};

inline Replayed replay(const allot::BacktestOptions& options, std::vector<allot::Book> books,
                       const allot::Registry& registry = allot::Registry::with_builtins()) {
    allot::Backtest backtest = allot::Backtest::begin(options, registry).value();
    Replayed replayed;
    for (std::size_t i = 0; i < books.size(); ++i) {
        replayed.periods.push_back(
            backtest.replay("day" + std::to_string(i), std::move(books[i])).value());
    }
    replayed.result = backtest.result();
    return replayed;
}

inline Replayed replay(const allot::BacktestOptions& options, allot::Book book) {
    std::vector<allot::Book> books;
    books.push_back(std::move(book));
    return replay(options, std::move(books));
}

inline const allot::AccountOutcome& account(const allot::RuleOutcome& rule,
                                            const std::string& portfolio) {
    for (const allot::AccountOutcome& account : rule.accounts) {
        if (account.portfolio.code() == portfolio) {
            return account;
        }
    }
    throw std::runtime_error{"no account " + portfolio};
}

// "units lots share"
inline std::string text(const allot::Distance& distance) {
    return distance.units.to_string() + " " + distance.lots.to_string() + " " +
           distance.share.to_string();
}

inline std::string json(const allot::BacktestResult& result) {
    std::string text;
    allot::write_backtest_json(result, [&](std::string_view piece) {
        text += piece;
        return true;
    }).value();
    return text;
}

}  // namespace backtest_test
