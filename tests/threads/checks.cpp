// A book is checked by several threads: the same problems as by one, and all of them.
#include <cstddef>
#include <string>

#include "allot/book.hpp"
#include "engine/store/book_data.hpp"
#include "support/book_maker.hpp"
#include "support/catch.hpp"

namespace {

constexpr int block_count = 3000;  // so that each kind is checked in several stretches

// Of blocks, placements and executions every so many are wrong.
void add_rows(allot::BookBuilder& builder) {
    for (int i = 0; i < block_count; ++i) {
        const std::string n = std::to_string(i);
        builder.add(make::order("O" + n, "10"));
        allot::Block block =
            make::block("B" + n, {"O" + n, i % 100 == 7 ? "Missing" + n : "O" + n});
        block.side = i % 250 == 9 ? "Sell" : "Buy";
        builder.add(block);
        allot::Placement placement =
            make::placement("P" + n, {i % 300 == 11 ? "Missing" + n : "B" + n});
        placement.instrument_identifiers = {{"Ticker", i % 2 == 0 ? "AB" : "CD"}};
        if (i % 500 == 0) {
            placement.instrument_identifiers.emplace("Isin", "X");
        }
        builder.add(placement);
        builder.add(make::execution("E" + n, i % 600 == 13 ? "Missing" + n : "P" + n, "5"));
    }
}

// All that is wrong, one line each.
std::string problems(unsigned threads, bool quarantines) {
    allot::BookBuilder builder;
    const auto add_instrument = [&](const char* scheme, const char* value, const char* lot) {
        allot::Instrument instrument;
        instrument.instrument_identifiers = {{scheme, value}};
        instrument.lot = make::quantity(lot);
        builder.add(instrument);
    };
    add_instrument("Isin", "X", "10");
    add_instrument("Ticker", "CD", "1");
    add_instrument("Ticker", "AB", "1");
    add_rows(builder);
    allot::Errors errors;
    if (quarantines) {
        errors = builder.build_quarantined(threads).value().problems;
    } else {
        errors = builder.build(threads).error();
    }
    std::string text;
    for (const allot::Error& error : errors) {
        text += error.message() + '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("A book has the same problems on any number of threads", "[threads]") {
    for (const bool quarantines : {false, true}) {
        const std::string alone = problems(1, quarantines);
        for (const unsigned threads : {2U, 3U, 8U}) {
            INFO(threads << " threads");
            const bool is_same = problems(threads, quarantines) == alone;
            CHECK(is_same);
        }
        const auto count = [&](const std::string& what) {
            std::size_t found = 0;
            for (auto at = alone.find(what); at != std::string::npos; at = alone.find(what, at)) {
                ++found;
                ++at;
            }
            return found;
        };
        CHECK(count("an existing order") == 30);
        CHECK(count("instruments that give one lot") == 6);
        CHECK(count("an existing block") == 10);
        CHECK(count("an existing placement") == 5);
    }
}
