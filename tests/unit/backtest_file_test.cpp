// Which books are the periods of a backtest.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "allot/backtest_file.hpp"
#include "tests/unit/backtest_support.hpp"

namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, empty.
fs::path folder(const std::string& name) {
    const fs::path path = fs::temp_directory_path() / ("allot_backtest_" + name);
    fs::remove_all(path);
    fs::create_directories(path);
    return path;
}

void put(const fs::path& path) {
    fs::create_directories(path.parent_path());
    std::ofstream{path} << "{}";
}

std::vector<std::string> names(const std::vector<fs::path>& paths) {
    std::vector<std::string> all;
    const auto files = allot::list_periods(paths).value();
    for (const allot::PeriodFile& file : files) {
        all.push_back(file.name);
    }
    return all;
}

allot::ErrorCode code_of(const std::vector<fs::path>& paths) {
    const auto listed = allot::list_periods(paths);
    REQUIRE_FALSE(listed.has_value());
    return listed.error().code;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Periods are files and folders, sorted by name", "[backtest][files]") {
    const fs::path root = folder("names");
    put(root / "2026-03-03.json");
    put(root / "2026-03-01" / "orders.csv");
    put(root / "2026-03-02" / "executions.csv");
    put(root / "notes.txt");
    put(root / "attic" / "notes.txt");
    CHECK(names({root}) == Names{"2026-03-01", "2026-03-02", "2026-03-03"});
    CHECK(names({root / "2026-03-03.json", root / "2026-03-01"}) ==
          Names{"2026-03-01", "2026-03-03"});
    CHECK(names({root / "2026-03-01"}) == Names{"2026-03-01"});
    const auto files = allot::list_periods({root}).value();
    CHECK(files[2].path.filename() == "2026-03-03.json");
}

TEST_CASE("Periods that cannot be listed are refused by name", "[backtest][files]") {
    const fs::path root = folder("refused");
    CHECK(code_of({root}) == allot::ErrorCode::folder_has_no_book);
    put(root / "notes.txt");
    CHECK(code_of({root}) == allot::ErrorCode::folder_has_no_book);
    CHECK(code_of({root / "nowhere"}) == allot::ErrorCode::file_is_unreadable);
    put(root / "a" / "day.json");
    put(root / "b" / "day.json");
    put(root / "c" / "day" / "orders.csv");
    CHECK(code_of({root / "a" / "day.json", root / "b" / "day.json"}) ==
          allot::ErrorCode::id_has_two_contents);
    CHECK(code_of({root / "a", root / "c"}) == allot::ErrorCode::id_has_two_contents);
    fs::remove_all(root);
}

TEST_CASE("A result that cannot be written is refused", "[backtest][files]") {
    const allot::BacktestResult result =
        backtest_test::replay(
            backtest_test::options_of({"FIFO"}),
            backtest_test::book_of({backtest_test::order("A", "30", 0, "PA")},
                                   {backtest_test::fill("E1", "P1", "10", "10", "10:00:00")}))
            .result;
    const auto nowhere = [](std::string_view) { return false; };
    for (const auto& written : {allot::write_backtest_json(result, nowhere),
                                allot::write_backtest_accounts_csv(result, nowhere)}) {
        REQUIRE_FALSE(written.has_value());
        CHECK(written.error().code == allot::ErrorCode::file_is_not_writable);
    }
}
