// JSON books: what is read, what is refused and where.
#include <string>

#include "allot/book_file.hpp"
#include "unit/io_support.hpp"

using namespace allot_test;
using allot::Book;
using allot::Error;
using allot::ErrorCode;
using allot::Errors;

namespace {

// One block of two orders, one placement, one execution.
constexpr std::string_view small_book = R"({"schema":"allot/1",
"orders":[
{"id":{"scope":"desk","code":"A"},"side":"Buy","quantity":30,"portfolioId":{"scope":"funds",
"code":"Growth"}},
{"id":{"scope":"desk","code":"B"},"side":"Buy","quantity":70}],
"blocks":[{"id":{"scope":"desk","code":"BL"},"orderIds":[{"scope":"desk","code":"A"},
{"scope":"desk","code":"B"}]}],
"placements":[{"id":{"scope":"desk","code":"P"},"blockIds":[{"scope":"desk","code":"BL"}],
"quantity":100}],
"executions":[{"id":{"scope":"desk","code":"E"},"placementId":{"scope":"desk","code":"P"},
"quantity":40,
"createdDate":"2026-03-02T09:30:00Z","price":{"amount":10.50,"currency":"USD"}}]})";

// A book of one order whose members are `members`.
std::string order_book(std::string_view members) {
    return R"({"orders":[{"id":{"scope":"s","code":"c"},"side":"Buy",)" + std::string{members} +
           "}]}";
}

allot::Order order_of(std::string_view members) {
    return *read_json(order_book(members)).find(allot::OrderId{"s", "c"});
}

Error only_error(std::string_view json) {
    const Errors errors = errors_of(json);
    INFO(messages(errors));
    REQUIRE(errors.size() == 1);
    return errors.front();
}

std::string place_of(const Error& error) {
    return error.place.file + ':' + std::to_string(error.place.line) + ':' +
           std::to_string(error.place.column);
}

}  // namespace

TEST_CASE("a JSON book is read into the entities it names") {
    const Book book = read_json(small_book);
    CHECK(book.size() == 5);
    const allot::Order order = *book.find(allot::OrderId{"desk", "A"});
    CHECK(order.side == "Buy");
    CHECK(order.quantity == allot::Quantity{30});
    CHECK(order.portfolio_id == allot::PortfolioId{"funds", "Growth"});
    const allot::Execution execution = *book.find(allot::ExecutionId{"desk", "E"});
    CHECK(execution.price->amount.to_string() == "10.5");
    CHECK(execution.price->currency == "USD");
    CHECK(execution.created_date.to_string() == "2026-03-02T09:30:00Z");
    CHECK(book.find(allot::BlockId{"desk", "BL"})->order_ids.size() == 2);
}

TEST_CASE("every list and member of a JSON book may be missing, null or empty") {
    for (const std::string_view json :
         {"{}", R"({"schema":"allot/1"})", R"({"schema":null,"orders":null,"history":null})",
          R"({"orders":[],"history":{"orders":[]}})", "\xEF\xBB\xBF{}", " \n{}\n"}) {
        INFO(json);
        CHECK(read_json(json).size() == 0);
    }
    CHECK(order_of(R"("quantity":1,"date":null,"properties":null)").date == std::nullopt);
}

TEST_CASE("numbers of JSON are read digit by digit") {
    const auto quantity = [](std::string_view number) {
        return order_of(R"("quantity":)" + std::string{number}).quantity->to_string();
    };
    CHECK(quantity("123456789012345678.123456789") == "123456789012345678.123456789");
    CHECK(quantity("0.0000000000000000000000000001") == "0.0000000000000000000000000001");
    CHECK(quantity("1e-28") == "0.0000000000000000000000000001");
    CHECK(quantity("1E3") == "1000");
    CHECK(quantity("1.5e+2") == "150");
    CHECK(quantity("18446744073709551616") == "18446744073709551616");
    CHECK(quantity("9007199254740993") == "9007199254740993");
    CHECK(quantity("\"0.1\"") == "0.1");
    CHECK(quantity("0.1") == "0.1");
    CHECK(order_of(R"("quantity":1,"weight":-0)").weight == allot::Decimal{0});
    CHECK(order_of(R"("quantity":1,"weight":0e999)").weight == allot::Decimal{0});
    CHECK(order_of(R"("quantity":1,"limitPrice":{"amount":-37.63})").limit_price->amount ==
          allot::Decimal::parse("-37.63").value());
}

TEST_CASE("numbers that do not fit are errors of their row alone") {
    const std::string json = R"({"orders":[
{"id":{"scope":"s","code":"a"},"side":"Buy","quantity":1e400},
{"id":{"scope":"s","code":"b"},"side":"Buy","quantity":1e-400},
{"id":{"scope":"s","code":"c"},"side":"Buy","quantity":-5},
{"id":{"scope":"s","code":"d"},"side":"Buy","quantity":"0x10"},
{"id":{"scope":"s","code":"e"},"side":"Buy","quantity":0}]})";
    const Errors errors = errors_of(json);
    INFO(messages(errors));
    REQUIRE(errors.size() == 5);
    CHECK(errors[0].code == ErrorCode::decimal_has_too_many_digits);
    CHECK(errors[0].found == "1e400");
    CHECK(errors[0].id == "s/a");
    CHECK(errors[0].field == "quantity");
    CHECK(place_of(errors[0]) == "book.json:2:56");
    CHECK(errors[1].code == ErrorCode::decimal_is_too_fine);
    CHECK(errors[2].code == ErrorCode::quantity_is_negative);
    CHECK(place_of(errors[2]) == "book.json:4:56");
    CHECK(errors[3].code == ErrorCode::text_is_not_a_decimal);
    CHECK(errors[4].code == ErrorCode::quantity_is_not_positive);
}

TEST_CASE("a number of very many digits is a named error") {
    const Error error = only_error(order_book(R"("quantity":)" + std::string(400, '9')));
    CHECK(error.code == ErrorCode::decimal_has_too_many_digits);
    CHECK(place_of(error) == "book.json:1:67");
    CHECK(only_error(order_book(R"("quantity":)" + std::string(40, '9'))).code ==
          ErrorCode::decimal_has_too_many_digits);
}

TEST_CASE("text of JSON is read with its escapes") {
    const allot::Order order = order_of(
        R"("quantity":1,"state":"\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00 é 1e400","type":"")");
    CHECK(order.state == "\"\\/\b\f\n\r\tA\xC3\xA9\xF0\x9F\x98\x80 \xC3\xA9 1e400");
    CHECK(order.type.empty());
}

TEST_CASE("text that is not JSON is refused with line and column") {
    struct Case {
        std::string_view json;
        std::string_view place;
    };
    for (const Case& item : {
             Case{"{\"orders\":[\n{\"id\":", "book.json:2:7"},
             Case{"{\"orders\":[],\n\"runs\":[", "book.json:2:9"},
             Case{"{\"orders\" true}", "book.json:1:11"},
             Case{"{\"orders\":[] \"a\\\"b\":[]}", "book.json:1:14"},
             Case{"{\"orders\":[],-12.5:1}", "book.json:1:14"},
             Case{"[1,2", "book.json:1:1"},
             Case{"{\"orders\":[]}\n}", "book.json:2:1"},
             Case{"{\"orders\":[],}", "book.json:1:14"},
             Case{"{\"orders\":[{\"weight\":01}]}", "book.json:1:22"},
             Case{"{\"orders\":[{\"weight\":NaN}]}", "book.json:1:22"},
             Case{"{\"orders\":[{\"weight\":Infinity}]}", "book.json:1:22"},
             Case{"{\"orders\":[{\"weight\":+1}]}", "book.json:1:22"},
             Case{"{\"orders\":[\"\\x\"]}", "book.json:1:14"},
             Case{"{\"orders\":[\"a\nb\"]}", "book.json:1:14"},
             Case{"orders.csv", "book.json:1:1"},
         }) {
        const Errors errors = errors_of(item.json);
        INFO(item.json << '\n' << messages(errors));
        CHECK(errors.front().code == (item.json == "[1,2" ? ErrorCode::field_has_wrong_type
                                                          : ErrorCode::file_is_not_json));
        CHECK(place_of(errors.front()) == item.place);
    }
    CHECK(only_error(R"({"orders":[)").found == "end of input");
}

TEST_CASE("an empty JSON file is called empty") {
    for (const std::string_view json : {"", " \n\t", "\xEF\xBB\xBF"}) {
        CHECK(only_error(json).code == ErrorCode::file_is_empty);
    }
}

TEST_CASE("JSON that is not UTF-8 is refused with its place") {
    for (const std::string_view bad :
         {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"}) {
        const Error error = only_error("{\"orders\":[],\n \"x\":\"é" + std::string{bad} + "\"}");
        CHECK(error.code == ErrorCode::file_is_not_utf8);
        CHECK(place_of(error) == "book.json:2:9");
    }
}

TEST_CASE("nesting has an end") {
    const auto nested = [](std::size_t depth) {
        return R"({"orders":[{"links":)" + std::string(depth, '[') + std::string(depth, ']') +
               R"(,"id":{"scope":"s","code":"c"},"side":"Buy","quantity":1}]})";
    };
    CHECK(read_json(nested(61)).size() == 1);
    CHECK(only_error(nested(62)).code == ErrorCode::file_is_not_json);
    CHECK(only_error(nested(1000000)).expected == "at most 64");
}

TEST_CASE("a schema other than ours is refused") {
    const Error error = only_error("{\"orders\":[],\n\"schema\":\"allot/2\"}");
    CHECK(error.code == ErrorCode::schema_is_unknown);
    CHECK(error.found == "\"allot/2\"");
    CHECK(place_of(error) == "book.json:2:10");
    CHECK(only_error(R"({"schema":1})").code == ErrorCode::schema_is_unknown);
}

TEST_CASE("unknown members are errors, and warnings when lenient") {
    const std::string json = R"({"colour":{"a":[1]},"orders":[
{"id":{"scope":"s","code":"c","kind":1},"side":"Buy","quantity":1,"taste":null,
"price":{"amount":1,"ccy":"x"},"properties":{"a/b/c":{"key":"a/b/c","value":{"labelValue":"x",
"y":1},"z":2}}}]})";
    const Errors errors = errors_of(json);
    INFO(messages(errors));
    REQUIRE(errors.size() == 6);
    CHECK(errors[0].entity == "book");
    CHECK(errors[0].field == "colour");
    CHECK(place_of(errors[0]) == "book.json:1:11");
    CHECK(errors[1].field == "id.kind");
    CHECK(errors[1].entity == "order");
    CHECK(errors[1].id == "s/c");
    CHECK(place_of(errors[1]) == "book.json:2:38");
    CHECK(errors[2].field == "taste");
    CHECK(errors[3].field == "price.ccy");
    CHECK(errors[4].field == "properties.a/b/c.value.y");
    CHECK(errors[5].field == "properties.a/b/c.z");
    for (const Error& error : errors) {
        CHECK(error.code == ErrorCode::field_is_unknown);
    }
    const allot::ReadBook read = read_whole(json, {.lenient = true});
    CHECK(read.warnings.size() == 6);
    CHECK(read.book.size() == 1);
}

TEST_CASE("a lenient reader warns once for each unknown member") {
    std::string json = R"({"orders":[)";
    for (int i = 0; i < 50; ++i) {
        json += (i == 0 ? "" : ",") + (R"({"id":{"scope":"s","code":")" + std::to_string(i)) +
                R"("},"side":"Buy","quantity":1,"taste":"sweet"})";
    }
    const allot::ReadBook read = read_whole(json + "]}", {.lenient = true});
    CHECK(read.warnings.size() == 1);
    CHECK(read.book.size() == 50);
}

TEST_CASE("what the service answers with is accepted") {
    const allot::Order order = order_of(
        R"("quantity":5,"links":[{"relation":"Root","href":"http://x","method":"GET"}],"href":"x",
"version":{"effectiveFrom":"2026-01-01","asAtDate":"2026-03-02T10:00:00Z","userIdModified":"eve",
"asAtVersionNumber":7},
"dataModelMembership":{"membership":[]},"basis":"Quantity","derivedComplianceState":"x",
"derivedApprovalState":"y",
"orderInstructionId":{"scope":"s","code":"i"},"packageId":{"scope":"s","code":"p"},
"lusidInstrumentId":"LUID_1",
"instrumentIdentifiers":{"Instrument/default/Figi":"BBG","Instrument/default/Isin":null},
"properties":{"Order/a/b":{"key":"Order/a/b","value":{"metricValue":{"value":1.50,"unit":"bps"}},
"referenceData":{"x":{}}}})");
    CHECK(order.order_instruction == allot::ResourceId{"s", "i"});
    CHECK(order.package == allot::ResourceId{"s", "p"});
    CHECK(order.lusid_instrument_id == "LUID_1");
    CHECK(order.instrument_identifiers == allot::Identifiers{{"Instrument/default/Figi", "BBG"}});
    CHECK(order.properties.at("Order/a/b").metric->value.to_string() == "1.5");
    // A placement knows no compliance.
    CHECK(errors_of(R"({"placements":[{"derivedApprovalState":"x"}]})").back().code ==
          ErrorCode::field_is_unknown);
}

TEST_CASE("values of the wrong type are refused with what was found and expected") {
    struct Case {
        std::string_view members;
        std::string_view field;
        std::string_view found;
        std::string_view expected;
    };
    for (const Case& item : {
             Case{R"("quantity":true)", "quantity", "true", "a number"},
             Case{R"("quantity":{})", "quantity", "an object", "a number"},
             Case{R"("quantity":1,"state":5)", "state", "5", "a string"},
             Case{R"("quantity":1,"date":20260302)", "date", "20260302", "a string"},
             Case{R"("quantity":1,"portfolioId":"a/b")", "portfolioId", "\"a/b\"", "an object"},
             Case{R"("quantity":1,"portfolioId":{"scope":1,"code":"x"})", "portfolioId.scope", "1",
                  "a string"},
             Case{R"("quantity":1,"price":12.5)", "price", "12.5", "an object"},
             Case{R"("quantity":1,"instrumentIdentifiers":[])", "instrumentIdentifiers", "a list",
                  "an object"},
             Case{R"("quantity":1,"properties":{"k":{"key":"other"}})", "properties.k.key",
                  "\"other\"", "\"k\""},
             Case{R"("quantity":1,"properties":{"k":{"value":{"labelValueSet":{"values":[1]}}}})",
                  "properties.k.value.labelValueSet.values[0]", "1", "a string"},
         }) {
        const Error error = only_error(order_book(item.members));
        INFO(item.members << '\n' << error.message());
        CHECK(error.code == ErrorCode::field_has_wrong_type);
        CHECK(error.entity == "order");
        CHECK(error.id == "s/c");
        CHECK(error.field == item.field);
        CHECK(error.found == item.found);
        CHECK(error.expected == item.expected);
    }
    CHECK(only_error(R"({"orders":{}})").found == "an object");
    CHECK(only_error(R"({"orders":["x"]})").found == "\"x\"");
    CHECK(only_error(R"({"history":[]})").expected == "an object");
    CHECK(only_error("[]").expected == "an object");
    CHECK(only_error(R"({"blocks":[{"id":{"scope":"s","code":"b"},"orderIds":[],"isSwept":1}]})")
              .expected == "true or false");
}

TEST_CASE("other bad values are refused by name") {
    CHECK(only_error(order_book(R"("quantity":1,"date":"2026-02-30")")).code ==
          ErrorCode::text_is_not_a_time);
    CHECK(only_error(order_book(R"("quantity":1,"price":{"currency":"USD"})")).field ==
          "price.amount");
    CHECK(only_error(order_book(R"("quantity":1,"portfolioId":{"scope":"","code":"x"})")).code ==
          ErrorCode::id_is_not_valid);
    CHECK(only_error(order_book(R"("quantity":1,"portfolioId":{"code":"x"})")).field ==
          "portfolioId.scope");
    CHECK(only_error(order_book(R"("quantity":1,"quantity":1)")).code ==
          ErrorCode::file_is_not_json);
    CHECK(only_error(
              order_book(R"("quantity":1,"properties":{"k":{"key":"k"},"j":{},"k":{"key":"k"}})"))
              .code == ErrorCode::file_is_not_json);
    CHECK(only_error(R"({"orders":[],"orders":[]})").field == "orders");
    CHECK(only_error(order_book(R"("quantity":1,"package":{"scope":"s","code":"p"},)"
                                R"("packageId":{"scope":"s","code":"p"})"))
              .code == ErrorCode::file_is_not_json);
}

TEST_CASE("what a file must give is asked for") {
    const Errors errors = errors_of(R"({"executions":[{}],"allocations":[
{"id":{"scope":"s","code":"a"}}],"instruments":[{"lot":1}],"runs":[{}],"blocks":[{}],
"placements":[{}],"orders":[{}]})");
    std::string missing;
    for (const Error& error : errors) {
        CHECK(error.code == ErrorCode::field_is_missing);
        missing += error.entity + '.' + error.field + ' ';
    }
    for (const std::string_view name :
         {"execution.id", "execution.placementId", "execution.quantity", "execution.createdDate",
          "allocation.allocatedOrderId", "allocation.quantity", "instrument.instrumentIdentifiers",
          "run.id", "block.id", "block.orderIds", "placement.id", "placement.blockIds", "order.id",
          "order.side"}) {
        INFO(missing);
        CHECK(missing.find(std::string{name} + ' ') != std::string::npos);
    }
}

TEST_CASE("problems of the whole file are reported together, by place") {
    const Errors errors = errors_of(R"({"orders":[
{"id":{"scope":"s","code":"a"},"side":"Buy","quantity":"x"},
{"id":{"scope":"s","code":"b"},"side":"Buy","quantity":1,"date":"yesterday","weight":[]}],
"executions":[
{"id":{"scope":"s","code":"e"},"placementId":{"scope":"s","code":"p"},"quantity":1,
"createdDate":"2026-03-02"}]})");
    INFO(messages(errors));
    REQUIRE(errors.size() == 4);
    CHECK(errors[0].id == "s/a");
    CHECK(errors[1].code == ErrorCode::text_is_not_a_time);
    CHECK(errors[2].field == "weight");
    CHECK(errors[3].code == ErrorCode::reference_is_missing);
    CHECK(place_of(errors[3]) == "book.json:5:1");
}

TEST_CASE("a broken file is not blamed for what was not read") {
    const std::string whole{small_book};
    const std::string json =
        R"({"executions":[{"id":{"scope":"desk","code":"E"},"placementId":{"scope":"desk",
"code":"P"},)"
        R"("quantity":40,"createdDate":"2026-03-02"}],"placements":[)";
    CHECK(only_error(json).code == ErrorCode::file_is_not_json);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        const allot::Result<allot::ReadBook, Errors> read =
            allot::read_book_json(whole.substr(0, size), "cut");
        REQUIRE(!read);
        REQUIRE(read.error().size() == 1);
        REQUIRE(read.error().front().code == ErrorCode::file_is_not_json);
    }
}

TEST_CASE("reading ends after a thousand problems") {
    // The execution's placement may stand in what is not read.
    std::string json =
        R"({"executions":[{"id":{"scope":"s","code":"e"},"placementId":{"scope":"s","code":"p"},)"
        R"("quantity":1,"createdDate":"2026-03-02"}],"orders":[)";
    for (int i = 0; i < 3000; ++i) {
        json += i == 0 ? "1" : ",1";
    }
    const Errors errors = errors_of(json + "]}");
    CHECK(errors.size() == 1000);
    for (const Error& error : errors) {
        CHECK(error.code == ErrorCode::field_has_wrong_type);
    }
}

TEST_CASE("one row with very many problems does not fill the memory") {
    std::string list = "1";
    for (int i = 0; i < 5000; ++i) {
        list += ",1";
    }
    const std::string json = R"({"blocks":[{"id":{"scope":"s","code":"b"},"orderIds":[)" + list +
                             R"(]}],"allocations":[]})";
    CHECK(errors_of(json).size() == 1000);
}

TEST_CASE("quarantine leaves out bad rows and keeps the rest") {
    const std::string json = R"({"orders":[
{"id":{"scope":"s","code":"good"},"side":"Buy","quantity":10},
{"id":{"scope":"s","code":"bad"},"side":"Buy","quantity":1e400}]})";
    const allot::ReadBook read = read_whole(json, {.quarantine = true});
    CHECK(read.book.size() == 1);
    REQUIRE(read.quarantined.size() == 1);
    CHECK(read.quarantined[0].id == "s/bad");
    const auto is_refused = [](std::string_view text) {
        const Errors errors = errors_of(text, {.quarantine = true});
        return errors.front().code == ErrorCode::row_cannot_be_quarantined;
    };
    CHECK(is_refused(R"({"instruments":[{"lot":0.1}]})"));
    CHECK(is_refused(R"({"executions":[{"id":{"scope":"s","code":"e"},"quantity":1}]})"));
    CHECK(is_refused(R"({"allocations":[{"id":{"scope":"s","code":"a"},"quantity":1,
"allocatedOrderId":{"scope":"s","code":"o"},"placementIds":[1]}]})"));
    CHECK_FALSE(errors_of(R"({"orders":[)", {.quarantine = true}).empty());
}

TEST_CASE("a reader tells how far it has got") {
    std::string json = R"({"orders":[)";
    for (int i = 0; i < 40000; ++i) {
        json += (i == 0 ? "" : ",") + (R"({"id":{"scope":"s","code":")" + std::to_string(i)) +
                R"("},"side":"Buy","quantity":1})";
    }
    json += "]}";
    std::size_t calls = 0;
    std::size_t last = 0;
    const allot::ReadOptions options{.progress = [&](std::size_t done, std::size_t total) {
        CHECK(total == json.size());
        CHECK(done > last);
        last = done;
        ++calls;
    }};
    CHECK(read_whole(json, options).book.size() == 40000);
    CHECK(calls >= 2);
}

TEST_CASE("a file that nearly has the name of a list is not left out in silence") {
    const TemporaryFolder folder;
    folder.write("orders.csv", "id,side,quantity\nd/A,Buy,1\n");
    for (const std::string name : {"runs_old.csv", "books.csv", "rows.csv", "trades.csv", "x.csv",
                                   "orders.csv~", "orders.csv.bak", "order.txt", "allocated.csv"}) {
        folder.write(name, "");
    }
    CHECK(allot::read_book(folder.path()).value().book.size() == 1);

    for (const std::string name : {"order.csv", "orders2.csv", "Orders.csv", "ORDERS.CSV",
                                   "portfolio.csv", "Portfolio.csv", "runz.csv", "excutons.csv"}) {
        const std::filesystem::path path = folder.write(name, "");
        INFO(name);
        const allot::Result<allot::ReadBook, Errors> read = allot::read_book(folder.path());
        REQUIRE_FALSE(read);
        REQUIRE(read.error().size() == 1);
        CHECK(read.error().front().code == ErrorCode::file_name_is_unknown);
        CHECK(read.error().front().place.file == path.string());
        allot::ReadOptions lenient;
        lenient.lenient = true;
        const allot::ReadBook book = allot::read_book(folder.path(), lenient).value();
        CHECK(book.book.size() == 1);
        CHECK(book.warnings.size() == 1);
        std::filesystem::remove(path);
    }
}

TEST_CASE("files that cannot be read are named errors") {
    const TemporaryFolder folder;
    const auto code_of = [](const std::filesystem::path& path) {
        const allot::Result<allot::ReadBook, Errors> read = allot::read_book(path);
        REQUIRE(!read);
        CHECK(read.error().front().place.file.find(path.string()) == 0);
        return read.error().front().code;
    };
    CHECK(code_of(folder.path() / "none.json") == ErrorCode::file_is_unreadable);
    CHECK(code_of(folder.path()) == ErrorCode::folder_has_no_book);
    CHECK(code_of(folder.write("empty.json", "")) == ErrorCode::file_is_empty);
    std::filesystem::create_directory(folder.path() / "orders.csv");
    CHECK(code_of(folder.path()) == ErrorCode::file_is_unreadable);
    CHECK(allot::read_book(folder.write("book.json", small_book)).value().book.size() == 5);
}
