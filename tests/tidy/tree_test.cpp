// The sources of the project keep the rules of the house.
#include <algorithm>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tidy/rules.hpp"

using allot_test::Complaints;
using allot_test::Source;

namespace {

const std::vector<Source>& sources() {
    static const std::vector<Source> all = allot_test::sources_below(ALLOT_SOURCE_DIR);
    return all;
}

std::string complaints_of(Complaints (*check)(const Source&)) {
    std::string out;
    for (const Source& source : sources()) {
        for (const std::string& complaint : check(source)) {
            out += complaint + "\n";
        }
    }
    return out;
}

}  // namespace

TEST_CASE("tree: the sources are found") {
    const auto has = [](std::string_view path) {
        return std::any_of(sources().begin(), sources().end(),
                           [&](const Source& source) { return source.path == path; });
    };
    CHECK(has("include/allot/decimal.hpp"));
    CHECK(has("engine/base/decimal.cpp"));
    CHECK(has("engine/CMakeLists.txt"));
    CHECK(has("tests/tidy/tree_test.cpp"));
    CHECK(has("CMakeLists.txt"));
}

TEST_CASE("tree: includes go down only") {
    CHECK(complaints_of(allot_test::check_levels) == "");
}

TEST_CASE("tree: libraries stay in their rooms") {
    CHECK(complaints_of(allot_test::check_third_party) == "");
}

TEST_CASE("tree: programs see the public headers only") {
    CHECK(complaints_of(allot_test::check_apps) == "");
}

TEST_CASE("tree: no floating point in the library") {
    CHECK(complaints_of(allot_test::check_floating_point) == "");
}

TEST_CASE("tree: the library reads no clock, no environment, and prints nothing") {
    CHECK(complaints_of(allot_test::check_purity) == "");
}

TEST_CASE("tree: head comments, 100 columns, clean ends") {
    CHECK(complaints_of(allot_test::check_layout) == "");
}

TEST_CASE("tree: nothing is left to be done") {
    CHECK(complaints_of(allot_test::check_finished) == "");
}
