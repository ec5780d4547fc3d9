// Usage: what stored allocations use up of which execution.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "allot/integer.hpp"
#include "allot/quantity.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// What earlier allocations took from executions. As long as every allocation names one execution
// and takes no more than it has, the book's running sums say it all; otherwise every allocation is
// laid over the executions in the order of spec section 5 (docs/decisions).
class Usage {
  public:
    // Complexity: O(1) in the simple case, else O(allocations log allocations).
    explicit Usage(const BookData& book);

    // Units used up of an execution (id). nullopt: not a number that a Decimal holds.
    [[nodiscard]] std::optional<Quantity> used(std::uint32_t execution) const;

    // Calls visit(order id, quantity) for what each order took from an execution (id). nullopt as
    // above.
    void each_part(std::uint32_t execution,
                   const std::function<void(std::uint32_t, std::optional<Quantity>)>& visit) const;

  private:
    class Layout;
    struct Part {
        std::uint32_t order{0};
        Int256 units{};  // at scale 28
    };

    const BookData* book_;
    bool is_simple_;
    std::map<std::uint32_t, std::vector<Part>> parts_{};
};

}  // namespace allot::run
