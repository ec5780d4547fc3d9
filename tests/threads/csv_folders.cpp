// A folder of CSV files is the same book, with the same problems at the same places, for any number
// of threads and whatever the size of the stretches in which it is read.
#include <cstddef>
#include <stdexcept>
#include <string>

#include "engine/io/ahead.hpp"
#include "engine/io/read_csv.hpp"
#include "support/catch.hpp"
#include "threads/thread_counts.hpp"
#include "unit/odd_files.hpp"

using namespace allot_test;

namespace {

constexpr std::size_t names = 120;

// Writes all files of a book. Some end early, with what is no CSV or no text.
void write_files(const TemporaryFolder& folder, unsigned seed) {
    OddFiles maker{seed, names};
    const unsigned oddness = seed % 3 == 0 ? 1'000'000 : seed % 3 == 1 ? 400 : 40;
    for (const auto& [list, header] : headers) {
        std::string text = seed % 5 == 0 ? "\xEF\xBB\xBF" : "";
        text += std::string(seed % 4, '\n') + maker.file(header, oddness, names);
        if (seed % 16 == 1) {
            text.insert(text.rfind('\n', text.size() / 2) + 1, "\"never closed\n");
        } else if (seed % 16 == 2) {
            text[text.size() / 2] = '\xFF';
        } else if (seed % 16 == 3) {
            text.insert(text.rfind('\n', text.size() / 2) + 1, std::string(1200, ',') + '\n');
        }
        folder.write(list + ".csv", text);
    }
}

std::string outcome(const TemporaryFolder& folder, unsigned threads, std::size_t bytes_at_once,
                    bool is_short, unsigned seed) {
    allot::ReadOptions options;
    options.quarantine = seed % 2 == 0;
    options.threads = threads;
    allot::io::Intake intake{options, is_short};
    allot::io::read_folder(folder.path(), intake, bytes_at_once);
    return outcome_of(intake);
}

}  // namespace

TEST_CASE("A folder reads the same on any number of threads", "[threads]") {
    std::size_t books = 0;
    for (unsigned seed = 1; seed <= 120; ++seed) {
        const TemporaryFolder folder;
        write_files(folder, seed);
        for (const std::size_t bytes_at_once :
             {std::size_t{1}, std::size_t{100}, std::size_t{1000}, std::size_t{100'000}}) {
            const std::string expected = outcome(folder, 1, bytes_at_once, false, seed);
            books += expected.starts_with('{') ? 1U : 0U;
            for (const unsigned threads : {1U, 2U, 3U, 8U}) {
                INFO("seed " << seed << ", " << threads << " threads, " << bytes_at_once);
                REQUIRE(outcome(folder, threads, bytes_at_once, true, seed) == expected);
            }
        }
    }
    CHECK(books > 40);  // not only problems
    CHECK(books < 440);
}

TEST_CASE("What is prepared ahead comes in order", "[threads]") {
    for (const std::size_t threads : allot_test::thread_counts) {
        int filled = 0;
        allot::io::Ahead<int> ahead{threads,
                                    {.fill = [&](int& item) { return (item = ++filled) <= 500; },
                                     .prepare = [](int& item) { item *= 2; }}};
        for (int i = 1; i <= 500; ++i) {
            const int* const item = ahead.next();
            REQUIRE(item != nullptr);
            REQUIRE(*item == 2 * i);
        }
        REQUIRE(ahead.next() == nullptr);
    }
}

TEST_CASE("What goes wrong ahead goes wrong in its turn", "[threads]") {
    for (const std::size_t threads : allot_test::thread_counts) {
        for (const bool in_filling : {false, true}) {
            int filled = 0;
            const auto check = [in_filling](int item, bool is_filling) {
                if (item == 20 && is_filling == in_filling) {
                    throw std::runtime_error{"twenty"};
                }
                return true;
            };
            allot::io::Ahead<int> ahead{
                threads,
                {.fill = [&](int& item) { return check(item = ++filled, true); },
                 .prepare = [&](int& item) { check(item, false); }}};
            for (int i = 1; i < 20; ++i) {
                REQUIRE(*ahead.next() == i);
            }
            REQUIRE_THROWS_AS(ahead.next(), std::runtime_error);
        }
    }
}
