// The named refusals of the library: one ordered table of codes, and the Error that carries one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

// Every way in which the library says no. The order is part of the promise: codes are only ever
// appended, so a number written down today means the same tomorrow. docs/errors.md lists them all.
enum class ErrorCode : std::uint16_t {
    // Numbers, times and ids (level 1)
    text_is_not_a_decimal,
    decimal_has_too_many_digits,
    decimal_is_too_fine,
    division_by_zero,
    quantity_is_negative,
    text_is_not_a_time,
    id_is_not_valid,
    // Entities and the book
    field_is_missing,
    field_is_unknown,
    field_has_wrong_type,
    quantity_is_not_positive,
    lot_is_not_positive,
    id_has_two_contents,
    reference_is_missing,
    side_disagrees,
    instrument_disagrees,
    instrument_lots_disagree,
    placement_is_its_own_ancestor,
    change_touches_allocated,
    total_is_out_of_range,
    // Files
    file_is_unreadable,
    file_is_empty,
    file_is_not_json,
    file_is_not_csv,
    file_is_not_utf8,
    folder_has_no_book,
    schema_is_unknown,
    row_cannot_be_quarantined,
    file_is_not_writable,
    // Runs and algorithms
    algorithm_is_unknown,
    algorithm_code_is_not_valid,
    algorithm_is_registered_twice,
    algorithm_refused,
    option_is_not_valid,
    algorithm_parameter_is_not_valid,
    // Prints
    time_is_out_of_place,
    // Life of a book
    reason_is_missing,
    pin_does_not_fit,
    // Folders
    file_name_is_unknown,
};

// One row of the table of codes.
struct ErrorCodeInfo {
    ErrorCode code;
    std::string_view name;  // as spelled in the enum, e.g. "quantity_is_negative"
    std::string_view text;  // what happened, as the first words of a message
    int http_status;        // status a service answers with
    int exit_status;        // status a program ends with
};

// All codes, in order of their number. Complexity: O(1). Thread safety: any thread.
[[nodiscard]] std::span<const ErrorCodeInfo> error_codes() noexcept;

// The row of `code`. Complexity: O(1). Thread safety: any thread.
[[nodiscard]] const ErrorCodeInfo& info(ErrorCode code) noexcept;

// Where in a file something was found; line and column count from 1, 0 means unknown. Columns count
// bytes.
struct Place {
    std::string file{};
    std::uint64_t line{0};
    std::uint64_t column{0};

    friend bool operator==(const Place&, const Place&) = default;
};

// One refusal: what, which, found, expected. Empty members are not known or do not apply.
struct Error {
    ErrorCode code{};
    std::string entity{};    // "order", "block", "placement", "execution", "allocation", ...
    std::string id{};        // "scope/code"
    std::string field{};     // name on the wire, e.g. "quantity"
    std::string found{};     // the offending value, cut after 200 bytes
    std::string expected{};  // what would have been accepted
    Place place{};

    // The message without the place: "text, entity id field, found X, expected Y".
    [[nodiscard]] std::string message() const;
    // "FILE:LINE:COLUMN: " (as far as known) followed by message().
    [[nodiscard]] std::string located_message() const;

    friend bool operator==(const Error&, const Error&) = default;
};

using Errors = std::vector<Error>;

}  // namespace allot
