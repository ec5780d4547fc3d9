// The contract of Engine, RunResult and RunRecord, beyond who gets how much.
#include "allot/engine.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "unit/io_support.hpp"

namespace {

// Two orders of one block, one fill: 12 and 28.
allot::Book smallest() {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "40"));
    return book;
}

std::string run_id(const allot::Book& book, const allot::RunRequest& request = {}) {
    return allot::Engine{}.preview(book, request).value().run.id;
}

}  // namespace

TEST_CASE("A run allocates, says so and writes it to the book", "[engine]") {
    allot::Book book = smallest();
    const allot::RunResult result = allot::Engine{}.run(book, {}).value();
    CHECK(result.algorithm == "PR-FIFO");
    CHECK(make::texts(result.allocations()) == std::vector<std::string>{"E1-A A 12", "E1-B B 28"});
    CHECK(make::texts(book.allocations()) == std::vector<std::string>{"E1-A A 12", "E1-B B 28"});
    REQUIRE(result.placements.size() == 1);
    CHECK(result.placements[0].executed == allot::Quantity{40});
    CHECK(result.placements[0].allocated == allot::Quantity{40});
    CHECK(result.placements[0].unallocated.is_zero());
    CHECK(result.failed.empty());
    CHECK(result.warnings.empty());
    CHECK(book.allocated(allot::OrderId{"desk", "A"}) == allot::Quantity{12});

    const allot::AllocationView first = result.allocations()[0];
    CHECK(first.portfolio_id()->to_id() == allot::PortfolioId{"funds", "PA"});
    CHECK(first.price()->amount() == allot::Decimal{10});
    CHECK(first.price_currency() == "GBP");
    CHECK(first.side() == "Buy");
    CHECK(first.state() == "New");
    CHECK(first.date() == "2026-03-02T10:00:00Z");
    CHECK(first.run_id() == result.run.id);
    CHECK(first.to_value().properties.at(std::string{allot::run_property_key}).label ==
          result.run.id);
    CHECK(first.to_value() == book.find(first.id()).value());
}

TEST_CASE("The whole plan is one value: preview gives it, run gives the same", "[engine]") {
    const allot::Book book = smallest();
    allot::Book written = book;
    const allot::RunResult planned = allot::Engine{}.preview(book, {}).value();
    const allot::RunResult done = allot::Engine{}.run(written, {}).value();
    REQUIRE(planned.allocations().size() == done.allocations().size());
    for (std::size_t i = 0; i < planned.allocations().size(); ++i) {
        CHECK(planned.allocations()[i].to_value() == done.allocations()[i].to_value());
    }
    CHECK(planned.run == done.run);
    CHECK(book.allocations().empty());
    CHECK(book.runs().empty());
    CHECK(book.size() == 5);
    CHECK(written.runs() == std::vector<allot::RunRecord>{done.run});
    CHECK(written.size() == 7);
}

TEST_CASE("A preview of a preview's book does not see the first", "[engine]") {
    const allot::Book book = smallest();
    const allot::RunResult first = allot::Engine{}.preview(book, {}).value();
    allot::RunRequest fifo;
    fifo.algorithm = "FIFO";
    const allot::RunResult second = allot::Engine{}.preview(book, fifo).value();
    CHECK(make::texts(second.allocations()) == std::vector<std::string>{"E1-A A 30", "E1-B B 10"});
    CHECK(make::texts(first.allocations()) == std::vector<std::string>{"E1-A A 12", "E1-B B 28"});
}

TEST_CASE("A second identical run changes nothing and leaves no record", "[engine]") {
    allot::Book book = smallest();
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    const std::size_t size = book.size();
    const allot::RunResult again = allot::Engine{}.run(book, {}).value();
    CHECK(again.allocations().empty());
    CHECK(again.failed.empty());
    CHECK(again.placements.at(0).allocated == allot::Quantity{40});
    CHECK(book.size() == size);
    CHECK(book.runs().size() == 1);
    CHECK(book.versions(allot::AllocationId{"desk", "E1-A"}).size() == 1);
}

TEST_CASE("Allocations of a result outlive later runs on the same book", "[engine]") {
    allot::Book book = smallest();
    const allot::RunResult first = allot::Engine{}.run(book, {}).value();
    const allot::AllocationView view = first.allocations()[1];
    // Enough later rows that every container of the store has grown and moved.
    for (int i = 0; i < 300; ++i) {
        const std::string code = "N" + std::to_string(i);
        make::put(book, make::order(code, "5"), make::block("B" + code, {code}),
                  make::placement("P" + code, {"B" + code}),
                  make::execution("E" + code, "P" + code, "5"));
    }
    const allot::RunResult second = allot::Engine{}.run(book, {}).value();
    CHECK(second.allocations().size() == 300);
    CHECK(view.id() == allot::AllocationId{"desk", "E1-B"});
    CHECK(view.quantity() == allot::Quantity{28});
    CHECK(view.order_id() == allot::OrderId{"desk", "B"});
    CHECK(make::texts(first.allocations()) == std::vector<std::string>{"E1-A A 12", "E1-B B 28"});
}

TEST_CASE("An empty book runs to an empty result", "[engine]") {
    allot::Book book;
    const allot::RunResult result = allot::Engine{}.run(book, {}).value();
    CHECK(result.allocations().empty());
    CHECK(result.placements.empty());
    CHECK(result.failed.empty());
    CHECK(book.size() == 0);
    CHECK(book.runs().empty());
}

TEST_CASE("What cannot be run is refused whole, and nothing is done", "[engine]") {
    allot::Book book = smallest();
    allot::RunRequest request;
    SECTION("an unknown algorithm: known codes and the nearest match are named") {
        request.algorithm = "PR-FIFA";
        const auto refused = allot::Engine{}.run(book, request);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == allot::ErrorCode::algorithm_is_unknown);
        const std::string message = refused.error().message();
        INFO(message);
        CHECK(message.find("PR-FIFA") != std::string::npos);
        CHECK(message.find("PR-FIFO") != std::string::npos);
        CHECK(message.find("FIFO-*,") != std::string::npos);
    }
    SECTION("a code that cannot be one") {
        for (const std::string& code : {std::string{}, std::string{"PR FIFO"},
                                        std::string{"PR\xC3\xA4"}, std::string(65, 'A')}) {
            INFO(code);
            request.algorithm = code;
            const auto refused = allot::Engine{}.run(book, request);
            REQUIRE_FALSE(refused.has_value());
            CHECK(refused.error().code == allot::ErrorCode::algorithm_code_is_not_valid);
        }
    }
    SECTION("a lot of zero") {
        request.options.lot = allot::Quantity{0};
        const auto refused = allot::Engine{}.run(book, request);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == allot::ErrorCode::lot_is_not_positive);
    }
    CHECK(book.allocations().empty());
    CHECK(book.runs().empty());
}

TEST_CASE("Codes are matched without case and by alias", "[engine]") {
    for (const char* code : {"pr-fifo", "PR", "Pr-Fifo"}) {
        INFO(code);
        allot::RunRequest request;
        request.algorithm = code;
        const allot::RunResult result = allot::Engine{}.preview(smallest(), request).value();
        CHECK(result.algorithm == "PR-FIFO");
        CHECK(result.run.id == run_id(smallest()));
    }
}

TEST_CASE("The run id is a function of what was run, and of nothing else", "[engine]") {
    const allot::Book book = smallest();
    const std::string id = run_id(book);
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(run_id(smallest()) == id);

    SECTION("every option and every input changes it") {
        std::set<std::string> ids{id};
        std::vector<allot::RunRequest> requests(9);
        requests[0].algorithm = "FIFO";
        requests[1].options.lot = allot::Quantity{10};
        requests[2].options.allow_unpriced = true;
        requests[3].options.dead_states = std::vector<std::string>{"Held"};
        requests[4].options.seed = "7";
        requests[5].options.written.user = "U";
        requests[6].options.written.reason = "U";
        requests[7].options.written.as_at = "2026-03-03";
        requests[8].placements = {allot::PlacementId{"desk", "P1"}, allot::PlacementId{"x", "y"}};
        for (const allot::RunRequest& request : requests) {
            CHECK(ids.insert(run_id(book, request)).second);
        }
        allot::Order order = book.find(allot::OrderId{"desk", "A"}).value();
        order.quantity = allot::Quantity{31};
        allot::Book changed = book;
        make::put(changed, order);
        CHECK(ids.insert(run_id(changed)).second);
        changed = book;
        order = book.find(allot::OrderId{"desk", "A"}).value();
        order.portfolio_id = allot::PortfolioId{"funds", "other"};
        make::put(changed, order);
        CHECK(ids.insert(run_id(changed)).second);
        changed = book;
        allot::Execution execution = book.find(allot::ExecutionId{"desk", "E1"}).value();
        execution.price->amount = allot::Decimal{11};
        make::put(changed, execution);
        CHECK(ids.insert(run_id(changed)).second);
        changed = book;
        make::put(changed, make::allocation("X", "A", "1"));
        CHECK(ids.insert(run_id(changed)).second);
    }
    SECTION("the order in which things were put does not") {
        allot::Book other;
        make::put(other, make::order("B", "70", "2026-03-02"), make::order("A", "30", "2026-03-01"),
                  make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
                  make::execution("E1", "P1", "40"));
        CHECK(run_id(other) == id);
    }
    SECTION("the order of requested ids does not") {
        allot::Book two = book;
        make::put(two, make::placement("P2", {"B1"}), make::execution("E2", "P2", "3"));
        allot::RunRequest one_way;
        one_way.placements = {allot::PlacementId{"desk", "P1"}, allot::PlacementId{"desk", "P2"}};
        allot::RunRequest other_way;
        other_way.placements = {allot::PlacementId{"desk", "P2"}, allot::PlacementId{"desk", "P1"},
                                allot::PlacementId{"desk", "P2"}};
        CHECK(run_id(two, one_way) == run_id(two, other_way));
    }
}

TEST_CASE("The run record says enough to run it again", "[engine]") {
    allot::Book book = smallest();
    allot::RunRequest request;
    request.options.lot = make::quantity("0.5");
    request.options.allow_unpriced = true;
    request.options.seed = "s";
    request.options.written = {"2026-03-03T00:00:00Z", "kim", "close"};
    const allot::RunRecord run = allot::Engine{}.run(book, request).value().run;
    CHECK(run.algorithm == "PR-FIFO");
    CHECK(run.lot == "0.5");
    CHECK(run.seed == "s");
    CHECK(run.written == request.options.written);
    CHECK(run.options.size() == 1);
    CHECK_FALSE(run.engine_version.empty());
    CHECK(run.inputs.size() == 32);
    CHECK(book.runs().at(0) == run);
    // The version of an allocation carries the caller's words.
    const auto versions = book.versions(allot::AllocationId{"desk", "E1-A"});
    REQUIRE(versions.size() == 1);
    CHECK(versions[0].written == request.options.written);
}

TEST_CASE("The hash of the inputs has every placement of a large book", "[engine]") {
    constexpr int count = 600;  // of several parts
    const auto number = [](int i) { return std::to_string(1000 + i); };
    allot::Book book;
    for (int i = 0; i < count; ++i) {
        const std::string n = number(i);
        make::put(book, make::order("O" + n, "30"), make::block("B" + n, {"O" + n}),
                  make::placement("P" + n, {"B" + n}));
        if (i != 0) {
            make::put(book, make::execution("E" + n, "P" + n, "10"));
        }
    }
    const auto inputs = [](const allot::Book& of) {
        return allot::Engine{}.preview(of, {}).value().run.inputs;
    };
    const std::string plain = inputs(book);
    std::set<std::string> seen{plain};
    for (const int changed : {1, 255, 256, 257, 512, count - 1}) {
        allot::Book other = book;
        make::put(other, make::execution("E" + number(changed), "P" + number(changed), "11"));
        CHECK(seen.insert(inputs(other)).second);
    }
    // Nobody who reads the book later knows of a placement that was left out, the first one here.
    make::put(book, make::execution("E" + number(0), "P" + number(0), "10"));
    std::string text = allot_test::text_of(book);
    const std::size_t id = text.find("\"code\":\"E" + number(0));
    const std::size_t quantity = text.find("\"quantity\":10", id);
    REQUIRE(quantity != std::string::npos);
    text.replace(quantity, 13, "\"quantity\":-1");
    const allot::ReadBook read =
        allot::read_book_json(text, "book.json", {.quarantine = true}).value();
    REQUIRE(read.quarantined.size() == 1);
    CHECK(inputs(read.book) == plain);
}

TEST_CASE("A grown execution grows the order's allocation as a new version", "[engine]") {
    allot::Book book = smallest();
    const std::string first_run = allot::Engine{}.run(book, {}).value().run.id;
    make::put(book, make::execution("E1", "P1", "60"));
    const allot::RunResult result = allot::Engine{}.run(book, {}).value();
    // 20 more over what is left, 18 and 42: 6 and 14.
    CHECK(make::texts(result.allocations()) == std::vector<std::string>{"E1-A A 18", "E1-B B 42"});
    const auto versions = book.versions(allot::AllocationId{"desk", "E1-A"});
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].value.quantity == allot::Quantity{12});
    CHECK(versions[1].value.quantity == allot::Quantity{18});
    const std::string key{allot::run_property_key};
    CHECK(versions[0].value.properties.at(key).label == first_run);
    CHECK(versions[1].value.properties.at(key).label == result.run.id);
    CHECK(book.size() == 7);
    CHECK(book.runs().size() == 2);
}

TEST_CASE("Progress is told up to the end", "[engine]") {
    allot::Book book = smallest();
    for (int i = 0; i < 50; ++i) {
        make::put(book, make::execution("X" + std::to_string(i), "P1", "1"));
    }
    std::size_t last = 0;
    std::size_t all = 0;
    allot::RunRequest request;
    request.options.progress = [&](std::size_t done, std::size_t total) {
        CHECK(done >= last);
        CHECK(done <= total);
        last = done;
        all = total;
    };
    REQUIRE(allot::Engine{}.run(book, request).has_value());
    CHECK(last == 51);
    CHECK(all == 51);
}

TEST_CASE("A total that no decimal can hold fails its placement by name", "[engine]") {
    allot::Book book = smallest();
    // Together they need 59 digits.
    make::put(book, make::order("BIG", "1000000000000000000000000000000"),
              make::block("B2", {"BIG"}), make::placement("P2", {"B2"}),
              make::execution("E2", "P2", "999999999999999999999999999999"),
              make::execution("E3", "P2", "0.0000000000000000000000000001"));
    const allot::RunResult result = allot::Engine{}.run(book, {}).value();
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed.at("Scope:desk Code:P2").type == allot::FailureType::QuantityOutOfRange);
    CHECK(make::texts(result.allocations()) == std::vector<std::string>{"E1-A A 12", "E1-B B 28"});
}
