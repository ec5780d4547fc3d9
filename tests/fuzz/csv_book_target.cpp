// CSV books: the input is a folder in one text, each file behind a line "@NAME". Whatever the text,
// the reader ends with a book or with reasons, and a book survives being written as JSON and read.
#include <optional>
#include <string_view>

#include "engine/io/intake.hpp"
#include "engine/io/read_csv.hpp"
#include "fuzz/books.hpp"

namespace {

allot::Result<allot::ReadBook, allot::Errors> read(std::string_view input,
                                                   const allot::ReadOptions& options,
                                                   bool takes_short_way = true) {
    allot::io::Intake intake{options, takes_short_way};
    std::size_t at = input.find('@');
    while (at != std::string_view::npos) {
        const std::size_t line_end = input.find('\n', at);
        if (line_end == std::string_view::npos) {
            break;
        }
        const std::string_view list = input.substr(at + 1, line_end - at - 1);
        const std::size_t next = input.find("\n@", line_end);
        const std::size_t end = next == std::string_view::npos ? input.size() : next + 1;
        const std::string_view text = input.substr(line_end + 1, end - line_end - 1);
        allot::io::read_csv_text(list, text, std::string{list}, intake);
        at = next == std::string_view::npos ? next : next + 1;
    }
    return intake.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto strict = read(input, {});
    const auto lenient = read(input, {.lenient = true});
    const auto quarantined = read(input, {.quarantine = true});
    for (const allot::ReadOptions& options : {allot::ReadOptions{}, {.quarantine = true}}) {
        allot_test::require(allot_test::outcome_of(read(input, options)) ==
                                allot_test::outcome_of(read(input, options, false)),
                            "the short way and the long one end the same");
    }
    if (strict) {
        allot_test::check_book(strict->book);
        allot_test::require(lenient && quarantined && quarantined->quarantined.empty(),
                            "what is right is right for all");
    } else {
        allot_test::check_refusal(strict.error());
        if (quarantined) {
            allot_test::require(!quarantined->quarantined.empty(), "quarantine says what it took");
        }
    }
    return 0;
}
