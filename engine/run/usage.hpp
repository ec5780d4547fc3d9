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
    explicit Usage(const BookData& book) : Usage{book, {}} {}
    // As if the allocations with these numbers of rows were not there.
    Usage(const BookData& book, const std::vector<std::uint32_t>& withdrawn);

    // Units allocated to an order (id), by any placement. nullopt as below.
    [[nodiscard]] std::optional<Quantity> allocated(std::uint32_t order) const {
        if (is_withdrawn_.empty()) {
            return book_->allocated(order);
        }
        return allocated_without_withdrawn(order);
    }

    // Whether an allocation (number of its row) counts here. Precondition: it was there from the
    // beginning.
    [[nodiscard]] bool counts(std::uint32_t row) const {
        return book_->counts(book_->allocations[row]) &&
               (is_withdrawn_.empty() || !is_withdrawn_[row]);
    }

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

    [[nodiscard]] std::optional<Quantity> allocated_without_withdrawn(std::uint32_t order) const;

    const BookData* book_;
    bool is_simple_;
    std::vector<bool> is_withdrawn_{};               // by row; empty: none is
    std::map<std::uint32_t, Int256> order_units_{};  // withdrawn, at scale 28, by id
    std::map<std::uint32_t, Int256> execution_units_{};
    std::map<std::uint32_t, std::vector<Part>> parts_{};
};

}  // namespace allot::run
