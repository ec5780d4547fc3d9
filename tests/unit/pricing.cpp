// Grain and price: the money ties whatever is averaged, booked or handed out, and wrong money is
// caught.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "allot/allot.hpp"
#include "engine/run/audit_money.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "unit/io_support.hpp"

namespace {

using allot::Book;
using allot::Decimal;
using allot::Grain;
using allot::PriceMethod;
using allot::Quantity;
using allot::RunOptions;
using allot::RunRequest;
using allot::RunResult;

allot::Execution fill(const std::string& code, const std::string& placement, int units, int price,
                      int minute) {
    std::string time = "2026-03-02T10:";
    time.append(1, static_cast<char>('0' + minute / 10));
    time.append(1, static_cast<char>('0' + minute % 10));
    allot::Execution execution =
        make::execution(code, placement, std::to_string(units), time + ":00Z");
    execution.price = allot::CurrencyAndAmount{Decimal{price}, "GBP"};
    return execution;
}

// What the allocations of the book say they cost, and what their shares of fills cost.
struct Money {
    Decimal said{};
    Decimal paid{};
};

std::map<std::string, Money> money_by_placement(const Book& book) {
    std::map<std::string, Money> money;
    for (const allot::AllocationView& view : book.allocations()) {
        const allot::Allocation allocation = view.to_value();
        if (allocation.state == "Cancelled") {
            continue;  // withdrawn
        }
        Money& sum = money[allocation.placement_ids.front().to_string()];
        sum.said = sum.said + allocation.quantity.units() * allocation.price->amount;
        const auto shares = allocation.properties.find("Allocation/allot/Shares");
        std::string text = shares == allocation.properties.end() ? allocation.quantity.to_string()
                                                                 : shares->second.label;
        for (const allot::ExecutionId& id : allocation.execution_ids) {
            const std::size_t end = text.find('|');
            const Decimal units = Decimal::parse(text.substr(0, end)).value();
            sum.paid = sum.paid + units * book.find(id)->price->amount;
            text.erase(0, end == std::string::npos ? end : end + 1);
        }
        REQUIRE(text.empty());
    }
    return money;
}

void require_that_money_ties(const Book& book, const RunResult& result) {
    const auto money = money_by_placement(book);
    for (const allot::PlacementOutcome& outcome : result.placements) {
        Decimal residual{};
        for (const allot::Residual& one : outcome.residuals) {
            residual = residual + one.amount;
            REQUIRE(one.account.has_value() == result.run.options.contains("residualAccount"));
        }
        const auto sum = money.find(outcome.id.to_string());
        if (sum != money.end()) {
            REQUIRE(sum->second.said + residual == sum->second.paid);
        }
    }
}

std::string json_of(const RunResult& result) {
    std::string json;
    allot::write_result_json(result, [&](std::string_view text) {
        json += text;
        return true;
    }).value();
    return json;
}

RunRequest some_request(oracle::Random& random) {
    RunRequest request;
    const std::vector<PriceMethod> methods{PriceMethod::fill,     PriceMethod::average,
                                           PriceMethod::average,  PriceMethod::high_low,
                                           PriceMethod::low_high, PriceMethod::fifo};
    RunOptions& options = request.options;
    options.pricing.method = methods[random.below(methods.size())];
    options.grain = random.below(2) == 0 ? Grain::order : Grain::execution;
    if (options.pricing.method == PriceMethod::average) {
        options.pricing.average_over =
            random.below(2) == 0 ? allot::AverageOver::block : allot::AverageOver::placement;
        options.pool = random.below(3) == 0;
    }
    options.pricing.scale = static_cast<int>(random.below(4));
    if (random.below(3) == 0) {
        options.pricing.tick = Decimal::parse("0.25").value();
    }
    if (random.one_in(2) &&
        (options.pricing.method == PriceMethod::average || options.grain == Grain::order)) {
        options.pricing.residual_account = allot::PortfolioId{"funds", "HOUSE"};
    }
    request.algorithm = random.below(2) == 0 ? "FIFO" : "PR-FIFO";
    return request;
}

// Books some of the allocations.
void book_some(Book& book, oracle::Random& random) {
    for (const allot::AllocationId& id : book.allocation_ids()) {
        if (random.below(5) == 0) {
            allot::Allocation allocation = book.find(id).value();
            allocation.state = "Booked";
            book.put(allocation).value();
        }
    }
}

// Reduces an order, or takes it out and puts it back as another; where an average price stands in
// the way, nothing is done.
void amend_one(Book& book, oracle::Random& random) {
    const std::string code(1, static_cast<char>('A' + random.below(3)));
    const allot::OrderId id{"desk", code};
    const allot::Written why{"", "", "test"};
    const allot::Quantity units{1 + random.below(60)};
    const bool is_amended = random.one_in(2);
    const auto result = is_amended ? allot::Engine{}.amend(book, {id, units, {}}, why)
                                   : allot::Engine{}.remove(book, id, why);
    if (!result) {
        REQUIRE(result.error().code == allot::ErrorCode::change_touches_allocated);
        return;
    }
    require_that_money_ties(book, *result);
    REQUIRE(result->placements.size() == 2);
    if (!is_amended) {
        REQUIRE(book.allocated(id).is_zero());
        book.put(make::order(code, units.to_string())).value();
        book.put(make::block("B1", {"A", "B", "C"})).value();
    }
}

}  // namespace

TEST_CASE("Money ties over random lives, and a second run changes nothing", "[pricing]") {
    const std::size_t cases = oracle::cases("lives at other prices", 400);
    for (std::uint64_t seed = 1; seed <= cases; ++seed) {
        INFO("seed " << seed);
        oracle::Random random{seed};
        Book book;
        book.put(make::order("A", std::to_string(1 + random.below(60)))).value();
        book.put(make::order("B", std::to_string(1 + random.below(60)))).value();
        book.put(make::order("C", std::to_string(1 + random.below(60)))).value();
        book.put(make::block("B1", {"A", "B", "C"})).value();
        book.put(make::placement("P1", {"B1"})).value();
        book.put(make::placement("P2", {"B1"})).value();
        int minute = 0;
        for (int step = 0; step < 4; ++step) {
            for (std::uint64_t fills = random.below(4); fills-- > 0; ++minute) {
                book.put(fill("E" + std::to_string(minute), random.below(2) == 0 ? "P1" : "P2",
                              static_cast<int>(1 + random.below(25)),
                              static_cast<int>(random.below(40)) - 5, minute))
                    .value();
            }
            const RunRequest request = some_request(random);
            Book plain = book;
            (void)allot::Engine{}.run(plain, {{}, request.algorithm, {}, {}}).value();
            const RunResult seen = allot::Engine{}.preview(book, request).value();
            const bool is_same =
                allot_test::json_passed_on(allot::Engine{}, book, request) == json_of(seen);
            REQUIRE(is_same);
            const RunResult result = allot::Engine{}.run(book, request).value();
            REQUIRE(json_of(seen) == json_of(result));
            require_that_money_ties(book, result);
            if (!request.options.pool) {
                for (const char* order : {"A", "B", "C"}) {
                    const allot::OrderId id{"desk", order};
                    REQUIRE(book.allocated(id) == plain.allocated(id));
                }
            }
            const RunResult again = allot::Engine{}.run(book, request).value();
            REQUIRE(again.allocations().empty());
            require_that_money_ties(book, again);
            book_some(book, random);
            if (random.one_in(3)) {
                amend_one(book, random);
            }
            if (random.one_in(4)) {
                RunRequest split_again;
                split_again.options.written.reason = "test";
                require_that_money_ties(book,
                                        allot::Engine{}.reallocate(book, split_again).value());
            }
        }
    }
}

TEST_CASE("A placement whose cash is no decimal fails alone", "[pricing]") {
    Book book;
    book.put(make::order("A", "10000000000000000000000000000")).value();
    book.put(make::order("B", "10")).value();
    book.put(make::block("B1", {"A"})).value();
    book.put(make::block("B2", {"B"})).value();
    book.put(make::placement("P1", {"B1"})).value();
    book.put(make::placement("P2", {"B2"})).value();
    allot::Execution large = make::execution("E1", "P1", "10000000000000000000000000000");
    large.price->amount = Decimal::parse("1234567890.123456789").value();
    book.put(large).value();
    book.put(make::execution("E2", "P2", "10")).value();
    RunRequest request;
    request.options.grain = Grain::order;
    const RunResult result = allot::Engine{}.run(book, request).value();
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed.begin()->second.type == allot::FailureType::QuantityOutOfRange);
    CHECK(book.allocated(allot::OrderId{"desk", "A"}).is_zero());
    CHECK(book.allocated(allot::OrderId{"desk", "B"}) == Quantity{10});
}

TEST_CASE("Options of grain and price that do not fit are refused", "[pricing]") {
    Book book;
    const auto refused = [&](const RunOptions& options) {
        const auto result = allot::Engine{}.run(book, {{}, "FIFO", {}, options});
        return !result && result.error().code == allot::ErrorCode::option_is_not_valid;
    };
    RunOptions options;
    options.pricing.scale = 29;
    CHECK(refused(options));
    options = {};
    options.pricing.tick = Decimal{-1};
    CHECK(refused(options));
    options = {};
    options.pricing.average_over = allot::AverageOver::block;
    CHECK(refused(options));
    options.pricing.method = PriceMethod::average;
    CHECK_FALSE(refused(options));
    options.beyond_limit = allot::BeyondLimit::no_claim;
    CHECK(refused(options));
    options = {};
    options.pool = true;
    CHECK_FALSE(refused(options));
    options.pricing.method = PriceMethod::fifo;
    CHECK(refused(options));
    options = {};
    options.pricing.residual_account = allot::PortfolioId{"funds", "HOUSE"};
    CHECK(refused(options));
    options.grain = Grain::order;
    CHECK_FALSE(refused(options));
    options.pricing.residual_account = allot::PortfolioId{"", "HOUSE"};
    CHECK(refused(options));
}

TEST_CASE("An account for residuals is named, and changes no price", "[pricing]") {
    Book book;
    make::put(book, make::order("A", "30"), make::block("B1", {"A"}), make::placement("P1", {"B1"}),
              fill("E1", "P1", 1, 10, 0), fill("E2", "P1", 2, 11, 1));
    RunRequest request;
    request.options.pricing.method = PriceMethod::average;
    request.options.pricing.scale = 1;
    Book without = book;
    REQUIRE(allot::Engine{}.run(without, request).has_value());
    request.options.pricing.residual_account = allot::PortfolioId{"funds", "HOUSE"};
    const RunResult preview = allot::Engine{}.preview(book, request).value();
    const RunResult result = allot::Engine{}.run(book, request).value();
    // 32 / 3 is 10.7 at one place, and 32 - 32.1 is left.
    REQUIRE(result.placements.at(0).residuals.size() == 1);
    CHECK(result.placements[0].residuals[0] ==
          allot::Residual{Decimal::parse("-0.1").value(), "GBP",
                          allot::PortfolioId{"funds", "HOUSE"}});
    CHECK(result.run.options.at("residualAccount") == "funds/HOUSE");
    CHECK(result.run.options.at("residuals") == "desk/P1=-0.1 GBP");
    CHECK(preview.run == result.run);
    CHECK(book.runs().at(0) == result.run);
    CHECK(book.runs()[0].id != without.runs().at(0).id);
    CHECK(book.allocations().at(0).run_id() == result.run.id);
    CHECK(book.allocations()[0].price() == without.allocations().at(0).price());
    CHECK(allot::Engine{}.run(book, request).value().run.options == result.run.options);
    CHECK(book.runs().size() == 1);
}

TEST_CASE("The audit of money finds a wrong residual, price and share", "[pricing]") {
    using allot::run::audit_money;
    allot::run::MoneyAudit facts;
    facts.prices = {{1, Decimal{10}}, {2, Decimal{11}}};
    facts.allocations = {{Quantity{7}, Decimal{10}, {{1, Quantity{3}}, {2, Quantity{4}}}}};
    facts.residual = Decimal{4};
    CHECK_FALSE(audit_money(facts));
    facts.residual = Decimal{3};
    CHECK(audit_money(facts));
    facts.residual = Decimal{4};
    facts.allocations[0].price = Decimal{11};
    CHECK(audit_money(facts));
    facts.allocations[0].price = Decimal{10};
    facts.allocations[0].units[2] = Quantity{5};
    const auto violation = audit_money(facts);
    REQUIRE(violation);
    CHECK(violation->found == "8");
}

TEST_CASE("The audit of shares finds what was not split or not offered", "[pricing]") {
    using allot::run::audit_shares;
    allot::run::SharesAudit facts;
    facts.split = {{1, Quantity{3}}};
    facts.received = facts.split;
    facts.offered = {{7, Quantity{3}}};
    facts.given = facts.offered;
    CHECK_FALSE(audit_shares(facts));
    facts.given[7] = Quantity{4};
    CHECK(audit_shares(facts));
    facts.given[7] = Quantity{3};
    facts.given[8] = Quantity{1};
    CHECK(audit_shares(facts));
    facts.given.erase(8);
    facts.received[1] = Quantity{2};
    CHECK(audit_shares(facts));
}
