// Registry: look-up by code, without case, with the nearest match for those who mistype.
#include "allot/registry.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace allot {

namespace {

std::string upper(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return result;
}

bool is_code(std::string_view code) noexcept {
    return !code.empty() && code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

Error not_a_code(std::string_view code) {
    return Error{ErrorCode::algorithm_code_is_not_valid,
                 "algorithm",
                 {},
                 {},
                 std::string{code.substr(0, 80)},
                 "1 to 64 letters, digits, '-' and '_'",
                 {}};
}

// Levenshtein distance: insertions, deletions and replacements from one text to the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row[b.size()];
}

bool answers_to(const Algorithm& algorithm, const std::string& upper_code) {
    const AlgorithmInfo& info = algorithm.info();
    return upper(info.code) == upper_code ||
           std::any_of(info.aliases.begin(), info.aliases.end(),
                       [&](const std::string& alias) { return upper(alias) == upper_code; });
}

}  // namespace

Result<void> Registry::add(std::shared_ptr<const Algorithm> algorithm) {
    std::vector<std::string> codes = algorithm->info().aliases;
    codes.push_back(algorithm->info().code);
    for (const std::string& code : codes) {
        if (!is_code(code)) {
            return Unexpected{not_a_code(code)};
        }
        for (const auto& known : algorithms_) {
            if (answers_to(*known, upper(code))) {
                return Unexpected{Error{ErrorCode::algorithm_is_registered_twice,
                                        "algorithm",
                                        code,
                                        "",
                                        known->info().code,
                                        "a code of its own",
                                        {}}};
            }
        }
    }
    const auto at = std::find_if(algorithms_.begin(), algorithms_.end(), [&](const auto& other) {
        return algorithm->info().code < other->info().code;
    });
    algorithms_.insert(at, std::move(algorithm));
    return {};
}

Result<std::shared_ptr<const Algorithm>> Registry::find(std::string_view code) const {
    if (!is_code(code)) {
        return Unexpected{not_a_code(code)};
    }
    const std::string wanted = upper(code);
    std::string known_codes;
    std::string nearest;
    std::size_t nearest_distance = 0;
    for (const auto& algorithm : algorithms_) {
        if (answers_to(*algorithm, wanted)) {
            return algorithm;
        }
        const std::string& known = algorithm->info().code;
        known_codes += (known_codes.empty() ? "" : ", ") + known;
        const std::size_t far = distance(wanted, upper(known));
        if (nearest.empty() || far < nearest_distance) {
            nearest = known;
            nearest_distance = far;
        }
    }
    return Unexpected{Error{ErrorCode::algorithm_is_unknown,
                            "algorithm",
                            {},
                            {},
                            std::string{code},
                            nearest.empty()
                                ? "a registered algorithm; there is none"
                                : "one of " + known_codes + "; the nearest is " + nearest,
                            {}}};
}

}  // namespace allot
