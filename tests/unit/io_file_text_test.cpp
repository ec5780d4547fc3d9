// Lines, columns and bytes of files.
#include "engine/io/file_text.hpp"

#include <random>
#include <string>

#include "support/catch.hpp"

using allot::io::LineCounter;

TEST_CASE("offsets become lines and columns, in whatever order they are asked for") {
    std::mt19937 random{3};
    for (int turn = 0; turn < 200; ++turn) {
        std::string text;
        for (std::size_t i = random() % 60; i > 0; --i) {
            text += random() % 4 == 0 ? '\n' : 'x';
        }
        LineCounter lines{text};
        for (int question = 0; question < 50; ++question) {
            const std::size_t offset = random() % (text.size() + 3);
            std::uint64_t line = 1;
            std::uint64_t column = 1;
            for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
                column = text[i] == '\n' ? 1 : column + 1;
                line += text[i] == '\n' ? 1U : 0U;
            }
            const LineCounter::Position position = lines.at(offset);
            INFO(offset << " of " << text);
            REQUIRE(position.line == line);
            REQUIRE(position.column == column);
        }
    }
}

TEST_CASE("the first byte that is not UTF-8 is found wherever it stands") {
    for (std::size_t before = 0; before < 40; ++before) {
        for (const std::string_view character :
             {"", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
            const std::string good = std::string(before, 'a') + std::string{character};
            CHECK_FALSE(allot::io::first_byte_not_utf8(good));
            CHECK(allot::io::first_byte_not_utf8(good + "\xFF" + "abc") == good.size());
            CHECK(allot::io::first_byte_not_utf8(good + "\xE2\x82") == good.size());
        }
    }
}
