// Amend: an order becomes another after part of it was allocated, and its allocations follow.
#pragma once

#include <cstdint>
#include <vector>

#include "allot/engine.hpp"
#include "engine/run/adjust.hpp"

namespace allot::run {

// As Engine::amend.
[[nodiscard]] Result<RunResult> amend(Book& book, const Amendment& amendment,
                                      const Written& written);

// The placements of the blocks of an order (id), and of allocations that are adjusted.
[[nodiscard]] std::vector<PlacementId> placements_around(
    BookData& book, std::uint32_t order, const std::vector<Adjustment>& adjustments);

}  // namespace allot::run
