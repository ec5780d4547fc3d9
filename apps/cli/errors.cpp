// Errors go to standard error as "allot: FILE:LINE:COLUMN: what, which, found, expected".
#include "apps/cli/errors.hpp"

#include <fmt/format.h>

#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

constexpr std::size_t most_lines = 20;

void complain_of_each(std::string_view prefix, const Errors& errors) {
    for (std::size_t i = 0; i < errors.size() && i < most_lines; ++i) {
        complain(printable(fmt::format("{}{}", prefix, errors[i].located_message())));
    }
    if (errors.size() > most_lines) {
        complain(fmt::format("{}... and {} more", prefix, errors.size() - most_lines));
    }
}

}  // namespace

ExitStatus complain_of(const Errors& errors) {
    complain_of_each("", errors);
    const bool is_unwritable =
        errors.size() == 1 && errors.front().code == ErrorCode::file_is_not_writable;
    return is_unwritable ? ExitStatus::not_written : ExitStatus::refused;
}

ExitStatus complain_of(const Error& error) {
    return complain_of(Errors{error});
}

void remark(std::string_view kind, const Errors& errors) {
    complain_of_each(fmt::format("{}: ", kind), errors);
}

Error option_error(std::string option, std::string found, std::string expected) {
    Error error;
    error.code = ErrorCode::option_is_not_valid;
    error.field = std::move(option);
    error.found = std::move(found);
    error.expected = std::move(expected);
    return error;
}

Error no_reason(std::string expected) {
    Error error = option_error("--reason", "none", std::move(expected));
    error.code = ErrorCode::reason_is_missing;
    return error;
}

}  // namespace allot::cli
