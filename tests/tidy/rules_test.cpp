// The rules see what is wrong, and let pass what is right.
#include "tidy/rules.hpp"

#include <string>

#include "support/catch.hpp"

using allot_test::Source;

namespace {

std::string first_of(const allot_test::Complaints& complaints) {
    return complaints.empty() ? "none" : complaints.front();
}

Source including(const std::string& path, const std::string& include) {
    return {path, "// What for.\n#include " + include + "\n"};
}

}  // namespace

TEST_CASE("rules: comments and literals are blanked, code and lines stay") {
    using allot_test::without_comments_and_literals;
    CHECK(without_comments_and_literals("a // b\nc") == "a     \nc");
    CHECK(without_comments_and_literals("a /* b\nc */ d") == "a     \n     d");
    CHECK(without_comments_and_literals("f(\"x // y\") g") == "f(        ) g");
    CHECK(without_comments_and_literals("\"a\\\"b\" c") == "       c");
    CHECK(without_comments_and_literals("'\"' c") == "    c");
    CHECK(without_comments_and_literals("1'000'000 c") == "1'000'000 c");
    CHECK(without_comments_and_literals("R\"(a\" //)\" c") == "           c");
}

TEST_CASE("rules: an include goes down only") {
    using allot_test::check_levels;
    CHECK(first_of(check_levels(including("engine/base/decimal.cpp", "\"allot/order.hpp\""))) ==
          "engine/base/decimal.cpp:2: allot/order.hpp is of level 2, this file of level 1");
    CHECK(check_levels(including("include/allot/error.hpp", "\"allot/result.hpp\"")).empty());
    CHECK(check_levels(including("engine/base/text.cpp", "\"engine/base/wide.hpp\"")).size() == 1);
    CHECK(check_levels(including("include/allot/order.hpp", "\"allot/book.hpp\"")).size() == 1);
    CHECK(check_levels(including("algorithms/fifo.cpp", "\"allot/book.hpp\"")).size() == 1);
    CHECK(check_levels(including("algorithms/fifo.cpp", "\"engine/store/data.hpp\"")).size() == 1);
    CHECK(check_levels(including("engine/store/book.cpp", "\"allot/engine.hpp\"")).size() == 1);
    CHECK(check_levels(including("engine/run/audit.cpp", "\"engine/io/json.hpp\"")).size() == 1);
    CHECK(check_levels(including("engine/io/json.cpp", "\"allot/allot.hpp\"")).size() == 1);
    CHECK(check_levels(including("engine/io/json.cpp", "\"json.hpp\"")).size() == 1);
    CHECK(check_levels(including("engine/attic/old.cpp", "<vector>")).size() == 1);
    CHECK(check_levels(including("include/allot/novelty.hpp", "<vector>")).size() == 1);

    CHECK(check_levels(including("engine/run/collect.cpp", "\"allot/book.hpp\"")).empty());
    CHECK(check_levels(including("engine/run/collect.cpp", "\"engine/run/plan.hpp\"")).empty());
    CHECK(check_levels(including("algorithms/fifo.cpp", "\"allot/integer.hpp\"")).empty());
    CHECK(check_levels(including("include/allot/allot.hpp", "\"allot/generate.hpp\"")).empty());
}

TEST_CASE("rules: libraries stay in their rooms") {
    using allot_test::check_third_party;
    const std::string boost = "<boost/multiprecision/cpp_int.hpp>";
    CHECK(first_of(check_third_party(including("engine/run/audit.cpp", boost))) ==
          "engine/run/audit.cpp:2: <boost/multiprecision/cpp_int.hpp> does not belong here");
    CHECK(check_third_party(including("include/allot/decimal.hpp", boost)).size() == 1);
    CHECK(check_third_party(including("engine/run/run.cpp", "<nlohmann/json.hpp>")).size() == 1);
    CHECK(check_third_party(including("engine/io/json.cpp", "<fmt/format.h>")).size() == 1);
    CHECK(check_third_party(including("engine/run/ids.cpp", "<xxhash.h>")).size() == 1);
    CHECK(check_third_party(including("algorithms/fifo.cpp", "<unistd.h>")).size() == 1);
    CHECK(check_third_party(including("include/allot/time.hpp", "<sys/stat.h>")).size() == 1);

    CHECK(check_third_party(including("engine/base/wide.hpp", boost)).empty());
    CHECK(check_third_party(including("engine/io/json.cpp", "<nlohmann/json.hpp>")).empty());
    const std::string beast = "<boost/beast/http.hpp>";
    CHECK(check_third_party(including("apps/service/http_server.cpp", beast)).empty());
    CHECK(check_third_party(including("apps/service/service.cpp", beast)).size() == 1);
    CHECK(check_third_party(including("apps/cli/main.cpp", "<fmt/format.h>")).empty());
    CHECK(check_third_party(including("algorithms/fifo.cpp", "<cstdint>")).empty());
    CHECK(check_third_party(including("tests/unit/a.cpp", "<fmt/format.h>")).empty());
}

TEST_CASE("rules: programs see the public headers only") {
    using allot_test::check_apps;
    CHECK(first_of(check_apps(including("apps/cli/run.cpp", "\"engine/base/text.hpp\""))) ==
          "apps/cli/run.cpp:2: engine/base/text.hpp is neither public nor of this program");
    CHECK(check_apps(including("apps/cli/run.cpp", "\"apps/service/http.hpp\"")).size() == 1);
    CHECK(check_apps(including("apps/cli/run.cpp", "\"apps/cli/table.hpp\"")).empty());
    CHECK(check_apps(including("apps/cli/serve.cpp", "\"apps/service/serve.hpp\"")).empty());
    CHECK(check_apps(including("apps/cli/run.cpp", "\"allot/engine.hpp\"")).empty());
}

TEST_CASE("rules: floating point is seen in code, not in words") {
    const auto check = [](const std::string& line) {
        return allot_test::check_floating_point({"engine/run/a.cpp", "// a\n" + line + "\n"});
    };
    CHECK(first_of(check("double x = 0;")) == "engine/run/a.cpp:2: double in the library");
    CHECK(check("auto f(float);").size() == 1);
    CHECK(check("std::vector<double> x; // ratio").size() == 1);
    CHECK(check("// a double").empty());
    CHECK(check("const char* a = \"double\";").empty());
    CHECK(check("Decimal(double) = delete;").empty());
    CHECK(check("double mean{0};  // statistic: display only").empty());
    CHECK(check("bool number_float(double /*value*/, const std::string& text);").empty());
    CHECK(check("std::floating_point auto x;").empty());
    CHECK(check("int doubles = 0;").empty());
    CHECK(allot_test::check_floating_point({"apps/cli/a.cpp", "// a\ndouble x;\n"}).empty());
}

TEST_CASE("rules: the core reads no clock, no environment, and prints nothing") {
    const auto check = [](const std::string& line) {
        return allot_test::check_purity({"engine/run/a.cpp", "// a\n" + line + "\n"}).size();
    };
    CHECK(check("auto now = std::chrono::system_clock::now();") == 1);
    CHECK(check("const char* home = std::getenv(\"HOME\");") == 1);
    CHECK(check("std::random_device device;") == 1);
    CHECK(check("std::cerr << 1;") == 1);
    CHECK(check("auto t = time(nullptr);") == 1);
    CHECK(check("auto t = std::time(nullptr);") == 1);
    CHECK(check("auto t = std::rand();") == 1);
    CHECK(check("const Time time{};") == 0);
    CHECK(check("auto t = execution_time(x);") == 0);
    CHECK(check("return book.time(row);") == 0);
    CHECK(check("// system_clock") == 0);
}

TEST_CASE("rules: layout") {
    const auto check = [](const std::string& path, const std::string& text) {
        return first_of(allot_test::check_layout({path, text}));
    };
    CHECK(check("engine/a.cpp", "// What for.\nint a;\n") == "none");
    CHECK(check("engine/a.cpp", "int a;\n") ==
          "engine/a.cpp:1: no head comment that says what the file is for");
    CHECK(check("engine/a.cpp", "") ==
          "engine/a.cpp:1: no head comment that says what the file is for");
    CHECK(check("engine/a.hpp", "// What for.\nint a;\n") == "engine/a.hpp:1: no #pragma once");
    CHECK(check("engine/a.hpp", "// What for.\n#pragma once\n") == "none");
    CHECK(check("cmake/a.cmake", "# What for.\n") == "none");
    CHECK(check("cmake/a.cmake", "set(a b)\n") ==
          "cmake/a.cmake:1: no head comment that says what the file is for");
    CHECK(check("engine/a.cpp", "// a\n" + std::string(100, 'x') + "\n") == "none");
    CHECK(check("engine/a.cpp", "// a\n" + std::string(101, 'x') + "\n") ==
          "engine/a.cpp:2: longer than 100 columns");
    CHECK(check("engine/a.cpp", "// a\n" + std::string(99, 'x') + "\xC3\xA9\n") == "none");
    const std::string sample = "auto a = R\"(\n" + std::string(101, 'x') + ")\";\n";
    CHECK(check("engine/a.cpp", "// a\n" + sample) == "none");
    CHECK(check("engine/a.cpp", "// a\n" + sample + sample + std::string(101, 'x') + "\n") ==
          "engine/a.cpp:6: longer than 100 columns");
    CHECK(check("engine/a.cpp", "// a\n\tint a;\n") == "engine/a.cpp:2: has a tab");
    CHECK(check("engine/a.cpp", "// a\nint a; \n") == "engine/a.cpp:2: ends in white space");
    CHECK(check("engine/a.cpp", "// a\nint a;") == "engine/a.cpp:2: the last line has no end");
}

TEST_CASE("rules: what is left to be done is seen") {
    const std::string mark = std::string{"TO"} + "DO";
    CHECK(allot_test::check_finished({"engine/a.cpp", "// " + mark + ": later\n"}).size() == 1);
    CHECK(allot_test::check_finished({"engine/a.cpp", "// all done\n"}).empty());
}
