// What several commands ask of their arguments.
#include "apps/cli/arguments.hpp"

namespace allot::cli {

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        items.emplace_back(text.substr(0, comma));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return items;
}

bool holds_something(const std::filesystem::path& folder) {
    std::error_code problem;
    return std::filesystem::exists(folder, problem) &&
           !(std::filesystem::is_directory(folder, problem) &&
             std::filesystem::is_empty(folder, problem));
}

}  // namespace allot::cli
