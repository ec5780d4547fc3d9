// Splits that nobody would ask for: empty, all zero, huge, and large enough that anything which
// takes quadratic time is seen.
#include <chrono>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "allot/split.hpp"
#include "laws/properties.hpp"
#include "laws/worlds.hpp"
#include "oracle/random.hpp"
#include "support/catch.hpp"

namespace {

using laws::World;

World plain_world(std::size_t claims) {
    World world;
    world.outstanding.assign(claims, 7);
    world.allocated.assign(claims, 0);
    world.weights.assign(claims, 1);
    world.tiers.assign(claims, 1);
    world.houses.assign(claims, 0);
    world.named.assign(claims, 0);
    for (std::size_t i = 0; i < claims; ++i) {
        world.portfolios.push_back(static_cast<std::uint32_t>(i));
    }
    world.available = 3;
    return world;
}

std::string broken(const allot::Algorithm& rule, const World& world) {
    std::string found = laws::broken_law(rule, world, laws::shares_of(rule, world));
    if (!rule.info().properties.cumulative) {  // those refuse a minimum, having no base share
        found =
            found.empty() ? laws::broken_minimum(rule, world, laws::shares_of(rule, world)) : found;
    }
    return found.empty() ? laws::broken_width(rule, world, laws::shares_of(rule, world)) : found;
}

// A cumulative rule has no base share that a minimum could drop, and those that go lot by lot
// refuse what would take them hours. Both by name, instead of an answer.
bool must_refuse(const allot::Algorithm& rule, const World& world) {
    constexpr std::int64_t most_lots = 1'000'000'000;
    return (rule.info().properties.cumulative && world.minimum > 0) ||
           (rule.info().lot_by_lot && world.available / world.lot > most_lots);
}

std::vector<World> odd_worlds() {
    std::vector<World> worlds{plain_world(0), plain_world(1), plain_world(3)};
    worlds.push_back(plain_world(3));
    worlds.back().outstanding = {0, 0, 0};
    worlds.push_back(plain_world(3));
    worlds.back().available = 0;
    worlds.push_back(plain_world(3));
    worlds.back().weights = {0, 0, 0};
    worlds.push_back(plain_world(3));
    worlds.back().cap = {0, 0, 0};
    worlds.push_back(plain_world(3));
    worlds.back().cap = {0, 7, 0};
    worlds.push_back(plain_world(3));
    worlds.back().lot = 1000;
    worlds.push_back(plain_world(3));
    worlds.back().minimum = 1000000;
    worlds.push_back(plain_world(3));
    worlds.back().portfolios = {4000000000U, 4000000000U, 0};
    worlds.push_back(plain_world(3));
    worlds.back().tiers = {0, 4000000000U, 4000000000U};
    worlds.push_back(plain_world(3));  // as large as a narrow split may be
    worlds.back().outstanding = {std::int64_t{1} << 61U, (std::int64_t{1} << 60U) - 1, 1};
    worlds.back().weights = {std::int64_t{1} << 60U, 1, std::int64_t{1} << 60U};
    worlds.back().portfolios = {0, 1, 0};
    worlds.back().available = (std::int64_t{1} << 61U) + 12345;
    worlds.push_back(worlds.back());
    worlds.back().lot = (std::int64_t{1} << 61U) - 1;
    worlds.push_back(worlds.back());
    worlds.back().cap = {(std::int64_t{1} << 60U) + 7, 5, 1};
    return worlds;
}

allot::Quantity quantity(const std::string& text) {
    return allot::Quantity::parse(text).value();
}

// Milliseconds that one split takes.
double time_of(const allot::Algorithm& rule, const World& world) {
    const auto start = std::chrono::steady_clock::now();
    const laws::Units shares = laws::shares_of(rule, world);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    CHECK(laws::broken_law(rule, world, shares) == "");
    return took.count();
}

}  // namespace

TEST_CASE("Odd splits break no rule", "[adversary]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const auto& rule : registry.all()) {
        for (const World& world : odd_worlds()) {
            INFO(rule->info().code << ": " << laws::text(world));
            if (must_refuse(*rule, world)) {
                CHECK_THROWS(laws::shares_of(*rule, world));
            } else {
                CHECK(broken(*rule, world) == "");
            }
        }
    }
}

TEST_CASE("A hundred thousand claims take a moment under every rule", "[adversary]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    oracle::Random random{1};
    World world = plain_world(100000);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < world.outstanding.size(); ++i) {
        world.outstanding[i] = random.between(0, 100000);
        world.portfolios[i] = static_cast<std::uint32_t>(i / 5);
        world.weights[i] = static_cast<std::int64_t>(1 + i / 5 % 9);
        world.tiers[i] = static_cast<std::uint32_t>(i % 1000);
        sum += world.outstanding[i];
    }
    for (const std::int64_t lot : {1, 7}) {
        world.lot = lot;
        for (const auto& rule : registry.all()) {
            // Those that go lot by lot take their time by the lots.
            world.available = rule->info().lot_by_lot ? std::min(sum / 3, 100000 * lot) : sum / 3;
            INFO(rule->info().code << " lot " << lot);
            CHECK(time_of(*rule, world) < 5000);  // all take a few hundred at most, unoptimised too
        }
    }
}

TEST_CASE("Rooms that fill one after the other do not take quadratic time", "[adversary]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    World world = plain_world(100000);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < world.outstanding.size(); ++i) {
        world.outstanding[i] = static_cast<std::int64_t>(i * i % 1000003 + 1);
        world.portfolios[i] = static_cast<std::uint32_t>(99999 - i);
        sum += world.outstanding[i];
    }
    world.available = sum - 100;
    for (const char* code : {"EQ-FIFO", "EQ-LR", "PCT-LR", "PRO-LR", "TW-LR"}) {
        INFO(code);
        CHECK(time_of(*registry.find(code).value(), world) < 10000);
    }
}

TEST_CASE("Large exponents, long quantities and shared weights are only slow", "[adversary]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    allot::SplitRequest request;
    for (int i = 0; i < 300; ++i) {
        request.claims.push_back(
            quantity("12345678901234567890123456789" + std::to_string(i % 10)));
        request.weights.push_back(allot::Weight::parse(std::to_string(1 + i / 3 % 7)).value());
        request.portfolios.push_back("funds/" + std::to_string(i / 3));
        request.caps.push_back(quantity("9999999999999999999999999999" + std::to_string(i % 10)));
    }
    request.available = quantity("1234567890123456789012345678901");
    for (const char* code : {"TW-LR:k=64", "PCT-LR", "TIER:inner=TW-RND:k=64", "EQ-LR", "PR-SF"}) {
        INFO(code);
        const auto start = std::chrono::steady_clock::now();
        const auto result = allot::split(*registry.find(code).value(), request);
        REQUIRE(result.has_value());
        CHECK(result->unallocated.is_zero());
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
    }
}

TEST_CASE("Claims of one portfolio have one weight", "[adversary]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    allot::SplitRequest request;
    request.available = quantity("10");
    request.claims = {quantity("10"), quantity("10")};
    request.weights = {allot::Weight::parse("1").value(), allot::Weight::parse("2").value()};
    request.portfolios = {"funds/A", "funds/A"};
    const auto result = allot::split(*registry.find("PCT-FIFO").value(), request);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == allot::ErrorCode::option_is_not_valid);
    CHECK(result.error().field == "weights");
}

TEST_CASE("TIER takes no inner rule whose constraints it would forget", "[adversary]") {
    allot::Registry registry = allot::Registry::with_builtins();
    registry.name("MINE", "PR-LF:minimum=2").value();
    registry.name("STEEP", "TW-LF:k=5").value();
    const auto refused = registry.find("TIER:inner=MINE");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::algorithm_parameter_is_not_valid);
    CHECK(registry.find("TIER:inner=STEEP").has_value());
    CHECK(registry.find("TIER:inner=PR-LF:minimum=2").has_value());
}

TEST_CASE("Codes that are none are refused with a reason", "[adversary]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const char* code : {"",
                             ":",
                             "PR-LF:",
                             "PR-LF:=",
                             "PR-LF:k",
                             "PR-LF:k=",
                             "PR-LF:minimum=0",
                             "PR-LF:minimum=-1",
                             "PR-LF:minimum=1e99",
                             "PR-LF:minimum=1:minimum=2",
                             "TW:k=0",
                             "TW:k=65",
                             "TW:k=1.5",
                             "TW:k=2 ",
                             "TW:k=+2",
                             "PR-LF:k=2",
                             "TIER:inner=TIER-NONE",
                             "TIER:inner=",
                             "PR-TO:to=A",
                             "PR-TO:to=/A",
                             "PR-TO:to=A/",
                             "PR LF",
                             "PR-LF\n"}) {
        INFO(code);
        const auto found = registry.find(code);
        REQUIRE_FALSE(found.has_value());
        CHECK_FALSE(found.error().message().empty());
    }
}
