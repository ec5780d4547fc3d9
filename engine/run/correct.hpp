// Correct: an execution turns out to have been another, or none, after it was allocated.
#pragma once

#include <optional>
#include <span>

#include "allot/engine.hpp"

namespace allot::run {

// As Engine::correct, and Engine::bust without a correction.
[[nodiscard]] Result<RunResult> correct(Book& book, const ExecutionId& execution,
                                        const std::optional<Correction>& correction,
                                        const Written& written);

// As Engine::correct_all.
[[nodiscard]] Result<RunResult, Errors> correct_all(Book& book,
                                                    std::span<const CorrectionEntry> entries,
                                                    const Written& written);

}  // namespace allot::run
