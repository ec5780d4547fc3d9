// A cumulative rule in a run: 500 fills of one lot end where one fill of 500 ends.
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

// Orders of 700, 200 and 100, and `fills` executions of `quantity` each.
allot::Book block_with(int fills, const std::string& quantity) {
    allot::Book book;
    make::put(book, make::order("A", "700", "2026-03-01"), make::order("B", "200", "2026-03-02"),
              make::order("C", "100", "2026-03-03"), make::block("ALL", {"A", "B", "C"}),
              make::placement("P", {"ALL"}));
    for (int i = 0; i < fills; ++i) {
        make::put(book, make::execution("E" + std::to_string(i), "P", quantity, "2026-03-04"));
    }
    return book;
}

std::vector<std::string> units_after_run(const std::string& code, allot::Book book) {
    allot::RunRequest request;
    request.algorithm = code;
    const allot::RunResult result = allot::Engine{}.run(book, request).value();
    CHECK(result.failed.empty());
    std::vector<std::string> units;
    for (const char* order : {"A", "B", "C"}) {
        units.push_back(book.allocated(allot::OrderId{"desk", order}).to_string());
    }
    return units;
}

}  // namespace

TEST_CASE("500 one-lot fills end like one fill of 500", "[cumulative]") {
    const std::vector<std::string> exact{"350", "100", "50"};
    for (const char* code :
         {"QUOTA", "TIJDEMAN", "FAIR", "WEBSTER", "DHONDT", "HUNTINGTON", "ADAMS", "DEAN"}) {
        INFO(code);
        CHECK(units_after_run(code, block_with(500, "1")) == exact);
        CHECK(units_after_run(code, block_with(1, "500")) == exact);
    }
    CHECK(units_after_run("PR-FIFO", block_with(500, "1")) ==
          std::vector<std::string>{"500", "0", "0"});
}
