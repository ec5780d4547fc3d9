// The table of codes, the wording of messages, and docs/errors.md that explains both.
#include "allot/error.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "support/catch.hpp"

using allot::Error;
using allot::ErrorCode;
using allot::ErrorCodeInfo;

namespace {

std::string read(const std::string& path) {
    std::ifstream file{path};
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// The members of an enumeration as a header spells them, in its order.
std::vector<std::string> members_in_header(const std::string& header, const std::string& opening) {
    const std::string text = read(ALLOT_SOURCE_DIR "/include/allot/" + header);
    const std::size_t begin = text.find(opening);
    REQUIRE(begin != std::string::npos);
    const std::size_t end = text.find("};", begin);
    std::vector<std::string> members;
    for (std::string line : lines_of(text.substr(begin + opening.size(), end - begin))) {
        line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
        const std::size_t comma = line.find(',');
        if (comma != std::string::npos && !line.starts_with("//")) {
            members.push_back(line.substr(0, comma));
        }
    }
    return members;
}

// First cells of the tables of docs/errors.md below a heading that hold one code word.
std::vector<std::string> types_in_page(const std::string& heading) {
    std::vector<std::string> types;
    bool is_below = false;
    for (const std::string& line : lines_of(read(ALLOT_SOURCE_DIR "/docs/errors.md"))) {
        is_below = line.starts_with("## ") ? line == "## " + heading : is_below;
        if (is_below && line.starts_with("| `")) {
            types.push_back(line.substr(3, line.find('`', 3) - 3));
        }
    }
    return types;
}

template <class Type>
std::vector<std::string> names_of(std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
        names.emplace_back(name(static_cast<Type>(i)));
    }
    return names;
}

}  // namespace

TEST_CASE("error codes: the table has every code of the header, in its order") {
    const std::vector<std::string> codes =
        members_in_header("error.hpp", "enum class ErrorCode : std::uint16_t {");
    REQUIRE(codes.size() == allot::error_codes().size());
    std::set<std::string_view> texts;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const ErrorCodeInfo& row = allot::error_codes()[i];
        INFO(codes[i]);
        CHECK(row.name == codes[i]);
        CHECK(row.code == static_cast<ErrorCode>(i));
        CHECK(&info(row.code) == &row);
        CHECK(row.http_status >= 400);
        CHECK(row.http_status < 600);
        CHECK(row.exit_status == (row.code == ErrorCode::file_is_not_writable ? 3 : 2));
        CHECK(texts.insert(row.text).second);
    }
}

TEST_CASE("error codes: docs/errors.md lists each with its number, text and statuses") {
    std::vector<std::string> rows;
    const std::string page = read(ALLOT_SOURCE_DIR "/docs/errors.md");
    for (const std::string& line : lines_of(page)) {
        if (line.size() > 2 && line.starts_with("| ") && line[2] >= '0' && line[2] <= '9') {
            rows.push_back(line);
        }
    }
    REQUIRE(rows.size() == allot::error_codes().size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ErrorCodeInfo& row = allot::error_codes()[i];
        std::ostringstream wanted;
        wanted << "| " << i << " | `" << row.name << "` | " << row.text << " | " << row.http_status
               << " | " << row.exit_status << " |";
        CHECK(rows[i] == wanted.str());
    }
}

TEST_CASE("error codes: docs/errors.md explains each in a paragraph of its own") {
    const std::vector<std::string> lines = lines_of(read(ALLOT_SOURCE_DIR "/docs/errors.md"));
    for (const ErrorCodeInfo& row : allot::error_codes()) {
        const std::string opening = "- `" + std::string{row.name} + "`: ";
        std::size_t found = 0;
        for (const std::string& line : lines) {
            found += line.starts_with(opening) && line.size() > opening.size() + 20 ? 1U : 0U;
        }
        INFO(row.name);
        CHECK(found == 1);
    }
}

TEST_CASE("failure and warning types: docs/errors.md lists each, in order, by its name") {
    const std::vector<std::string> failures =
        members_in_header("engine.hpp", "enum class FailureType : std::uint8_t {");
    REQUIRE(failures.size() >= 10);
    CHECK(names_of<allot::FailureType>(failures.size()) == failures);
    CHECK(types_in_page("Failures of placements") == failures);

    const std::vector<std::string> warnings =
        members_in_header("engine.hpp", "enum class WarningType : std::uint8_t {");
    REQUIRE_FALSE(warnings.empty());
    CHECK(names_of<allot::WarningType>(warnings.size()) == warnings);
    CHECK(types_in_page("Warnings") == warnings);
}

TEST_CASE("error: a message says what, which, found, expected") {
    const Error error{.code = ErrorCode::quantity_is_negative,
                      .entity = "order",
                      .id = "desk/A",
                      .field = "quantity",
                      .found = "-3",
                      .expected = "zero or more",
                      .place = {"book.json", 3, 14}};
    CHECK(error.message() ==
          "quantity is negative, order desk/A quantity, found -3, expected zero or more");
    CHECK(error.located_message() == "book.json:3:14: " + error.message());
}

TEST_CASE("error: what is not known is left out") {
    CHECK(Error{.code = ErrorCode::file_is_empty}.message() == "file is empty");
    CHECK(Error{.code = ErrorCode::file_is_empty}.located_message() == "file is empty");
    CHECK(Error{.code = ErrorCode::field_is_missing, .field = "side"}.message() ==
          "field is missing, side");
    CHECK(
        Error{.code = ErrorCode::field_is_missing, .entity = "order", .field = "side"}.message() ==
        "field is missing, order side");
    CHECK(Error{.code = ErrorCode::reference_is_missing, .id = "a/b", .found = "c/d"}.message() ==
          "reference is missing, a/b, found c/d");

    Error error{.code = ErrorCode::file_is_empty, .place = {"book.json", 0, 0}};
    CHECK(error.located_message() == "book.json: file is empty");
    error.place = {"book.json", 7, 0};
    CHECK(error.located_message() == "book.json:7: file is empty");
    error.place = {"", 7, 2};
    CHECK(error.located_message() == "7:2: file is empty");
}

TEST_CASE("error: a long value is cut, and control characters stay out of the line") {
    const Error longer{.code = ErrorCode::text_is_not_a_decimal, .found = std::string(1000, 'x')};
    CHECK(longer.message() == "text is not a decimal, found " + std::string(197, 'x') + "...");
    const Error wild{.code = ErrorCode::text_is_not_a_decimal,
                     .found = "a\nb\x1B[31m\xFF\xC3\xA9",
                     .place = {"bad\nname", 1, 1}};
    CHECK(wild.located_message() ==
          "bad\\x0Aname:1:1: text is not a decimal, found a\\x0Ab\\x1B[31m\\xFF\xC3\xA9");
    const std::string id = std::string(512, 's') + "/" + std::string(512, 'c');
    const Error named{.code = ErrorCode::field_is_missing, .entity = "order", .id = id};
    CHECK(named.message() == "field is missing, order " + id);
}
