// Deliberately wrong rules: the audit catches each law they break, names it with claim and
// numbers, the book stays untouched, and nobody else notices.
#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "allot/split.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

// How a rule misbehaves when 13 units are available. With any other quantity it is plain FIFO, or
// a plain pro-rata rule when it declares quota.
enum class Fault {
    none,
    sum_above_available,
    negative_share,
    share_above_outstanding,
    filled_claim_served,
    two_broken_lots,
    units_left,
    quota_broken,
    throws,
    refuses,
};

class Faulty : public allot::AlgorithmOf<Faulty> {
  public:
    explicit Faulty(Fault fault, bool split_only = false) : fault_{fault} {
        info_.code = "FAULTY";
        info_.summary = "wrong on purpose";
        info_.properties.exact_sum = fault != Fault::units_left;
        info_.properties.quota = fault == Fault::quota_broken;
        info_.split_only = split_only;
    }

    [[nodiscard]] const allot::AlgorithmInfo& info() const noexcept override { return info_; }

    template <allot::SplitInteger Int>
    [[nodiscard]] allot::Result<void> shares_of(const allot::Split<Int>& split,
                                                std::span<Int> shares) const {
        const Int unit = split.lot;  // one lot of 1 in the units of this split
        if (fault_ != Fault::none && split.available == Int{13} * unit) {
            return misbehave(unit, shares);
        }
        Int left = split.available;
        if (info_.properties.quota) {
            left -= give_floors(split, shares);
        }
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const Int room = split.outstanding[i] - shares[i];
            const Int gives = std::min(room, info_.properties.quota ? std::min(left, unit) : left);
            shares[i] += gives;
            left -= gives;
        }
        return {};
    }

  private:
    // Whole lots of the exact pro-rata shares; returns their sum.
    template <class Int>
    static Int give_floors(const allot::Split<Int>& split, std::span<Int> shares) {
        Int sum{0};
        for (const Int& outstanding : split.outstanding) {
            sum += outstanding;
        }
        Int given{0};
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i] = allot::multiply_divide(split.available, split.outstanding[i], sum) /
                        split.lot * split.lot;
            given += shares[i];
        }
        return given;
    }

    // Claims of the test: A (30 outstanding), B (70), C (4), D (filled).
    template <class Int>
    [[nodiscard]] allot::Result<void> misbehave(const Int& unit, std::span<Int> shares) const {
        const auto give = [&](int a, int b, int c, int d) {
            const int given[] = {a, b, c, d};
            for (std::size_t i = 0; i < shares.size(); ++i) {
                shares[i] = Int{given[i]} * unit;
            }
            return allot::Result<void>{};
        };
        switch (fault_) {
            case Fault::sum_above_available:
                return give(13, 1, 0, 0);
            case Fault::negative_share:
                return give(-1, 14, 0, 0);
            case Fault::share_above_outstanding:
                return give(0, 0, 13, 0);
            case Fault::filled_claim_served:
                return give(12, 0, 0, 1);
            case Fault::units_left:
                return give(12, 0, 0, 0);
            case Fault::quota_broken:
                return give(13, 0, 0, 0);
            case Fault::throws:
                throw std::runtime_error{"out of ideas"};
            case Fault::refuses:
                return allot::Unexpected{allot::Error{.code = allot::ErrorCode::algorithm_refused,
                                                      .found = "a Tuesday"}};
            default:
                throw std::logic_error{"not a fault of this kind"};
        }
    }

    Fault fault_;
    allot::AlgorithmInfo info_{};
};

// Breaks two lots of 10 when 13 are available.
class TwoBrokenLots : public allot::AlgorithmOf<TwoBrokenLots> {
  public:
    TwoBrokenLots() {
        info_.code = "FAULTY";
        info_.properties.exact_sum = false;
    }
    [[nodiscard]] const allot::AlgorithmInfo& info() const noexcept override { return info_; }

    template <allot::SplitInteger Int>
    [[nodiscard]] allot::Result<void> shares_of(const allot::Split<Int>& split,
                                                std::span<Int> shares) const {
        shares[0] = std::min(split.available, Int{5});
        if (shares.size() > 1) {
            shares[1] = split.available - shares[0];
        }
        return {};
    }

  private:
    allot::AlgorithmInfo info_{};
};

// P1 (bad) and P2 (good) share the orders A and B. P1 has a harmless fill first, P2 a fill before
// and one after the bad one: what P1 takes must not be missing from P2's.
allot::Book shared_orders() {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::order("C", "4", "2026-03-03"), make::order("D", "10", "2026-03-04"),
              make::block("BOTH", {"A", "B"}), make::block("ALL", {"A", "B", "C", "D"}),
              make::placement("P0", {"ALL"}), make::placement("P1", {"ALL"}),
              make::placement("P2", {"BOTH"}), make::execution("E0", "P0", "10", "2026-03-01"),
              make::execution("E1", "P1", "7", "2026-03-02T08:00:00Z"),
              make::execution("E2", "P2", "5", "2026-03-02T09:00:00Z"),
              make::execution("E3", "P1", "13", "2026-03-02T10:00:00Z"),
              make::execution("E4", "P2", "20", "2026-03-02T11:00:00Z"),
              make::allocation("OLD", "D", "10", {"E0"}, {"P0"}));
    return book;
}

allot::Engine engine_with(std::shared_ptr<const allot::Algorithm> rule) {
    allot::Registry registry;
    registry.add(std::move(rule)).value();
    return allot::Engine{registry};
}

allot::RunRequest request(const std::string& lot = "1") {
    allot::RunRequest request;
    request.algorithm = "FAULTY";
    request.options.lot = make::quantity(lot);
    return request;
}

// P1 fails as `type`, its detail has all of `words`; P2 is served as if P1 did not exist.
void only_p1_fails(const allot::Engine& engine, const allot::RunRequest& request,
                   allot::FailureType type, const std::vector<std::string>& words,
                   const std::vector<std::string>& wanted = {"E2-A A 5", "E4-A A 20"}) {
    allot::Book book = shared_orders();
    const allot::RunResult planned = engine.preview(book, request).value();
    const allot::RunResult result = engine.run(book, request).value();
    REQUIRE(planned.failed.size() == 1);
    REQUIRE(result.failed.size() == 1);
    const allot::Failure& failure = result.failed.at("Scope:desk Code:P1");
    INFO(failure.detail);
    CHECK(failure.type == type);
    CHECK(failure.placement == allot::PlacementId{"desk", "P1"});
    for (const std::string& word : words) {
        INFO("expected word: " << word);
        CHECK(failure.detail.find(word) != std::string::npos);
    }
    CHECK(make::texts(planned.allocations()) == wanted);
    CHECK(make::texts(result.allocations()) == wanted);
    std::vector<std::string> stored = wanted;
    stored.emplace_back("OLD D 10");
    CHECK(make::texts(book.allocations()) == stored);
    // Listed as failed, with what was executed and nothing of it allocated.
    REQUIRE(result.placements.size() == 3);
    CHECK(result.placements[1].id == allot::PlacementId{"desk", "P1"});
    CHECK(result.placements[1].executed == allot::Quantity{20});
    CHECK(result.placements[1].allocated == allot::Quantity{0});
    CHECK(result.placements[1].unallocated == allot::Quantity{20});
}

void violates(Fault fault, const std::vector<std::string>& words) {
    only_p1_fails(engine_with(std::make_shared<Faulty>(fault)), request(),
                  allot::FailureType::AlgorithmViolation, words);
}

allot::SplitRequest of(int available) {
    allot::SplitRequest request;
    request.available = allot::Quantity{available};
    request.claims = {allot::Quantity{30}, allot::Quantity{70}, allot::Quantity{4},
                      allot::Quantity{0}};
    return request;
}

}  // namespace

TEST_CASE("The rule of these tests is right as long as it is not asked to be wrong", "[audit]") {
    allot::Book book = shared_orders();
    const allot::RunResult result =
        engine_with(std::make_shared<Faulty>(Fault::none)).run(book, request()).value();
    CHECK(result.failed.empty());
    CHECK(make::texts(result.allocations()) ==
          std::vector<std::string>{"E1-A A 7", "E3-A A 13", "E2-A A 5", "E4-A A 5", "E4-B B 15"});
}

TEST_CASE("The audit catches shares that sum above the available quantity", "[audit]") {
    violates(Fault::sum_above_available, {"14", "13"});
}

TEST_CASE("The audit catches a negative share", "[audit]") {
    violates(Fault::negative_share, {"desk/A", "-1"});
}

TEST_CASE("The audit catches a share above the outstanding quantity", "[audit]") {
    violates(Fault::share_above_outstanding, {"desk/C", "13", "4"});
}

TEST_CASE("The audit catches a share for a claim that is filled", "[audit]") {
    violates(Fault::filled_claim_served, {"desk/D", "1", "0"});
}

TEST_CASE("The audit catches units left over while there is room", "[audit]") {
    violates(Fault::units_left, {"unallocated", "12", "13"});
}

TEST_CASE("The audit catches a broken quota of a rule that declares it", "[audit]") {
    // 13 x 30 / 104 = 3.75: A may have 3 or 4. P2 alone: 5 over 30/70 is 2/3 (the odd lot to the
    // oldest), then 20 over 28/67 is 6/14.
    only_p1_fails(engine_with(std::make_shared<Faulty>(Fault::quota_broken)), request(),
                  allot::FailureType::AlgorithmViolation, {"desk/A", "13", "quota"},
                  {"E2-A A 2", "E2-B B 3", "E4-A A 6", "E4-B B 14"});
}

TEST_CASE("The audit catches two claims with broken lots", "[audit]") {
    allot::Book book;
    make::put(book, make::order("A", "30", "2026-03-01"), make::order("B", "70", "2026-03-02"),
              make::block("BOTH", {"A", "B"}), make::placement("P1", {"BOTH"}),
              make::execution("E1", "P1", "13"));
    const allot::RunResult result =
        engine_with(std::make_shared<TwoBrokenLots>()).run(book, request("10")).value();
    const allot::Failure& failure = result.failed.at("Scope:desk Code:P1");
    INFO(failure.detail);
    CHECK(failure.type == allot::FailureType::AlgorithmViolation);
    CHECK(failure.detail.find("desk/B") != std::string::npos);
    CHECK(failure.detail.find("10") != std::string::npos);
    CHECK(failure.detail.find("8") != std::string::npos);
    CHECK(result.allocations().empty());
    CHECK(book.allocations().empty());
    CHECK(book.runs().empty());
}

TEST_CASE("A rule that throws fails its placement alone", "[audit]") {
    only_p1_fails(engine_with(std::make_shared<Faulty>(Fault::throws)), request(),
                  allot::FailureType::AlgorithmRefused, {"out of ideas"});
}

TEST_CASE("A rule that refuses fails its placement alone", "[audit]") {
    only_p1_fails(engine_with(std::make_shared<Faulty>(Fault::refuses)), request(),
                  allot::FailureType::AlgorithmRefused, {"a Tuesday"});
}

TEST_CASE("The audit stands behind the bare split too", "[audit]") {
    for (const Fault fault :
         {Fault::sum_above_available, Fault::negative_share, Fault::share_above_outstanding,
          Fault::filled_claim_served, Fault::units_left, Fault::quota_broken, Fault::refuses}) {
        INFO(static_cast<int>(fault));
        CHECK_FALSE(allot::split(Faulty{fault}, of(13)).has_value());
        CHECK(allot::split(Faulty{fault}, of(12)).has_value());
    }
    CHECK(allot::split(Faulty{Fault::none}, of(13)).has_value());
}

TEST_CASE("A rule for the bare split may leave units, and give no more than there is", "[audit]") {
    CHECK(allot::split(Faulty{Fault::units_left, true}, of(13)).has_value());
    const auto result = allot::split(Faulty{Fault::sum_above_available, true}, of(13));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().message().find("not more than what is available") != std::string::npos);
}
