// Runs with what a book says of portfolios, with limits, with named rules, and explained.
#include <algorithm>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

using Texts = std::vector<std::string>;

// Orders A 100, B 100, C 100 of portfolios PA, PB, PC in one block, and one fill.
allot::Book three_orders(const std::string& fill = "100") {
    allot::Book book;
    make::put(book, make::order("A", "100", "2026-03-02T08:00:00Z"),
              make::order("B", "100", "2026-03-02T08:01:00Z"),
              make::order("C", "100", "2026-03-02T08:02:00Z"), make::block("X", {"A", "B", "C"}),
              make::placement("P", {"X"}), make::execution("E", "P", fill));
    return book;
}

void say(allot::Book& book, const std::string& code, const std::string& weight,
         std::uint32_t tier = 1, bool house = false, const std::string& cap = {}) {
    allot::Portfolio portfolio;
    portfolio.id = allot::PortfolioId{"funds", code};
    if (!weight.empty()) {
        portfolio.weight = allot::Weight::parse(weight).value();
    }
    portfolio.tier = tier;
    portfolio.house = house;
    if (!cap.empty()) {
        portfolio.cap = make::quantity(cap);
    }
    REQUIRE(book.put(portfolio).has_value());
}

allot::RunRequest by(const std::string& algorithm) {
    allot::RunRequest request;
    request.algorithm = algorithm;
    return request;
}

allot::RunResult run(allot::Book& book, const allot::RunRequest& request) {
    auto result = allot::Engine{}.run(book, request);
    INFO((result ? std::string{} : result.error().message()));
    REQUIRE(result.has_value());
    return *std::move(result);
}

Texts shares(allot::Book& book, const allot::RunRequest& request) {
    const allot::RunResult result = run(book, request);
    return make::texts(result.allocations());
}

}  // namespace

TEST_CASE("PCT splits by the weights of the portfolios", "[engine]") {
    allot::Book book = three_orders();
    say(book, "PA", "1/2");
    say(book, "PB", "0.25");
    SECTION("a missing weight fails the placement by name") {
        const allot::RunResult result = run(book, by("PCT"));
        REQUIRE(result.failed.size() == 1);
        CHECK(result.failed.begin()->second.type == allot::FailureType::WeightMissing);
        CHECK(result.failed.begin()->second.detail == "Portfolio funds/PC has no weight");
        CHECK(book.allocations().empty());
    }
    SECTION("all weights given") {
        say(book, "PC", "0.25");
        CHECK(shares(book, by("PCT")) == Texts{"E-A A 50", "E-B B 25", "E-C C 25"});
    }
    SECTION("a weight of zero receives nothing, no leftover either") {
        say(book, "PC", "0");
        CHECK(shares(book, by("PCT")) == Texts{"E-A A 67", "E-B B 33"});
    }
    SECTION("the weights of the request replace those of the book") {
        allot::RunRequest request = by("PCT-LR");
        request.weights[allot::PortfolioId{"funds", "PC"}] = allot::Weight::parse("3").value();
        request.weights[allot::PortfolioId{"funds", "PB"}] = allot::Weight::parse("1").value();
        const allot::RunResult result = run(book, request);
        CHECK(make::texts(result.allocations()) == Texts{"E-B B 25", "E-C C 75"});
        CHECK(result.run.options.at("weights") == "funds/PB=1|funds/PC=3");
    }
}

TEST_CASE("PCT divides a portfolio's weight over its orders by outstanding", "[engine]") {
    allot::Book book = three_orders();
    allot::Order second = make::order("C", "100", "2026-03-02T08:02:00Z");
    second.portfolio_id = allot::PortfolioId{"funds", "PB"};
    make::put(book, second);
    say(book, "PA", "50");
    say(book, "PB", "50");
    CHECK(shares(book, by("PCT")) == Texts{"E-A A 50", "E-B B 25", "E-C C 25"});
}

TEST_CASE("TIER serves the tiers in turn, client accounts before the house", "[engine]") {
    allot::Book book = three_orders("150");
    say(book, "PA", "", 1, true);
    say(book, "PB", "", 2);
    say(book, "PC", "", 1);
    CHECK(shares(book, by("TIER")) == Texts{"E-B B 50", "E-C C 100"});
    allot::Book again = three_orders("250");
    say(again, "PA", "", 1, true);
    say(again, "PB", "", 2);
    CHECK(shares(again, by("TIER:inner=EQ-LIFO")) == Texts{"E-A A 50", "E-B B 100", "E-C C 100"});
}

TEST_CASE("A cap limits the total of an order, over all its fills, and not its weight",
          "[engine]") {
    allot::Book book = three_orders("60");
    make::put(book, make::execution("F", "P", "120", "2026-03-02T11:00:00Z"));
    const allot::RunResult result = run(book, by("PR-FIFO:cap=30"));
    // 60: 20 each. 120: 10 each is all that the caps admit.
    CHECK(make::texts(result.allocations()) ==
          Texts{"E-A A 20", "E-B B 20", "E-C C 20", "F-A A 10", "F-B B 10", "F-C C 10"});
    CHECK(result.failed.empty());
    REQUIRE(result.warnings.size() == 1);
    CHECK(result.warnings.front().type == allot::WarningType::KeptUnallocated);
    CHECK(result.warnings.front().detail ==
          "90 stay unallocated; order desk/A wants 70 more, but may have no more than 10; order "
          "desk/B wants 70 more, but may have no more than 10; order desk/C wants 70 more, but may "
          "have no more than 10");
    CHECK(result.algorithm == "PR-FIFO:cap=30");
    CHECK(result.run.parameters.at("cap") == "30");
}

TEST_CASE("A portfolio's cap binds its orders together", "[engine]") {
    allot::Book book = three_orders();
    allot::Order second = make::order("C", "100", "2026-03-02T08:02:00Z");
    second.portfolio_id = allot::PortfolioId{"funds", "PB"};
    make::put(book, second);
    say(book, "PB", "", 1, false, "31");
    // The cap is divided 15/15 by outstanding, the odd unit to the older order.
    CHECK(shares(book, by("PR-FIFO")) == Texts{"E-A A 69", "E-B B 16", "E-C C 15"});
    // What the portfolio has counts: nothing more for it.
    make::put(book, make::execution("F", "P", "10", "2026-03-02T11:00:00Z"));
    CHECK(shares(book, by("PR-FIFO")) == Texts{"F-A A 10"});
}

TEST_CASE("Strict lots keep the tail unallocated, fill by fill", "[engine]") {
    allot::Book book = three_orders("105");
    allot::RunRequest request;
    request.options.lot = allot::Quantity{10};
    request.options.strict_lot = true;
    const allot::RunResult result = run(book, request);
    CHECK(make::texts(result.allocations()) == Texts{"E-A A 40", "E-B B 30", "E-C C 30"});
    REQUIRE(result.placements.size() == 1);
    CHECK(result.placements.front().unallocated == allot::Quantity{5});
    CHECK(result.failed.empty());
    CHECK(result.run.options.at("strictLot") == "true");
}

TEST_CASE("Bond minima bind totals: a placement is split at once, its shares lie over the fills",
          "[engine]") {
    allot::Book book;
    make::put(book, make::order("A", "700000", "2026-03-02T08:00:00Z"),
              make::order("B", "500000", "2026-03-02T08:01:00Z"),
              make::order("C", "150000", "2026-03-02T08:02:00Z"), make::block("X", {"A", "B", "C"}),
              make::placement("P", {"X"}), make::execution("E", "P", "500000"),
              make::execution("F", "P", "300000", "2026-03-02T11:00:00Z"));
    const allot::RunResult result =
        run(book, by("PR-FIFO:denomination=100000:increment=1000:leave=100000"));
    // Pro rata 414,815 / 296,296 / 88,889: C is below the denomination and is left out; without it
    // 466,666 / 333,333 in steps of 1,000: 466,000 / 333,000, and the step left goes to the oldest.
    CHECK(make::texts(result.allocations()) ==
          Texts{"E-A A 467000", "E-B B 33000", "F-B B 300000"});
    CHECK(result.failed.empty());
    CHECK(shares(book, by("PR-FIFO:denomination=100000:increment=1000:leave=100000")).empty());
}

TEST_CASE("What minima keep is said with the orders that want it", "[engine]") {
    allot::Book book = three_orders("70");
    const allot::RunResult result = run(book, by("PR-FIFO:denomination=80"));
    CHECK(result.allocations().empty());
    REQUIRE(result.warnings.size() == 1);
    CHECK(result.warnings.front().detail.find("70 stay unallocated; order desk/A wants 100 more, "
                                              "but no part of what is left may be had") == 0);
    CHECK(result.failed.empty());
}

TEST_CASE("A book names rules with their parameters", "[engine]") {
    allot::Book book = three_orders();
    REQUIRE(book.name_algorithm("DESK-A", "PR-LIFO:cap=60").has_value());
    CHECK_FALSE(book.name_algorithm("DESK:A", "PR").has_value());
    CHECK_FALSE(book.name_algorithm("DESK-B", "PR:").has_value());
    const allot::RunResult result = run(book, by("desk-a"));
    CHECK(result.algorithm == "PR-LIFO:cap=60");
    CHECK(make::texts(result.allocations()) == Texts{"E-A A 33", "E-B B 33", "E-C C 34"});
    REQUIRE(book.name_algorithm("DESK-C", "NO-SUCH").has_value());
    const auto refused = allot::Engine{}.run(book, by("DESK-C"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::algorithm_is_unknown);
}

TEST_CASE("A rule for the bare split only is refused for a run", "[engine]") {
    allot::Book book = three_orders();
    const auto refused = allot::Engine{}.run(book, by("PR-KEEP"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::algorithm_refused);
}

TEST_CASE("TO gives the leftover to the portfolio that it names", "[engine]") {
    allot::Book book = three_orders("101");
    CHECK(shares(book, by("PR-TO:to=funds/PB")) == Texts{"E-A A 33", "E-B B 35", "E-C C 33"});
}

TEST_CASE("RND draws from seed, placement and execution, and another seed draws anew", "[engine]") {
    std::vector<Texts> drawn;
    for (int seed = 0; seed < 16; ++seed) {
        allot::Book book = three_orders();
        allot::RunRequest request = by("PR-RND");
        request.options.seed = std::to_string(seed);
        const Texts first = shares(book, request);
        allot::Book again = three_orders();
        CHECK(shares(again, request) == first);
        drawn.push_back(first);
    }
    std::sort(drawn.begin(), drawn.end());
    drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
    CHECK(drawn.size() == 3);  // each of the three orders got the odd unit under some seed
}

TEST_CASE("Hashed ties do not favour who is listed first", "[engine]") {
    std::vector<std::string> favoured;
    for (int day = 0; day < 40; ++day) {
        allot::Book book;
        allot::Block block = make::block("X" + std::to_string(day), {"A", "B", "C"});
        make::put(book, make::order("A", "100"), make::order("B", "100"), make::order("C", "100"),
                  block, make::placement("P", {"X" + std::to_string(day)}),
                  make::execution("E", "P", "1"));
        allot::RunRequest request;
        request.options.ties = allot::Ties::hashed;
        const Texts got = shares(book, request);
        REQUIRE(got.size() == 1);
        favoured.push_back(got.front());
        std::reverse(block.order_ids.begin(), block.order_ids.end());
        allot::Book turned;
        make::put(turned, make::order("A", "100"), make::order("B", "100"), make::order("C", "100"),
                  block, make::placement("P", {"X" + std::to_string(day)}),
                  make::execution("E", "P", "1"));
        CHECK(shares(turned, request) == got);  // the places in the list count nothing
    }
    for (const std::string& order : {std::string{"A"}, std::string{"B"}, std::string{"C"}}) {
        INFO(order);
        CHECK(std::count(favoured.begin(), favoured.end(), "E-" + order + " " + order + " 1") > 4);
    }
}

TEST_CASE("A run explains each share when asked", "[engine]") {
    allot::Book book = three_orders("10.5");
    allot::RunRequest request = by("PR-FIFO:cap=3");
    request.options.explain = true;
    const allot::RunResult result = run(book, request);
    REQUIRE(result.explanations.size() == 1);
    const allot::SplitExplanation& split = result.explanations.front();
    CHECK(split.executions == std::vector{allot::ExecutionId{"desk", "E"}});
    CHECK(split.claims.size() == 3);
    CHECK(split.available == make::quantity("10.5"));
    Texts steps;
    for (const allot::Step& step : split.steps.steps()) {
        if (step.claim == 0) {
            steps.push_back(split.steps.sentence(step));
        }
    }
    CHECK(steps ==
          Texts{"may get no more than 3", "exact share 3", "rounded down to whole lots: 3"});
    CHECK(run(book, by("PR-FIFO")).explanations.empty());
}

TEST_CASE("Facts of portfolios are checked on entry", "[engine]") {
    allot::Book book;
    allot::Portfolio portfolio;
    CHECK_FALSE(book.put(portfolio).has_value());
    portfolio.id = allot::PortfolioId{"funds", "PA"};
    portfolio.tier = 0;
    CHECK_FALSE(book.put(portfolio).has_value());
    portfolio.tier = 2;
    CHECK(book.put(portfolio).has_value());
    REQUIRE(book.portfolios().size() == 1);
    CHECK(book.portfolios().front().tier == 2);
}
