// Every rule that is registered stands under every law, and its sheet is true both ways: what it
// declares holds everywhere, what it does not declare is broken somewhere.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "allot/registry.hpp"
#include "laws/findings.hpp"
#include "laws/properties.hpp"
#include "laws/worlds.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"

namespace {

using laws::Units;
using laws::World;

// Rules with parameters, which no registry lists: they keep what the plain ones keep.
std::vector<std::shared_ptr<const allot::Algorithm>> all_rules() {
    const allot::Registry registry = allot::Registry::with_builtins();
    std::vector<std::shared_ptr<const allot::Algorithm>> rules = registry.all();
    for (const char* code : {"TW-LR:k=1", "TW-LR:k=3", "TW-FIFO:k=7", "TIER:inner=TW-LF:k=3",
                             "TIER:inner=FIFO", "TIER:inner=PCT-LR", "TIER:inner=EQ-RND"}) {
        rules.push_back(registry.find(code).value());
    }
    return rules;
}

void must_hold(const allot::Algorithm& rule, const char* name, laws::Question question,
               std::size_t random_worlds, std::int64_t size) {
    INFO(allot::full_code(rule) << ", " << name);
    CHECK(laws::first_found(rule, question, random_worlds, size) == "");
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("Every registered rule keeps every law of a plan", "[laws]") {
    const std::size_t many = oracle::cases("random worlds of the laws", 3000);
    for (const auto& rule : all_rules()) {
        must_hold(*rule, "laws", laws::broken_law, many, 1000);
        must_hold(*rule, "laws", laws::broken_law, many, 1000000000000);
        if (!rule->info().properties.cumulative) {  // those refuse it, having no base share
            must_hold(*rule, "minimum", laws::broken_minimum, many, 1000);
        }
        must_hold(*rule, "scale", laws::broken_scale, many, 1000);
        must_hold(*rule, "width", laws::broken_width, many, 1000000000000);
        must_hold(*rule, "determinism", laws::broken_determinism, many, 1000);
    }
}

TEST_CASE("Every property sheet is true both ways", "[laws][table]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const laws::Findings& findings = laws::all_findings(registry);
    for (const auto& rule : registry.all()) {
        for (const laws::Property& property : laws::all_properties()) {
            const bool declared = rule->info().properties.*property.declared;
            const std::string& found = findings.at(rule->info().code).at(property.name);
            INFO(rule->info().code << (declared ? " declares " : " does not declare ")
                                   << property.name << "; found: " << found);
            CHECK(declared == (found.empty() != property.is_turned));
        }
    }
}

TEST_CASE("Rules with parameters keep what their sheets declare", "[laws]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const auto& rule : all_rules()) {
        if (rule->parameters().empty()) {
            continue;
        }
        for (const laws::Property& property : laws::all_properties()) {
            if (rule->info().properties.*property.declared != property.is_turned) {
                must_hold(*rule, property.name, property.counter_example, 500, 1000);
            }
        }
    }
}

// ALLOT_BLESS=1 writes the page again.
TEST_CASE("The page of properties says what the search finds", "[laws][table]") {
    if (laws::every_small_world() != 1) {
        return;  // what is searched less may find larger counter-examples
    }
    const std::filesystem::path page =
        std::filesystem::path{ALLOT_SOURCE_DIR} / "docs" / "algorithms" / "properties.md";
    const std::string text = read(page);
    const std::string start = "<!-- written by ALLOT_BLESS=1 test_laws \"[table]\" -->\n";
    const std::size_t at = text.find(start);
    REQUIRE(at != std::string::npos);
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::string wanted =
        text.substr(0, at + start.size()) + laws::rendered(registry, laws::all_findings(registry));
    if (std::getenv("ALLOT_BLESS") != nullptr && text != wanted) {
        std::ofstream{page} << wanted;
        return;
    }
    CHECK((text == wanted));
}
