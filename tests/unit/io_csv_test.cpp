// CSV folders: what is read, what is refused and where.
#include <string>
#include <utility>

#include "allot/book_file.hpp"
#include "engine/io/csv_input.hpp"
#include "unit/io_support.hpp"

using namespace allot_test;
using allot::Book;
using allot::Error;
using allot::ErrorCode;
using allot::Errors;

namespace {

constexpr std::string_view orders_header = "id,side,quantity";

allot::Result<allot::ReadBook, Errors> read_orders(std::string_view text,
                                                   const allot::ReadOptions& options = {}) {
    const TemporaryFolder folder;
    folder.write("orders.csv", text);
    return allot::read_book(folder.path(), options);
}

Book book_of_orders(std::string_view text) {
    allot::Result<allot::ReadBook, Errors> read = read_orders(text);
    if (!read) {
        FAIL(messages(read.error()));
    }
    return std::move(read->book);
}

Error only_error(std::string_view text) {
    const allot::Result<allot::ReadBook, Errors> read = read_orders(text);
    if (read) {
        FAIL("was read without an error: " << text);
    }
    INFO(messages(read.error()));
    REQUIRE(read.error().size() == 1);
    CHECK(read.error().front().place.file.find("orders.csv") != std::string::npos);
    return read.error().front();
}

// One order with the columns `columns` beside id, side and quantity.
allot::Order order_of(std::string_view columns, std::string_view cells) {
    const Book book = book_of_orders(std::string{orders_header} + ',' + std::string{columns} +
                                     "\ns/c,Buy,5," + std::string{cells} + '\n');
    return *book.find(allot::OrderId{"s", "c"});
}

}  // namespace

TEST_CASE("a CSV folder is read into the entities it names") {
    const TemporaryFolder folder;
    folder.write("orders.csv",
                 "quantity,id,side,portfolio_id\n30,desk/A,Buy,funds/Growth\n70,desk/B,buy,\n");
    folder.write("blocks.csv", "id,order_ids\ndesk/BL,desk/A|desk/B\ndesk/empty,\n");
    folder.write("placements.csv", "id,block_ids,quantity\ndesk/P,desk/BL,100\n");
    folder.write("executions.csv",
                 "id,placement_id,quantity,created_date,price,price_currency\n"
                 "desk/E,desk/P,40,2026-03-02T09:30:00Z,10.50,USD\n");
    folder.write("instruments.csv", "instrument_identifiers,lot\na/b/c=X|a/b/d=Y,0.01\n");
    folder.write("runs.csv", "id,parameters,as_at\nr1,a=1|b=2,2026-03-02\n");
    folder.write("notes.txt", "not ours");
    const Book book = allot::read_book(folder.path()).value().book;
    CHECK(book.find(allot::OrderId{"desk", "A"})->portfolio_id ==
          allot::PortfolioId{"funds", "Growth"});
    CHECK(book.find(allot::OrderId{"desk", "B"})->portfolio_id == std::nullopt);
    CHECK(book.find(allot::BlockId{"desk", "BL"})->order_ids.size() == 2);
    CHECK(book.find(allot::BlockId{"desk", "empty"})->order_ids.empty());
    CHECK(book.find(allot::ExecutionId{"desk", "E"})->price->amount.to_string() == "10.5");
    REQUIRE(book.instruments().size() == 1);
    CHECK(book.instruments()[0].lot.to_string() == "0.01");
    CHECK(book.instruments()[0].instrument_identifiers.at("a/b/d") == "Y");
    REQUIRE(book.runs().size() == 1);
    CHECK(book.runs()[0].parameters.at("b") == "2");
    CHECK(book.runs()[0].written.as_at == "2026-03-02");
}

TEST_CASE("cells are quoted as RFC 4180 says") {
    CHECK(order_of("state", "\"a,\"\"b\"\"\r\nc\"").state == "a,\"b\"\r\nc");
    CHECK(order_of("state", "\"\"\"\"").state == "\"");
    CHECK(order_of("state", "\"\"").state.empty());
    CHECK(order_of("state", " a ").state == " a ");
    CHECK(order_of("state,type", "\"x\",\"y\"").type == "y");
    CHECK(order_of("state", "\xC3\xA9\xF0\x9F\x98\x80").state == "\xC3\xA9\xF0\x9F\x98\x80");
}

TEST_CASE("lines end with LF or CRLF, the last one with the file too") {
    for (const std::string_view text :
         {"id,side,quantity\r\ns/a,Buy,1\r\ns/b,Buy,2\r\n",
          "\xEF\xBB\xBFid,side,quantity\ns/a,Buy,1\ns/b,Buy,2",
          "id,side,quantity\n\n\r\ns/a,Buy,1\n\ns/b,Buy,2\n\n",
          "\"id\",\"side\",\"quantity\"\n\"s/a\",\"Buy\",\"1\"\ns/b,Buy,\"2\""}) {
        INFO(text);
        const Book book = book_of_orders(text);
        CHECK(book.size() == 2);
        CHECK(book.find(allot::OrderId{"s", "b"})->quantity == allot::Quantity{2});
    }
    CHECK(book_of_orders("id,side,quantity").size() == 0);
    CHECK(book_of_orders("id,side,quantity\n").size() == 0);
}

TEST_CASE("text that is not CSV is refused with its line") {
    struct Case {
        std::string_view text;
        std::uint64_t line;
        std::string_view found;
    };
    for (const Case& item : {
             Case{"id,side,quantity\ns/a,Buy,1\ns/b,\"Buy,2\n\n", 3, "end of file"},
             Case{"id,side,quantity\ns/a,\"Buy\"x,1\n", 2, "text behind a closing quote"},
             Case{"id,side,quantity\n\"s/a\ny\"\"\",Buy,1\ns/b,B\"uy,1\n", 4,
                  "a quote within a cell"},
             Case{"id,side,quantity\ns/a,Buy,1\rs/b,Buy,2\n", 2, "a carriage return"},
             Case{"id,side,quantity\ns/a,Buy,1\n\ns/b,Buy\n", 4, "2 cells"},
             Case{"id,side,quantity\n\"s/a\nx\",Buy,1\ns/b,Buy,1,\n", 4, "4 cells"},
             Case{"id,side,quantity,side\n", 1, "the same column twice"},
         }) {
        INFO(item.text);
        const Error error = only_error(item.text);
        CHECK(error.code == ErrorCode::file_is_not_csv);
        CHECK(error.place.line == item.line);
        CHECK(error.found == item.found);
    }
    CHECK(only_error("id,side,quantity\n" + std::string(5000, ',')).found ==
          "more than 1000 cells");
    CHECK(only_error("").code == ErrorCode::file_is_empty);
    CHECK(only_error("\xEF\xBB\xBF\n\n").code == ErrorCode::file_is_empty);
    const Error error = only_error("id,side,quantity\ns/a,Buy,1\ns/\xFF,Buy,1\n");
    CHECK(error.code == ErrorCode::file_is_not_utf8);
    CHECK(error.place.line == 3);
}

TEST_CASE("columns are asked for by name") {
    const Error missing = only_error("id,quantity\ns/a,1\n");
    CHECK(missing.code == ErrorCode::field_is_missing);
    CHECK(missing.entity == "order");
    CHECK(missing.field == "side");
    CHECK(missing.place.line == 1);
    CHECK(only_error("id,side\ns/a,Buy\n").field == "quantity");
    CHECK(book_of_orders("id,side,amount,amount_currency\ns/a,Buy,1000,USD\n").size() == 1);
    CHECK(book_of_orders("id,side,weight\ns/a,Buy,0.5\n").size() == 1);
    const Error unknown = only_error("id,side,quantity,colour\ns/a,Buy,1,red\n");
    CHECK(unknown.code == ErrorCode::field_is_unknown);
    CHECK(unknown.field == "colour");
    const allot::ReadBook lenient =
        read_orders("id,side,quantity,colour\ns/a,Buy,1,red\n", {.lenient = true}).value();
    REQUIRE(lenient.warnings.size() == 1);
    CHECK(lenient.warnings[0].field == "colour");
    CHECK(lenient.book.size() == 1);
}

TEST_CASE("bad cells are refused with line, entity, id and field") {
    struct Case {
        std::string_view columns;
        std::string_view cells;
        ErrorCode code;
        std::string_view field;
    };
    for (const Case& item : {
             Case{"date", "2026-13-01", ErrorCode::text_is_not_a_time, "date"},
             Case{"weight", "1.", ErrorCode::text_is_not_a_decimal, "weight"},
             Case{"weight", "NaN", ErrorCode::text_is_not_a_decimal, "weight"},
             Case{"weight", "1e400", ErrorCode::decimal_has_too_many_digits, "weight"},
             Case{"price,price_currency", ",USD", ErrorCode::field_is_missing, "price.amount"},
             Case{"price_currency", "USD", ErrorCode::field_is_missing, "price.amount"},
             Case{"portfolio_id", "growth", ErrorCode::id_is_not_valid, "portfolioId"},
             Case{"package", "a\\/b", ErrorCode::id_is_not_valid, "package"},
             Case{"instrument_identifiers", "a=1|b", ErrorCode::field_has_wrong_type,
                  "instrumentIdentifiers"},
             Case{"instrument_identifiers", "a=1|a=2", ErrorCode::field_has_wrong_type,
                  "instrumentIdentifiers"},
             Case{"properties", "k={", ErrorCode::field_has_wrong_type, "properties.k"},
             Case{"properties", "k={\"\"x\"\":1}", ErrorCode::field_is_unknown, "properties.k.x"},
         }) {
        INFO(item.columns << ": " << item.cells);
        const std::string cells = item.cells.find('"') == std::string_view::npos
                                      ? std::string{item.cells}
                                      : '"' + std::string{item.cells} + '"';
        const Error error = only_error(std::string{orders_header} + ',' +
                                       std::string{item.columns} + "\n\ns/c,Buy,5," + cells);
        CHECK(error.code == item.code);
        CHECK(error.field == item.field);
        CHECK(error.entity == "order");
        CHECK(error.id == "s/c");
        CHECK(error.place.line == 3);
    }
    CHECK(only_error("id,side,quantity\ns/c,Buy,-1\n").code == ErrorCode::quantity_is_negative);
    CHECK(only_error("id,side,quantity\n,Buy,1\n").field == "id");
    CHECK(only_error("id,side,quantity\ns/c,,1\n").field == "side");
    CHECK(only_error("id,side,quantity\ns/c,Buy,\n").code == ErrorCode::field_is_missing);
}

TEST_CASE("a broken file does not hide the problems of the others") {
    const TemporaryFolder folder;
    folder.write("orders.csv", "id,side\n");
    folder.write("blocks.csv", "id,order_ids\ns/b,s/a|x\n");
    folder.write("placements.csv", "id,block_ids\ns/p,s/b\n");
    const allot::Result<allot::ReadBook, Errors> read = allot::read_book(folder.path());
    REQUIRE(!read);
    INFO(messages(read.error()));
    REQUIRE(read.error().size() == 2);
    CHECK(read.error()[0].field == "orderIds[1]");
    CHECK(read.error()[1].field == "quantity");
}

TEST_CASE("ids, lists and maps in cells can hold every character") {
    CHECK(order_of("package", "a/b/c=d|e").package == allot::ResourceId{"a", "b/c=d|e"});
    CHECK(order_of("package", "a\\/b\\\\/c\\d").package == allot::ResourceId{"a/b\\", "c\\d"});
    CHECK(order_of("instrument_identifiers", "a\\=b\\|c=d=e\\|f\\\\|=").instrument_identifiers ==
          allot::Identifiers{{"a=b|c", "d=e|f\\"}, {"", ""}});
    const allot::Properties properties =
        order_of("properties",
                 "\"a=label|b={\"\"metricValue\"\":{\"\"value\"\":1.50,\"\"unit\"\":"
                 "\"\"bps\"\"}}|c=|d={\"\"labelValueSet\"\":{\"\"values\"\":[\"\"x\"\","
                 "\"\"y\"\"]}}\"")
            .properties;
    CHECK(properties.at("a").label == "label");
    CHECK(properties.at("b").metric->value.to_string() == "1.5");
    CHECK(properties.at("b").metric->unit == "bps");
    CHECK(properties.at("c") == allot::Property{});
    CHECK(properties.at("d").labels == std::vector<std::string>{"x", "y"});
}

TEST_CASE("cells are divided where no backslash stands") {
    const allot::io::CellPart part = allot::io::split_cell("a\\|b\\\\|c|d", '|');
    CHECK(part.text == "a\\|b\\\\");
    CHECK(*part.rest == "c|d");
    CHECK_FALSE(allot::io::split_cell("a\\|b", '|').rest);
    CHECK(allot::io::unescaped("a\\|b\\\\c\\n\\") == "a|b\\c\\n\\");
}

TEST_CASE("quarantine leaves out bad lines of CSV") {
    const allot::ReadBook read =
        read_orders("id,side,quantity\ns/a,Buy,1\ns/b,Buy,x\ns/c,Buy\ns/d,Buy,4\n",
                    {.quarantine = true})
            .value();
    CHECK(read.book.size() == 2);
    CHECK(read.quarantined.size() == 2);
    const TemporaryFolder folder;
    folder.write("executions.csv", "id,placement_id,quantity,created_date\ns/e,s/p,1\n");
    const allot::Result<allot::ReadBook, Errors> refused =
        allot::read_book(folder.path(), {.quarantine = true});
    REQUIRE(!refused);
    CHECK(refused.error().front().code == ErrorCode::row_cannot_be_quarantined);
}
