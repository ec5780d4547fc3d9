// Books whose fills are real prints: fills worked out by hand, sums that no cutting changes, orders
// that depend on what they should and nothing else, and every refusal.
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "allot/generate.hpp"
#include "engine/backtest/print_source.hpp"
#include "engine/backtest/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/io_support.hpp"

namespace {

using allot::Day;
using allot::Decimal;
using allot::ErrorCode;
using allot::PrintFile;
using allot::PrintParameters;

const std::string four_prints =
    "ms,price,size\n"
    "34200000,10.00,300\n"
    "34200000,10.01,100\n"
    "34200500,10.00,50\n"
    "57600000,10.02,7\n";

PrintFile file_of(std::string text, std::string name = "some/where/aig-20131007.csv") {
    return {std::move(name), std::move(text)};
}

Decimal decimal(const char* text) {
    return Decimal::parse(text).value();
}

Day day_of(const PrintParameters& parameters, const std::vector<PrintFile>& files) {
    const auto day = allot::generate_from_prints(parameters, files);
    if (!day) {
        FAIL(allot_test::messages(day.error()));
    }
    return *day;
}

Day day_of(const PrintParameters& parameters) {
    return day_of(parameters, {file_of(four_prints)});
}

// "09:30:00.000Z 300 @10" for each fill.
std::vector<std::string> fills_of(const Day& day) {
    std::vector<std::string> fills;
    for (const auto& execution : day.executions) {
        fills.push_back(execution.created_date.to_string().substr(11) + ' ' +
                        execution.quantity.to_string() + " @" +
                        execution.price->amount.to_string());
    }
    return fills;
}

std::int64_t whole(const allot::Quantity& quantity) {
    REQUIRE(quantity.units().is_whole());
    return static_cast<std::int64_t>(quantity.units().mantissa_low());
}

std::int64_t executed_of(const Day& day) {
    std::int64_t sum = 0;
    for (const auto& execution : day.executions) {
        sum += whole(execution.quantity);
    }
    return sum;
}

std::int64_t ordered_of(const Day& day) {
    std::int64_t sum = 0;
    for (const auto& order : day.orders) {
        sum += whole(*order.quantity);
    }
    return sum;
}

// Everything that is drawn, in one text.
std::string orders_text(const Day& day) {
    std::string text;
    for (const auto& order : day.orders) {
        text += order.id.to_string() + ' ' + order.side + ' ' + order.quantity->to_string() + ' ' +
                order.portfolio_id->to_string() + ' ' + order.date->to_string() + '\n';
    }
    return text;
}

// Prints at random, as a file.
std::string random_prints(allot::Random& random) {
    std::string text = "ms,price,size\n";
    std::int64_t at = random.between(0, 1000);
    for (std::int64_t count = random.between(1, 60); count > 0; --count) {
        at += random.between(0, 3);
        text += std::to_string(at) + ',' + std::to_string(random.between(-2, 2)) + ".25," +
                std::to_string(random.between(1, random.chance(50) ? 5 : 900)) + '\n';
    }
    return text;
}

allot::Errors errors_of(const PrintParameters& parameters, const std::vector<PrintFile>& files) {
    const auto day = allot::generate_from_prints(parameters, files);
    return day ? allot::Errors{} : day.error();
}

}  // namespace

TEST_CASE("prints: each print is a fill, at its own time and price") {
    const Day day = day_of({});
    CHECK(fills_of(day) ==
          std::vector<std::string>{"09:30:00.000Z 300 @10", "09:30:00.000Z 100 @10.01",
                                   "09:30:00.500Z 50 @10", "16:00:00.000Z 7 @10.02"});
    CHECK(day.executions[0].id.to_string() == "2013-10-07/EXE00000001");
    CHECK(day.executions[3].id.to_string() == "2013-10-07/EXE00000004");
    CHECK(day.executions[0].price->currency == "USD");
    CHECK(day.executions[0].placement_id == day.placements.at(0).id);
    CHECK(day.blocks.at(0).instrument_identifiers ==
          allot::Identifiers{{"Instrument/default/Ticker", "AIG"}});
    CHECK(day.instruments.empty());
}

TEST_CASE("prints: a participation leaves whole units, and loses less than one in all") {
    // 0.09 of 300, 400, 450 and 457: 27, 36, 40.5 and 41.13, rounded down. Of the last print alone
    // it would be 0.63.
    const Day day = day_of({.participation = decimal("0.09")});
    CHECK(fills_of(day) == std::vector<std::string>{"09:30:00.000Z 27 @10",
                                                    "09:30:00.000Z 9 @10.01", "09:30:00.500Z 4 @10",
                                                    "16:00:00.000Z 1 @10.02"});
    // 0.01 of the same: 3, 4, 4.5 and 4.57; prints that come to no unit are no fills.
    CHECK(fills_of(day_of({.orders = 2, .participation = decimal("0.01")})) ==
          std::vector<std::string>{"09:30:00.000Z 3 @10", "09:30:00.000Z 1 @10.01"});
}

TEST_CASE("prints: from is included, to is not") {
    CHECK(fills_of(day_of({.from = "09:30:00.5", .to = "16:00"})) ==
          std::vector<std::string>{"09:30:00.500Z 50 @10"});
    CHECK(fills_of(day_of({.orders = 3, .from = "16:00"})) ==
          std::vector<std::string>{"16:00:00.000Z 7 @10.02"});
    CHECK(fills_of(day_of({.to = "09:30:00.500"})).size() == 2);
}

TEST_CASE("prints: finer slices differ by one unit at most, the larger ones first") {
    const std::vector<std::string> fills =
        fills_of(day_of({.slices_per_fill = 4, .from = "09:30:00.5"}));
    CHECK(fills == std::vector<std::string>{"09:30:00.500Z 13 @10", "09:30:00.500Z 13 @10",
                                            "09:30:00.500Z 12 @10", "09:30:00.500Z 12 @10",
                                            "16:00:00.000Z 2 @10.02", "16:00:00.000Z 2 @10.02",
                                            "16:00:00.000Z 2 @10.02", "16:00:00.000Z 1 @10.02"});
    // Never below one unit.
    CHECK(fills_of(day_of({.orders = 3, .slices_per_fill = 1000, .from = "16:00"})).size() == 7);
}

TEST_CASE("prints: coarser slices put together what has one price, at the time of its last fill") {
    CHECK(fills_of(day_of({.fills_per_slice = 3})) ==
          std::vector<std::string>{"09:30:00.000Z 100 @10.01", "09:30:00.500Z 350 @10",
                                   "16:00:00.000Z 7 @10.02"});
    CHECK(fills_of(day_of({.fills_per_slice = 2})).size() == 4);
    CHECK(fills_of(day_of({.slices_per_fill = 2, .fills_per_slice = 1'000'000})) ==
          std::vector<std::string>{"09:30:00.000Z 50 @10.01", "09:30:00.000Z 50 @10.01",
                                   "09:30:00.500Z 175 @10", "09:30:00.500Z 175 @10",
                                   "16:00:00.000Z 4 @10.02", "16:00:00.000Z 3 @10.02"});
}

TEST_CASE("prints: no cutting changes what was executed at a price, or an order") {
    allot::Random random{20131007};
    for (int i = 0; i < 300; ++i) {
        const std::string text = random_prints(random);
        INFO(text);
        PrintParameters parameters{.seed = random.next(), .orders = 1};
        const std::int64_t hundredths = random.between(1, 100);
        parameters.participation = Decimal::from_parts(hundredths, 2).value();
        const std::int64_t printed = executed_of(day_of({.orders = 1}, {file_of(text)}));
        const auto plain = allot::generate_from_prints(parameters, {file_of(text)});
        if (printed * hundredths < 100) {
            REQUIRE_FALSE(plain);
            continue;
        }
        REQUIRE(executed_of(*plain) == printed * hundredths / 100);
        parameters.slices_per_fill = static_cast<std::uint32_t>(random.between(1, 9));
        parameters.fills_per_slice = static_cast<std::uint32_t>(random.between(1, 9));
        const Day cut = day_of(parameters, {file_of(text)});
        std::map<Decimal, std::int64_t> at_price;
        for (const auto& execution : plain->executions) {
            at_price[execution.price->amount] += whole(execution.quantity);
        }
        for (std::size_t k = 0; k < cut.executions.size(); ++k) {
            at_price[cut.executions[k].price->amount] -= whole(cut.executions[k].quantity);
            REQUIRE(whole(cut.executions[k].quantity) > 0);
            REQUIRE(
                (k == 0 || cut.executions[k - 1].created_date <= cut.executions[k].created_date));
        }
        for (const auto& [price, difference] : at_price) {
            REQUIRE(difference == 0);
        }
        REQUIRE(orders_text(cut) == orders_text(*plain));
    }
}

TEST_CASE("prints: the orders sum to what was executed over the fill ratio, rounded up") {
    CHECK(ordered_of(day_of({})) == 572);  // 457 / 0.8 = 571.25
    CHECK(ordered_of(day_of({.fill_ratio = Decimal{1}})) == 457);
    CHECK(ordered_of(day_of({.fill_ratio = decimal("0.001")})) == 457'000);
    CHECK(ordered_of(day_of({.orders = 457, .fill_ratio = Decimal{1}})) == 457);
    const Day day = day_of({.seed = 3});
    CHECK(day.orders.size() == 10);
    CHECK(day.blocks.at(0).quantity == allot::Quantity{572});
    CHECK(day.placements.at(0).quantity == allot::Quantity{572});
    CHECK(day.blocks.at(0).order_ids.size() == 10);
}

TEST_CASE("prints: orders come in the two hours before the block, each of its own portfolio") {
    const Day day = day_of({.seed = 5, .orders = 60});
    CHECK(day.placements.at(0).created_date->to_string() == "2013-10-07T09:29:59.000Z");
    CHECK(day.blocks.at(0).created_date->to_string() == "2013-10-07T09:28:59.000Z");
    std::set<allot::PortfolioId> portfolios;
    for (std::size_t i = 0; i < day.orders.size(); ++i) {
        const allot::Order& order = day.orders[i];
        portfolios.insert(*order.portfolio_id);
        CHECK(*order.date >= allot::Time::parse("2013-10-07T07:28:59Z").value());
        CHECK(*order.date < *day.blocks[0].created_date);
        CHECK((i == 0 || *day.orders[i - 1].date <= *order.date));
        CHECK(order.id == day.blocks[0].order_ids.at(i));
        CHECK(order.side == day.blocks[0].side);
    }
    CHECK(portfolios.size() == 60);
    // Prints right after midnight: their orders are of the evening before.
    const Day early = day_of({}, {file_of("ms,price,size\n500,1,100\n", "x-20140101.csv")});
    CHECK(early.placements.at(0).created_date->to_string() == "2013-12-31T23:59:59.500Z");
    CHECK(early.orders.front().date->to_string().starts_with("2013-12-31T2"));
}

TEST_CASE("prints: orders depend on seed, instrument and day, and not on the other files") {
    const PrintFile aig = file_of(four_prints);
    const PrintFile bac = file_of(four_prints, "bac-20131007.csv");
    const PrintFile ibm = file_of(four_prints, "ibm-20131007.csv");
    const PrintFile next = file_of(four_prints, "aig-20131008.csv");
    const Day alone = day_of({}, {aig});
    const Day all = day_of({}, {bac, next, ibm, aig});
    CHECK(orders_text(all).starts_with(orders_text(alone)));
    CHECK(all.blocks.size() == 4);
    // Whatever the order of the files.
    CHECK(orders_text(all) == orders_text(day_of({}, {aig, bac, ibm, next})));
    // Numbers go on within a day and begin anew with the next.
    CHECK(all.blocks[1].id.to_string() == "2013-10-07/BLK000002");
    CHECK(all.orders[10].id.to_string() == "2013-10-07/ORD000011");
    CHECK(all.executions[4].id.to_string() == "2013-10-07/EXE00000005");
    CHECK(all.executions[8].id.to_string() == "2013-10-07/EXE00000009");
    CHECK(all.blocks[2].id.to_string() == "2013-10-07/BLK000003");
    CHECK(all.blocks[3].id.to_string() == "2013-10-08/BLK000001");
    CHECK(all.executions[12].id.to_string() == "2013-10-08/EXE00000001");
    const auto sizes = [](const Day& day, std::size_t block) {
        std::vector<std::string> quantities;
        for (std::size_t i = 0; i < 10; ++i) {
            quantities.push_back(day.orders[10 * block + i].quantity->to_string());
        }
        return quantities;
    };
    CHECK(sizes(all, 0) != sizes(all, 1));
    CHECK(sizes(all, 0) != sizes(all, 3));
    CHECK(sizes(all, 0) != sizes(day_of({.seed = 2}, {aig}), 0));
}

TEST_CASE("prints: a seed means the same orders on every machine") {
    // Changes only when what a seed means is changed on purpose; the changelog says so then.
    CHECK(orders_text(day_of({.seed = 9, .orders = 3})) ==
          "2013-10-07/ORD000001 Buy 411 funds/PF039 2013-10-07T07:33:33.894Z\n"
          "2013-10-07/ORD000002 Buy 138 funds/PF017 2013-10-07T08:08:11.850Z\n"
          "2013-10-07/ORD000003 Buy 23 funds/PF060 2013-10-07T08:32:06.634Z\n");
}

TEST_CASE("prints: everything that was used stands in the block") {
    const Day day = day_of({.seed = 7,
                            .participation = decimal("0.50"),
                            .slices_per_fill = 3,
                            .from = "09:30",
                            .to = "16:00"});
    const allot::Properties& properties = day.blocks.at(0).properties;
    const auto label = [&](const char* code) {
        const auto found = properties.find(std::string{"Block/allot/"} + code);
        return found == properties.end() ? "none" : found->second.label;
    };
    CHECK(label("Generator").starts_with("allot "));
    CHECK(label("Seed") == "7");
    CHECK(label("Prints") == "aig-20131007.csv");
    CHECK(label("PrintsHash").size() == 16);
    CHECK(label("PrintedUnits") == "450");
    CHECK(label("From") == "09:30");
    CHECK(label("To") == "16:00");
    CHECK(label("Participation") == "0.5");
    CHECK(label("Slices") == "3");
    CHECK(label("FillRatio") == "0.8");
    CHECK(label("Orders") == "10");
    CHECK(label("Portfolios") == "60");
    CHECK(day_of({.fills_per_slice = 10})
              .blocks[0]
              .properties.find("Block/allot/Slices")
              ->second.label == "1/10");
}

TEST_CASE("prints: dates and times of day, with their offset, as the file has them") {
    const std::string text =
        "size,time,price\r\n"
        "5,2013-10-07T09:30:00.0725-04:00,10\r\n"
        "6,2013-10-07T09:30:00.072500001-04:00,10\r\n";
    const Day day = day_of({.orders = 2}, {file_of(text, "aig.csv")});
    CHECK(fills_of(day) == std::vector<std::string>{"09:30:00.072500-04:00 5 @10",
                                                    "09:30:00.072500001-04:00 6 @10"});
    CHECK(day.executions[0].id.scope() == "2013-10-07");
    CHECK(day.orders[0].date->to_string().ends_with("-04:00"));
    // Of milliseconds the clock is told; they may have fractions.
    const Day told = day_of({.orders = 2, .utc_offset = "-04:00"},
                            {file_of("price,size,ms\n10,5,34200072.5\n", "aig-2013-10-07.csv")});
    CHECK(fills_of(told) == std::vector<std::string>{"09:30:00.072500-04:00 5 @10"});
}

TEST_CASE("prints: instrument and day come from the name of the file, or are given") {
    struct Case {
        const char* name;
        const char* instrument;
        const char* date;
    };
    for (const Case& good : {Case{"aig-20131007.csv", "AIG", "2013-10-07"},
                             Case{"a/b.c/brk.b_2013-10-07.csv", "BRK.B", "2013-10-07"},
                             Case{"es1-20131007.txt", "ES1", "2013-10-07"}}) {
        INFO(good.name);
        const Day day = day_of({}, {file_of(four_prints, good.name)});
        CHECK(day.blocks[0].instrument_identifiers.begin()->second == good.instrument);
        CHECK(day.blocks[0].id.scope() == good.date);
    }
    const Day given =
        day_of({.date = "2020-02-29", .instrument = "x y"}, {file_of(four_prints, "-")});
    CHECK(given.blocks[0].instrument_identifiers.begin()->second == "x y");
    CHECK(given.blocks[0].id.scope() == "2020-02-29");
    const Day day = day_of({.date = "2020-02-29"}, {file_of(four_prints, "aig.csv")});
    CHECK(day.blocks[0].instrument_identifiers.begin()->second == "AIG");
}

TEST_CASE("prints: written books read back as they were made, and a run allocates every fill") {
    const allot_test::TemporaryFolder folder;
    const std::vector<PrintFile> files{{folder.write("bac-20131007.csv", four_prints).string()},
                                       {folder.write("aig-20131008.csv", four_prints).string()},
                                       {folder.write("aig-20131007.csv", four_prints).string()}};
    PrintParameters parameters{.seed = 4, .slices_per_fill = 3};
    const Day day = day_of(parameters, files);
    std::size_t executions = 0;
    for (const bool calendar : {false, true}) {
        parameters.calendar = calendar;
        std::size_t calls = 0;
        const auto books = allot::write_generated_from_prints(
            parameters, files, folder.path() / "books",
            [&](std::size_t done, std::size_t total) { calls += done < total ? 1U : 0U; });
        REQUIRE(books);
        CHECK(calls >= files.size());
        REQUIRE(books->size() == (calendar ? 2U : 1U));
        CHECK(books->front().folder ==
              (calendar ? folder.path() / "books" / "2013-10-07" : folder.path() / "books"));
        for (const allot::WrittenBook& written : *books) {
            allot::Book book = allot::read_book(written.folder).value().book;
            executions += written.counts.executions;
            CHECK(book.execution_ids().size() == written.counts.executions);
            CHECK(book.order_ids().size() == written.counts.orders);
            for (const auto& order : day.orders) {
                if (!calendar || order.id.scope() == written.folder.filename()) {
                    REQUIRE(book.find(order.id) == order);
                }
            }
            for (const auto& execution : day.executions) {
                if (!calendar || execution.id.scope() == written.folder.filename()) {
                    REQUIRE(book.find(execution.id) == execution);
                }
            }
            const allot::RunResult result = allot::Engine{}.run(book, {}).value();
            for (const auto& placement : result.placements) {
                CHECK(placement.allocated == placement.executed);
                CHECK(placement.unallocated.is_zero());
            }
            CHECK(result.failed.empty());
        }
    }
    CHECK(executions == 2 * day.executions.size());
}

TEST_CASE("prints: a file that changes between its two readings is refused") {
    const allot_test::TemporaryFolder folder;
    const PrintFile file{folder.write("aig-20131007.csv", four_prints).string()};
    const auto source = allot::PrintSource::open(file, {}, {}).value();
    std::size_t fills = 0;
    const auto count = [&](const allot::Print&) {
        ++fills;
        return true;
    };
    CHECK(source.each_fill(count));
    CHECK(fills == 4);
    folder.write("aig-20131007.csv", four_prints + "57600001,10,1\n");
    const auto again = source.each_fill(count);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::file_is_unreadable);
    CHECK(again.error().place.file == file.name);
    CHECK(fills == 4);
}

TEST_CASE("prints: bad files are refused by line, with what was found and expected") {
    struct Case {
        const char* text;
        ErrorCode code;
        const char* field;
        std::uint64_t line;
        const char* found;
    };
    const std::vector<Case> cases{
        {"", ErrorCode::file_is_empty, "", 1, "no row"},
        {"\xEF\xBB\xBF", ErrorCode::file_is_empty, "", 1, "no row"},
        {"ms,price,size\n", ErrorCode::file_is_empty, "", 1, "the names of columns alone"},
        {"\x1F\x8B\x08", ErrorCode::file_is_not_csv, "", 1, "compressed data"},
        {"ms,price\n1,2\n", ErrorCode::field_is_missing, "size", 1, "no such column"},
        {"price,size\n1,2\n", ErrorCode::field_is_missing, "ms", 1, "no such column"},
        {"34200000,10,5\n", ErrorCode::field_is_unknown, "34200000", 1, "an unknown column"},
        {"ms,price,size,venue\n", ErrorCode::field_is_unknown, "venue", 1, "an unknown column"},
        {"ms,price,size,time\n", ErrorCode::file_is_not_csv, "time", 1, "a second such column"},
        {"ms,price,size\n1,2\n", ErrorCode::file_is_not_csv, "", 2, "2 cells"},
        {"ms,price,size\n1,2,3,4\n", ErrorCode::file_is_not_csv, "", 2, "4 cells"},
        {"ms,price,size\n1,2,3\n1,2,\"3\n", ErrorCode::file_is_not_csv, "", 3, "end of file"},
        {"ms,price,size\n-1,2,3\n", ErrorCode::text_is_not_a_time, "ms", 2, "-1"},
        {"ms,price,size\n86400000,2,3\n", ErrorCode::text_is_not_a_time, "ms", 2, "86400000"},
        {"ms,price,size\n0.1234567,2,3\n", ErrorCode::text_is_not_a_time, "ms", 2, "0.1234567"},
        {"ms,price,size\nnoon,2,3\n", ErrorCode::text_is_not_a_time, "ms", 2, "noon"},
        {"ms,price,size\n5,2,3\n\n4,2,3\n", ErrorCode::time_is_out_of_place, "ms", 4, "4"},
        {"ms,price,size\n5,x,3\n", ErrorCode::text_is_not_a_decimal, "price", 2, "x"},
        {"ms,price,size\n5,,3\n", ErrorCode::text_is_not_a_decimal, "price", 2, "empty text"},
        {"ms,price,size\n5,1e-29,3\n", ErrorCode::decimal_is_too_fine, "price", 2, "1e-29"},
        {"ms,price,size\n5,1,three\n", ErrorCode::text_is_not_a_decimal, "size", 2, "three"},
        {"ms,price,size\n5,1,0\n", ErrorCode::quantity_is_not_positive, "size", 2, "0"},
        {"ms,price,size\n5,1,-3\n", ErrorCode::quantity_is_not_positive, "size", 2, "-3"},
        {"ms,price,size\n5,1,2.5\n", ErrorCode::field_has_wrong_type, "size", 2, "2.5"},
        {"ms,price,size\n5,1,100000001\n", ErrorCode::field_has_wrong_type, "size", 2, "100000001"},
        {"time,price,size\n2013-10-07,1,2\n", ErrorCode::text_is_not_a_time, "time", 2,
         "2013-10-07"},
        {"time,price,size\n09:30,1,2\n", ErrorCode::text_is_not_a_time, "time", 2, "09:30"},
        {"time,price,size\n2013-10-07T09:30Z,1,2\n2013-10-08T09:30Z,1,2\n",
         ErrorCode::time_is_out_of_place, "time", 3, "2013-10-08T09:30Z"},
        {"time,price,size\n2013-10-07T09:30Z,1,2\n2013-10-07T09:31+00:00,1,2\n",
         ErrorCode::time_is_out_of_place, "time", 3, "2013-10-07T09:31+00:00"},
    };
    for (const Case& bad : cases) {
        INFO(bad.text);
        const allot::Errors errors = errors_of({}, {file_of(bad.text)});
        REQUIRE(errors.size() == 1);
        INFO(errors[0].located_message());
        CHECK(errors[0].code == bad.code);
        CHECK(errors[0].field == bad.field);
        CHECK(errors[0].found == bad.found);
        CHECK(!errors[0].expected.empty());
        CHECK(errors[0].place.file == "some/where/aig-20131007.csv");
        CHECK(errors[0].place.line == bad.line);
    }
}

TEST_CASE("prints: the problems of all files are told, up to a limit") {
    const allot::Errors two = errors_of(
        {}, {file_of("ms,price,size\n5,x,0\n4,1,1\n4,1,1\n"), file_of("ms\n", "bac-20131007.csv")});
    CHECK(two.size() == 5);  // a price, a size, a time going back, two columns
    std::string text = "ms,price,size\n";
    for (int i = 0; i < 5000; ++i) {
        text += "1,1,0\n";
    }
    CHECK(errors_of({}, {file_of(text)}).size() == 1000);
    const auto missing = errors_of({}, {{"no/such/file-20131007.csv"}});
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].code == ErrorCode::file_is_unreadable);
}

TEST_CASE("prints: parameters out of bounds are refused by name") {
    struct Case {
        PrintParameters parameters;
        const char* field;
    };
    const std::vector<Case> cases{
        {{.orders = 0}, "orders"},
        {{.orders = 10'000'001}, "orders"},
        {{.orders = 573}, "orders"},  // of 572 units
        {{.portfolios = 0}, "portfolios"},
        {{.participation = Decimal{0}}, "participation"},
        {{.participation = decimal("1.1")}, "participation"},
        {{.participation = decimal("0.1234567891")}, "participation"},
        {{.participation = decimal("0.001")}, "prints"},  // 0.457 units
        {{.fill_ratio = Decimal{0}}, "fill_ratio"},
        {{.fill_ratio = decimal("1.01")}, "fill_ratio"},
        {{.slices_per_fill = 0}, "slices"},
        {{.fills_per_slice = 1'000'001}, "slices"},
        {{.from = "9:30"}, "from"},
        {{.from = "09:30Z"}, "from"},
        {{.to = "24:00"}, "to"},
        {{.from = "16:00", .to = "16:00"}, "to"},
        {{.from = "16:01"}, "prints"},
        {{.date = "2013-02-29"}, "date"},
        {{.date = "0001-01-01"}, "date"},
        {{.utc_offset = "-4"}, "utc_offset"},
        {{.utc_offset = ""}, "utc_offset"},
    };
    for (const Case& bad : cases) {
        INFO(bad.field);
        const allot::Errors errors = errors_of(bad.parameters, {file_of(four_prints)});
        REQUIRE(errors.size() == 1);
        CHECK(errors[0].code == ErrorCode::option_is_not_valid);
        CHECK(errors[0].field == bad.field);
        CHECK(!errors[0].found.empty());
        CHECK(!errors[0].expected.empty());
    }
    const auto field_of = [](const PrintParameters& parameters,
                             const std::vector<PrintFile>& files) {
        const allot::Errors errors = errors_of(parameters, files);
        return errors.size() == 1 ? errors[0].field : std::to_string(errors.size());
    };
    CHECK(field_of({}, {}) == "prints");
    CHECK(field_of({}, {file_of(four_prints, "aig.csv")}) == "date");
    CHECK(field_of({}, {file_of(four_prints, "aig-20131301.csv")}) == "date");
    CHECK(field_of({}, {file_of(four_prints, "20131007.csv")}) == "instrument");
    CHECK(field_of({.date = "2013-10-07"}, {file_of(four_prints, "-")}) == "instrument");
    CHECK(field_of({.date = "2013-10-08"},
                   {file_of("time,price,size\n2013-10-07T09:30Z,1,20\n")}) == "date");
    CHECK(field_of({}, {file_of(four_prints), file_of(four_prints)}) == "prints");
}

TEST_CASE("prints: totals that are too large are refused") {
    std::string text = "ms,price,size\n";
    for (int i = 0; i < 100; ++i) {
        text += "1,1,100000000\n";
    }
    const allot::Errors many = errors_of({.slices_per_fill = 1'000'000}, {file_of(text)});
    REQUIRE(many.size() == 1);
    CHECK(many[0].code == ErrorCode::option_is_not_valid);
    CHECK(many[0].field == "slices");
    CHECK(many[0].found == "100000000 fills in one book");
    for (int i = 0; i < 100'000; ++i) {
        text += "1,1,100000000\n";
    }
    const allot::Errors large = errors_of({}, {file_of(text)});
    REQUIRE(large.size() == 1);
    CHECK(large[0].code == ErrorCode::total_is_out_of_range);
    CHECK(large[0].found == "10010000000000 units in all");
}
