// Registry: names for codes with parameters, and rules inside rules.
#include "allot/registry.hpp"

#include "support/catch.hpp"

TEST_CASE("registry: a rule inside tiers may have a name, but no limits of its own") {
    allot::Registry registry = allot::Registry::with_builtins();
    registry.name("DESK-A", "TW-LR:k=3").value();
    registry.name("DESK-B", "PR-LF:minimum=2").value();
    CHECK(registry.find("TIER:inner=DESK-A").has_value());
    // Limits are those of the whole split; those of an inner rule would be lost without a word.
    const auto refused = registry.find("TIER:inner=DESK-B");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == allot::ErrorCode::algorithm_parameter_is_not_valid);
    CHECK(refused.error().found == "inner=DESK-B");
    CHECK(refused.error().expected.find("behind TIER") != std::string::npos);
    CHECK(registry.find("TIER:inner=PR-LF:minimum=2").value()->constraints().minimum.has_value());
}

TEST_CASE("registry: a rule of parts tells what its parts are") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const auto rule = registry.find("PRO-LR").value();
    CHECK(rule->info().base == "PRO");
    CHECK(rule->info().remainder == "LR");
    CHECK(rule->info().summary ==
          rule->info().base_summary + ", " + rule->info().remainder_summary);
    const auto tier = registry.find("TIER-LR").value();
    CHECK(tier->info().remainder_description == rule->info().remainder_description);
    CHECK(registry.find("TIER:inner=EQ").value()->info().remainder.empty());
}
