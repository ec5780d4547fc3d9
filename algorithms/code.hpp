// Codes of rules as people write them: "PR-LF:minimum=2:cap=50".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "allot/algorithm.hpp"

namespace allot::algorithms {

// A code taken apart.
struct WrittenCode {
    std::string code{};
    Parameters parameters{};
};

// 1 to 64 letters, digits, '-' and '_'.
[[nodiscard]] bool is_code(std::string_view text) noexcept;

// CODE[:key=value...]. Values are not empty and hold no ':'. Errors: algorithm_code_is_not_valid,
// which names the position in the text.
[[nodiscard]] Result<WrittenCode> read_code(std::string_view text);

[[nodiscard]] Error not_a_code(std::string_view text, std::string expected);
[[nodiscard]] Algorithm::BadParameter unknown_parameter(std::string_view key,
                                                        std::span<const ParameterInfo> taken);

// The parameters that are constraints, which every rule takes.
[[nodiscard]] std::span<const ParameterInfo> constraint_parameters() noexcept;

// Takes the constraints out of `parameters`; those that are left are the rule's own.
[[nodiscard]] Result<Constraints, Algorithm::BadParameter> take_constraints(Parameters& parameters);

}  // namespace allot::algorithms
