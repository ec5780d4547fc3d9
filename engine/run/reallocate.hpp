// Reallocate: withdraws what is not frozen and splits again, around what stays.
#pragma once

#include <memory>

#include "allot/engine.hpp"

namespace allot::run {

// As Engine::reallocate. `owner` keeps the book of the result alive, unless its user does.
[[nodiscard]] Result<RunResult> reallocate(Book& book, const Registry& registry,
                                           const RunRequest& request, const Pins& pins,
                                           std::shared_ptr<const void> owner);

}  // namespace allot::run
