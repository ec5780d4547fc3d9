// How refusals are told on standard error.
#pragma once

#include <string>
#include <string_view>

#include "allot/error.hpp"
#include "allot/result.hpp"
#include "apps/cli/exit_status.hpp"

namespace allot::cli {

// One line per error, the first 20 of them. ExitStatus::refused, or not_written when it is one
// about writing.
ExitStatus complain_of(const Errors& errors);
ExitStatus complain_of(const Error& error);
// Lines that stop nothing, marked with `kind` ("warning", "left out").
void remark(std::string_view kind, const Errors& errors);

// The refusal of an option's value.
[[nodiscard]] Error option_error(std::string option, std::string found, std::string expected);
// The refusal of a change without --reason; what is expected is "why ...".
[[nodiscard]] Error no_reason(std::string expected);

// The value, or the error noted in `errors` as one of `option`.
template <class T>
T take(Result<T> parsed, const std::string& option, Errors& errors) {
    if (parsed) {
        return *std::move(parsed);
    }
    Error error = std::move(parsed).error();
    error.entity.clear();
    error.field = error.id.empty() ? option : option + " " + error.id;
    error.id.clear();
    errors.push_back(std::move(error));
    return T{};
}

}  // namespace allot::cli
