// States in the words of the wire, and what they mean for a run. Compared without case.
#pragma once

#include <string>
#include <vector>

#include "engine/store/book_data.hpp"

namespace allot::run {

// Cancelled, canceled, busted or rejected: offers nothing.
[[nodiscard]] bool is_dead_execution(const BookData& book, const store::ExecutionRow& execution);

// Whether the state of an order is in `dead_states`.
[[nodiscard]] bool is_dead_order(const BookData& book, const store::OrderRow& order,
                                 const std::vector<std::string>& dead_states);

}  // namespace allot::run
