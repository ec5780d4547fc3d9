// Files of corrections: what executions truly were, a row each. docs/formats.md describes them.
#pragma once

#include <filesystem>
#include <vector>

#include "allot/correction.hpp"
#include "allot/result.hpp"

namespace allot {

// Reads a CSV file with the columns id and, if wanted, quantity, price, bust and reason, for
// Engine::correct_all. Errors: those of reading CSV, by file and line; option_is_not_valid for a
// row that corrects nothing, or says what a busted execution was.
[[nodiscard]] Result<std::vector<CorrectionEntry>, Errors> read_corrections(
    const std::filesystem::path& path);

}  // namespace allot
