// What several commands ask of their arguments.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace allot::cli {

// "A,B,C"
[[nodiscard]] std::vector<std::string> split_at_commas(std::string_view text);

// True when writing to `folder` would mix with or replace something.
[[nodiscard]] bool holds_something(const std::filesystem::path& folder);

}  // namespace allot::cli
