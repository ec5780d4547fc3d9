// Reallocation: what is frozen stays, what is pinned is so, and the rest moves as little as it can.
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "engine/run/audit.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "unit/io_support.hpp"

namespace {

using allot_test::text_of;
using Texts = std::vector<std::string>;

allot::RunRequest because(const std::string& reason, const std::string& algorithm = "PR-FIFO") {
    allot::RunRequest request;
    request.algorithm = algorithm;
    request.options.written.reason = reason;
    return request;
}

allot::OrderId order_id(const std::string& code) {
    return {"desk", code};
}

allot::Pins pin(const std::string& code, const std::string& units) {
    return {{order_id(code), make::quantity(units)}};
}

// Two orders of 30 and 70, fills of 60 and 40.
allot::Book two_fills() {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "60"),
              make::execution("E2", "P1", "40", "2026-03-02T11:00:00Z"));
    return book;
}

// What counts of a book's allocations.
Texts counting(const allot::Book& book) {
    Texts texts;
    for (const allot::AllocationView& view : book.allocations()) {
        if (view.state() != "Cancelled") {
            texts.push_back(view.id().code() + " " + view.quantity().to_string());
        }
    }
    return texts;
}

// The same, by order.
Texts by_order(const allot::Book& book) {
    Texts texts;
    for (const allot::AllocationView& view : book.allocations()) {
        if (view.state() != "Cancelled") {
            texts.push_back(std::string{view.order_id().code} + " " + view.quantity().to_string());
        }
    }
    return texts;
}

void set_state(allot::Book& book, const std::string& code, const std::string& state) {
    allot::Allocation allocation = book.find(allot::AllocationId{"desk", code}).value();
    allocation.state = state;
    make::put(book, allocation);
}

Texts moves_of(const allot::RunResult& result) {
    Texts texts;
    for (const allot::Move& move : result.moves) {
        texts.push_back(move.allocation.code() + " " + move.before.to_string() + " " +
                        move.after.to_string());
    }
    return texts;
}

allot::ErrorCode refusal(const allot::Book& book, const allot::Pins& pins) {
    const auto result = allot::Engine{}.preview_reallocate(book, because("test"), pins);
    REQUIRE(!result.has_value());
    return result.error().code;
}

}  // namespace

TEST_CASE("Without a reason nothing is withdrawn", "[reallocate]") {
    allot::Book book = two_fills();
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    const std::string before = text_of(book);
    const auto refused = allot::Engine{}.reallocate(book, {});
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::reason_is_missing);
    CHECK(text_of(book) == before);
}

TEST_CASE("What ends as it was is not touched", "[reallocate]") {
    allot::Book book = two_fills();
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    const std::string before = text_of(book);
    const allot::RunResult same = allot::Engine{}.reallocate(book, because("test")).value();
    CHECK(same.allocations().empty());
    CHECK(same.moves.empty());
    CHECK(same.placements.at(0).allocated == allot::Quantity{100});
    CHECK(text_of(book) == before);
    CHECK(book.runs().size() == 1);
}

TEST_CASE("What moves leaves a cancelled version of the run that moved it", "[reallocate]") {
    allot::Book book = two_fills();
    const allot::RunResult first = allot::Engine{}.run(book, {}).value();
    CHECK(counting(book) == Texts{"E1-A 18", "E1-B 42", "E2-A 12", "E2-B 28"});
    const allot::RunResult second =
        allot::Engine{}.reallocate(book, because("oldest first", "FIFO")).value();
    CHECK(counting(book) == Texts{"E1-A 30", "E1-B 30", "E2-B 40"});
    CHECK(moves_of(second) == Texts{"E1-A 18 30", "E1-B 42 30", "E2-A 12 0", "E2-B 28 40"});
    const auto versions = book.versions(allot::AllocationId{"desk", "E1-A"});
    REQUIRE(versions.size() == 3);
    const auto run_of = [](const allot::Allocation& allocation) {
        return allocation.properties.at(std::string{allot::run_property_key}).label;
    };
    CHECK(versions[0].value.state == "New");
    CHECK(run_of(versions[0].value) == first.run.id);
    CHECK(versions[1].value.state == "Cancelled");
    CHECK(versions[1].value.quantity == allot::Quantity{18});
    CHECK(run_of(versions[1].value) == second.run.id);
    CHECK(versions[1].written.reason == "oldest first");
    CHECK(versions[2].value.state == "New");
    CHECK(versions[2].value.quantity == allot::Quantity{30});
    CHECK(book.find(allot::AllocationId{"desk", "E2-A"})->state == "Cancelled");
    CHECK(book.allocated(order_id("A")) == allot::Quantity{30});
    CHECK(book.allocated(order_id("B")) == allot::Quantity{70});
    CHECK(book.runs().back() == second.run);
    CHECK(second.run.options.at("reallocate") == "true");
    // Nothing is on offer after it.
    const allot::RunResult third = allot::Engine{}.run(book, {}).value();
    CHECK(third.allocations().empty());
}

TEST_CASE("A preview of a reallocation says the same and changes nothing", "[reallocate]") {
    allot::Book book = two_fills();
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    const std::string before = text_of(book);
    const allot::RunResult seen =
        allot::Engine{}.preview_reallocate(book, because("test", "FIFO"), pin("A", "10")).value();
    CHECK(text_of(book) == before);
    const allot::RunResult done =
        allot::Engine{}.reallocate(book, because("test", "FIFO"), pin("A", "10")).value();
    CHECK(seen.run == done.run);
    CHECK(seen.moves == done.moves);
    REQUIRE(seen.allocations().size() == done.allocations().size());
    for (std::size_t i = 0; i < done.allocations().size(); ++i) {
        CHECK(seen.allocations()[i].to_value() == done.allocations()[i].to_value());
    }
}

TEST_CASE("A placement that fails keeps what it had", "[reallocate]") {
    allot::Book book = two_fills();
    make::put(book, make::order("C", "50"), make::block("B2", {"C"}), make::placement("P2", {"B2"}),
              make::execution("E3", "P2", "20"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    allot::Order cancelled = book.find(order_id("C")).value();
    cancelled.state = "Cancelled";
    make::put(book, cancelled);
    const allot::RunResult result =
        allot::Engine{}.reallocate(book, because("test", "FIFO")).value();
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed.begin()->second.type == allot::FailureType::NoOrders);
    CHECK(counting(book) == Texts{"E1-A 30", "E1-B 30", "E2-B 40", "E3-C 20"});
}

TEST_CASE("What other placements gave an order stays and counts", "[reallocate]") {
    allot::Book book = two_fills();
    make::put(book, make::placement("P2", {"B1"}), make::execution("E3", "P2", "50"));
    allot::RunRequest request = because("test", "FIFO");
    request.placements = {allot::PlacementId{"desk", "P2"}};
    REQUIRE(allot::Engine{}.run(book, request).has_value());
    CHECK(counting(book) == Texts{"E3-A 30", "E3-B 20"});
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    CHECK(counting(book) == Texts{"E1-B 50", "E3-A 30", "E3-B 20"});
    request = because("test", "LIFO");
    request.placements = {allot::PlacementId{"desk", "P1"}};
    REQUIRE(allot::Engine{}.reallocate(book, request).has_value());
    CHECK(counting(book) == Texts{"E1-B 50", "E3-A 30", "E3-B 20"});
    // Both together: of 150 executed the orders take 100.
    const allot::RunResult both = allot::Engine{}.reallocate(book, because("test", "LIFO")).value();
    CHECK(counting(book) == Texts{"E1-B 60", "E3-A 30", "E3-B 10"});
    CHECK(both.failed.size() == 2);
}

TEST_CASE("Pins are spread pro rata, and the rest is split around them", "[reallocate]") {
    allot::Book book = two_fills();
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    // 11 over 60 and 40: 6.6 and 4.4, rounded down 6 and 4, and one more to the earliest.
    const allot::RunResult result =
        allot::Engine{}.reallocate(book, because("agreed"), pin("A", "11")).value();
    CHECK(counting(book) == Texts{"E1-A 7", "E1-B 53", "E2-A 4", "E2-B 17"});
    CHECK(result.run.options.at("pins") == "desk/A=11");
    CHECK(result.placements.at(0).unallocated == allot::Quantity{19});
    CHECK(result.failed.begin()->second.type == allot::FailureType::OverExecutedPlacement);
    // To pin zero withdraws.
    REQUIRE(allot::Engine{}.reallocate(book, because("agreed"), pin("A", "0")).has_value());
    CHECK(counting(book) == Texts{"E1-B 60", "E2-B 10"});
}

TEST_CASE("A pin counts what is frozen", "[reallocate]") {
    allot::Book book = two_fills();
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    set_state(book, "E2-A", "Booked");  // 12
    CHECK(refusal(book, pin("A", "11")) == allot::ErrorCode::pin_does_not_fit);
    REQUIRE(allot::Engine{}.reallocate(book, because("agreed"), pin("A", "12")).has_value());
    CHECK(counting(book) == Texts{"E1-B 60", "E2-A 12", "E2-B 10"});
    REQUIRE(allot::Engine{}.reallocate(book, because("agreed"), pin("A", "20")).has_value());
    CHECK(counting(book) == Texts{"E1-A 8", "E1-B 52", "E2-A 12", "E2-B 18"});
}

TEST_CASE("Pins that do not fit are refused, and nothing is done", "[reallocate]") {
    allot::Book book = two_fills();
    make::put(book, make::order("C", "500"), make::block("B2", {"C"}),
              make::placement("P2", {"B2"}), make::execution("E3", "P2", "20"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    CHECK(refusal(book, pin("A", "31")) == allot::ErrorCode::pin_does_not_fit);
    CHECK(refusal(book, pin("C", "21")) == allot::ErrorCode::pin_does_not_fit);
    CHECK(refusal(book, pin("Nobody", "1")) == allot::ErrorCode::pin_does_not_fit);
    set_state(book, "E1-B", "Booked");  // 42 of 60, so that A may have 18 of E1 and 12 of E2
    const std::string before = text_of(book);
    CHECK(refusal(book,
                  {{order_id("A"), make::quantity("30")}, {order_id("B"), make::quantity("71")}}) ==
          allot::ErrorCode::pin_does_not_fit);
    allot::Order without_portfolio = book.find(order_id("C")).value();
    without_portfolio.state = "Cancelled";
    make::put(book, make::order("D", "5"), make::block("B2", {"C", "D"}));
    make::put(book, without_portfolio);
    allot::Execution unpriced = make::execution("E4", "P2", "3");
    unpriced.price.reset();
    make::put(book, unpriced);
    CHECK(refusal(book, pin("D", "3")) == allot::ErrorCode::pin_does_not_fit);
    CHECK(counting(book) == Texts{"E1-A 18", "E1-B 42", "E2-A 12", "E2-B 28", "E3-C 20"});
}

TEST_CASE("Numbers beyond 64 bits are reallocated as exactly", "[reallocate]") {
    allot::Book book;
    make::put(book, make::order("A", "300000000000000000000.5"),
              make::order("B", "700000000000000000000"), make::block("B1", {"A", "B"}),
              make::placement("P1", {"B1"}), make::execution("E1", "P1", "100000000000000000000"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    set_state(book, "E1-A", "Booked");
    CHECK(allot::Engine{}.reallocate(book, because("test")).value().moves.empty());
    REQUIRE(allot::Engine{}.reallocate(book, because("test"), pin("B", "1.5")).has_value());
    CHECK(counting(book) ==
          Texts{"E1-A 30000000000000000001", "E1-A-2 69999999999999999997.5", "E1-B 1.5"});
}

TEST_CASE("A cap counts what is frozen, pinned or still to come", "[reallocate]") {
    allot::Book book;
    make::put(book, make::order("A", "100"), make::order("B", "100"), make::block("B1", {"A", "B"}),
              make::placement("P1", {"B1"}), make::execution("E1", "P1", "50"),
              make::execution("E2", "P1", "50", "2026-03-02T11:00:00Z"),
              make::allocation("E2-A", "A", "20", {"E2"}, {"P1"}));
    set_state(book, "E2-A", "Booked");
    const allot::RunResult result =
        allot::Engine{}.reallocate(book, because("test", "PR-FIFO:cap=30")).value();
    // A may have 10 of E1 beside the 20 of E2 that are booked; B 30 in all.
    CHECK(counting(book) == Texts{"E1-A 10", "E1-B 30", "E2-A 20"});
    CHECK(result.warnings.at(0).type == allot::WarningType::KeptUnallocated);
}

TEST_CASE("Stored allocations without executions are withdrawn and split by fill", "[reallocate]") {
    allot::Book book = two_fills();
    make::put(book, make::allocation("X", "A", "25", {}, {"P1"}),
              make::allocation("Y", "B", "5", {}, {}));
    REQUIRE(allot::Engine{}.reallocate(book, because("test")).has_value());
    // Y belongs to no placement and stays: 30 and 65 are outstanding.
    CHECK(counting(book) == Texts{"E1-A 19", "E1-B 41", "E2-A 11", "E2-B 24", "Y 5"});
    CHECK(book.find(allot::AllocationId{"desk", "X"})->state == "Cancelled");
}

TEST_CASE("What was traded without orders is reallocated by weights", "[reallocate]") {
    allot::Book book;
    allot::Block block = make::block("K", {});
    block.side = "Buy";
    make::put(book, block, make::placement("P", {"K"}), make::execution("E1", "P", "100"));
    allot::RunRequest request = because("new weights", "PR-LF");
    const auto weigh = [&](const std::string& a, const std::string& b) {
        request.weights = {{allot::PortfolioId{"funds", "A"}, allot::Weight::parse(a).value()},
                           {allot::PortfolioId{"funds", "B"}, allot::Weight::parse(b).value()}};
    };
    weigh("3", "1");
    REQUIRE(allot::Engine{}.run(book, request).has_value());
    CHECK(by_order(book) == Texts{"K-funds-A 75", "K-funds-B 25"});
    weigh("1", "1");
    REQUIRE(allot::Engine{}.reallocate(book, request).has_value());
    CHECK(by_order(book) == Texts{"K-funds-A 50", "K-funds-B 50"});
    CHECK(book.find(allot::OrderId{"desk", "K-funds-A"})->quantity == allot::Quantity{50});
}

TEST_CASE("Under bond minima frozen totals count for the whole placement", "[reallocate]") {
    allot::Book book;
    make::put(book, make::order("A", "1000"), make::order("B", "1000"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "300"),
              make::execution("E2", "P1", "700", "2026-03-02T11:00:00Z"),
              make::allocation("E2-A", "A", "600", {"E2"}, {"P1"}));
    set_state(book, "E2-A", "Closed");
    REQUIRE(allot::Engine{}
                .reallocate(book, because("test", "PR-FIFO:denomination=200:increment=100"))
                .has_value());
    CHECK(counting(book) == Texts{"E1-B 300", "E2-A 600", "E2-B 100"});
}

TEST_CASE("Any number of threads reallocates the same", "[reallocate]") {
    allot::Book book;
    for (int i = 0; i < 40; ++i) {
        const std::string n = std::to_string(i);
        make::put(book, make::order("A" + n, "30"), make::order("B" + n, "70"),
                  make::block("K" + n, {"A" + n, "B" + n}), make::placement("P" + n, {"K" + n}),
                  make::execution("E" + n, "P" + n, std::to_string(20 + i)));
    }
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    allot::Book other = book;
    allot::RunRequest request = because("test", "LIFO");
    request.options.threads = 1;
    REQUIRE(allot::Engine{}.reallocate(book, request).has_value());
    request.options.threads = 3;
    REQUIRE(allot::Engine{}.reallocate(other, request).has_value());
    CHECK(text_of(book) == text_of(other));
}

TEST_CASE("The audit knows the laws around what stays", "[reallocate][audit]") {
    using Facts = allot::run::HeldAudit<std::int64_t>;
    const auto law = [](const Facts& facts, const std::vector<std::int64_t>& given) {
        const auto violation = allot::run::audit_held(facts, std::span<const std::int64_t>{given});
        return violation ? violation->law : std::string{};
    };
    const Facts facts{100, 40, {60, 60}, {40, 0}};
    CHECK(law(facts, {20, 40}).empty());
    CHECK(law(facts, {-1, 40}) == "nothing is taken back from an allocation that stays");
    CHECK(law(facts, {21, 39}) == "nobody has more than was ordered");
    CHECK(law(facts, {20, 41}) ==
          "what stays and what is given is not more than what was executed");
    // What is kept alone may be more: an execution was corrected after the booking.
    CHECK(law(Facts{30, 40, {60}, {40}}, {0}).empty());
    CHECK(!law(Facts{30, 40, {60}, {40}}, {1}).empty());
}
