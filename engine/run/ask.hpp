// Asking a rule: whatever it does, the answer is shares or a reason.
#pragma once

#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>

#include "allot/algorithm.hpp"

namespace allot::run {

// What a rule's own error says; that the algorithm refused is said around it.
[[nodiscard]] inline std::string reason_of(const Error& error) {
    if (error.code != ErrorCode::algorithm_refused || error.found.empty()) {
        return error.message();
    }
    return error.expected.empty() ? error.found : error.found + ", expected " + error.expected;
}

// Lets the rule write its shares. Returns why it refused: its own error, or what it threw; memory
// that ran out is not the rule's doing and goes on to the caller.
template <SplitInteger Int>
[[nodiscard]] std::optional<std::string> ask(const Algorithm& algorithm, const Split<Int>& split,
                                             std::span<Int> shares) {
    try {
        const Result<void> answer = algorithm.split(split, shares);
        return answer ? std::nullopt : std::optional{reason_of(answer.error())};
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "threw something that is no std::exception";
    }
}

}  // namespace allot::run
