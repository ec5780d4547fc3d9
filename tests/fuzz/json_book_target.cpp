// JSON books: whatever the text, the reader ends with a book or with reasons; a book survives being
// written and read; what strict reading accepts, lenient and quarantining reading accept as well.
#include <string_view>

#include "engine/io/file_text.hpp"
#include "engine/io/intake.hpp"
#include "engine/io/json_fault.hpp"
#include "engine/io/json_tree.hpp"
#include "engine/io/read_json.hpp"
#include "fuzz/books.hpp"

namespace {

class Skipper final : public allot::io::JsonHandler {
  public:
    allot::io::JsonStep begin(const allot::io::JsonPath&, allot::io::JsonKind,
                              std::size_t) override {
        return allot::io::JsonStep::skip;
    }
    bool value(const allot::io::JsonPath&, const allot::io::JsonTree&) override { return true; }
    void repeated(const allot::io::JsonPath&, std::size_t) override {}
};

// The grammar is the other library's, but for what it says behind a byte 0: that ends its input.
void check_grammar(std::string_view json) {
    if (json.find('\0') == std::string_view::npos && !allot::io::first_byte_not_utf8(json)) {
        Skipper skipper;
        allot_test::require(allot::io::walk_json(json, skipper).has_value() ==
                                allot::io::find_fault(json).has_value(),
                            "JSON is what is JSON elsewhere");
    }
}

std::string outcome_of(std::string_view json, const allot::ReadOptions& options,
                       bool takes_short_way) {
    constexpr std::size_t most_at_once = 97;  // so that lists are read in several stretches
    allot::io::Intake intake{options, takes_short_way};
    allot::io::read_json_text(json, "fuzz", intake, 1 + json.size() % most_at_once);
    return allot_test::outcome_of(intake.finish());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view json{reinterpret_cast<const char*>(data), size};
    check_grammar(json);
    for (const allot::ReadOptions& options : {allot::ReadOptions{}, {.quarantine = true}}) {
        allot_test::require(outcome_of(json, options, true) == outcome_of(json, options, false),
                            "the short way and the long one end the same");
    }
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
