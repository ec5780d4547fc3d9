// The fast ways of files beside their plain twins: the same books, the same problems, the same
// bytes.
#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "engine/io/allocation_output.hpp"
#include "engine/io/csv_bytes.hpp"
#include "engine/io/csv_output.hpp"
#include "engine/io/file_text.hpp"
#include "engine/io/intake.hpp"
#include "engine/io/json_cells.hpp"
#include "engine/io/json_cutter.hpp"
#include "engine/io/json_fault.hpp"
#include "engine/io/json_output.hpp"
#include "engine/io/json_tree.hpp"
#include "engine/io/prepared_rows.hpp"
#include "engine/io/read_csv.hpp"
#include "engine/io/read_json.hpp"
#include "engine/io/special_bytes.hpp"
#include "support/book_maker.hpp"
#include "unit/io_support.hpp"
#include "unit/odd_files.hpp"
#include "unit/odd_json.hpp"

using namespace allot_test;
using allot::AllocationView;
using allot::Book;
using allot::io::TextBuffer;

namespace {

// What comes of files of lists, which must be the same by the short way and by the long one.
std::string outcome_by_both_ways(const std::vector<std::pair<std::string, std::string>>& files,
                                 bool quarantine) {
    allot::ReadOptions options;
    options.quarantine = quarantine;
    allot::io::Intake with{options};
    allot::io::Intake without{options, false};
    for (const auto& [list, text] : files) {
        allot::io::read_csv_text(list, text, list + ".csv", with);
        allot::io::read_csv_text(list, text, list + ".csv", without);
    }
    std::string outcome = outcome_of(without);
    REQUIRE(outcome_of(with) == outcome);
    return outcome;
}

}  // namespace

TEST_CASE("rows come out the same by the short way and by the long one") {
    std::size_t good = 0;
    for (unsigned seed = 1; seed <= 4000; ++seed) {
        std::vector<std::pair<std::string, std::string>> files;
        files.reserve(std::size(headers));
        OddFiles maker{seed};
        for (const auto& [list, header] : headers) {
            files.emplace_back(list, maker.file(header, seed % 3 == 0 ? 1000 : 40));
        }
        INFO("seed " << seed);
        good += outcome_by_both_ways(files, seed % 2 == 0).starts_with('{') ? 1U : 0U;
    }
    CHECK(good > 100);  // books, not only problems
    CHECK(good < 3900);
}

namespace {

// Files whose rows end in one of a few ways, those too that look alike and are not.
std::vector<std::pair<std::string, std::string>> files_that_end_alike(std::mt19937& random) {
    const auto one_of = [&random](const std::vector<std::string>& all) {
        return all[random() % all.size()];
    };
    const std::vector<std::string> dates{"2026-03-02", "", "2026-03-02T09:30:00.5Z"};
    const std::vector<std::string> numbers{"1", "", "2.5"};
    std::string orders =
        "id,side,quantity,portfolio_id,date,state,type,time_in_force,custodian_account_id\n";
    std::string blocks = "id,order_ids,quantity,side,type,time_in_force,lusid_instrument_id\n";
    std::string executions =
        "id,placement_id,created_date,quantity,price,price_currency,settlement_date,"
        "settlement_currency_fx_rate,side\n";
    const std::vector<std::string> order_ends{
        "Placed,Market,Day,\n",         "Placed,Market,Day,\n",     "Placed,Market,,f/C\n",
        "Placed,Market,\"D\ny\",f/C\n", "Placed,\"Market\",Day,\n", "Placed,Market,Day,\r\n",
        "Placed,Market,Day,,\n",        "Placed,Market,Day\n",      ",,,\n"};
    const std::vector<std::string> block_ends{"Buy,Market,Day,\n", ",Market,Day,L\n", ",,,\n",
                                              "Buy,\"a\nb\",,\n"};
    const std::vector<std::string> execution_ends{"7,USD,2026-03-04,1,Buy\n",
                                                  "7,USD,2026-03-04,,Buy\n", ",,,,\n", ",USD,,,\n",
                                                  "7,USD,,1,\"B\ny\"\n"};
    for (int row = 0; row < 12; ++row) {
        const std::string number = std::to_string(row);
        orders += "d/O" + number + "," + one_of({"Buy", "Sell"}) + "," +
                  one_of({"3", "3", "3", ""}) + "," + one_of({"f/P", "f/Q", ""}) + "," +
                  one_of(dates) + "," + one_of(order_ends);
        blocks += "d/B" + number + ",d/O" + number + one_of({"", "|d/O3"}) + "," + one_of(numbers) +
                  "," + one_of(block_ends);
        executions += "d/E" + number + ",d/P," + dates[2 * (random() % 2)] + "," +
                      one_of({"1", "2.5"}) + "," + one_of(execution_ends);
        if (random() % 20 == 0) {
            orders += ",,\n";
        }
    }
    orders.erase(orders.size() - random() % 2);  // with the last line feed and without
    return {{"orders", orders},
            {"blocks", blocks},
            {"placements", "id,block_ids\nd/P,d/B1\n"},
            {"executions", executions}};
}

}  // namespace

TEST_CASE("rows that end as the one before are the rows that the long way reads") {
    std::size_t good = 0;
    constexpr unsigned turns = 3000;
    for (unsigned seed = 1; seed <= turns; ++seed) {
        std::mt19937 random{seed};
        INFO("seed " << seed);
        const std::string outcome =
            outcome_by_both_ways(files_that_end_alike(random), seed % 2 == 0);
        good += outcome.starts_with('{') ? 1U : 0U;
    }
    CHECK(good > turns / 10);  // books, not only problems
    CHECK(good < turns);
}

TEST_CASE("times of orders come back as they were written, whatever their form") {
    for (const std::string date :
         {"2026-03-02", "0001-01-01", "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.5Z",
          "2026-03-02T09:30:00Z", "2026-03-02T09:30:00.0Z", "2026-03-02T09:30:00.120Z",
          "2026-03-02T09:30:00.1234567890Z", "2026-03-02T09:30Z", "2026-03-02T09:30:00",
          "2026-03-02T09:30:00.5", "2026-03-02T09:30:00+01:00", "2026-03-02T09:30:00.25-0330",
          "2026-03-02T00:00:00.000Z"}) {
        Book book;
        book.put(make::order("A", "1", date)).value();
        INFO(date);
        CHECK(book.find(allot::OrderId{"desk", "A"})->date->to_string() == date);
        allot::io::Intake intake{allot::ReadOptions{}};
        allot::io::read_csv_text("orders", "id,side,quantity,date\ndesk/A,Buy,1," + date + "\n",
                                 "orders.csv", intake);
        const Book read = std::move(intake.finish().value().book);
        CHECK(read.find(allot::OrderId{"desk", "A"})->date->to_string() == date);
    }
}

TEST_CASE("times of a known day are read as all others are") {
    const std::string date = "2026-03-02";
    const std::int64_t midnight = allot::parse_instant(date)->seconds;
    std::mt19937 random{11};
    std::size_t read = 0;
    for (int turn = 0; turn < 50'000; ++turn) {
        std::string text = date + "T09:35:59" + (turn % 3 == 0 ? "Z" : ".120034567Z");
        text.erase(text.size() - 1 - random() % (turn % 3 == 1 ? 9 : 1), turn % 3 == 1 ? 1U : 0U);
        for (std::size_t changes = random() % 3; changes > 0; --changes) {
            text[random() % text.size()] = "0123456789:.TZ-+"[random() % 16];
        }
        allot::Instant instant;
        if (allot::io::read_time_of_date(text, date, midnight, instant)) {
            const allot::Result<allot::Instant> expected = allot::parse_instant(text);
            INFO(text);
            REQUIRE(expected);
            REQUIRE(*expected == instant);
            ++read;
        }
    }
    CHECK(read > 20'000);
    CHECK(read < 45'000);
    // Every hour, minute and second of two digits, those that are none too.
    for (const std::size_t place : {std::size_t{11}, std::size_t{14}, std::size_t{17}}) {
        for (int number = 0; number < 100; ++number) {
            std::string text = date + "T09:35:59Z";
            text.replace(
                place, 2,
                {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)});
            allot::Instant instant;
            if (allot::io::read_time_of_date(text, date, midnight, instant)) {
                INFO(text);
                const allot::Result<allot::Instant> expected = allot::parse_instant(text);
                REQUIRE(expected);
                REQUIRE(*expected == instant);
            }
        }
    }
}

TEST_CASE("texts of a stretch are found again, and only among their kind") {
    std::mt19937 random{12};
    std::vector<std::string> words{"a", "b", "ab", "ba", "aab", "abb", "abcd", "abcde", "abde"};
    for (int i = 0; i < 6; ++i) {
        std::string word(1 + random() % 40, 'x');
        word[random() % word.size()] = static_cast<char>('a' + random() % 26);
        words.push_back(std::move(word));
    }
    allot::io::StretchTexts texts;
    std::vector<std::pair<std::size_t, std::string>> known(1);
    std::size_t found = 0;
    for (int turn = 0; turn < 100'000; ++turn) {
        const std::size_t kind = random() % 1000;
        const std::string& word = words[random() % words.size()];
        std::uint32_t number = texts.find(kind, word);
        found += number == 0 ? 0U : 1U;
        if (number == 0) {
            number = texts.add_wanted(word);
            known.emplace_back(kind, word);
        }
        REQUIRE(number < known.size());
        REQUIRE(known[number] == std::pair{kind, word});
        REQUIRE(texts.entry(number).text == word);
    }
    CHECK(found > 3000);
}

TEST_CASE("kinds of orders are found again, in a stretch and in a book") {
    std::mt19937 random{13};
    allot::io::StretchKinds stretch;
    allot::store::OrderKinds book;
    CHECK(book[0] == allot::store::OrderKind{});
    std::vector<std::pair<allot::store::OrderKind, std::uint32_t>> seen;
    for (int turn = 0; turn < 20'000; ++turn) {
        allot::store::OrderKind kind;
        kind.side = static_cast<std::uint32_t>(random() % 3);
        kind.lusid_instrument_id = static_cast<std::uint32_t>(random() % 100);
        kind.custodian = random() % 2 == 0 ? allot::store::none : 0;
        const std::uint32_t number = book.intern(kind);
        REQUIRE(book[number] == kind);
        const auto known = std::find_if(seen.begin(), seen.end(),
                                        [&](const auto& other) { return other.first == kind; });
        if (known == seen.end()) {
            seen.emplace_back(kind, number);
        } else {
            REQUIRE(known->second == number);
        }
        REQUIRE(stretch.entry(stretch.number_of(kind)).kind == kind);
        REQUIRE(stretch.number_of(kind) == stretch.number_of(kind));
    }
    CHECK(seen.size() == 600);
    CHECK(book.intern(allot::store::OrderKind{}) == 0);
}

TEST_CASE("a file read in stretches is the file, cut behind whole rows") {
    std::mt19937 random{7};
    const TemporaryFolder folder;
    for (int turn = 0; turn < 300; ++turn) {
        std::string text;
        for (std::size_t i = random() % 200; i > 0; --i) {
            text += "ab,\"\n\r"[random() % 6];
        }
        const std::filesystem::path path = folder.write("text", text);
        auto stretches = allot::io::FileStretches::open(path, 1 + random() % 50).value();
        std::string joined;
        while (true) {
            const std::string_view stretch = stretches.next().value();
            if (stretch.empty()) {
                break;
            }
            joined += stretch;
            INFO(text);
            const auto quotes = std::count(joined.begin(), joined.end(), '"');
            CHECK((joined.size() == text.size() || (joined.back() == '\n' && quotes % 2 == 0)));
        }
        CHECK(joined == text);
    }
    CHECK_FALSE(allot::io::FileStretches::open(folder.path() / "none"));
}

TEST_CASE("lines are counted through all stretches of a file") {
    const TemporaryFolder folder;
    std::string text = "id,side,quantity\n";
    for (int i = 0; i < 60000; ++i) {
        text += "desk/O" + std::to_string(i) + (i == 59990 ? ",,1\n" : ",Buy,1\n");
    }
    folder.write("orders.csv", text);
    const allot::Result<allot::ReadBook, allot::Errors> read = allot::read_book(folder.path());
    REQUIRE_FALSE(read);
    REQUIRE(read.error().size() == 1);
    CHECK(read.error().front().place.line == 59992);
    CHECK(read.error().front().id == "desk/O59990");
}

TEST_CASE("ends of plain cells are found 64 bytes at a time as one by one") {
    std::mt19937 random{5};
    for (int turn = 0; turn < 2000; ++turn) {
        std::array<char, allot::io::csv_block> bytes{};
        for (char& c : bytes) {
            c = random() % 3 == 0 ? ",\"\r\n"[random() % 4] : static_cast<char>(random() % 256);
        }
        REQUIRE(allot::io::ends_of_plain_cells(bytes.data()) ==
                allot::io::ends_of_plain_cells_one_by_one(bytes.data()));
    }
}

TEST_CASE("special bytes are found in blocks as one by one") {
    const auto check = [&](const std::string& text) {
        INFO(text);
        REQUIRE(allot::io::is_plain_in_csv(text) ==
                std::none_of(text.begin(), text.end(), allot::io::is_special_in_csv));
        REQUIRE(allot::io::is_plain_in_json(text) ==
                std::none_of(text.begin(), text.end(), allot::io::is_special_in_json));
    };
    // Every byte at every place of every length up to some blocks.
    for (std::size_t size = 0; size <= 50; ++size) {
        check(std::string(size, 'z'));
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, "azAZ09_"[size % 7]);
                text[place] = static_cast<char>(byte);
                check(text);
            }
        }
    }
}

namespace {

// A book whose allocations differ in everything that the shared text depends on.
Book odd_book(std::mt19937& random) {
    const std::vector<std::string> scopes{"desk", "desk", "desk", "a/b",
                                          "q\"u", "c,d",  "e|f",  "\xC3\xBC"};
    const std::vector<std::string> endings{
        "", "", "", "-x", ",", "\"", "|", "\xC3\xBC", std::string(60, 'L')};
    const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
    const auto maybe = [&](const std::string& text) { return random() % 2 == 0 ? text : ""; };
    Book book;
    for (int b = 0; b < 4; ++b) {
        allot::Block block = make::block("B" + std::to_string(b), {});
        for (int o = 0; o < 3; ++o) {
            allot::Order order = make::order("x", std::to_string(5 + random() % 30));
            order.id = allot::OrderId{pick(scopes),
                                      "O" + std::to_string(b) + std::to_string(o) + pick(endings)};
            order.side = random() % 2 == 0 ? "Buy" : "BUY";
            order.type = maybe("Limit");
            order.lusid_instrument_id = maybe("LUID_" + std::to_string(b));
            order.instrument_scope = maybe("in,scope");
            if (random() % 4 != 0) {
                order.portfolio_id = allot::PortfolioId{pick(scopes), "f" + pick(endings)};
            }
            order.instrument_identifiers["k"] = "v=" + std::to_string(b);
            if (random() % 3 == 0) {
                order.instrument_identifiers["m"] = "w";
            }
            if (random() % 3 == 0) {
                order.custodian_account_id = allot::ResourceId{"cu/st", "1|2"};
            }
            book.put(order).value();
            block.order_ids.push_back(order.id);
        }
        book.put(block).value();
        for (int p = 0; p < 2; ++p) {
            allot::Placement placement = make::placement("x", {"B" + std::to_string(b)});
            placement.id =
                allot::PlacementId{pick(scopes), "P" + std::to_string(b) + std::to_string(p)};
            placement.counterparty = maybe("broker \"9\"");
            placement.side = maybe("buy");
            book.put(placement).value();
            for (int e = 0; e < 3; ++e) {
                allot::Execution execution =
                    make::execution("x", "x", std::to_string(1 + random() % 15));
                execution.id =
                    allot::ExecutionId{pick(scopes), "E" + std::to_string(b) + std::to_string(p) +
                                                         std::to_string(e) + pick(endings)};
                execution.placement_id = placement.id;
                execution.type = maybe("Mar\nket");
                execution.settlement_currency = maybe("USD");
                if (random() % 3 == 0) {
                    execution.instrument_identifiers["l"] = "|";
                }
                book.put(execution).value();
            }
        }
    }
    return book;
}

// Every allocation by AllocationOutput, and by the plain way.
template <class Make, class Views>
void check_bytes(const allot::BookData& data, const Views& views, Make make) {
    using Output = decltype(make(std::declval<TextBuffer&>()));
    TextBuffer fast;
    TextBuffer plain;
    allot::io::AllocationOutput<Output> output{data, fast, make};
    Output plain_output = make(plain);
    for (const AllocationView& view : views) {
        bool is_first = true;
        output.write_fields(view);
        plain_output.write_fields(view, is_first);
        REQUIRE(std::string{fast.view()} == std::string{plain.view()});
        fast.cut(0);
        plain.cut(0);
    }
}

template <class Views>
void check_both_formats(const allot::BookData& data, const Views& views) {
    check_bytes(data, views, [](TextBuffer& text) { return allot::io::CsvOutput{text}; });
    for (const auto numbers : {allot::NumberStyle::number, allot::NumberStyle::text}) {
        check_bytes(data, views, [=](TextBuffer& text) {
            return allot::io::JsonOutput{text, numbers};
        });
    }
}

}  // namespace

TEST_CASE("allocations have the same bytes with shared text as field by field") {
    std::size_t count = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random{seed};
        Book book = odd_book(random);
        const allot::Engine engine;
        allot::RunRequest request;
        INFO("seed " << seed);
        const allot::RunResult preview = engine.preview(book, request).value();
        check_both_formats(book.data(), preview.allocations());
        const allot::RunResult result = engine.run(book, request).value();
        check_both_formats(book.data(), result.allocations());
        // Some that do not follow from execution and order any more, and some frozen ones.
        std::size_t number = 0;
        for (const allot::AllocationId& id : book.allocation_ids()) {
            if (allot::Allocation changed = *book.find(id); ++number % 3 == 0) {
                changed.state = number % 2 == 0 ? "Booked" : "a,b";
                book.put(changed).value();
            }
        }
        const allot::RunResult second = engine.run(book, request).value();
        check_both_formats(book.data(), second.allocations());
        check_both_formats(book.data(), book.allocations());
        // Neighbours that differ in nothing but the run, also one that the book does not know, or
        // the ordinal.
        allot::RunRecord unknown;
        unknown.id = "unknown";
        std::vector<AllocationView> views;
        for (const AllocationView& view : book.allocations()) {
            allot::detail::AllocationRow row = view.row();
            for (const std::uint32_t run : {0U, 1U, allot::store::none}) {
                row.run = run;
                views.emplace_back(book.data(), row, &unknown);
            }
            row.ordinal = 2;
            views.emplace_back(book.data(), row, &unknown);
        }
        check_both_formats(book.data(), views);
        count += book.allocations().size();
    }
    CHECK(count > 1000);
}

TEST_CASE("texts of portfolios, custodians and scopes are kept by number") {
    const std::vector<std::string> scopes{"funds", "f/u",  "f\"u",     "f,u",
                                          "f|u",   "f\\u", "f\xC3\xBC"};
    Book book;
    allot::Block block = make::block("B", {});
    // More than there is place for, and texts of all sizes around those that are kept.
    for (std::size_t o = 0; o < 900; ++o) {
        allot::Order order = make::order("O" + std::to_string(o), "30");
        if (o % 9 != 0) {
            order.portfolio_id = allot::PortfolioId{
                scopes[o % 41 % scopes.size()], std::to_string(o / 2) + std::string(o % 60, 'p')};
        }
        if (o % 5 != 0) {
            order.custodian_account_id =
                allot::ResourceId{scopes[o % 7], std::string(1 + o % 47, 'c')};
        }
        order.instrument_scope = o % 4 == 0 ? "" : scopes[o % 7] + std::string(o % 50, 's');
        book.put(order).value();
        block.order_ids.push_back(order.id);
    }
    book.put(block).value();
    book.put(make::placement("P", {"B"})).value();
    for (const std::string code : {"E1", "E2", "E3"}) {
        book.put(make::execution(code, "P", "9000")).value();
    }
    const allot::RunResult result = allot::Engine{}.run(book, allot::RunRequest{}).value();
    CHECK(result.allocations().size() > 900);
    check_both_formats(book.data(), result.allocations());
}

namespace {

// Reads over everything.
class Skipper final : public allot::io::JsonHandler {
  public:
    allot::io::JsonStep begin(const allot::io::JsonPath&, allot::io::JsonKind,
                              std::size_t) override {
        return allot::io::JsonStep::skip;
    }
    bool value(const allot::io::JsonPath&, const allot::io::JsonTree&) override { return true; }
    void repeated(const allot::io::JsonPath&, std::size_t) override {}
};

}  // namespace

namespace {

// What comes of a document, which must be the same by the short way and by the long one.
std::string document_by_both_ways(const std::string& text, bool quarantine,
                                  std::size_t bytes_at_once) {
    allot::ReadOptions options;
    options.quarantine = quarantine;
    allot::io::Intake with{options};
    allot::io::Intake without{options, false};
    allot::io::read_json_text(text, "book.json", with, bytes_at_once);
    allot::io::read_json_text(text, "book.json", without);
    std::string outcome = outcome_of(without);
    INFO(text);
    REQUIRE(outcome_of(with) == outcome);
    return outcome;
}

}  // namespace

TEST_CASE("JSON comes out the same by the short way and by the long one") {
    std::size_t good = 0;
    std::mt19937 random{11};
    for (int turn = 0; turn < 60; ++turn) {
        const std::string whole = text_of(odd_book(random));
        for (int change = 0; change < 40; ++change) {
            const std::string text = spoilt(whole, random);
            const bool quarantine = random() % 2 == 0;
            const std::string outcome =
                document_by_both_ways(text, quarantine, 1 + random() % 3000);
            good += outcome.starts_with('{') ? 1U : 0U;
        }
    }
    CHECK(good > 400);
    CHECK(good < 2300);
}

namespace {

const std::string id_member = R"({"id":{"scope":"s","code":"c"},)";
const std::string whole_order =
    id_member + R"("side":"Buy","quantity":5,"portfolioId":{"scope":"s","code":"p"},)"
                R"("instrumentIdentifiers":{"k":"v"},"date":"2026-03-02","state":"Placed",)"
                R"("type":"Limit","timeInForce":"Day","instrumentScope":"s",)"
                R"("lusidInstrumentId":"L","custodianAccountId":{"scope":"s","code":"u"}})";
const std::string whole_block =
    id_member + R"("orderIds":[{"scope":"s","code":"c"}],"side":"Buy","quantity":5,)"
                R"("createdDate":"2026-03-02"})";
const std::string whole_placement =
    id_member + R"("blockIds":[{"scope":"s","code":"c"}],"quantity":5,"counterparty":"x"})";
const std::string whole_execution =
    id_member + R"("placementId":{"scope":"s","code":"c"},"quantity":5,"createdDate":"2026-03-02",)"
                R"("price":{"amount":7,"currency":"USD"},"settlementCurrencyFxRate":1.5})";

// Whether an item goes the short way.
template <class Entity>
bool is_prepared(const std::string& item) {
    allot::BookData book;
    allot::io::JsonCutter cut{item};
    allot::io::JsonCells<Entity> cells;
    allot::io::PreparedRows<Entity> rows;
    allot::io::RowPreparer<Entity, allot::io::JsonCells<Entity>> preparer{book, cells, rows};
    rows.items.emplace_back();
    return preparer.prepare(cells.begin(cut)) && cut.is_at_end();
}

}  // namespace

TEST_CASE("what is usual in JSON goes the short way") {
    CHECK(is_prepared<allot::Order>(whole_order));
    CHECK(is_prepared<allot::Block>(whole_block));
    CHECK(is_prepared<allot::Placement>(whole_placement));
    CHECK(is_prepared<allot::Execution>(whole_execution));
    CHECK(is_prepared<allot::Order>(R"({ "side" : "Buy" , "quantity" : "5",)"
                                    "\n\t"
                                    R"("portfolioId":null, "id":{"code":"c" , "scope":"s"} })"));
    CHECK_FALSE(is_prepared<allot::Order>(id_member + R"("side":"Buy","quantity":5,"weight":1})"));
    CHECK_FALSE(is_prepared<allot::Order>(id_member + R"("side":"B\n","quantity":5})"));
}

TEST_CASE("JSON comes out the same with any odd value in the place of each other") {
    const std::string whole = R"({"orders":[)" + whole_order + R"(],"blocks":[)" + whole_block +
                              R"(],"placements":[)" + whole_placement + R"(],"executions":[)" +
                              whole_execution + "]}";
    CHECK(document_by_both_ways(whole, false, 1000).starts_with('{'));
    std::size_t good = 0;
    std::size_t values = 0;
    for (std::size_t at = whole.find("\":"); at < whole.size(); at = whole.find("\":", at + 1)) {
        allot::io::JsonCutter cut{whole};
        std::string_view old;
        cut.go_to(at + 2);
        REQUIRE((cut.is_at('"') ? cut.take_plain_text(old) : cut.skip_value()));
        for (const std::string& odd : odd_json) {
            const std::string outcome = document_by_both_ways(
                whole.substr(0, at + 2) + odd + whole.substr(cut.at()), false, 1000);
            good += outcome.starts_with('{') ? 1U : 0U;
            ++values;
        }
    }
    CHECK(values == 52 * odd_json.size());
    CHECK(good > 50);
}

TEST_CASE("what is JSON and what is not is decided as another library does") {
    std::mt19937 random{13};
    const std::string whole = text_of(odd_book(random));
    std::size_t bad = 0;
    const auto check = [&](const std::string& text) {
        Skipper skipper;
        const auto failure = allot::io::walk_json(text, skipper);
        const auto expected = allot::io::find_fault(text);
        INFO(text);
        REQUIRE(failure.has_value() == expected.has_value());
        if (failure) {
            ++bad;
            REQUIRE(failure->offset == expected->offset);
            REQUIRE(failure->found == expected->found);
        }
    };
    for (int turn = 0; turn < 2000; ++turn) {
        check(spoilt(whole.substr(0, 1 + random() % 400), random));
        std::string small;
        for (std::size_t i = 1 + random() % 5; i > 0; --i) {
            small += odd_json[random() % odd_json.size()];
        }
        check(small);
        check("[" + small + "]");
    }
    for (const std::size_t depth : {63U, 64U, 65U}) {
        check(std::string(depth, '[') + std::string(depth, ']'));
    }
    for (const std::size_t digits : {307U, 308U, 309U, 310U, 400U}) {
        for (const std::string digit : {"1", "9"}) {
            check("[" + digit + std::string(digits - 1, '0') + ".5]");
        }
    }
    CHECK(bad > 1000);
}
