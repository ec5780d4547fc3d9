// Remove: an entity leaves the book, and what was allocated of it is taken back first.
#pragma once

#include "allot/engine.hpp"

namespace allot::run {

// As Engine::remove.
[[nodiscard]] Result<RunResult> remove(Book& book, const OrderId& id, const Written& written);
[[nodiscard]] Result<RunResult> remove(Book& book, const ExecutionId& id, const Written& written);
[[nodiscard]] Result<RunResult> remove(Book& book, const BlockId& id, const Written& written);
[[nodiscard]] Result<RunResult> remove(Book& book, const PlacementId& id, const Written& written);

}  // namespace allot::run
