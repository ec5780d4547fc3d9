// The table of codes, and the wording of messages.
#include "allot/error.hpp"

#include <array>

#include "engine/base/text.hpp"

namespace allot {

namespace {

using enum ErrorCode;

// Exit status 2: bad usage or input, nothing done; 3: writing failed.
constexpr std::array table{
    ErrorCodeInfo{text_is_not_a_decimal, "text_is_not_a_decimal", "text is not a decimal", 400, 2},
    ErrorCodeInfo{decimal_has_too_many_digits, "decimal_has_too_many_digits",
                  "decimal has too many digits", 400, 2},
    ErrorCodeInfo{decimal_is_too_fine, "decimal_is_too_fine", "decimal is too fine", 400, 2},
    ErrorCodeInfo{division_by_zero, "division_by_zero", "division by zero", 422, 2},
    ErrorCodeInfo{quantity_is_negative, "quantity_is_negative", "quantity is negative", 400, 2},
    ErrorCodeInfo{text_is_not_a_time, "text_is_not_a_time", "text is not a time", 400, 2},
    ErrorCodeInfo{id_is_not_valid, "id_is_not_valid", "id is not valid", 400, 2},
    ErrorCodeInfo{field_is_missing, "field_is_missing", "field is missing", 400, 2},
    ErrorCodeInfo{field_is_unknown, "field_is_unknown", "field is unknown", 400, 2},
    ErrorCodeInfo{field_has_wrong_type, "field_has_wrong_type", "field has the wrong type", 400, 2},
    ErrorCodeInfo{quantity_is_not_positive, "quantity_is_not_positive", "quantity is not positive",
                  400, 2},
    ErrorCodeInfo{lot_is_not_positive, "lot_is_not_positive", "lot is not positive", 400, 2},
    ErrorCodeInfo{id_has_two_contents, "id_has_two_contents", "id has two contents", 409, 2},
    ErrorCodeInfo{reference_is_missing, "reference_is_missing", "reference is missing", 404, 2},
    ErrorCodeInfo{side_disagrees, "side_disagrees", "side disagrees", 422, 2},
    ErrorCodeInfo{instrument_disagrees, "instrument_disagrees", "instrument disagrees", 422, 2},
    ErrorCodeInfo{instrument_lots_disagree, "instrument_lots_disagree",
                  "lots of the instrument disagree", 422, 2},
    ErrorCodeInfo{placement_is_its_own_ancestor, "placement_is_its_own_ancestor",
                  "placement is its own ancestor", 422, 2},
    ErrorCodeInfo{change_touches_allocated, "change_touches_allocated",
                  "change touches what is allocated", 409, 2},
    ErrorCodeInfo{total_is_out_of_range, "total_is_out_of_range", "total is out of range", 422, 2},
    ErrorCodeInfo{file_is_unreadable, "file_is_unreadable", "file is unreadable", 400, 2},
    ErrorCodeInfo{file_is_empty, "file_is_empty", "file is empty", 400, 2},
    ErrorCodeInfo{file_is_not_json, "file_is_not_json", "file is not JSON", 400, 2},
    ErrorCodeInfo{file_is_not_csv, "file_is_not_csv", "file is not CSV", 400, 2},
    ErrorCodeInfo{file_is_not_utf8, "file_is_not_utf8", "file is not UTF-8", 400, 2},
    ErrorCodeInfo{folder_has_no_book, "folder_has_no_book", "folder has no book", 400, 2},
    ErrorCodeInfo{schema_is_unknown, "schema_is_unknown", "schema is unknown", 400, 2},
    ErrorCodeInfo{row_cannot_be_quarantined, "row_cannot_be_quarantined",
                  "row cannot be quarantined", 422, 2},
    ErrorCodeInfo{file_is_not_writable, "file_is_not_writable", "file is not writable", 500, 3},
    ErrorCodeInfo{algorithm_is_unknown, "algorithm_is_unknown", "algorithm is unknown", 404, 2},
    ErrorCodeInfo{algorithm_code_is_not_valid, "algorithm_code_is_not_valid",
                  "algorithm code is not valid", 400, 2},
    ErrorCodeInfo{algorithm_is_registered_twice, "algorithm_is_registered_twice",
                  "algorithm is registered twice", 409, 2},
    ErrorCodeInfo{algorithm_refused, "algorithm_refused", "algorithm refused", 422, 2},
    ErrorCodeInfo{option_is_not_valid, "option_is_not_valid", "option is not valid", 400, 2},
    ErrorCodeInfo{algorithm_parameter_is_not_valid, "algorithm_parameter_is_not_valid",
                  "parameter of the algorithm is not valid", 400, 2},
    ErrorCodeInfo{time_is_out_of_place, "time_is_out_of_place", "time is out of place", 400, 2},
    ErrorCodeInfo{reason_is_missing, "reason_is_missing", "reason is missing", 400, 2},
    ErrorCodeInfo{pin_does_not_fit, "pin_does_not_fit", "pin does not fit", 422, 2},
    ErrorCodeInfo{file_name_is_unknown, "file_name_is_unknown", "name of the file is unknown", 400,
                  2},
};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].code) != i) {
            return false;
        }
    }
    return true;
}
static_assert(is_in_order());
static_assert(table.size() == static_cast<std::size_t>(file_name_is_unknown) + 1,
              "every code has a row");

// A valid "scope/code" is shown whole.
constexpr std::size_t longest_id = 512 + 1 + 512;

void append_word(std::string& out, std::string_view word, std::string_view separator) {
    if (!word.empty()) {
        out.append(separator);
        detail::append_printable(out, word);
    }
}

}  // namespace

std::span<const ErrorCodeInfo> error_codes() noexcept {
    return table;
}

const ErrorCodeInfo& info(ErrorCode code) noexcept {
    const auto number = static_cast<std::size_t>(code);
    return table.at(number);
}

std::string Error::message() const {
    std::string out{info(code).text};
    // "entity id field" is one phrase: the first word that is there opens it.
    std::string_view separator = ", ";
    for (const std::string* word : {&entity, &id, &field}) {
        append_word(out, detail::shown(*word, longest_id), separator);
        separator = word->empty() ? separator : " ";
    }
    append_word(out, detail::shown(found), ", found ");
    append_word(out, expected, ", expected ");
    return out;
}

std::string Error::located_message() const {
    std::string out;
    detail::append_printable(out, place.file);
    for (const std::uint64_t number : {place.line, place.column}) {
        if (number == 0) {
            break;
        }
        if (!out.empty()) {
            out += ':';
        }
        out += std::to_string(number);
    }
    if (!out.empty()) {
        out += ": ";
    }
    return out + message();
}

}  // namespace allot
