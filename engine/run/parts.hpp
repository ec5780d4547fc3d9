// Parts: what an allocation has of which execution.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/book_data.hpp"

namespace allot::run {

// The property of an allocation of Grain::order that says how many units it has of each of its
// executions, in their order: "12|3".
inline constexpr std::string_view shares_property_key = "Allocation/allot/Shares";
// The property of an allocation whose price is an average over others too: "placement" or "block".
inline constexpr std::string_view averaged_property_key = "Allocation/allot/AveragedOver";

// Units of one execution.
struct Part {
    std::uint32_t execution{0};  // id
    Quantity units{};
};

// What the allocation has of each execution that it names. nullopt when that is not said: it names
// none, or several without shares that add up to its quantity.
[[nodiscard]] std::optional<std::vector<Part>> parts_of(const BookData& book,
                                                        const detail::AllocationRow& row);

// Whether units come with their shares, and whether the price is an average over others.
[[nodiscard]] bool has_shares(const BookData& book, const detail::AllocationRow& row);
[[nodiscard]] bool is_averaged(const BookData& book, const detail::AllocationRow& row);

// "12|3".
[[nodiscard]] std::string shares_text(std::span<const Part> parts);

// Adds units of an execution; parts stay in time order. Throws Refusal where a sum is no decimal.
void add_part(const BookData& book, std::vector<Part>& parts, const Part& part);

}  // namespace allot::run
