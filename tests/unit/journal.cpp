// The journal: what was written together, seals that show what was changed since, and the replay of
// every run.
#include "allot/journal.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "unit/io_support.hpp"

namespace {

using allot::FaultType;
using allot_test::text_of;

const allot::Engine engine;

allot::RunRequest because(const std::string& reason, const std::string& algorithm = "PR-FIFO") {
    allot::RunRequest request;
    request.algorithm = algorithm;
    request.options.written = {"2026-03-02T17:00:00Z", "ann", reason};
    return request;
}

// Two orders, a fill, and a run.
allot::Book one_run() {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("B1", {"A", "B"}), make::placement("P1", {"B1"}),
              make::execution("E1", "P1", "40"));
    REQUIRE(engine.run(book, because("first")).has_value());
    return book;
}

// A week of it: every kind of work that a run record can be of, and versions put between.
allot::Book week() {
    allot::Book book = one_run();
    make::put(book, make::execution("E2", "P1", "20", "2026-03-02T11:00:00Z"),
              make::execution("E3", "P1", "10", "2026-03-02T12:00:00Z"), make::order("C|=%/,", "9"),
              make::block("B2", {"C|=%/,"}), make::placement("P|2", {"B2"}),
              make::execution("E|9", "P|2", "4"));
    allot::RunRequest some = because("second", "PR-LR");
    some.placements = {allot::PlacementId{"desk", "P1"}};
    some.options.dead_states = {{"Dead, or so", "100%"}};
    REQUIRE(engine.run(book, some).has_value());
    allot::Portfolio portfolio;
    portfolio.id = {"funds", "A"};
    portfolio.weight = allot::Weight::parse("1/3").value();
    REQUIRE(book.put(portfolio, {"2026-03-03", "", ""}).has_value());
    REQUIRE(book.name_algorithm("DESK", "PR-LF").has_value());
    allot::Correction correction;
    correction.execution = {"desk", "E2"};
    correction.quantity = make::quantity("10");
    correction.price = allot::Price::parse("11.5").value();
    const allot::Written why{"2026-03-03T09:00:00Z", "bob", "broker"};
    REQUIRE(engine.correct(book, correction, why).has_value());
    REQUIRE(engine.bust(book, {"desk", "E3"}, why).has_value());
    REQUIRE(engine
                .reallocate(book, because("third"),
                            {{{"desk", "A"}, make::quantity("10")},
                             {{"desk", "C|=%/,"}, make::quantity("3")}})
                .has_value());
    REQUIRE(book.name_algorithm("DESK", "PR-SF").has_value());
    allot::Amendment amendment;
    amendment.order = {"desk", "B"};
    amendment.quantity = make::quantity("35");
    amendment.state = "Part, done";
    REQUIRE(engine.amend(book, amendment, why).has_value());
    REQUIRE(engine.remove(book, allot::ExecutionId{"desk", "E3"}, why).has_value());
    make::put(book, make::execution("E4", "P1", "5", "2026-03-04T11:00:00Z"));
    allot::RunRequest pooled = because("fourth", "DESK");
    pooled.options.pool = true;
    pooled.options.pricing.scale = 1;
    REQUIRE(engine.run(book, pooled).has_value());
    return book;
}

allot::Book read(const std::string& json) {
    auto book = allot::read_book_json(json, "book.json");
    if (!book) {
        FAIL(book.error().front().located_message());
    }
    return std::move(book->book);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

// The text of a book as if it had no journal.
std::string unsealed(const allot::Book& book) {
    std::string text = text_of(book);
    const std::size_t begin = text.find(",\n\"journal\":[");
    REQUIRE(begin != std::string::npos);
    return text.erase(begin, text.find("\n]", begin) + 2 - begin);
}

allot::VerifyOptions without_seals() {
    allot::VerifyOptions options;
    options.needs_seals = false;
    return options;
}

// The fault of a book that has one.
allot::Fault fault_of(const allot::Book& book, const allot::VerifyOptions& options = {}) {
    const allot::Verification result =
        allot::verify(book, allot::Registry::with_builtins(), options);
    REQUIRE(result.faults.size() == 1);
    return result.faults.front();
}

}  // namespace

TEST_CASE("Every kind of run comes out again", "[journal]") {
    allot::Book book = week();
    const allot::Verification open = allot::verify(book, engine.registry(), without_seals());
    INFO((open.faults.empty() ? std::string{} : open.faults.front().message()));
    CHECK(open.faults.empty());
    CHECK(open.runs == 8);
    CHECK(open.sealed == 0);

    const std::string seal = allot::seal(book);
    CHECK(seal.size() == 64);
    CHECK(allot::seal(book) == seal);
    const allot::Book again = read(text_of(book));
    const allot::Verification sealed = allot::verify(again);
    INFO((sealed.faults.empty() ? std::string{} : sealed.faults.front().message()));
    CHECK(sealed.faults.empty());
    CHECK(sealed.seal == seal);
    CHECK(sealed.sealed == sealed.entries);
    CHECK(sealed.runs == 8);
    CHECK(sealed.allocations == open.allocations);
    CHECK(again.journal() == book.journal());
    CHECK(text_of(again) == text_of(book));
}

TEST_CASE("Versions say the entry that they are part of", "[journal]") {
    const allot::Book book = one_run();
    REQUIRE(book.journal().size() == 2);
    CHECK(book.journal()[0].run.empty());
    CHECK(book.journal()[1].run == book.runs().front().id);
    CHECK(book.versions(allot::OrderId{"desk", "A"}).front().entry == 1);
    CHECK(book.versions(allot::AllocationId{"desk", "E1-A"}).front().entry == 2);
    // Nothing is written where nothing is changed.
    allot::Book same = book;
    make::put(same, make::execution("E1", "P1", "40"));
    CHECK(same.journal().size() == 2);
    REQUIRE(engine.run(same, because("again")).has_value());
    CHECK(same.journal().size() == 2);
}

TEST_CASE("A book that only grows goes on from every seal it had", "[journal]") {
    allot::Book book = one_run();
    const std::string first = allot::seal(book);
    make::put(book, make::execution("E2", "P1", "20", "2026-03-02T11:00:00Z"));
    const std::string second = allot::seal(book);
    CHECK(first != second);
    REQUIRE(engine.run(book, because("second")).has_value());
    allot::VerifyOptions options;
    for (const std::string& seal : {first, second, allot::seal(book)}) {
        options.seal = seal;
        CHECK(allot::verify(book, engine.registry(), options).faults.empty());
    }
    // Somebody who seals a changed book anew is found by the seals that were kept.
    allot::Book forged = one_run();
    make::put(forged, make::execution("E2", "P1", "20.5", "2026-03-02T11:00:00Z"));
    CHECK(allot::seal(forged) != second);
    CHECK(allot::verify(forged).faults.empty());
    options.seal = second;
    CHECK(fault_of(forged, options).type == FaultType::seal_is_unknown);
}

TEST_CASE("A seal answers for every entry before it", "[journal]") {
    // What no run reads, in an entry before the last one.
    const auto sealed = [](const std::string& label) {
        allot::Book book;
        allot::Order order = make::order("A", "30", "2026-03-01");
        order.properties["Order/desk/Note"].label = label;
        make::put(book, order, make::block("B1", {"A"}), make::placement("P1", {"B1"}),
                  make::execution("E1", "P1", "10"));
        REQUIRE(engine.run(book, because("first")).has_value());
        allot::seal(book);
        return book;
    };
    const allot::Book one = sealed("one");
    const allot::Book other = sealed("other");
    CHECK(one.journal()[1].run == other.journal()[1].run);
    CHECK(one.journal()[1].marks == other.journal()[1].marks);
    CHECK(one.journal()[1].seal != other.journal()[1].seal);
    CHECK(sealed("one").journal() == one.journal());
}

TEST_CASE("A run around bad rows comes out again without them", "[journal]") {
    std::string text = text_of(one_run());
    text.erase(text.find("\"allocations\":["),
               text.find("\n}", text.find("\"journal\":[")) - text.find("\"allocations\":["));
    text = replaced(text, "],\n\n}", "]\n}");
    // A second fill whose quantity cannot be read, and another placement that is good.
    text = replaced(text, "\"placements\":[\n",
                    "\"placements\":[\n"
                    R"({"id":{"scope":"desk","code":"P2"},"blockIds":)"
                    R"([{"scope":"desk","code":"B1"}]},)"
                    "\n");
    const std::string fill = R"({"id":{"scope":"desk","code":"X"},"placementId":{"scope":"desk",)"
                             R"("code":"P1"},"quantity":"many","createdDate":"2026-03-02"},)"
                             R"({"id":{"scope":"desk","code":"E9"},"placementId":{"scope":"desk",)"
                             R"("code":"P2"},"quantity":5,"createdDate":"2026-03-02T09:00:00Z",)"
                             R"("price":{"amount":10,"currency":"GBP"}},)";
    text = replaced(text, "\"executions\":[\n", "\"executions\":[\n" + fill + "\n");
    allot::ReadOptions options;
    options.quarantine = true;
    auto book = allot::read_book_json(text, "book.json", options);
    if (!book) {
        FAIL(book.error().front().located_message());
    }
    const auto result = engine.run(book->book, because("without it"));
    REQUIRE(result.has_value());
    CHECK(result->failed.size() == 1);
    CHECK(result->run.options.at("placements") == "desk/P2");
    const allot::Verification again = allot::verify(read(text_of(book->book)));
    INFO((again.faults.empty() ? std::string{} : again.faults.front().message()));
    CHECK(again.faults.empty());
    CHECK(again.allocations == 2);
}

TEST_CASE("What is changed in a saved book is named", "[journal]") {
    const std::string text = text_of(one_run());
    const auto fault = [&](const std::string& from, const std::string& to) {
        return fault_of(read(replaced(text, from, to)));
    };
    SECTION("an allocation") {
        const allot::Fault found = fault(R"("quantity":12,)", R"("quantity":13,)");
        CHECK(found.type == FaultType::version_differs);
        CHECK(found.entity == "allocation");
        CHECK(found.id == "desk/E1-A");
        CHECK(found.version == 1);
        CHECK(found.entry == 2);
        CHECK(found.message().find("allocation desk/E1-A, version 1, entry 2 of the journal") == 0);
    }
    SECTION("who wrote it") {
        const allot::Fault found = fault(R"("ann")", R"("amm")");
        CHECK(found.entity == "allocation");
        CHECK(found.detail == "it is not what was sealed");
    }
    SECTION("the record of a run") {
        const allot::Fault found = fault(R"("lot":"1")", R"("lot":"2")");
        CHECK(found.entity == "run");
        CHECK(found.type == FaultType::version_differs);
    }
    SECTION("a seal, or marks") {
        const std::size_t at = text.find(R"("seal":")") + 8;
        std::string other = text;
        other[at] = other[at] == '0' ? '1' : '0';
        const allot::Verification found = allot::verify(read(other));
        REQUIRE(found.faults.size() == 2);
        CHECK(found.faults[0].type == FaultType::seal_differs);
        CHECK(found.faults[1].entry == 2);
        other = text;
        const std::size_t mark = text.find(R"("marks":")") + 9;
        other[mark] = other[mark] == '0' ? '1' : '0';
        CHECK(fault_of(read(other)).type == FaultType::version_differs);
    }
    SECTION("several at once, each told where it is") {
        const std::string both = replaced(replaced(text, R"("quantity":12,)", R"("quantity":13,)"),
                                          R"("quantity":30,)", R"("quantity":31,)");
        const allot::Verification found = allot::verify(read(both));
        REQUIRE(found.faults.size() == 2);
        CHECK(found.faults[0].id == "desk/A");
        CHECK(found.faults[1].id == "desk/E1-A");
        CHECK(found.runs == 0);
    }
    SECTION("a version that is gone, or one more") {
        const std::size_t row = text.find(R"({"id":{"scope":"desk","code":"E1-A"})");
        std::string other = text;
        other.erase(row, text.find('\n', row) + 1 - row);
        CHECK(fault_of(read(other)).detail == "one that was sealed before it is missing");
        other = replaced(text, "\"orders\":[\n",
                         "\"orders\":[\n"
                         R"({"id":{"scope":"desk","code":"AA"},"side":"Buy",)"
                         R"("quantity":1,"portfolioId":{"scope":"f","code":"G"}},)"
                         "\n");
        CHECK(fault_of(read(other)).id == "desk/AA");
        CHECK(fault_of(read(other)).detail == "it is one more than was sealed");
    }
    SECTION("the journal as a whole") {
        const allot::Book without = read(unsealed(one_run()));
        CHECK(fault_of(without).type == FaultType::not_sealed);
        // What is left of it can be run again all the same.
        CHECK(allot::verify(without, engine.registry(), without_seals()).faults.empty());
    }
}

TEST_CASE("A run that gives something else is named, with what differs", "[journal]") {
    allot::Book book = one_run();
    SECTION("an allocation that is not what the run gave") {
        const std::string text = replaced(unsealed(book), R"("quantity":12,)", R"("quantity":11,)");
        const allot::Fault found = fault_of(read(text), without_seals());
        CHECK(found.type == FaultType::run_differs);
        CHECK(found.id == "desk/E1-A");
        CHECK(found.changes == std::vector<allot::MemberChange>{{"quantity", "11", "12"}});
    }
    SECTION("a record that is not what its id says") {
        const std::string text = replaced(unsealed(book), R"("lot":"1")", R"("lot":"2")");
        CHECK(fault_of(read(text), without_seals()).type == FaultType::run_is_not_valid);
    }
    SECTION("what a run read") {
        const std::string text = replaced(unsealed(book), R"("amount":10,)", R"("amount":11,)");
        const allot::Fault found = fault_of(read(text), without_seals());
        CHECK(found.type == FaultType::run_differs);
        CHECK(found.entity == "allocation");
    }
    SECTION("what a run read, where it gives the same") {
        const std::string text = replaced(unsealed(book), "2026-03-01", "2026-02-01");
        const allot::Fault found = fault_of(read(text), without_seals());
        CHECK(found.type == FaultType::run_differs);
        CHECK(found.entity == "run");
        REQUIRE(found.changes.size() == 1);
        CHECK(found.changes[0].member == "inputs");
    }
    SECTION("a rule that the registry does not know") {
        const allot::Verification result =
            allot::verify(book, allot::Registry{}, {false, {}, 1, {}});
        REQUIRE(result.faults.size() == 1);
        CHECK(result.faults.front().type == FaultType::run_is_not_valid);
        CHECK(result.runs == 0);
    }
}

TEST_CASE("Any byte of a saved book that says something else is found", "[journal]") {
    const std::string text = text_of(week());
    std::size_t found = 0;
    std::size_t unread = 0;
    std::size_t same = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string other = text;
        // Digits stay digits and letters letters, so that most of it can still be read.
        other[at] = other[at] == '9'   ? '0'
                    : other[at] == 'f' ? 'a'
                                       : static_cast<char>(other[at] + 1);
        const auto book = allot::read_book_json(other, "book.json");
        if (!book) {
            ++unread;
        } else if (text_of(book->book) == text) {
            ++same;  // the number of a version, which follows from its place
        } else {
            INFO("byte " << at << ": " << other.substr(at < 60 ? 0 : at - 60, 120));
            // An id that is another is missing in every entry that knew it.
            CHECK(!allot::verify(book->book).faults.empty());
            ++found;
        }
    }
    CHECK(found > text.size() / 4);
    CHECK(same < text.size() / 20);
    CHECK(found + unread + same == text.size());
}

TEST_CASE("An empty book holds, and has no seal", "[journal]") {
    allot::Book book;
    CHECK(allot::verify(book).faults.empty());
    CHECK(allot::seal(book).empty());
    CHECK(book.journal().empty());
}

TEST_CASE("An entry that does not follow is refused when a book is read", "[journal]") {
    const std::string order =
        R"({"orders":[{"id":{"scope":"desk","code":"A"},"side":"Buy","quantity":1,)"
        R"("portfolioId":{"scope":"f","code":"G"},"version":{"journalEntry":)";
    CHECK(read(order + "2}}]}").journal().size() == 2);
    const auto refused = allot::read_book_json(order + "4000000000}}]}", "book.json");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().front().code == allot::ErrorCode::reference_is_missing);
}
