// Every rule that the library comes with has its page, its golden cases and its line in the list.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "allot/registry.hpp"
#include "support/catch.hpp"

namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string read(const fs::path& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// What a rule lacks below `root`; empty when it has everything.
std::string lacking(const fs::path& root, const std::string& code) {
    const fs::path page = root / "docs" / "algorithms" / (lower(code) + ".md");
    const fs::path golden = root / "tests" / "golden" / lower(code);
    std::string out;
    if (!fs::is_regular_file(page) || read(page).find(code) == std::string::npos) {
        out += "no page " + page.generic_string() + " that names it; ";
    }
    if (!fs::is_directory(golden) || fs::is_empty(golden)) {
        out += "no golden case in " + golden.generic_string();
    }
    return out;
}

}  // namespace

TEST_CASE("algorithms: each rule has a page and golden cases") {
    const allot::Registry registry = allot::Registry::with_builtins();
    REQUIRE(registry.all().size() >= 2);
    for (const auto& algorithm : registry.all()) {
        INFO(algorithm->info().code);
        CHECK(lacking(ALLOT_SOURCE_DIR, algorithm->info().code) == "");
    }
}

TEST_CASE("algorithms: a rule without page and golden cases is seen") {
    const std::string missing = lacking(ALLOT_SOURCE_DIR, "NO-SUCH-RULE");
    CHECK(missing.find("no page") != std::string::npos);
    CHECK(missing.find("no golden case") != std::string::npos);
}

TEST_CASE("algorithms: each rule says what it does") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const auto& algorithm : registry.all()) {
        const allot::AlgorithmInfo& info = algorithm->info();
        INFO(info.code);
        CHECK(info.summary.size() > 10);
        CHECK(info.summary.find('\n') == std::string::npos);
        CHECK(info.description.size() > info.summary.size());
    }
}
