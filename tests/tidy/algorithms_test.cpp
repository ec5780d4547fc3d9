// Every rule that the library comes with has its pages and its golden cases. A rule made of parts
// shares those of its base and of its remainder; any other rule has a page and a folder of its own.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

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

// A page docs/algorithms/NAME.md whose title begins with the code.
std::string lacking_page(const fs::path& root, const std::string& code) {
    const fs::path page = root / "docs" / "algorithms" / (lower(code) + ".md");
    const bool is_there = read(page).rfind("# " + code + ":", 0) == 0;
    return is_there ? ""
                    : "no page " + page.generic_string() + " with the title '" + code + ": '; ";
}

std::string lacking_cases(const fs::path& folder) {
    if (fs::is_directory(folder)) {
        for (const auto& entry : fs::directory_iterator{folder}) {
            if (entry.path().extension() == ".case") {
                return "";
            }
        }
    }
    return "no golden case in " + folder.generic_string() + "; ";
}

std::string lacking_section(const fs::path& root, const std::string& remainder) {
    const fs::path page = root / "docs" / "algorithms" / "remainders.md";
    const bool is_there = read(page).find("\n## " + remainder + ":") != std::string::npos;
    return is_there ? "" : "no section '" + remainder + ": ' in " + page.generic_string() + "; ";
}

// What a rule lacks below `root`; empty when it has everything.
std::string lacking(const fs::path& root, const allot::AlgorithmInfo& info) {
    const fs::path golden = root / "tests" / "golden";
    const std::string& head = info.base.empty() ? info.code : info.base;
    std::string out = lacking_page(root, head) + lacking_cases(golden / lower(head));
    if (!info.remainder.empty()) {
        out += lacking_section(root, info.remainder) +
               lacking_cases(golden / "remainders" / lower(info.remainder));
    }
    return out;
}

allot::AlgorithmInfo named(std::string code, std::string base, std::string remainder) {
    allot::AlgorithmInfo info;
    info.code = std::move(code);
    info.base = std::move(base);
    info.remainder = std::move(remainder);
    return info;
}

}  // namespace

TEST_CASE("algorithms: each rule has its pages and golden cases") {
    const allot::Registry registry = allot::Registry::with_builtins();
    REQUIRE(registry.all().size() >= 2);
    for (const auto& algorithm : registry.all()) {
        INFO(algorithm->info().code);
        CHECK(lacking(ALLOT_SOURCE_DIR, algorithm->info()) == "");
    }
}

TEST_CASE("algorithms: a rule without pages and golden cases is seen") {
    const std::string missing = lacking(ALLOT_SOURCE_DIR, named("NO-SUCH-RULE", "", ""));
    CHECK(missing.find("no page") != std::string::npos);
    CHECK(missing.find("no golden case") != std::string::npos);

    const std::string part = lacking(ALLOT_SOURCE_DIR, named("PR-NOWHERE", "PR", "NOWHERE"));
    CHECK(part.find("no page") == std::string::npos);
    CHECK(part.find("no section 'NOWHERE: '") != std::string::npos);
    CHECK(part.find("golden/remainders/nowhere") != std::string::npos);
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
