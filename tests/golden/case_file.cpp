// Reads and rewrites golden cases.
#include "golden/case_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace golden {

namespace {
const std::string mark = "==== ";
}

std::vector<std::string> words(const std::string& line) {
    std::istringstream in{line};
    std::vector<std::string> found;
    for (std::string word; in >> word;) {
        found.push_back(word);
    }
    return found;
}

std::vector<std::vector<std::string>> cells(const std::vector<std::string>& lines) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : lines) {
        rows.push_back(words(line));
        if (rows.back().empty()) {
            rows.pop_back();
        }
    }
    return rows;
}

std::vector<std::string> table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) {
                line.append(widths[i] - row[i].size() + 2, ' ');
            }
        }
        lines.push_back(line);
    }
    return lines;
}

Case read_case(const std::filesystem::path& path) {
    std::ifstream in{path};
    Case made;
    made.path = path;
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(mark, 0) == 0) {
            Section section;
            section.head = line;
            section.arguments = words(line.substr(mark.size()));
            if (section.arguments.empty()) {
                throw std::runtime_error{path.string() + ": a section without an action"};
            }
            section.action = section.arguments.front();
            section.arguments.erase(section.arguments.begin());
            made.sections.push_back(section);
        } else if (made.sections.empty()) {
            made.comment.push_back(line);
        } else {
            made.sections.back().body.push_back(line);
        }
    }
    return made;
}

void write_case(const Case& a_case) {
    std::ofstream out{a_case.path};
    for (const std::string& line : a_case.comment) {
        out << line << '\n';
    }
    for (const Section& section : a_case.sections) {
        out << section.head << '\n';
        for (const std::string& line : section.body) {
            out << line << '\n';
        }
    }
}

}  // namespace golden
