// Amendments and removals: what an order has follows it, what is booked stands in the way.
#include <string>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

using Texts = std::vector<std::string>;

const allot::Written why{"2026-03-03T08:00:00Z", "anna", "the client says so"};

// 12 and 28 of two fills of 40 each; E2 is the earlier one.
allot::Book allocated() {
    allot::Book book;
    make::put(book, make::order("A", "60", "2026-03-01"), make::order("B", "140", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "40", "2026-03-02T12:00:00Z"),
              make::execution("E2", "P1", "40", "2026-03-02T11:00:00Z"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    return book;
}

allot::Amendment amendment(const std::string& order, const std::string& quantity) {
    allot::Amendment amendment;
    amendment.order = {"desk", order};
    amendment.quantity = make::quantity(quantity);
    return amendment;
}

Texts with_states(const allot::Book& book) {
    Texts texts;
    for (const allot::AllocationView& view : book.allocations()) {
        texts.push_back(view.id().code() + " " + view.quantity().to_string() + " " +
                        std::string{view.state()});
    }
    return texts;
}

void set_state(allot::Book& book, const std::string& code, const std::string& state) {
    allot::Allocation allocation = book.find(allot::AllocationId{"desk", code}).value();
    allocation.state = state;
    make::put(book, allocation);
}

allot::Book read_again(const allot::Book& book) {
    std::string json;
    REQUIRE(allot::write_book_json(book, [&](std::string_view text) {
                json += text;
                return true;
            }).has_value());
    return allot::read_book_json(json, "book").value().book;
}

template <class Id>
allot::Error refused(allot::Book& book, const Id& id, const allot::Written& written = why) {
    const std::size_t runs = book.runs().size();
    const Texts before = with_states(book);
    const auto removed = allot::Engine{}.remove(book, id, written);
    REQUIRE(!removed.has_value());
    CHECK(book.runs().size() == runs);
    CHECK(with_states(book) == before);
    return removed.error();
}

}  // namespace

TEST_CASE("An amendment is one version of each thing it changes, by its run", "[amend]") {
    allot::Book book = allocated();
    allot::Amendment less = amendment("A", "15");
    less.state = "Cancelled";
    const allot::RunResult result = allot::Engine{}.amend(book, less, why).value();
    CHECK(with_states(book) == Texts{"E1-A 3 New", "E1-B 28 New", "E2-A 12 New", "E2-B 28 New"});
    const auto orders = book.versions(allot::OrderId{"desk", "A"});
    REQUIRE(orders.size() == 2);
    CHECK(orders[1].value.quantity == allot::Quantity{15});
    CHECK(orders[1].value.state == "Cancelled");
    CHECK(orders[1].written == why);
    const auto versions = book.versions(allot::AllocationId{"desk", "E1-A"});
    REQUIRE(versions.size() == 2);
    CHECK(versions[1].written == why);
    CHECK(versions[1].value.properties.at(std::string{allot::run_property_key}).label ==
          result.run.id);
    REQUIRE(book.runs().size() == 2);
    CHECK(book.runs().back() == result.run);
    CHECK(result.run.options.at("amend") == "desk/A");
    CHECK(result.run.options.at("quantity") == "15");
    CHECK(result.run.options.at("state") == "Cancelled");
    REQUIRE(result.moves.size() == 1);
    CHECK(result.moves[0].before == allot::Quantity{12});
    CHECK(result.moves[0].after == allot::Quantity{3});
    REQUIRE(result.placements.size() == 1);
    CHECK(result.placements[0].unallocated == allot::Quantity{9});
    CHECK(result.failed.empty());
}

TEST_CASE("The same amendment again changes nothing", "[amend]") {
    allot::Book book = allocated();
    REQUIRE(allot::Engine{}.amend(book, amendment("A", "15"), why).has_value());
    const allot::RunResult again = allot::Engine{}.amend(book, amendment("A", "15"), why).value();
    CHECK(again.moves.empty());
    CHECK(book.runs().size() == 2);
    CHECK(book.versions(allot::OrderId{"desk", "A"}).size() == 2);
}

TEST_CASE("An order of no placement is amended too", "[amend]") {
    allot::Book book = allocated();
    make::put(book, make::order("C", "10"));
    const allot::RunResult result = allot::Engine{}.amend(book, amendment("C", "5"), why).value();
    CHECK(result.placements.empty());
    CHECK(book.find(allot::OrderId{"desk", "C"})->quantity == allot::Quantity{5});
}

TEST_CASE("What is booked says what has to be reversed, the latest first", "[amend]") {
    allot::Book book = allocated();
    set_state(book, "E1-A", "Booked");
    set_state(book, "E2-A", "Closed");
    const auto refused = allot::Engine{}.amend(book, amendment("A", "10"), why);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::change_touches_allocated);
    CHECK(refused.error().found == "10");
    CHECK(refused.error().expected ==
          "24 or more, which are booked or closed; for less, reverse first 12 units and 120 of "
          "cash in GBP of allocation desk/E1-A; 2 units and 20 of cash in GBP of allocation "
          "desk/E2-A");
    CHECK(book.find(allot::OrderId{"desk", "A"})->quantity == allot::Quantity{60});
    CHECK(book.runs().size() == 1);
}

TEST_CASE("Who cannot be amended", "[amend]") {
    allot::Book book = allocated();
    const auto code_of = [&](const allot::Amendment& wrong, const allot::Written& written) {
        const auto refused = allot::Engine{}.amend(book, wrong, written);
        REQUIRE(!refused.has_value());
        return refused.error().code;
    };
    CHECK(code_of(amendment("A", "15"), {}) == allot::ErrorCode::reason_is_missing);
    CHECK(code_of(amendment("X", "15"), why) == allot::ErrorCode::reference_is_missing);
    CHECK(code_of(amendment("A", "0"), why) == allot::ErrorCode::quantity_is_not_positive);
    allot::Amendment nothing = amendment("A", "1");
    nothing.quantity.reset();
    CHECK(code_of(nothing, why) == allot::ErrorCode::option_is_not_valid);
    CHECK(book.runs().size() == 1);
}

TEST_CASE("An amendment is no second rule on a placement", "[amend]") {
    allot::Book book;
    make::put(book, make::order("A", "60", "2026-03-01"), make::block("B1", {"A"}),
              make::placement("P1", {"B1"}), make::execution("E1", "P1", "40"));
    allot::RunRequest request;
    request.algorithm = "FIFO";
    REQUIRE(allot::Engine{}.run(book, request).has_value());
    REQUIRE(allot::Engine{}.amend(book, amendment("A", "30"), why).has_value());
    REQUIRE(allot::Engine{}.amend(book, amendment("A", "45"), why).has_value());
    CHECK(allot::Engine{}.run(book, request).value().warnings.empty());
    request.algorithm = "PR-FIFO";
    make::put(book, make::execution("E2", "P1", "1"));
    CHECK(allot::Engine{}.run(book, request).value().warnings.size() == 1);
}

TEST_CASE("A removed order takes its allocations along, whose versions stay", "[amend]") {
    allot::Book book = allocated();
    set_state(book, "E2-A", "Cancelled");
    const allot::RunResult result =
        allot::Engine{}.remove(book, allot::OrderId{"desk", "A"}, why).value();
    CHECK(result.run.options.at("remove") == "desk/A");
    CHECK(result.run.options.at("entity") == "order");
    REQUIRE(result.moves.size() == 1);
    CHECK(result.moves[0].after.is_zero());
    CHECK(result.placements.at(0).unallocated == allot::Quantity{24});
    for (const allot::Book& one : {book, read_again(book)}) {
        CHECK(with_states(one) == Texts{"E1-B 28 New", "E2-B 28 New"});
        CHECK(!one.find(allot::OrderId{"desk", "A"}));
        CHECK(one.find(allot::BlockId{"desk", "B1"})->order_ids.size() == 1);
        const auto versions = one.versions(allot::AllocationId{"desk", "E1-A"});
        REQUIRE(versions.size() == 3);
        CHECK(versions[0].value.state == "New");
        CHECK(versions[1].value.state == "Cancelled");
        CHECK(versions[2].is_removed);
        CHECK(versions[1].written == why);
        CHECK(versions[1].value.properties.at(std::string{allot::run_property_key}).label ==
              result.run.id);
        CHECK(one.versions(allot::OrderId{"desk", "A"}).size() == 2);
    }
    // It may come again, as another.
    make::put(book, make::order("A", "5"));
    CHECK(book.find(allot::OrderId{"desk", "A"})->quantity == allot::Quantity{5});
}

TEST_CASE("A removed execution takes its allocations along", "[amend]") {
    allot::Book book = allocated();
    const allot::RunResult result =
        allot::Engine{}.remove(book, allot::ExecutionId{"desk", "E1"}, why).value();
    CHECK(result.moves.size() == 2);
    CHECK(result.placements.at(0).executed == allot::Quantity{40});
    for (const allot::Book& one : {book, read_again(book)}) {
        CHECK(with_states(one) == Texts{"E2-A 12 New", "E2-B 28 New"});
        CHECK(!one.find(allot::ExecutionId{"desk", "E1"}));
        CHECK(one.allocated(allot::OrderId{"desk", "A"}) == allot::Quantity{12});
    }
}

TEST_CASE("Blocks and placements go when nothing refers to them", "[amend]") {
    allot::Book book = allocated();
    make::put(book, make::block("B2", {"A"}), make::placement("P2", {"B2"}),
              make::allocation("X", "B", "2", {}, {"P2"}));
    CHECK(refused(book, allot::BlockId{"desk", "B2"}).code ==
          allot::ErrorCode::change_touches_allocated);
    CHECK(refused(book, allot::PlacementId{"desk", "P2"}).code ==
          allot::ErrorCode::change_touches_allocated);
    set_state(book, "X", "Cancelled");
    set_state(book, "E1-A", "Cancelled");
    CHECK(refused(book, allot::PlacementId{"desk", "P1"}).code ==
          allot::ErrorCode::change_touches_allocated);
    REQUIRE(allot::Engine{}.remove(book, allot::PlacementId{"desk", "P2"}, why).has_value());
    const auto last = allot::Engine{}.remove(book, allot::BlockId{"desk", "B2"}, why);
    REQUIRE(last.has_value());
    CHECK(last->placements.empty());
    CHECK(!book.find(allot::BlockId{"desk", "B2"}));
    CHECK(with_states(read_again(book)) ==
          Texts{"E1-A 12 Cancelled", "E1-B 28 New", "E2-A 12 New", "E2-B 28 New"});
}

TEST_CASE("What cannot be removed leaves the book as it is", "[amend]") {
    allot::Book book = allocated();
    const allot::OrderId a{"desk", "A"};
    const allot::ExecutionId e1{"desk", "E1"};
    CHECK(refused(book, a, {}).code == allot::ErrorCode::reason_is_missing);
    CHECK(refused(book, e1, {}).code == allot::ErrorCode::reason_is_missing);
    CHECK(refused(book, allot::OrderId{"desk", "X"}).code ==
          allot::ErrorCode::reference_is_missing);
    CHECK(refused(book, allot::PlacementId{"desk", "P1"}).code ==
          allot::ErrorCode::change_touches_allocated);
    set_state(book, "E1-A", "Booked");
    const allot::Error booked = refused(book, a);
    CHECK(booked.code == allot::ErrorCode::change_touches_allocated);
    CHECK(booked.found == "a removal while 12 are booked or closed");
    CHECK(booked.expected ==
          "that these are reversed first: 12 units and 120 of cash in GBP of allocation desk/E1-A");
    CHECK(refused(book, e1).found == "a removal while 12 are booked or closed");
    make::put(book, make::allocation("X", "B", "2", {"E1", "E2"}));
    CHECK(refused(book, e1).found == "allocation desk/X, which is not of one execution alone");
}

TEST_CASE("What has an average price is taken apart by a reallocation first", "[amend]") {
    allot::Book book;
    make::put(book, make::order("A", "60", "2026-03-01"), make::order("B", "140", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "40"));
    allot::RunRequest request;
    request.options.pricing.method = allot::PriceMethod::average;
    REQUIRE(allot::Engine{}.run(book, request).has_value());
    CHECK(refused(book, allot::OrderId{"desk", "A"}).found ==
          "allocation desk/E1-A, which has an average price");
    CHECK(!allot::Engine{}.amend(book, amendment("A", "5"), why).has_value());
    allot::RunRequest again;
    again.options.written = why;
    REQUIRE(allot::Engine{}.reallocate(book, again).has_value());
    CHECK(allot::Engine{}.remove(book, allot::OrderId{"desk", "A"}, why).has_value());
}
