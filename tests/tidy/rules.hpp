// The rules of the house that a compiler does not check: who includes whom, and how a source
// looks. Each takes a path and a text, so that it can be shown a bad one too.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot_test {

// One file of the project: path from the project's root with '/', and its text.
struct Source {
    std::string path;
    std::string text;
};

using Complaints = std::vector<std::string>;  // "PATH:LINE: what"

// All sources of the project below `root`: C++, CMake and shell, sorted by path.
std::vector<Source> sources_below(const std::filesystem::path& root);

// `text` with comments, literals of text and characters blanked out; lines stay lines.
std::string without_comments_and_literals(std::string_view text);

// The level of a file of the library or of an app: 0 error to 7 apps; nullopt for all others.
std::optional<int> level_of(std::string_view path);

Complaints check_levels(const Source& source);       // an include goes down only
Complaints check_third_party(const Source& source);  // who may include which library
Complaints check_apps(const Source& source);         // apps see the public headers only
Complaints check_floating_point(const Source& source);
Complaints check_purity(const Source& source);    // the core reads no clock and no environment
Complaints check_layout(const Source& source);    // head comment, line length, #pragma once, tabs
Complaints check_finished(const Source& source);  // nothing left to be done

}  // namespace allot_test
