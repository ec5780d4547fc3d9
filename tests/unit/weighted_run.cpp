// Runs by weights over blocks that list no orders.
#include <map>
#include <string>

#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "allot/split.hpp"
#include "oracle/random.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"
#include "unit/io_support.hpp"

namespace {

using allot_test::text_of;
using Shares = std::map<std::string, std::string>;  // portfolio code to units

allot::Weight weight(const std::string& text) {
    return allot::Weight::parse(text).value();
}

allot::RunRequest by_weights(const std::map<std::string, std::string>& weights,
                             const std::string& algorithm = "PR-LF") {
    allot::RunRequest request;
    request.algorithm = algorithm;
    for (const auto& [portfolio, text] : weights) {
        request.weights.emplace(allot::PortfolioId{"funds", portfolio}, weight(text));
    }
    return request;
}

// Block K without orders, placement P, and no fill yet.
allot::Book unsolicited_book() {
    allot::Book book;
    allot::Block block = make::block("K", {});
    block.side = "Sell";
    block.instrument_identifiers = {{"Instrument/default/Figi", "F1"}};
    make::put(book, block, make::placement("P", {"K"}));
    return book;
}

Shares shares_of(const allot::RunResult& result) {
    Shares shares;
    for (const allot::AllocationView allocation : result.allocations()) {
        shares[std::string{allocation.portfolio_id().value().code}] +=
            allocation.quantity().to_string() + " ";
    }
    return shares;
}

allot::Failure failure_of(const allot::RunResult& result) {
    REQUIRE(result.failed.size() == 1);
    return result.failed.begin()->second;
}

}  // namespace

TEST_CASE("A block without orders is split to portfolios by weight", "[engine][weights]") {
    allot::Book book = unsolicited_book();
    make::put(book, make::execution("E1", "P", "100"));
    const allot::Engine engine;
    const allot::RunRequest request =
        by_weights({{"Growth", "0.6"}, {"Income", "0.4"}, {"X", "0"}});

    const allot::RunResult result = engine.run(book, request).value();
    CHECK(result.failed.empty());
    CHECK(shares_of(result) == Shares{{"Growth", "60 "}, {"Income", "40 "}});
    const allot::Allocation first = result.allocations()[0].to_value();
    CHECK(first.allocated_order_id == allot::OrderId{"desk", "K-funds-Growth"});
    CHECK(first.side == "Sell");
    CHECK(first.price.value().amount == allot::Decimal{10});

    const allot::Order order = book.find(allot::OrderId{"desk", "K-funds-Growth"}).value();
    CHECK(order.quantity.value() == allot::Quantity{60});
    CHECK(order.side == "Sell");
    CHECK(order.instrument_identifiers.at("Instrument/default/Figi") == "F1");
    CHECK(order.properties.at("Order/allot/StandsFor").label == "desk/K");
    CHECK_FALSE(book.find(allot::OrderId{"desk", "K-funds-X"}).has_value());
    CHECK(book.find(allot::BlockId{"desk", "K"}).value().order_ids.empty());

    SECTION("the same run again makes nothing new") {
        const allot::RunResult again = engine.run(book, request).value();
        CHECK(again.failed.empty());
        CHECK(again.allocations().empty());
    }
    SECTION("a further fill is split by the weights of its own run") {
        make::put(book, make::execution("E2", "P", "10", "2026-03-02T11:00:00Z"));
        const allot::RunResult more =
            engine.run(book, by_weights({{"Growth", "1"}, {"Income", "1"}, {"New", "3"}})).value();
        CHECK(shares_of(more) == Shares{{"Growth", "2 "}, {"Income", "2 "}, {"New", "6 "}});
        CHECK(book.find(allot::OrderId{"desk", "K-funds-Growth"}).value().quantity.value() ==
              allot::Quantity{62});
        CHECK(more.placements.at(0).allocated == allot::Quantity{110});
    }
    SECTION("a saved book goes on where it stood") {
        make::put(book, make::execution("E2", "P", "10", "2026-03-02T11:00:00Z"));
        allot::Book read = allot::read_book_json(text_of(book), "book.json", {}).value().book;
        CHECK(shares_of(engine.run(read, request).value()) ==
              Shares{{"Growth", "6 "}, {"Income", "4 "}});
        CHECK(shares_of(engine.run(book, request).value()) ==
              Shares{{"Growth", "6 "}, {"Income", "4 "}});
        CHECK(text_of(read) == text_of(book));
    }
    SECTION("a run without weights has nobody to split to") {
        make::put(book, make::execution("E2", "P", "10"));
        CHECK(failure_of(engine.run(book, {}).value()).type == allot::FailureType::NoOrders);
    }
}

TEST_CASE("A preview of a run by weights leaves the book alone", "[engine][weights]") {
    allot::Book book = unsolicited_book();
    make::put(book, make::execution("E1", "P", "7"));
    const allot::Engine engine;
    const allot::RunRequest request = by_weights({{"A", "1/3"}, {"B", "2/3"}}, "PCT-LR");
    const std::string before = text_of(book);
    const allot::RunResult preview = engine.preview(book, request).value();
    const std::string passed_on = allot_test::json_passed_on(engine, book, request);
    CHECK(text_of(book) == before);
    std::string whole;
    allot::write_result_json(preview, allot_test::sink_to(whole)).value();
    CHECK(passed_on == whole);
    const allot::RunResult result = engine.run(book, request).value();
    CHECK(shares_of(preview) == Shares{{"A", "2 "}, {"B", "5 "}});
    CHECK(shares_of(result) == shares_of(preview));
    CHECK(result.run.id == preview.run.id);
    // The distance of A to its exact part, 7/3.
    CHECK(result.placements.at(0).deviation.value().lots.to_string() == "0.333333");
}

TEST_CASE("Cumulative rules keep to the weights over many small fills", "[engine][weights]") {
    for (const char* algorithm : {"QUOTA", "WEBSTER", "TIJDEMAN"}) {
        INFO(algorithm);
        allot::Book book = unsolicited_book();
        for (int i = 0; i < 500; ++i) {
            make::put(book, make::execution("E" + std::to_string(i), "P", "1"));
        }
        const allot::RunResult result =
            allot::Engine{}
                .run(book, by_weights({{"A", "700"}, {"B", "200"}, {"C", "100"}}, algorithm))
                .value();
        CHECK(result.failed.empty());
        const auto has = [&book](const char* portfolio) {
            return book.allocated(allot::OrderId{"desk", std::string{"K-funds-"} + portfolio})
                .to_string();
        };
        CHECK(has("A") == "350");
        CHECK(has("B") == "100");
        CHECK(has("C") == "50");
    }
}

TEST_CASE("A run by weights splits as the bare split does, under every rule", "[engine][weights]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    oracle::Random random{27};
    std::size_t compared = 0;
    for (const auto& rule : registry.all()) {
        const allot::AlgorithmInfo& info = rule->info();
        if (info.needs.room || info.split_only || info.properties.seeded) {
            continue;  // refused, tested above; or drawn from a key that is not the same
        }
        for (int i = 0; i < 20; ++i) {
            allot::SplitRequest bare;
            allot::RunRequest request;
            request.algorithm = info.code;
            const int count = random.between(1, 6);
            for (int at = 0; at < count; ++at) {
                bare.weights.push_back(weight(std::to_string(random.between(1, 40))));
                request.weights.emplace(
                    allot::PortfolioId{"funds", std::string(1, static_cast<char>('A' + at))},
                    bare.weights.back());
            }
            bare.available = allot::Quantity{static_cast<std::uint64_t>(random.between(1, 300))};
            bare.lot = allot::Quantity{random.one_in(2) ? 1U : 7U};
            request.options.lot = bare.lot;
            allot::Book book = unsolicited_book();
            make::put(book, make::execution("E1", "P", bare.available.to_string()));
            const allot::RunResult result = allot::Engine{registry}.run(book, request).value();
            INFO(info.code << ", " << bare.available.to_string() << ", lot "
                           << bare.lot.to_string());
            REQUIRE(result.failed.empty());
            Shares expected;
            const allot::SplitResult split = allot::split(*rule, bare).value();
            for (int at = 0; at < count; ++at) {
                const allot::Quantity& share = split.shares[static_cast<std::size_t>(at)];
                if (!share.is_zero()) {
                    expected[std::string(1, static_cast<char>('A' + at))] = share.to_string() + " ";
                }
            }
            const bool is_same = shares_of(result) == expected;
            REQUIRE(is_same);
            ++compared;
        }
    }
    CHECK(compared > 1000);
}

TEST_CASE("Caps and whole lots bind portfolios without orders", "[engine][weights]") {
    allot::Book book = unsolicited_book();
    make::put(book, make::execution("E1", "P", "100"));
    allot::Portfolio capped{allot::PortfolioId{"funds", "A"}};
    capped.cap = allot::Quantity{30};
    const allot::Engine engine;
    SECTION("what a full portfolio frees goes to the others") {
        make::put(book, capped);
        CHECK(shares_of(engine.run(book, by_weights({{"A", "1"}, {"B", "1"}})).value()) ==
              Shares{{"A", "30 "}, {"B", "70 "}});
    }
    SECTION("what nobody may have stays, and is said to") {
        make::put(book, capped);
        const allot::RunResult result = engine.run(book, by_weights({{"A", "1"}})).value();
        CHECK(shares_of(result) == Shares{{"A", "30 "}});
        REQUIRE(result.warnings.size() == 1);
        CHECK(result.warnings[0].type == allot::WarningType::KeptUnallocated);
        CHECK(result.warnings[0].detail ==
              "70 stay unallocated: caps, minima or whole lots keep every portfolio from it");
    }
    SECTION("strict lots") {
        allot::RunRequest request = by_weights({{"A", "1"}, {"B", "2"}});
        request.options.lot = allot::Quantity{30};
        request.options.strict_lot = true;
        CHECK(shares_of(engine.run(book, request).value()) == Shares{{"A", "30 "}, {"B", "60 "}});
    }
}

TEST_CASE("A run by weights fails by name where it cannot be", "[engine][weights]") {
    const allot::Engine engine;
    allot::Book book = unsolicited_book();
    make::put(book, make::execution("E1", "P", "100"));
    SECTION("a rule that fills claims") {
        const allot::Failure failure =
            failure_of(engine.run(book, by_weights({{"A", "1"}}, "FIFO")).value());
        CHECK(failure.type == allot::FailureType::AlgorithmRefused);
    }
    SECTION("bond minima") {
        CHECK(
            failure_of(engine.run(book, by_weights({{"A", "1"}}, "PR-LF:denomination=10")).value())
                .type == allot::FailureType::AlgorithmRefused);
        allot::SplitRequest bare;
        bare.available = allot::Quantity{100};
        bare.weights = {weight("1"), weight("2")};
        const auto rule = engine.registry().find("PR-LF:denomination=10").value();
        CHECK(allot::split(*rule, bare).error().expected ==
              "claims: bond minima ask for their size, and a weight has none");
    }
    SECTION("an order of another portfolio that bears the mark") {
        REQUIRE(engine.run(book, by_weights({{"A", "1"}})).value().failed.empty());
        allot::Order order = book.find(allot::OrderId{"desk", "K-funds-A"}).value();
        allot::Book other = unsolicited_book();
        order.portfolio_id = allot::PortfolioId{"funds", "Z"};
        make::put(other, order, make::execution("E1", "P", "100"));
        CHECK(failure_of(engine.run(other, by_weights({{"A", "1"}})).value()).type ==
              allot::FailureType::BadInput);
    }
    SECTION("what fails leaves no orders behind") {
        allot::Execution unpriced = make::execution("E2", "P", "5");
        unpriced.price.reset();
        make::put(book, unpriced);
        static_cast<void>(engine.run(book, by_weights({{"A", "1"}}, "FIFO")).value());
        CHECK(failure_of(engine.run(book, by_weights({{"A", "1"}})).value()).type ==
              allot::FailureType::PriceMissing);
        allot::RunRequest elsewhere = by_weights({{"A", "1"}});
        elsewhere.placements = {allot::PlacementId{"desk", "Q"}};
        static_cast<void>(engine.run(book, elsewhere).value());
        CHECK(book.order_ids().empty());
    }
    SECTION("weights that are all zero") {
        CHECK(failure_of(engine.run(book, by_weights({{"A", "0"}})).value()).type ==
              allot::FailureType::WeightMissing);
    }
    SECTION("no side is known") {
        allot::Block block = make::block("K", {});
        make::put(book, block);
        CHECK(failure_of(engine.run(book, by_weights({{"A", "1"}})).value()).type ==
              allot::FailureType::BadInput);
    }
    SECTION("somebody else's order has the id") {
        allot::Order order = make::order("K-funds-A", "5");
        make::put(book, order);
        const allot::Failure failure =
            failure_of(engine.run(book, by_weights({{"A", "1"}})).value());
        CHECK(failure.type == allot::FailureType::BadInput);
        CHECK(failure.detail ==
              "Order desk/K-funds-A has the id of the order that would stand for a portfolio of "
              "the placement's block, and does not");
    }
    SECTION("a block lists an order that stands for a portfolio") {
        REQUIRE(engine.run(book, by_weights({{"A", "1"}})).value().failed.empty());
        make::put(book, make::block("L", {"K-funds-A"}), make::placement("Q", {"L"}),
                  make::execution("F1", "Q", "5"), make::execution("E2", "P", "5"));
        const allot::RunResult result = engine.run(book, by_weights({{"A", "1"}})).value();
        CHECK(failure_of(result).type == allot::FailureType::BadInput);
        CHECK(failure_of(result).placement == allot::PlacementId{"desk", "Q"});
        CHECK(shares_of(result) == Shares{{"A", "5 "}});
    }
}

TEST_CASE("An order that stands for a portfolio and is dead receives nothing",
          "[engine][weights]") {
    const allot::Engine engine;
    allot::Book book = unsolicited_book();
    make::put(book, make::execution("E1", "P", "30"));
    const allot::RunRequest request = by_weights({{"A", "1"}, {"B", "2"}});
    REQUIRE(engine.run(book, request).value().failed.empty());
    allot::Order order = book.find(allot::OrderId{"desk", "K-funds-A"}).value();
    order.state = "Cancelled";
    make::put(book, order, make::execution("E2", "P", "30", "2026-03-02T11:00:00Z"));
    CHECK(shares_of(engine.run(book, request).value()) == Shares{{"B", "30 "}});
}

TEST_CASE("Placements of one block may together exceed 64 bits", "[engine][weights]") {
    // 12 of 2 * 10^18: what a portfolio has is above 2^62 from the fifth on.
    for (const char* algorithm : {"WEBSTER", "PR-RR", "TIJDEMAN:cap=9000000000000000000"}) {
        INFO(algorithm);
        allot::Book book = unsolicited_book();
        for (int i = 0; i < 12; ++i) {
            const std::string n = std::to_string(10 + i);
            make::put(book, make::placement("P" + n, {"K"}),
                      make::execution("E" + n, "P" + n, "2000000000000000000"));
        }
        allot::RunRequest request = by_weights({{"A", "1"}, {"B", "2"}}, algorithm);
        request.options.lot = make::quantity("1000000000000000000");
        const allot::RunResult result = allot::Engine{}.run(book, request).value();
        CHECK(result.failed.empty());
        const std::string a = book.allocated(allot::OrderId{"desk", "K-funds-A"}).to_string();
        const std::string b = book.allocated(allot::OrderId{"desk", "K-funds-B"}).to_string();
        if (std::string{algorithm} == "WEBSTER") {
            CHECK(a == "8000000000000000000");
            CHECK(b == "16000000000000000000");
        } else if (result.warnings.empty()) {
            CHECK(make::quantity(a) + make::quantity(b) == make::quantity("24000000000000000000"));
        } else {
            CHECK(a == "9000000000000000000");
            CHECK(b == "9000000000000000000");
        }
    }
}

TEST_CASE("Parts by weight of wide numbers are exact", "[engine][weights]") {
    allot::Book book = unsolicited_book();
    make::put(book, make::execution("E1", "P", "3000000000000000000000000000.0003"));
    allot::RunRequest request = by_weights({{"A", "1"}, {"B", "2"}});
    request.options.lot = make::quantity("0.0001");
    CHECK(shares_of(allot::Engine{}.run(book, request).value()) ==
          Shares{{"A", "1000000000000000000000000000.0001 "},
                 {"B", "2000000000000000000000000000.0002 "}});
}
