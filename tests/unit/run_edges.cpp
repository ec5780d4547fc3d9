// Runs at the edges of the book: rows left out, refused puts, shared executions, numbers beyond
// what a decimal holds. Each was once a defect.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "allot/allot.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

using allot::Book;
using allot::FailureType;

using make::allocation;
using make::block;
using make::execution;
using make::order;

allot::Placement placement(const std::string& code, const std::string& block_code) {
    return make::placement(code, {block_code});
}

// Throws what no sensible rule throws.
class Thrower : public allot::AlgorithmOf<Thrower> {
  public:
    [[nodiscard]] const allot::AlgorithmInfo& info() const noexcept override {
        static const allot::AlgorithmInfo info{"THROWER", {}, "throws", "Throws a number.", {}};
        return info;
    }
    template <allot::SplitInteger Int>
    [[nodiscard]] allot::Result<void> shares_of(const allot::Split<Int>& /*split*/,
                                                std::span<Int> /*shares*/) const {
        throw 42;
    }
};

Book book_of(const std::vector<allot::Order>& orders) {
    Book book;
    std::vector<std::string> codes;
    for (const allot::Order& one : orders) {
        book.put(one).value();
        codes.push_back(one.id.code());
    }
    book.put(block("B", codes)).value();
    book.put(placement("P", "B")).value();
    return book;
}

const std::string key_of_p = "Scope:desk Code:P";

}  // namespace

TEST_CASE("A placement whose only execution was left out still fails by name") {
    allot::BookBuilder builder;
    builder.add(order("A", "30"));
    builder.add(block("B", {"A"}));
    builder.add(placement("P", "B"));
    builder.add(execution("E", "P", "0"));
    allot::BookBuilder::Quarantined quarantined = builder.build_quarantined().value();
    REQUIRE(quarantined.problems.size() == 1);
    const allot::RunResult result = allot::Engine{}.run(quarantined.book, {}).value();
    REQUIRE(result.failed.count(key_of_p) == 1);
    CHECK(result.failed.at(key_of_p).type == FailureType::BadInput);
}

TEST_CASE("A refused put does not show in the id of a run") {
    allot::RunRequest request;
    request.placements = {{"desk", "P"}, {"desk", "X"}};
    std::string ids;
    for (const bool is_refused : {false, true}) {
        Book book = book_of({order("A", "30")});
        book.put(execution("E", "P", "10")).value();
        if (is_refused) {
            REQUIRE(!book.put(placement("X", "nowhere")));
        }
        const allot::RunResult result = allot::Engine{}.run(book, request).value();
        CHECK(result.failed.at("Scope:desk Code:X").type == FailureType::PlacementNotFound);
        CHECK((ids.empty() || ids == result.run.id));
        ids = result.run.id;
    }
}

TEST_CASE("Executions that one allocation names together are protected") {
    Book book = book_of({order("A", "30")});
    book.put(placement("P2", "B")).value();
    book.put(order("C", "5")).value();
    book.put(block("B2", {"C"})).value();
    book.put(execution("E", "P", "10")).value();
    book.put(execution("F", "P", "10")).value();
    book.put(allocation("X", "A", "20", {"E", "F"})).value();
    CHECK(!book.put(execution("E", "P", "1")));
    CHECK(!book.put(execution("F", "P2", "10")));
    CHECK(!book.put(placement("P", "B2")));
    CHECK(book.put(execution("E", "P", "11")).has_value());
}

TEST_CASE("Executions of placements whose allocations name none are protected") {
    Book book = book_of({order("A", "30")});
    book.put(execution("E", "P", "10")).value();
    allot::Allocation stored = allocation("X", "A", "10");
    stored.placement_ids = {{"desk", "P"}};
    book.put(stored).value();
    CHECK(!book.put(execution("E", "P", "1")));
    CHECK(!book.remove(allot::OrderId{"desk", "A"}));
}

TEST_CASE("What a cancelled allocation names stays in the book") {
    Book book = book_of({order("A", "30")});
    book.put(execution("E", "P", "10")).value();
    allot::Allocation stored = allocation("X", "A", "10", {"E"});
    stored.state = "Cancelled";
    book.put(stored).value();
    CHECK(!book.remove(allot::ExecutionId{"desk", "E"}));
    CHECK(book.remove(allot::AllocationId{"desk", "X"}).has_value());
    CHECK(book.remove(allot::ExecutionId{"desk", "E"}).has_value());
}

TEST_CASE("An executed sum that is no decimal fails the placement and writes nothing") {
    const std::string large = "1" + std::string(35, '0');
    const std::string fine = "0.0000000000000000000000000001";
    Book book = book_of({order("A", large), order("C", fine)});
    book.put(execution("E", "P", large)).value();
    book.put(execution("F", "P", fine)).value();
    const std::size_t before = book.size();
    const allot::RunResult result = allot::Engine{}.run(book, {.algorithm = "FIFO"}).value();
    CHECK(result.failed.at(key_of_p).type == FailureType::QuantityOutOfRange);
    CHECK(result.allocations().empty());
    CHECK(book.size() == before);
    CHECK(book.runs().empty());
}

TEST_CASE("A commit whose sums do not fit is refused before anything is written") {
    const std::string fine = "0.0000000000000000000000000001";
    Book book = book_of({order("A", "1000000000000")});
    book.put(order("D", fine)).value();
    book.put(order("D2", "10")).value();
    book.put(execution("E", "P", "1000000000001")).value();
    book.put(execution("E2", "P", "5")).value();
    book.put(allocation("X1", "D", fine, {"E"})).value();
    book.put(allocation("X2", "D2", "0.9999999999999999999999999999", {"E", "E2"})).value();
    const std::size_t before = book.size();
    const allot::RunResult result = allot::Engine{}.run(book, {}).value();
    CHECK(result.failed.at(key_of_p).type == FailureType::QuantityOutOfRange);
    CHECK(book.size() == before);
    CHECK(book.runs().empty());
}

TEST_CASE("A rule may throw anything") {
    allot::Registry registry;
    registry.add(std::make_shared<Thrower>()).value();
    Book book = book_of({order("A", "30")});
    book.put(execution("E", "P", "10")).value();
    const allot::RunResult result =
        allot::Engine{registry}.run(book, {.algorithm = "THROWER"}).value();
    CHECK(result.failed.at(key_of_p).type == FailureType::AlgorithmRefused);
}
