// Groups: which executions may stand in one allocation.
#pragma once

#include <cstdint>
#include <string>

#include "engine/store/book_data.hpp"

namespace allot::run {

// What one allocation of Grain::order may stand for: equal texts are one group. Of an execution
// (row): its trade date as received, price currency, settlement currency, settlement date as
// received, counterparty, and whether it has a price and a rate ("1", "0"), with a zero byte
// between them.
[[nodiscard]] std::string group_of(const BookData& book, std::uint32_t execution_row);

// What is averaged over placements of a block: trade date, price currency, and whether there is a
// price, in the same form.
[[nodiscard]] std::string day_of(const BookData& book, std::uint32_t execution_row);

}  // namespace allot::run
