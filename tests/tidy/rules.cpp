// The rules, each a pure function of a path and a text.
#include "tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <utility>

namespace allot_test {

namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream stream{std::string{text}};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string complaint(const Source& source, std::size_t line, const std::string& what) {
    return source.path + ":" + std::to_string(line) + ": " + what;
}

bool is_within(std::string_view path, std::string_view folder) {
    return path.starts_with(folder);
}

bool is_cpp(std::string_view path) {
    return path.ends_with(".hpp") || path.ends_with(".cpp") || path.ends_with(".hpp.in");
}

bool is_library(std::string_view path) {
    return is_cpp(path) && (is_within(path, "include/allot/") || is_within(path, "engine/") ||
                            is_within(path, "algorithms/"));
}

struct Include {
    std::size_t line;
    bool angled;  // <...>, not "..."
    std::string name;
};

std::vector<Include> includes_of(const Source& source) {
    static const std::regex pattern{R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"};
    std::vector<Include> includes;
    const std::vector<std::string> lines = lines_of(source.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch match;
        if (std::regex_search(lines[i], match, pattern)) {
            includes.push_back({i + 1, match[1] == "<", match[2]});
        }
    }
    return includes;
}

// "allot/x.hpp" is found below include/, everything else from the root.
std::string path_of(const Include& include) {
    return (is_within(include.name, "allot/") ? "include/" : "") + include.name;
}

// <vector>, <cstdint>: the language's own headers have neither slash nor dot.
bool is_standard(const Include& include) {
    return include.angled && include.name.find_first_of("./") == std::string::npos;
}

std::size_t length_in_characters(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

// Numbers of the lines, from 0, that raw literals stand on: samples of text from elsewhere, which
// cannot be wrapped.
std::set<std::size_t> lines_of_raw_literals(std::string_view text) {
    std::set<std::size_t> lines;
    std::size_t line = 0;
    std::size_t counted = 0;
    const auto line_at = [&](std::size_t position) {
        const auto from = text.begin() + static_cast<std::ptrdiff_t>(counted);
        const auto to = text.begin() + static_cast<std::ptrdiff_t>(position);
        line += static_cast<std::size_t>(std::count(from, to, '\n'));
        counted = position;
        return line;
    };
    for (std::size_t begin = text.find("R\"("); begin != std::string_view::npos;
         begin = text.find("R\"(", counted)) {
        const std::size_t first = line_at(begin);
        const std::size_t end = std::min(text.find(")\"", begin), text.size());
        const std::size_t last = line_at(end);
        for (std::size_t i = first; i <= last; ++i) {
            lines.insert(i);
        }
    }
    return lines;
}

// Line by line: a complaint where `pattern` matches the code and the line as written is not
// excused.
Complaints find_tokens(const Source& source, const std::regex& pattern, const std::string& what,
                       bool (*is_excused)(const std::string& line)) {
    Complaints complaints;
    const std::vector<std::string> code = lines_of(without_comments_and_literals(source.text));
    const std::vector<std::string> written = lines_of(source.text);
    for (std::size_t i = 0; i < code.size(); ++i) {
        std::smatch match;
        if (std::regex_search(code[i], match, pattern) && !is_excused(written[i])) {
            complaints.push_back(complaint(source, i + 1, match.str() + what));
        }
    }
    return complaints;
}

const std::map<std::string_view, int>& level_of_header() {
    static const std::map<std::string_view, int> levels = {
        {"version", 0},   {"error", 0},         {"result", 0},          {"decimal", 1},
        {"integer", 1},   {"quantity", 1},      {"price", 1},           {"id", 1},
        {"time", 1},      {"property", 1},      {"weight", 1},          {"order", 2},
        {"block", 2},     {"correction", 2},    {"pricing", 2},         {"placement", 2},
        {"execution", 2}, {"allocation", 2},    {"instrument", 2},      {"portfolio", 2},
        {"amendment", 2}, {"algorithm", 3},     {"registry", 3},        {"explanation", 3},
        {"split", 3},     {"simd", 3},          {"batch", 3},           {"book", 4},
        {"engine", 5},    {"book_file", 6},     {"result_file", 6},     {"generate", 6},
        {"backtest", 6},  {"backtest_file", 6}, {"correction_file", 6}, {"history", 6},
        {"journal", 6},   {"allot", 7},
    };
    return levels;
}

}  // namespace

std::vector<Source> sources_below(const std::filesystem::path& root) {
    constexpr std::array folders = {"include", "engine", "algorithms", "apps",
                                    "tests",   "bench",  "cmake",      "scripts"};
    std::vector<std::filesystem::path> paths = {root / "CMakeLists.txt"};
    for (const char* folder : folders) {
        if (!std::filesystem::exists(root / folder)) {
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
            const std::string name = entry.path().filename().string();
            const std::string kind = entry.path().extension().string();
            if (entry.is_regular_file() &&
                (is_cpp(name) || kind == ".cmake" || kind == ".sh" || name == "CMakeLists.txt")) {
                paths.push_back(entry.path());
            }
        }
    }
    std::vector<Source> sources;
    for (const std::filesystem::path& path : paths) {
        std::ifstream file{path, std::ios::binary};
        std::ostringstream text;
        text << file.rdbuf();
        sources.push_back({path.lexically_relative(root).generic_string(), text.str()});
    }
    std::sort(sources.begin(), sources.end(),
              [](const Source& a, const Source& b) { return a.path < b.path; });
    return sources;
}

std::string without_comments_and_literals(std::string_view text) {
    std::string out;
    const auto blank = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            out += text[i] == '\n' ? '\n' : ' ';
        }
        return to;
    };
    const auto end_of = [&](std::string_view mark, std::size_t from) {
        const std::size_t found = text.find(mark, from);
        return found == std::string_view::npos ? text.size() : found + mark.size();
    };
    const auto end_of_literal = [&](std::size_t begin) {
        std::size_t i = begin + 1;
        while (i < text.size() && text[i] != text[begin] && text[i] != '\n') {
            i += text[i] == '\\' ? 2U : 1U;
        }
        return std::min(i + 1, text.size());
    };
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view rest = text.substr(i);
        const bool after_word = i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0;
        if (rest.starts_with("//")) {
            i = blank(i, std::min(text.find('\n', i), text.size()));
        } else if (rest.starts_with("/*")) {
            i = blank(i, end_of("*/", i + 2));
        } else if (rest.starts_with("R\"") && !after_word) {
            const std::size_t open = text.find('(', i);
            const std::string closing = ")" + std::string{text.substr(i + 2, open - i - 2)} + "\"";
            i = blank(i, end_of(closing, i));
        } else if (rest.front() == '"' || (rest.front() == '\'' && !after_word)) {
            i = blank(i, end_of_literal(i));
        } else {
            out += text[i];
            ++i;
        }
    }
    return out;
}

std::optional<int> level_of(std::string_view path) {
    static const std::vector<std::pair<std::string_view, int>> rooms = {
        {"engine/base/error.", 0}, {"engine/base/result.", 0}, {"engine/base/text.", 0},
        {"engine/base/", 1},       {"engine/model/", 2},       {"algorithms/", 3},
        {"engine/store/", 4},      {"engine/run/", 5},         {"engine/io/", 6},
        {"engine/journal/", 6},    {"engine/backtest/", 6},    {"apps/", 7},
    };
    constexpr std::string_view headers = "include/allot/";
    if (is_within(path, headers)) {
        const std::string_view name = path.substr(headers.size());
        const auto found = level_of_header().find(name.substr(0, name.find('.')));
        return found == level_of_header().end() ? std::nullopt : std::optional{found->second};
    }
    for (const auto& [folder, level] : rooms) {
        if (is_within(path, folder)) {
            return level;
        }
    }
    return std::nullopt;
}

Complaints check_levels(const Source& source) {
    if (!is_library(source.path) && !(is_within(source.path, "apps/") && is_cpp(source.path))) {
        return {};
    }
    const std::optional<int> own = level_of(source.path);
    if (!own) {
        return {complaint(source, 1, "has no level; tests/tidy/rules.cpp assigns them")};
    }
    Complaints complaints;
    for (const Include& include : includes_of(source)) {
        if (include.angled || is_within(source.path, "apps/")) {
            continue;
        }
        const std::optional<int> level = level_of(path_of(include));
        if (!level) {
            complaints.push_back(
                complaint(source, include.line, include.name + " has no level; is it a path?"));
        } else if (*level > *own) {
            complaints.push_back(complaint(source, include.line,
                                           include.name + " is of level " + std::to_string(*level) +
                                               ", this file of level " + std::to_string(*own)));
        }
    }
    return complaints;
}

Complaints check_third_party(const Source& source) {
    if (!is_library(source.path) && !is_within(source.path, "apps/")) {
        return {};
    }
    struct Library {
        std::string_view prefix;
        std::vector<std::string_view> allowed;
    };
    static const std::vector<Library> libraries = {
        {"boost/", {"engine/base/", "apps/service/http_server.cpp"}},
        {"immintrin.h", {"algorithms/kernel/"}},
        {"sys/mman.h", {"engine/base/", "engine/io/"}},
        {"xxhash.h", {"engine/base/"}},
        {"openssl/", {"engine/base/"}},
        {"nlohmann/", {"engine/io/", "apps/"}},
        {"fmt/", {"apps/"}},
        {"CLI/", {"apps/"}},
        {"", {"engine/io/", "apps/"}},  // what is left: the operating system
    };
    Complaints complaints;
    for (const Include& include : includes_of(source)) {
        if (!include.angled || is_standard(include)) {
            continue;
        }
        const auto library = std::find_if(
            libraries.begin(), libraries.end(),
            [&](const Library& candidate) { return is_within(include.name, candidate.prefix); });
        const auto& allowed = library->allowed;
        if (std::none_of(allowed.begin(), allowed.end(),
                         [&](std::string_view folder) { return is_within(source.path, folder); })) {
            complaints.push_back(
                complaint(source, include.line, "<" + include.name + "> does not belong here"));
        }
    }
    return complaints;
}

Complaints check_apps(const Source& source) {
    if (!is_within(source.path, "apps/")) {
        return {};
    }
    const std::string own_folder = source.path.substr(0, source.path.find('/', 5) + 1);
    Complaints complaints;
    for (const Include& include : includes_of(source)) {
        if (!include.angled && !is_within(include.name, "allot/") &&
            !is_within(include.name, own_folder) && include.name != "apps/service/serve.hpp") {
            complaints.push_back(complaint(
                source, include.line, include.name + " is neither public nor of this program"));
        }
    }
    return complaints;
}

Complaints check_floating_point(const Source& source) {
    if (!is_library(source.path)) {
        return {};
    }
    static const std::regex pattern{R"(\b(double|float)\b)"};
    return find_tokens(source, pattern, " in the library", [](const std::string& line) {
        // An unnamed parameter is one that an interface from outside demands, unused.
        return line.find("= delete") != std::string::npos ||
               line.find("// statistic") != std::string::npos ||
               line.find("double /*") != std::string::npos;
    });
}

Complaints check_purity(const Source& source) {
    if (!is_library(source.path)) {
        return {};
    }
    static const std::regex pattern{
        R"(\b(getenv|system_clock|steady_clock|high_resolution_clock|random_device|mt19937(_64)?|)"
        R"(thread_local|cout|cerr|clog|printf|puts|setlocale)\b|)"
        R"(\b(rand|std::time)\(|\btime\((nullptr|NULL|0)?\))"};
    return find_tokens(source, pattern, " in the library",
                       [](const std::string&) { return false; });
}

Complaints check_layout(const Source& source) {
    constexpr std::size_t longest_line = 100;
    Complaints complaints;
    const std::vector<std::string> lines = lines_of(source.text);
    const std::set<std::size_t> raw = lines_of_raw_literals(source.text);
    const std::string_view comment = is_cpp(source.path) ? "// " : "#";
    if (lines.empty() || !lines.front().starts_with(comment)) {
        complaints.push_back(
            complaint(source, 1, "no head comment that says what the file is for"));
    }
    if (source.path.ends_with(".hpp") &&
        std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) {
        complaints.push_back(complaint(source, 1, "no #pragma once"));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (length_in_characters(lines[i]) > longest_line && !raw.contains(i)) {
            complaints.push_back(complaint(source, i + 1, "longer than 100 columns"));
        }
        if (lines[i].find('\t') != std::string::npos) {
            complaints.push_back(complaint(source, i + 1, "has a tab"));
        }
        if (lines[i].ends_with(' ') || lines[i].ends_with('\r')) {
            complaints.push_back(complaint(source, i + 1, "ends in white space"));
        }
    }
    if (!source.text.empty() && source.text.back() != '\n') {
        complaints.push_back(complaint(source, lines.size(), "the last line has no end"));
    }
    return complaints;
}

Complaints check_finished(const Source& source) {
    // Put together from parts, so that this file does not complain of itself.
    static const std::regex pattern{std::string{R"(\b(TO)"} + "DO|FIX" + R"(ME|XX)" + R"(X)\b)"};
    Complaints complaints;
    const std::vector<std::string> lines = lines_of(source.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (std::regex_search(lines[i], pattern)) {
            complaints.push_back(complaint(source, i + 1, "is not finished"));
        }
    }
    return complaints;
}

}  // namespace allot_test
