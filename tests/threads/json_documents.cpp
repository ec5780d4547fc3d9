// A JSON book is the same book, with the same problems at the same places, for any number of
// threads and whatever the size of the stretches in which it is read.
#include <cstddef>
#include <random>
#include <string>

#include "engine/io/read_json.hpp"
#include "support/catch.hpp"
#include "threads/thread_counts.hpp"
#include "unit/odd_files.hpp"
#include "unit/odd_json.hpp"

using namespace allot_test;

namespace {

std::string document_outcome(const std::string& text, unsigned threads, std::size_t bytes_at_once,
                             bool is_short, bool quarantine) {
    allot::ReadOptions options;
    options.quarantine = quarantine;
    options.threads = threads;
    allot::io::Intake intake{options, is_short};
    allot::io::read_json_text(text, "book.json", intake, bytes_at_once);
    return outcome_of(intake);
}

}  // namespace

TEST_CASE("A document reads the same on any number of threads", "[threads]") {
    std::size_t books = 0;
    for (unsigned seed = 1; seed <= 120; ++seed) {
        std::mt19937 random{seed};
        const unsigned oddness = seed % 3 == 0 ? 1'000'000 : seed % 3 == 1 ? 400 : 40;
        std::string text = OddDocument{random, oddness, 120}.text();
        if (seed % 8 == 1) {
            text = spoilt(text, random);
        }
        const bool quarantine = seed % 2 == 0;
        const std::string expected = document_outcome(text, 1, 1000, false, quarantine);
        books += expected.starts_with('{') ? 1U : 0U;
        for (const std::size_t bytes_at_once :
             {std::size_t{1}, std::size_t{100}, std::size_t{1000}, std::size_t{100'000}}) {
            for (const unsigned threads : {1U, 2U, 3U, 8U}) {
                INFO("seed " << seed << ", " << threads << " threads, " << bytes_at_once << '\n'
                             << text);
                REQUIRE(document_outcome(text, threads, bytes_at_once, true, quarantine) ==
                        expected);
            }
        }
    }
    CHECK(books > 20);  // not only problems
    CHECK(books < 100);
}
