// Every rule that is registered stands under every law, and its sheet is true both ways: what it
// declares holds everywhere, what it does not declare is broken somewhere.
#include <filesystem>
#include <string>

#include "allot/registry.hpp"
#include "laws/properties.hpp"
#include "laws/worlds.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using laws::World;
using Question = std::string (*)(const allot::Algorithm&, const World&);

// The first small world, else the first random one, in which the question finds something.
std::string first_found(const allot::Algorithm& rule, Question question, std::size_t random_worlds,
                        std::int64_t size) {
    std::string found;
    laws::each_small_world([&](const World& world) {
        found = question(rule, world);
        return found.empty();
    });
    for (std::uint64_t seed = 1; found.empty() && seed <= random_worlds; ++seed) {
        found = question(rule, laws::random_world(seed, size));
        found = found.empty() ? found : "seed " + std::to_string(seed) + ": " + found;
    }
    return found;
}

void must_hold(const allot::Algorithm& rule, const char* name, Question question,
               std::int64_t size) {
    static const std::size_t random_worlds = oracle::cases("random worlds of the laws", 20000);
    INFO(rule.info().code << ", " << name);
    CHECK(first_found(rule, question, random_worlds, size) == "");
}

// A declared property holds, an undeclared one is broken somewhere.
void sheet_is_true(const allot::Algorithm& rule, const char* name, bool declared, Question question,
                   std::int64_t size) {
    if (declared) {
        must_hold(rule, name, question, size);
    } else {
        INFO(rule.info().code << " does not declare " << name
                              << ", yet nothing small speaks against it");
        CHECK(first_found(rule, question, 1000, size) != "");
    }
}

}  // namespace

TEST_CASE("Every registered rule keeps every law of a plan", "[laws]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const auto& rule : registry.all()) {
        must_hold(*rule, "laws", laws::broken_law, 1000);
        must_hold(*rule, "laws", laws::broken_law, 1000000000000);
        must_hold(*rule, "scale", laws::broken_scale, 1000);
        must_hold(*rule, "width", laws::broken_width, 1000000000000);
        must_hold(*rule, "determinism", laws::broken_determinism, 1000);
    }
}

TEST_CASE("Every property sheet is true both ways", "[laws]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const auto& rule : registry.all()) {
        const allot::PropertySheet& sheet = rule->info().properties;
        sheet_is_true(*rule, "exact_sum", sheet.exact_sum, laws::broken_exact_sum, 1000);
        sheet_is_true(*rule, "quota", sheet.quota, laws::broken_quota, 1000);
        sheet_is_true(*rule, "house_monotone", sheet.house_monotone, laws::broken_house_monotone,
                      1000);
        sheet_is_true(*rule, "slice_invariant", sheet.slice_invariant, laws::broken_slice_invariant,
                      15);
        // Seeded: some key changes something. Not seeded: no key ever does.
        sheet_is_true(*rule, "not seeded", !sheet.seeded, laws::key_matters, 1000);
    }
}
