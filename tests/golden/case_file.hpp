// A golden case: a text file of sections, each an action or what is expected of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace golden {

// "==== action arguments", and the lines up to the next such line.
struct Section {
    std::string action{};
    std::vector<std::string> arguments{};
    std::string head{};  // the line as written
    std::vector<std::string> body{};
};

struct Case {
    std::filesystem::path path{};
    std::vector<std::string> comment{};  // what stands before the first section
    std::vector<Section> sections{};
};

Case read_case(const std::filesystem::path& path);
void write_case(const Case& a_case);

// The words of a line.
std::vector<std::string> words(const std::string& line);
// The words of every line that has some: how tables are compared, so alignment is free.
std::vector<std::vector<std::string>> cells(const std::vector<std::string>& lines);
// Lines with aligned columns.
std::vector<std::string> table(const std::vector<std::vector<std::string>>& rows);

}  // namespace golden
