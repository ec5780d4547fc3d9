// Plays every case file below tests/golden and compares what is said with what is written there.
// ALLOT_BLESS=1 rewrites the expectations instead; docs/testing.md describes the format.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "golden/case_file.hpp"
#include "golden/player.hpp"
#include "support/catch.hpp"

namespace {

std::vector<std::filesystem::path> case_paths() {
    const std::filesystem::path root = std::filesystem::path{ALLOT_SOURCE_DIR} / "tests" / "golden";
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
        if (entry.path().extension() == ".case") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

// What is wrong with the case; with `bless`, it is made right instead.
std::string trouble(const std::filesystem::path& path, bool bless) {
    std::string found;
    try {
        golden::Case played = golden::read_case(path);
        golden::Player player{path.parent_path()};
        std::size_t spoken = 0;
        for (golden::Section& section : played.sections) {
            const std::vector<std::string> said = player.play(section);
            if (!golden::Player::speaks(section)) {
                continue;
            }
            ++spoken;
            if (golden::cells(said) != golden::cells(section.body)) {
                found += section.head + "\nsays\n" + joined(said) + "instead of\n" +
                         joined(section.body);
                section.body = said;
            }
        }
        if (spoken == 0) {
            found += "the case expects nothing\n";
        }
        if (bless && !found.empty()) {
            golden::write_case(played);
            return "";
        }
    } catch (const std::exception& error) {
        found += error.what();
    }
    return found;
}

}  // namespace

TEST_CASE("Every golden case ends as written", "[golden]") {
    const bool bless = std::getenv("ALLOT_BLESS") != nullptr;
    const auto paths = case_paths();
    CHECK(paths.size() > 30);
    for (const auto& path : paths) {
        INFO(path.string());
        CHECK(trouble(path, bless) == "");
    }
}

TEST_CASE("A golden case that expects something else fails", "[golden]") {
    const auto path = std::filesystem::temp_directory_path() / "allot-golden-wrong.case";
    golden::Case wrong;
    wrong.path = path;
    golden::Section section;
    section.head = "==== split --quantity 40 --claims 30,70";
    section.body = {"shares 13 27", "unallocated 0"};
    wrong.sections = {section};
    golden::write_case(wrong);
    CHECK(trouble(path, false) != "");
    CHECK(trouble(path, true) == "");   // blessed ...
    CHECK(trouble(path, false) == "");  // ... and right from then on
    std::filesystem::remove(path);
}
