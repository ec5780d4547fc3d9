// Corrections and busts: what is not booked follows the truth, what is booked is to be reversed.
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

using Texts = std::vector<std::string>;

const allot::Written why{"2026-03-03T08:00:00Z", "anna", "the broker says so"};

// 12 and 28 of a fill of 40.
allot::Book allocated() {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "40"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    return book;
}

allot::Correction correction(const std::string& quantity, const std::string& price = {}) {
    allot::Correction correction;
    correction.execution = {"desk", "E1"};
    if (!quantity.empty()) {
        correction.quantity = make::quantity(quantity);
    }
    if (!price.empty()) {
        correction.price = allot::Price::parse(price).value();
    }
    return correction;
}

Texts with_prices(const allot::Book& book) {
    Texts texts;
    for (const allot::AllocationView& view : book.allocations()) {
        texts.push_back(view.id().code() + " " + view.quantity().to_string() + " at " +
                        view.price().value().to_string() + " " + std::string{view.state()});
    }
    return texts;
}

void set_state(allot::Book& book, const std::string& code, const std::string& state) {
    allot::Allocation allocation = book.find(allot::AllocationId{"desk", code}).value();
    allocation.state = state;
    make::put(book, allocation);
}

}  // namespace

TEST_CASE("A correction is one version of each thing it changes, by its run", "[correct]") {
    allot::Book book = allocated();
    const allot::RunResult result =
        allot::Engine{}.correct(book, correction("30", "11"), why).value();
    CHECK(with_prices(book) == Texts{"E1-A 9 at 11 New", "E1-B 21 at 11 New"});
    CHECK(result.allocations().size() == 2);
    const auto fills = book.versions(allot::ExecutionId{"desk", "E1"});
    REQUIRE(fills.size() == 2);
    CHECK(fills[1].value.quantity == allot::Quantity{30});
    CHECK(fills[1].value.price->currency == "GBP");
    CHECK(fills[1].written == why);
    const auto versions = book.versions(allot::AllocationId{"desk", "E1-A"});
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].value.price->amount == allot::Decimal{10});
    CHECK(versions[1].written == why);
    CHECK(versions[1].value.properties.at(std::string{allot::run_property_key}).label ==
          result.run.id);
    REQUIRE(book.runs().size() == 2);
    CHECK(book.runs().back() == result.run);
    CHECK(result.run.options.at("correct") == "desk/E1");
    CHECK(result.run.options.at("quantity") == "30");
    CHECK(result.run.options.at("price") == "11");
    REQUIRE(result.placements.size() == 1);
    CHECK(result.placements[0].executed == allot::Quantity{30});
    CHECK(result.placements[0].allocated == allot::Quantity{30});
    CHECK(result.failed.empty());
}

TEST_CASE("The same correction again changes nothing", "[correct]") {
    allot::Book book = allocated();
    REQUIRE(allot::Engine{}.correct(book, correction("30"), why).has_value());
    const allot::RunResult again = allot::Engine{}.correct(book, correction("30"), why).value();
    CHECK(again.moves.empty());
    CHECK(book.runs().size() == 2);
    CHECK(book.versions(allot::ExecutionId{"desk", "E1"}).size() == 2);
    CHECK(book.versions(allot::AllocationId{"desk", "E1-A"}).size() == 2);
}

TEST_CASE("Who shrinks is told by PR-FIFO over what they have, the oldest order first",
          "[correct]") {
    allot::Book book;
    // The youngest comes first by id, and one has no date at all.
    make::put(book, make::order("A", "20"), make::order("B", "20", "2026-03-02"),
              make::order("C", "20", "2026-03-01"), make::block("B1", {"A", "B", "C"}),
              make::placement("P1", {"B1"}), make::execution("E1", "P1", "60"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    REQUIRE(allot::Engine{}.correct(book, correction("31"), why).has_value());
    CHECK(with_prices(book) ==
          Texts{"E1-A 10 at 10 New", "E1-B 10 at 10 New", "E1-C 11 at 10 New"});
    REQUIRE(allot::Engine{}.correct(book, correction("29"), why).has_value());
    // 9 each of 10, 10 and 11 (29 x 10 / 31 is 9.35, 29 x 11 / 31 is 10.29), the rest to C and B.
    CHECK(with_prices(book) == Texts{"E1-A 9 at 10 New", "E1-B 9 at 10 New", "E1-C 11 at 10 New"});
}

TEST_CASE("Lots of the instrument are kept when an execution shrinks", "[correct]") {
    allot::Book lots;
    allot::Placement placement = make::placement("P1", {"B1"});
    placement.instrument_identifiers = {{"Instrument/default/Figi", "F"}};
    make::put(lots, allot::Instrument{{{"Instrument/default/Figi", "F"}}, make::quantity("10")},
              make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("B1", {"A", "B"}), placement, make::execution("E1", "P1", "100"));
    REQUIRE(allot::Engine{}.run(lots, {}).has_value());
    REQUIRE(allot::Engine{}.correct(lots, correction("50"), why).has_value());
    // 15 and 35, rounded down to 10 and 30, and the lot that is left over to the oldest.
    CHECK(with_prices(lots) == Texts{"E1-A 20 at 10 New", "E1-B 30 at 10 New"});
}

TEST_CASE("A bust withdraws, and what is booked is to be reversed", "[correct]") {
    allot::Book book = allocated();
    set_state(book, "E1-B", "Booked");
    const allot::RunResult result =
        allot::Engine{}.bust(book, allot::ExecutionId{"desk", "E1"}, why).value();
    CHECK(with_prices(book) == Texts{"E1-A 12 at 10 Cancelled", "E1-B 28 at 10 Booked"});
    CHECK(book.find(allot::ExecutionId{"desk", "E1"})->state == "Busted");
    CHECK(result.run.options.at("bust") == "desk/E1");
    REQUIRE(result.failed.size() == 1);
    const allot::Failure& failure = result.failed.begin()->second;
    CHECK(failure.type == allot::FailureType::CorrectedAfterBooking);
    CHECK(failure.detail == "To reverse: 28 units and 280 of cash in GBP of order desk/B");
    REQUIRE(result.reversals.size() == 1);
    CHECK(result.reversals[0] ==
          allot::Reversal{
              {"desk", "P1"}, {"desk", "B"}, allot::Quantity{28}, allot::Decimal{280}, "GBP"});
    // The booking reversed, there is nothing to say any more.
    set_state(book, "E1-B", "Cancelled");
    CHECK(allot::Engine{}.bust(book, allot::ExecutionId{"desk", "E1"}, why).value().failed.empty());
}

TEST_CASE("Cash is not known where nothing has a price", "[correct]") {
    allot::Book book;
    allot::Execution unpriced = make::execution("E1", "P1", "40");
    unpriced.price.reset();
    make::put(book, make::order("A", "40"), make::block("B1", {"A"}), make::placement("P1", {"B1"}),
              unpriced);
    allot::RunRequest request;
    request.options.allow_unpriced = true;
    REQUIRE(allot::Engine{}.run(book, request).has_value());
    set_state(book, "E1-A", "Booked");
    const allot::RunResult result = allot::Engine{}.correct(book, correction("30"), why).value();
    REQUIRE(result.reversals.size() == 1);
    CHECK(result.reversals[0].units == allot::Quantity{10});
    CHECK(!result.reversals[0].cash.has_value());
    CHECK(result.failed.begin()->second.detail == "To reverse: 10 units of order desk/A");
}

TEST_CASE("A price put into the book directly reaches allocations by reallocation", "[correct]") {
    allot::Book book = allocated();
    allot::Execution execution = book.find(allot::ExecutionId{"desk", "E1"}).value();
    execution.price->amount = allot::Decimal{12};
    make::put(book, execution);
    CHECK(with_prices(book) == Texts{"E1-A 12 at 10 New", "E1-B 28 at 10 New"});
    allot::RunRequest request;
    request.options.written = why;
    const allot::RunResult result = allot::Engine{}.reallocate(book, request).value();
    CHECK(with_prices(book) == Texts{"E1-A 12 at 12 New", "E1-B 28 at 12 New"});
    REQUIRE(result.moves.size() == 2);
    CHECK(result.moves[0].price_before == allot::Price{allot::Decimal{10}});
    CHECK(result.moves[0].price_after == allot::Price{allot::Decimal{12}});
}

TEST_CASE("A correction that is refused leaves the book as it is", "[correct]") {
    allot::Book book = allocated();
    const auto code_of = [&](const allot::Correction& wrong, const allot::Written& written) {
        const auto refused = allot::Engine{}.correct(book, wrong, written);
        REQUIRE(!refused.has_value());
        return refused.error().code;
    };
    CHECK(code_of(correction("30"), {}) == allot::ErrorCode::reason_is_missing);
    CHECK(code_of(correction(""), why) == allot::ErrorCode::option_is_not_valid);
    CHECK(code_of(correction("0"), why) == allot::ErrorCode::quantity_is_not_positive);
    allot::Correction nobody = correction("30");
    nobody.execution = {"desk", "E9"};
    CHECK(code_of(nobody, why) == allot::ErrorCode::reference_is_missing);
    make::put(book, make::execution("E2", "P1", "5"),
              make::allocation("X", "A", "2", {"E1", "E2"}));
    CHECK(code_of(correction("30"), why) == allot::ErrorCode::change_touches_allocated);
    CHECK(book.find(allot::ExecutionId{"desk", "E1"})->quantity == allot::Quantity{40});
    CHECK(book.runs().size() == 1);
}

TEST_CASE("Several corrections are made together, each by its own run", "[correct]") {
    allot::Book book = allocated();
    make::put(book, make::execution("E2", "P1", "10"), make::block("B2", {"B"}),
              make::placement("P0", {"B2"}), make::execution("E3", "P0", "10"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    std::vector<allot::CorrectionEntry> entries(3);
    entries[0].correction = correction("30", "11");
    entries[0].reason = "broker";
    entries[1].correction.execution = {"desk", "E2"};
    entries[1].is_bust = true;
    entries[2].correction.execution = {"desk", "E3"};
    entries[2].correction.quantity = make::quantity("4");
    const allot::RunResult result = allot::Engine{}.correct_all(book, entries, why).value();
    CHECK(with_prices(book) == Texts{"E1-A 9 at 11 New", "E1-B 21 at 11 New",
                                     "E2-A 3 at 10 Cancelled", "E2-B 7 at 10 Cancelled",
                                     "E3-B 4 at 10 New"});
    const std::vector<allot::RunRecord> runs = book.runs();
    REQUIRE(runs.size() == 5);
    CHECK(runs[2].options.at("correct") == "desk/E1");
    CHECK(runs[2].written.reason == "broker");
    CHECK(runs[3].options.at("bust") == "desk/E2");
    CHECK(runs[3].written == why);
    CHECK(result.run == runs[4]);
    // By placement, each named after its own run.
    REQUIRE(result.allocations().size() == 3);
    CHECK(result.allocations()[0].id() == allot::AllocationId{"desk", "E3-B"});
    CHECK(result.allocations()[0].run_id() == runs[4].id);
    CHECK(result.allocations()[1].run_id() == runs[2].id);
    REQUIRE(result.moves.size() == 5);
    CHECK(result.moves[0].allocation == allot::AllocationId{"desk", "E1-A"});
    REQUIRE(result.placements.size() == 2);
    CHECK(result.placements[0].id == allot::PlacementId{"desk", "P0"});
    CHECK(result.placements[1].executed == allot::Quantity{30});
}

TEST_CASE("One of several corrections that is refused stops all", "[correct]") {
    allot::Book book = allocated();
    std::vector<allot::CorrectionEntry> entries(3);
    entries[0].correction = correction("30");
    entries[1].correction.execution = {"desk", "E9"};
    entries[1].correction.quantity = make::quantity("4");
    entries[1].place = {"corrections.csv", 3, 1};
    entries[2].correction = correction("20");
    const auto refused = allot::Engine{}.correct_all(book, entries, why);
    REQUIRE(!refused.has_value());
    REQUIRE(refused.error().size() == 2);
    CHECK(refused.error()[0].code == allot::ErrorCode::reference_is_missing);
    CHECK(refused.error()[0].place == entries[1].place);
    CHECK(refused.error()[1].code == allot::ErrorCode::id_has_two_contents);
    CHECK(book.runs().size() == 1);
    CHECK(with_prices(book) == Texts{"E1-A 12 at 10 New", "E1-B 28 at 10 New"});
    CHECK(allot::Engine{}.correct_all(book, {}, why)->moves.empty());
}

TEST_CASE("What is booked is listed once for all corrections of a placement", "[correct]") {
    allot::Book book = allocated();
    make::put(book, make::execution("E2", "P1", "10"));
    REQUIRE(allot::Engine{}.run(book, {}).has_value());
    set_state(book, "E1-B", "Booked");
    set_state(book, "E2-B", "Booked");
    std::vector<allot::CorrectionEntry> entries(2);
    entries[0].correction.execution = {"desk", "E1"};
    entries[1].correction.execution = {"desk", "E2"};
    entries[0].is_bust = entries[1].is_bust = true;
    const allot::RunResult result = allot::Engine{}.correct_all(book, entries, why).value();
    REQUIRE(result.reversals.size() == 1);
    CHECK(result.reversals[0].units == allot::Quantity{35});
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed.begin()->second.detail ==
          "To reverse: 35 units and 350 of cash in GBP of order desk/B");
}
