// JSON books: whatever the text, the reader ends with a book or with reasons; a book survives being
// written and read; what strict reading accepts, lenient and quarantining reading accept as well.
#include <string_view>

#include "fuzz/books.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view json{reinterpret_cast<const char*>(data), size};
    const auto strict = allot::read_book_json(json, "fuzz");
    const auto lenient = allot::read_book_json(json, "fuzz", {.lenient = true});
    const auto quarantined = allot::read_book_json(json, "fuzz", {.quarantine = true});
    if (strict) {
        allot_test::check_book(strict->book);
        allot_test::require(strict->warnings.empty() && strict->quarantined.empty(),
                            "strict reading has nothing to add");
        allot_test::require(lenient && quarantined && quarantined->quarantined.empty(),
                            "what is right is right for all");
    } else {
        allot_test::check_refusal(strict.error());
        if (lenient) {
            allot_test::check_book(lenient->book);
            allot_test::require(!lenient->warnings.empty(), "leniency says what it overlooked");
        }
        if (quarantined) {
            allot_test::require(!quarantined->quarantined.empty(), "quarantine says what it took");
        }
    }
    return 0;
}
