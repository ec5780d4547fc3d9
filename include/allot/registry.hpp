// Registry: the rules a program knows, by code.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "allot/algorithm.hpp"
#include "allot/quantity.hpp"
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

    // Errors: algorithm_code_is_not_valid; algorithm_is_unknown, which lists the known codes and
    // the nearest match.
    [[nodiscard]] Result<std::shared_ptr<const Algorithm>> find(std::string_view code) const;

    // All rules, by code.
    [[nodiscard]] const std::vector<std::shared_ptr<const Algorithm>>& all() const& noexcept {
        return algorithms_;
    }
    // The rules of a temporary would be gone before a loop over them begins.
    [[nodiscard]] const std::vector<std::shared_ptr<const Algorithm>>& all() const&& = delete;

  private:
    std::vector<std::shared_ptr<const Algorithm>> algorithms_;  // sorted by code
};

// The bare rule on bare numbers: what a desk would work out on paper.
struct SplitResult {
    std::vector<Quantity> shares{};  // one per claim, in the order given
    Quantity unallocated{};
};
// Splits `available` over claims in rank order, oldest first. Errors: lot_is_not_positive,
// total_is_out_of_range, algorithm_refused; those of the audit.
// Complexity: that of the rule.
[[nodiscard]] Result<SplitResult> split(const Algorithm& algorithm, const Quantity& available,
                                        const std::vector<Quantity>& claims,
                                        const Quantity& lot = Quantity{1});

}  // namespace allot
