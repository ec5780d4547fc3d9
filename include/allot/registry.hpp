// Registry: the rules a program knows, by code.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "allot/algorithm.hpp"
#include "allot/result.hpp"

namespace allot {

// Codes are matched without case. Copies share the rules. Thread safety: as any value.
class Registry {
  public:
    // An empty registry.
    Registry() = default;
    // The rules that come with the library (algorithms/builtins.cpp).
    [[nodiscard]] static Registry with_builtins();

    // Errors: algorithm_code_is_not_valid, algorithm_is_registered_twice.
    [[nodiscard]] Result<void> add(std::shared_ptr<const Algorithm> algorithm);

    // Gives a code with its parameters a name of its own, "DESK-A" for "TIER:inner=PR-LF": for
    // places where a code may hold no ':'. The same name for the same code again is fine.
    // Errors: those of find() for the code; algorithm_code_is_not_valid for the name;
    // algorithm_is_registered_twice.
    [[nodiscard]] Result<void> name(std::string_view name, std::string_view code);

    // A rule by its code, "PR-FIFO", or with parameters, "PR-LF:minimum=2:cap=50", or by a name
    // given to one. Errors: algorithm_code_is_not_valid, which names the position;
    // algorithm_is_unknown, which lists the known codes and the nearest match;
    // algorithm_parameter_is_not_valid.
    [[nodiscard]] Result<std::shared_ptr<const Algorithm>> find(std::string_view code) const;

    // All rules, by code.
    [[nodiscard]] const std::vector<std::shared_ptr<const Algorithm>>& all() const& noexcept {
        return algorithms_;
    }
    // The rules of a temporary would be gone before a loop over them begins.
    [[nodiscard]] const std::vector<std::shared_ptr<const Algorithm>>& all() const&& = delete;

    // The names given with name(), in capitals, and the codes they stand for.
    [[nodiscard]] const std::map<std::string, std::string>& names() const& noexcept {
        return names_;
    }

  private:
    [[nodiscard]] std::shared_ptr<const Algorithm> find_plain(const std::string& upper_code) const;
    [[nodiscard]] Error unknown(const std::string& code) const;

    std::vector<std::shared_ptr<const Algorithm>> algorithms_;  // sorted by code
    std::map<std::string, std::string> names_;                  // in capitals, to codes
};

// The code of a rule with its parameters, in order of their keys: "PR-LF:cap=50:minimum=2".
[[nodiscard]] std::string full_code(const Algorithm& algorithm);

// The constraints that every rule takes as parameters.
[[nodiscard]] std::span<const ParameterInfo> constraint_parameters() noexcept;

}  // namespace allot
