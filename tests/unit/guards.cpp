// Guards: limit prices that are kept or not, states that nobody knows, and a second rule.
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

// A with a limit price of 10, B without; a fill of 40 at `price`.
allot::Book limited(const std::string& side, const std::string& price) {
    allot::Book book;
    allot::Order a = make::order("A", "30", "2026-03-01");
    allot::Order b = make::order("B", "70", "2026-03-02");
    a.side = b.side = side;
    a.limit_price = allot::CurrencyAndAmount{allot::Decimal{10}, "GBP"};
    allot::Execution fill = make::execution("E1", "P1", "40");
    fill.price->amount = allot::Decimal::parse(price).value();
    make::put(book, a, b, make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}), fill);
    return book;
}

allot::RunResult previewed(const allot::Book& book, const allot::RunRequest& request = {}) {
    return allot::Engine{}.preview(book, request).value();
}

}  // namespace

TEST_CASE("A fill beyond a limit price fails its placement, by name and numbers", "[guards]") {
    const allot::RunResult result = previewed(limited("Buy", "10.01"));
    CHECK(result.allocations().empty());
    REQUIRE(result.failed.size() == 1);
    const allot::Failure& failure = result.failed.begin()->second;
    CHECK(failure.type == allot::FailureType::LimitBreach);
    CHECK(failure.detail == "Execution desk/E1 at 10.01 is beyond the limit 10 of order desk/A");
}

TEST_CASE("Which side of a limit hurts is told by the side of the order", "[guards]") {
    const auto fails = [](const std::string& side, const std::string& price) {
        return !previewed(limited(side, price)).failed.empty();
    };
    CHECK(!fails("Buy", "10"));
    CHECK(!fails("Buy", "9.99"));
    CHECK(fails("BUYTOCOVER", "10.5"));
    CHECK(!fails("Sell", "10"));
    CHECK(!fails("Sell", "10.5"));
    CHECK(fails("sell", "9.99"));
    CHECK(fails("Short", "9.99"));
    CHECK(!fails("Transfer", "9.99"));
    CHECK(!fails("Transfer", "10.5"));
}

TEST_CASE("Orders that are full do not stop a placement by their limit", "[guards]") {
    allot::Book book = limited("Buy", "10");
    make::put(book, make::allocation("X", "A", "30", {}, {}));
    allot::Execution dear = book.find(allot::ExecutionId{"desk", "E1"}).value();
    dear.price->amount = allot::Decimal{11};
    make::put(book, dear);
    const allot::RunResult result = previewed(book);
    CHECK(make::texts(result.allocations()) == std::vector<std::string>{"E1-B B 40"});
}

TEST_CASE("A limit may also mean no claim, or nothing", "[guards]") {
    allot::RunRequest request;
    request.options.beyond_limit = allot::BeyondLimit::no_claim;
    const allot::Book book = limited("Buy", "11");
    const allot::RunResult without = previewed(book, request);
    CHECK(make::texts(without.allocations()) == std::vector<std::string>{"E1-B B 40"});
    CHECK(without.failed.empty());
    CHECK(without.run.options.at("beyondLimit") == "no-claim");
    request.options.beyond_limit = allot::BeyondLimit::ignore;
    const allot::RunResult ignored = previewed(book, request);
    CHECK(make::texts(ignored.allocations()) == std::vector<std::string>{"E1-A A 12", "E1-B B 28"});
    CHECK(ignored.run.options.at("beyondLimit") == "ignore");
    // The limit is part of what a run has read, unless it is ignored.
    allot::Book other = book;
    allot::Order order = other.find(allot::OrderId{"desk", "A"}).value();
    order.limit_price->amount = allot::Decimal{9};
    make::put(other, order);
    CHECK(previewed(other, request).run.inputs == ignored.run.inputs);
    request.options.beyond_limit = allot::BeyondLimit::no_claim;
    CHECK(previewed(other, request).run.inputs != without.run.inputs);
}

TEST_CASE("Orders in unknown states are listed, the first five by name", "[guards]") {
    allot::Book book;
    std::vector<std::string> codes;
    for (int i = 0; i < 7; ++i) {
        codes.push_back("A" + std::to_string(i));
        allot::Order order = make::order(codes.back(), "10");
        order.state = i == 0 ? "partiallyfilled" : "Parked";
        make::put(book, order);
    }
    make::put(book, make::block("B1", codes), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "7"));
    const allot::RunResult result = previewed(book);
    CHECK(result.allocations().size() == 7);
    REQUIRE(result.warnings.size() == 1);
    CHECK(result.warnings[0].type == allot::WarningType::UnknownState);
    CHECK(result.warnings[0].detail ==
          "order desk/A1 is Parked; order desk/A2 is Parked; order desk/A3 is Parked; "
          "order desk/A4 is Parked; order desk/A5 is Parked; and 1 more");
}

TEST_CASE("A second rule on a placement is told, with both runs", "[guards]") {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "40"));
    const allot::RunResult first = allot::Engine{}.run(book, {}).value();
    CHECK(first.warnings.empty());
    make::put(book, make::execution("E2", "P1", "10"));
    CHECK(previewed(book).warnings.empty());
    allot::RunRequest fifo;
    fifo.algorithm = "FIFO";
    const allot::RunResult second = previewed(book, fifo);
    REQUIRE(second.warnings.size() == 1);
    CHECK(second.warnings[0].type == allot::WarningType::TwoAlgorithms);
    CHECK(second.warnings[0].detail ==
          "allocated by PR-FIFO in run " + first.run.id + ", and by FIFO in run " + second.run.id);
    // The same rule with other parameters is another.
    allot::RunRequest capped;
    capped.algorithm = "PR-FIFO:cap=50";
    CHECK(previewed(book, capped).warnings.size() == 1);
    // Nothing is added, nothing is told.
    make::put(book, make::order("C", "5"), make::block("B2", {"C"}), make::placement("P2", {"B2"}),
              make::execution("E3", "P2", "5"));
    fifo.placements = {allot::PlacementId{"desk", "P2"}};
    CHECK(previewed(book, fifo).warnings.empty());
}
