// Parts: what an allocation has of which execution.
#include "engine/run/parts.hpp"

#include <algorithm>

namespace allot::run {

namespace {

using store::none;

// The label of a property; empty: the allocation has none.
std::string_view label_of(const BookData& book, const detail::AllocationRow& row,
                          std::string_view key) {
    if (row.details == none || book.allocation_details[row.details].extras == none) {
        return {};
    }
    const Properties& properties =
        book.extras[book.allocation_details[row.details].extras].properties;
    const auto property = properties.find(key);
    return property == properties.end() ? std::string_view{} : property->second.label;
}

// The parts that a text says, if it fits the executions and the quantity.
std::optional<std::vector<Part>> parse(std::string_view text,
                                       std::span<const std::uint32_t> executions,
                                       const Quantity& quantity) {
    std::vector<Part> parts;
    Decimal sum{};
    for (const std::uint32_t execution : executions) {
        const std::size_t end = std::min(text.find('|'), text.size());
        const Result<Quantity> units = Quantity::parse(text.substr(0, end));
        const Result<Decimal> next = units ? add(sum, units->units()) : Result<Decimal>{sum};
        if (!units || !next) {
            return std::nullopt;
        }
        sum = *next;
        parts.push_back({execution, *units});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return text.empty() && sum == quantity.units() ? std::optional{std::move(parts)} : std::nullopt;
}

}  // namespace

std::optional<std::vector<Part>> parts_of(const BookData& book, const detail::AllocationRow& row) {
    if (row.details == none) {
        return std::vector<Part>{{book.executions.rows[row.execution].head.id, row.quantity}};
    }
    const store::List list = book.allocation_details[row.details].executions;
    if (list.count == 0) {
        return std::nullopt;
    }
    if (list.count == 1) {
        return std::vector<Part>{{*book.begin(list), row.quantity}};
    }
    return parse(label_of(book, row, shares_property_key), {book.begin(list), book.end(list)},
                 row.quantity);
}

bool has_shares(const BookData& book, const detail::AllocationRow& row) {
    return !label_of(book, row, shares_property_key).empty();
}

bool is_averaged(const BookData& book, const detail::AllocationRow& row) {
    return !label_of(book, row, averaged_property_key).empty();
}

std::string shares_text(std::span<const Part> parts) {
    std::string text;
    for (const Part& part : parts) {
        text.append(text.empty() ? "" : "|").append(part.units.to_string());
    }
    return text;
}

void add_part(const BookData& book, std::vector<Part>& parts, const Part& part) {
    const std::uint32_t row = book.executions.any_row_of(part.execution);
    // Parts mostly come in time order.
    if (parts.empty() ||
        store::is_earlier(book, book.executions.any_row_of(parts.back().execution), row)) {
        parts.push_back(part);
        return;
    }
    const auto known = std::find_if(parts.begin(), parts.end(), [&](const Part& other) {
        return other.execution == part.execution;
    });
    if (known != parts.end()) {
        known->units = known->units + part.units;
        return;
    }
    const auto later = std::find_if(parts.begin(), parts.end(), [&](const Part& other) {
        return store::is_earlier(book, row, book.executions.any_row_of(other.execution));
    });
    parts.insert(later, part);
}

}  // namespace allot::run
