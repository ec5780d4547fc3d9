// Groups: which executions may stand in one allocation.
#include "engine/run/group.hpp"

#include <string_view>

namespace allot::run {

namespace {

using store::none;

constexpr std::size_t date_length = 10;  // "2026-03-02"

std::string_view trade_date_of(const BookData& book, const store::ExecutionRow& row) {
    return book.text(row.created_date.text).substr(0, date_length);
}

}  // namespace

std::string group_of(const BookData& book, std::uint32_t execution_row) {
    const store::ExecutionRow& row = book.executions.rows[execution_row];
    const std::uint32_t placement = book.placements.any_row_of(row.placement);
    std::uint32_t counterparty = row.counterparty;
    if (counterparty == 0 && placement != none) {
        counterparty = book.placements.rows[placement].counterparty;
    }
    std::string text;
    for (const std::string_view part :
         {trade_date_of(book, row), book.text(row.price_currency),
          book.text(row.settlement_currency), book.text(row.settlement_date.text),
          book.text(counterparty), std::string_view{row.has_price ? "1" : "0"}}) {
        text.append(part).push_back('\0');
    }
    return text.append(row.has_fx_rate ? "1" : "0");
}

std::string day_of(const BookData& book, std::uint32_t execution_row) {
    const store::ExecutionRow& row = book.executions.rows[execution_row];
    std::string text;
    for (const std::string_view part : {trade_date_of(book, row), book.text(row.price_currency)}) {
        text.append(part).push_back('\0');
    }
    return text.append(row.has_price ? "1" : "0");
}

}  // namespace allot::run
