// What is written is read back as it was: books, results, files.
#include <sys/stat.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "allot/book_file.hpp"
#include "allot/engine.hpp"
#include "allot/result_file.hpp"
#include "engine/io/csv_output.hpp"
#include "unit/io_support.hpp"

using namespace allot_test;
using allot::Book;
using allot::Decimal;
using allot::Error;
using allot::ErrorCode;
using allot::Quantity;

namespace {

const std::string odd_text =
    "\"quoted\", \\back\\slash/ |pipe| =x= \n\r\t\x01 \xC3\xA9 \xF0\x9F\x98\x80";

allot::CurrencyAndAmount money(std::string_view amount, std::string currency = "USD") {
    return {Decimal::parse(amount).value(), std::move(currency)};
}

allot::Properties all_properties() {
    allot::Property label;
    label.label = odd_text;
    allot::Property brace;
    brace.label = "{not json";
    allot::Property metric;
    metric.metric = allot::Property::Metric{Decimal::parse("-1.25").value(), "bps"};
    allot::Property labels;
    labels.labels = {"a", "", odd_text};
    allot::Property bare;
    bare.metric = allot::Property::Metric{};
    return {{"a/b/label", label}, {"a/b/brace", brace}, {"a/b/metric", metric},
            {"a/b/set", labels},  {"a/b/empty", {}},    {"a|b=\\c", bare}};
}

allot::Order full_order() {
    allot::Order order;
    order.id = {"desk", "O/1|=\\ " + odd_text};
    order.side = "Buy";
    order.quantity = Quantity::parse("123456789012345678.123456789").value();
    order.portfolio_id = allot::PortfolioId{"funds/x", "Growth"};
    order.instrument_identifiers = {{"Instrument/default/Figi", "BBG"}, {"a=|\\", odd_text}};
    order.date = allot::Time::parse("2026-03-02T09:30:00.1234567891234+02:00").value();
    order.state = "New";
    order.type = odd_text;
    order.time_in_force = "Day";
    order.price = money("0.0000000000000000000000000001");
    order.limit_price = money("-37.63", "");
    order.stop_price = money("0");
    order.amount = money("1e30", "EUR");
    order.weight = Decimal::parse("0.5").value();
    order.order_book_id = allot::ResourceId{"s", "book"};
    order.order_instruction = allot::ResourceId{"s", "instruction"};
    order.package = allot::ResourceId{"s", "package"};
    order.custodian_account_id = allot::ResourceId{"s", "custodian"};
    order.instrument_scope = "default";
    order.lusid_instrument_id = "LUID_1";
    order.properties = all_properties();
    return order;
}

// A book with every field of every entity given somewhere.
Book full_book() {
    Book book;
    const allot::Order order = full_order();
    book.put(order).value();
    allot::Block block;
    block.id = {"desk", "BL"};
    block.order_ids = {order.id};
    block.side = "BUY";
    block.quantity = order.quantity;
    block.instrument_identifiers = {{"Instrument/default/Figi", "BBG"}};
    block.created_date = allot::Time::parse("2026-03-02").value();
    block.type = "Limit";
    block.time_in_force = "Day";
    block.amount = money("5");
    block.limit_price = money("6");
    block.stop_price = money("7");
    block.is_swept = false;
    block.lusid_instrument_id = "LUID_1";
    block.properties = all_properties();
    book.put(block).value();
    allot::Placement parent;
    parent.id = {"desk", "P"};
    parent.block_ids = {block.id};
    book.put(parent).value();
    allot::Placement placement;
    placement.id = {"desk", "P-1"};
    placement.block_ids = {block.id};
    placement.parent_placement_id = parent.id;
    placement.side = "buy";
    placement.quantity = Quantity{100};
    placement.instrument_identifiers = {{"Instrument/default/Figi", "BBG"}};
    placement.state = "Open";
    placement.type = "Market";
    placement.time_in_force = "Day";
    placement.created_date = allot::Time::parse("2026-03-02T09:00:00Z").value();
    placement.amount = money("1");
    placement.limit_price = money("2");
    placement.stop_price = money("3");
    placement.counterparty = "broker";
    placement.execution_system = "ems";
    placement.entry_type = "Manual";
    placement.lusid_instrument_id = "LUID_1";
    placement.properties = all_properties();
    book.put(placement).value();
    allot::Execution execution;
    execution.id = {"desk", "E"};
    execution.placement_id = placement.id;
    execution.quantity = Quantity::parse("40.25").value();
    execution.created_date = allot::Time::parse("2026-03-02T09:30:00+00:00").value();
    execution.price = money("10.5");
    execution.side = "Buy";
    execution.instrument_identifiers = {{"Instrument/default/Figi", "BBG"}};
    execution.state = "Filled";
    execution.type = "Fill";
    execution.settlement_date = allot::Time::parse("2026-03-04").value();
    execution.settlement_currency = "GBP";
    execution.settlement_currency_fx_rate = Decimal::parse("0.79").value();
    execution.counterparty = "broker";
    execution.average_price = Decimal::parse("10.4").value();
    execution.lusid_instrument_id = "LUID_1";
    execution.properties = all_properties();
    book.put(execution).value();
    allot::Instrument instrument;
    instrument.instrument_identifiers = {{"Instrument/default/Figi", "BBG"}};
    instrument.lot = Quantity::parse("0.01").value();
    book.put(instrument).value();
    allot::Allocation allocation;
    allocation.id = {"elsewhere", "A-1"};
    allocation.allocated_order_id = order.id;
    allocation.quantity = Quantity{3};
    allocation.portfolio_id = order.portfolio_id;
    allocation.placement_ids = {placement.id, parent.id};
    allocation.execution_ids = {execution.id};
    allocation.instrument_identifiers = {{"Instrument/default/Figi", "BBG"}};
    allocation.price = money("10.5");
    allocation.side = "Buy";
    allocation.state = "New";
    allocation.type = "x";
    allocation.date = allot::Time::parse("2026-03-02T09:30:01Z").value();
    allocation.settlement_date = allot::Time::parse("2026-03-05").value();
    allocation.settlement_currency = "GBP";
    allocation.settlement_currency_fx_rate = Decimal::parse("0.8").value();
    allocation.counterparty = "broker";
    allocation.custodian_account_id = allot::ResourceId{"s", "custodian"};
    allocation.instrument_scope = "default";
    allocation.lusid_instrument_id = "LUID_1";
    allocation.properties = all_properties();
    book.put(allocation).value();
    return book;
}

void check_equal(const Book& a, const Book& b) {
    REQUIRE(a.order_ids() == b.order_ids());
    REQUIRE(a.block_ids() == b.block_ids());
    REQUIRE(a.placement_ids() == b.placement_ids());
    REQUIRE(a.execution_ids() == b.execution_ids());
    REQUIRE(a.allocation_ids() == b.allocation_ids());
    const auto check_all = [&](const auto& ids) {
        for (const auto& id : ids) {
            CHECK(*a.find(id) == *b.find(id));
            const auto from_a = a.versions(id);
            const auto from_b = b.versions(id);
            REQUIRE(from_a.size() == from_b.size());
            for (std::size_t i = 0; i < from_a.size(); ++i) {
                CHECK(from_a[i].value == from_b[i].value);
                CHECK(from_a[i].written == from_b[i].written);
                CHECK(from_a[i].entry == from_b[i].entry);
                CHECK(from_a[i].is_removed == from_b[i].is_removed);
            }
        }
    };
    check_all(a.order_ids());
    check_all(a.block_ids());
    check_all(a.placement_ids());
    check_all(a.execution_ids());
    check_all(a.allocation_ids());
    CHECK(a.instruments() == b.instruments());
    CHECK(a.runs() == b.runs());
    CHECK(a.removed_ids("order") == b.removed_ids("order"));
    CHECK(a.removed_ids("allocation") == b.removed_ids("allocation"));
}

// The smallest example with two executions, of which the book has the first so far.
Book book_to_run() {
    return read_json(R"({"orders":[
{"id":{"scope":"desk","code":"A"},"side":"Buy","quantity":30,"portfolioId":{"scope":"f",
"code":"G"}},
{"id":{"scope":"desk","code":"B"},"side":"Buy","quantity":70,"portfolioId":{"scope":"f",
"code":"H"}}],
"blocks":[{"id":{"scope":"desk","code":"BL"},"orderIds":[{"scope":"desk","code":"A"},
{"scope":"desk","code":"B"}]}],
"placements":[{"id":{"scope":"desk","code":"P"},"blockIds":[{"scope":"desk","code":"BL"}]},
{"id":{"scope":"desk","code":"Q"},"blockIds":[{"scope":"desk","code":"BL"}],"quantity":1}],
"executions":[{"id":{"scope":"desk","code":"E"},"placementId":{"scope":"desk","code":"P"},
"quantity":40,
"createdDate":"2026-03-02T09:30:00Z","price":{"amount":10.50,"currency":"USD"}},
{"id":{"scope":"desk","code":"F"},"placementId":{"scope":"desk","code":"Q"},"quantity":2,
"createdDate":"2026-03-02T09:31:00Z"}]})");
}

}  // namespace

TEST_CASE("a book with every field comes back from JSON as it was") {
    const Book book = full_book();
    const std::string text = text_of(book);
    check_equal(book, read_json(text));
    CHECK(text_of(read_json(text)) == text);
    const std::string quoted = text_of(book, allot::NumberStyle::text);
    CHECK(quoted.find("\"quantity\":\"123456789012345678.123456789\"") != std::string::npos);
    check_equal(book, read_json(quoted));
}

TEST_CASE("a book with every field comes back from CSV as it was") {
    const Book book = full_book();
    const TemporaryFolder folder;
    const auto write = [&](const auto& entities) {
        using Entity = typename std::remove_cvref_t<decltype(entities)>::value_type;
        allot::io::TextBuffer text;
        allot::io::CsvOutput csv{text};
        csv.write_header<Entity>();
        for (const Entity& entity : entities) {
            csv.write_row(entity);
        }
        folder.write(std::string{allot::io::Schema<Entity>::list} + ".csv",
                     std::string{text.view()});
    };
    const auto found = [&](const auto& ids) {
        std::vector<typename std::remove_cvref_t<decltype(book.find(ids.front()))>::value_type> all;
        for (const auto& id : ids) {
            all.push_back(*book.find(id));
        }
        return all;
    };
    write(found(book.order_ids()));
    write(found(book.block_ids()));
    write(found(book.placement_ids()));
    write(found(book.execution_ids()));
    write(found(book.allocation_ids()));
    write(book.instruments());
    allot::RunRecord run;
    run.id = "r1";
    run.engine_version = "0.1.0";
    run.algorithm = "PR-FIFO";
    run.parameters = {{"a=b|c", odd_text}, {"", ""}};
    run.lot = "1";
    run.options = {{"x", "y"}};
    run.seed = "7";
    run.inputs = "abc";
    run.written = {"2026-03-02", "ann", odd_text};
    write(std::vector<allot::RunRecord>{run});
    const Book back = allot::read_book(folder.path()).value().book;
    REQUIRE(back.runs() == std::vector<allot::RunRecord>{run});
    const std::string text = text_of(back);
    CHECK(text_of(read_json(text)) == text);
    for (const allot::OrderId& id : book.order_ids()) {
        CHECK(*back.find(id) == *book.find(id));
    }
    CHECK(*back.find(book.block_ids()[0]) == *book.find(book.block_ids()[0]));
    for (const allot::PlacementId& id : book.placement_ids()) {
        CHECK(*back.find(id) == *book.find(id));
    }
    CHECK(*back.find(book.execution_ids()[0]) == *book.find(book.execution_ids()[0]));
    CHECK(*back.find(book.allocation_ids()[0]) == *book.find(book.allocation_ids()[0]));
    CHECK(back.instruments() == book.instruments());
    CHECK(back.size() == book.size());
}

TEST_CASE("numbers and times are written as exactly as they were read") {
    const std::string text = text_of(full_book());
    for (const std::string_view part :
         {R"("quantity":123456789012345678.123456789,)",
          R"("amount":0.0000000000000000000000000001,)",
          R"("date":"2026-03-02T09:30:00.1234567891234+02:00")",
          R"("amount":1000000000000000000000000000000,)", R"("createdDate":"2026-03-02")",
          R"("limitPrice":{"amount":-37.63},)", R"("isSwept":false)"}) {
        INFO(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("an empty book is written and read") {
    CHECK(text_of(Book{}) == "{\n\"schema\":\"allot/1\"\n}\n");
    CHECK(read_json(text_of(Book{})).size() == 0);
}

TEST_CASE("the order of rows in a file changes no byte of the book written") {
    std::vector<std::string> rows;
    for (int i = 0; i < 40; ++i) {
        rows.push_back(R"({"id":{"scope":"s)" + std::to_string(i % 3) + R"(","code":"c)" +
                       std::to_string(i) + R"("},"quantity":)" + std::to_string(i + 1) +
                       R"(,"side":"Buy"})");
    }
    std::mt19937 random{7};
    std::string first;
    for (int turn = 0; turn < 10; ++turn) {
        std::string json = R"({"orders":[)";
        for (const std::string& row : rows) {
            json += (json.back() == '[' ? "" : ",") + row;
        }
        const std::string text = text_of(read_json(json + "]}"));
        first = turn == 0 ? text : first;
        CHECK(text == first);
        std::shuffle(rows.begin(), rows.end(), random);
    }
}

TEST_CASE("versions, removals and who wrote them come back") {
    Book book;
    allot::Order order;
    order.id = {"s", "o"};
    order.side = "Buy";
    order.quantity = Quantity{1};
    book.put(order, {"2026-03-02T08:00:00Z", "ann", "first"}).value();
    order.quantity = Quantity{2};
    book.put(order, {"", "bob", ""}).value();
    order.quantity = Quantity{3};
    book.put(order, {"2026-03-02T10:00:00Z", "", odd_text}).value();
    order.id = {"s", "gone"};
    book.put(order).value();
    order.quantity = Quantity{4};
    book.put(order).value();
    book.remove(order.id, {"2026-03-02T11:00:00Z", "eve", "never wanted"}).value();
    order.id = {"s", "back"};
    book.put(order).value();
    book.remove(order.id).value();
    book.put(order).value();
    const std::string text = text_of(book);
    const Book again = read_json(text);
    check_equal(book, again);
    const auto gone = again.versions(allot::OrderId{"s", "gone"});
    REQUIRE(gone.size() == 3);
    CHECK(gone.back().is_removed);
    CHECK(gone.back().written == allot::Written{"2026-03-02T11:00:00Z", "eve", "never wanted"});
    CHECK(again.versions(order.id).size() == 3);
    CHECK(again.versions(allot::OrderId{"s", "o"})[1].written.user == "bob");
    CHECK(text_of(again) == text);
}

TEST_CASE("a book that was run comes back with its allocations and runs") {
    Book book = book_to_run();
    const allot::Engine engine;
    allot::RunRequest request;
    request.options.written = {"2026-03-02T12:00:00Z", "ann", "noon"};
    (void)engine.run(book, request).value();
    REQUIRE(book.allocation_ids().size() == 2);
    allot::Execution grown = *book.find(allot::ExecutionId{"desk", "E"});
    grown.quantity = Quantity{50};
    book.put(grown).value();
    (void)engine.run(book, request).value();
    const std::string text = text_of(book);
    CHECK(text.find("\"history\":{") != std::string::npos);
    const Book again = read_json(text);
    check_equal(book, again);
    CHECK(text_of(again) == text);
    REQUIRE(book.runs().size() == 2);
    Book more = again;
    const allot::RunResult third = engine.run(more, request).value();
    CHECK(third.allocations().empty());
}

TEST_CASE("a result says what the specification asks for") {
    Book book = book_to_run();
    const allot::RunResult result = allot::Engine{}.run(book, {}).value();
    std::string text;
    allot::write_result_json(result, sink_to(text)).value();
    INFO(text);
    for (const std::string_view part :
         {"{\n\"schema\":\"allot/1\",\n\"algorithm\":\"PR-FIFO\",\n\"allocations\":[\n{\"id\":"
          "{\"scope\":\"desk\",\"code\":\"E-A\"}",
          "\"quantity\":12,", "\"quantity\":28,",
          "\"price\":{\"amount\":10.5,\"currency\":\"USD\"}",
          "\"executed\":40,\"allocated\":40,\"unallocated\":0",
          "\"failed\":{\n\"Scope:desk Code:Q\":{\"id\":\"Scope:desk "
          "Code:Q\",\"type\":\"PriceMissing\"",
          "\"warnings\":[\n{\"id\":{\"scope\":\"desk\",\"code\":\"Q\"},\"type\":"
          "\"ExecutedAbovePlacement\"",
          "\"runs\":[\n{\"id\":\""}) {
        INFO(part);
        CHECK(text.find(part) != std::string::npos);
    }
    std::string quoted;
    allot::write_result_json(result, sink_to(quoted), allot::NumberStyle::text).value();
    CHECK(quoted.find("\"executed\":\"40\"") != std::string::npos);
}

TEST_CASE("a result explains its splits when asked") {
    Book book = book_to_run();
    allot::RunRequest request;
    std::string text;
    allot::write_result_json(allot::Engine{}.preview(book, request).value(), sink_to(text)).value();
    CHECK(text.find("explanations") == std::string::npos);
    request.options.explain = true;
    std::string explained;
    allot::write_result_json(allot::Engine{}.preview(book, request).value(), sink_to(explained))
        .value();
    INFO(explained);
    CHECK(explained.find(
              "\n\"explanations\":[\n{\"placement\":{\"scope\":\"desk\",\"code\":\"P\"},"
              "\"executions\":[{\"scope\":\"desk\",\"code\":\"E\"}],\"available\":40,\"steps\":["
              "{\"order\":{\"scope\":\"desk\",\"code\":\"A\"},\"step\":\"exact share 12\"},"
              "{\"order\":{\"scope\":\"desk\",\"code\":\"A\"},"
              "\"step\":\"rounded down to whole lots: 12\"},"
              "{\"order\":{\"scope\":\"desk\",\"code\":\"B\"},\"step\":\"exact share 28\"},"
              "{\"order\":{\"scope\":\"desk\",\"code\":\"B\"},"
              "\"step\":\"rounded down to whole lots: 28\"}]}\n],\n\"runs\"") != std::string::npos);
}

TEST_CASE("the CSV of a result is the allocations.csv of a folder") {
    Book book = full_book();
    allot::Execution execution = *book.find(allot::ExecutionId{"desk", "E"});
    execution.id = {"de|sk/", "E \"2\", \\|="};
    book.put(execution).value();
    allot::RunRequest request;
    request.options.beyond_limit = allot::BeyondLimit::ignore;  // its order has one
    const allot::RunResult result = allot::Engine{}.run(book, request).value();
    REQUIRE(result.allocations().size() >= 1);
    std::string csv;
    allot::write_result_csv(result, sink_to(csv)).value();
    const TemporaryFolder folder;
    folder.write("allocations.csv", csv);
    // Allocations name what a folder of them alone does not have: only that may be missed.
    const allot::Result<allot::ReadBook, allot::Errors> read = allot::read_book(folder.path());
    REQUIRE(!read);
    for (const Error& error : read.error()) {
        INFO(error.located_message());
        CHECK(error.code == ErrorCode::reference_is_missing);
    }
    // With the rest of the book beside them they are what they were.
    std::string plain = text_of(book_to_run());
    Book other = read_json(plain);
    const allot::RunResult run = allot::Engine{}.run(other, {}).value();
    std::string allocations;
    allot::write_result_csv(run, sink_to(allocations)).value();
    const TemporaryFolder whole;
    whole.write("orders.csv", "id,side,quantity\ndesk/A,Buy,30\ndesk/B,Buy,70\n");
    whole.write("blocks.csv", "id,order_ids\ndesk/BL,desk/A|desk/B\n");
    whole.write("placements.csv", "id,block_ids\ndesk/P,desk/BL\n");
    whole.write("executions.csv",
                "id,placement_id,quantity,created_date\ndesk/E,desk/P,40,2026-03-02\n");
    whole.write("allocations.csv", allocations);
    const Book back = allot::read_book(whole.path()).value().book;
    REQUIRE(back.allocation_ids() == other.allocation_ids());
    for (const allot::AllocationId& id : back.allocation_ids()) {
        CHECK(*back.find(id) == *other.find(id));
    }
}

TEST_CASE("a sink that takes no more is a named error") {
    const Book book = full_book();
    std::size_t taken = 0;
    const allot::Sink full = [&](std::string_view piece) {
        taken += piece.size();
        return false;
    };
    const allot::Result<void> written = allot::write_book_json(book, full);
    REQUIRE(!written);
    CHECK(written.error().code == ErrorCode::file_is_not_writable);
    CHECK(taken > 0);
}

TEST_CASE("a file is written whole or stays as it was") {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "book.json";
    const auto files = [&] {
        return std::distance(std::filesystem::directory_iterator{folder.path()},
                             std::filesystem::directory_iterator{});
    };
    const auto hello = [](const allot::Sink& sink) -> allot::Result<void> {
        CHECK(sink("hello"));
        return {};
    };
    allot::write_file(path, hello).value();
    CHECK(text_of_file(path) == "hello");
    CHECK(files() == 1);
    ::chmod(path.c_str(), 0640);

    const allot::Result<void> failed =
        allot::write_file(path, [](const allot::Sink& sink) -> allot::Result<void> {
            (void)sink("half");
            return allot::Unexpected{Error{.code = ErrorCode::algorithm_refused}};
        });
    REQUIRE(!failed);
    CHECK(failed.error().code == ErrorCode::algorithm_refused);
    CHECK_THROWS(allot::write_file(path, [](const allot::Sink& sink) -> allot::Result<void> {
        (void)sink("half");
        throw std::runtime_error{"on the way"};
    }));
    CHECK(text_of_file(path) == "hello");
    CHECK(files() == 1);

    allot::write_file(path, [](const allot::Sink& sink) -> allot::Result<void> {
        (void)sink("new");
        return {};
    }).value();
    CHECK(text_of_file(path) == "new");
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0640U);

    const std::filesystem::path link = folder.path() / "link.json";
    std::filesystem::create_symlink("book.json", link);
    allot::write_file(link, hello).value();
    CHECK(std::filesystem::is_symlink(link));
    CHECK(text_of_file(path) == "hello");
}

TEST_CASE("places that cannot be written are named errors") {
    const TemporaryFolder folder;
    const auto reason = [](const std::filesystem::path& path) {
        const allot::Result<void> written =
            allot::write_file(path, [](const allot::Sink&) { return allot::Result<void>{}; });
        REQUIRE(!written);
        CHECK(written.error().code == ErrorCode::file_is_not_writable);
        CHECK(written.error().place.file == path.string());
        return written.error().found;
    };
    CHECK(reason(folder.path() / "none" / "book.json") == "No such file or directory");
    CHECK(reason(folder.path()) == "Is a directory");
    CHECK(reason("") == "No such file or directory");
    CHECK(reason(folder.write("file", "x") / "book.json") == "Not a directory");
}

TEST_CASE("a device is written as it is") {
    allot::write_file("/dev/null", [](const allot::Sink& sink) -> allot::Result<void> {
        CHECK(sink("gone"));
        return {};
    }).value();
    CHECK(std::filesystem::is_character_file("/dev/null"));
    if (std::filesystem::exists("/dev/full")) {
        const allot::Result<void> written =
            allot::write_file("/dev/full", [](const allot::Sink& sink) -> allot::Result<void> {
                CHECK_FALSE(sink("more"));
                return {};
            });
        REQUIRE(!written);
        CHECK(written.error().found == "No space left on device");
    }
}
