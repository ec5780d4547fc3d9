// Registry: look-up by code, without case, with the nearest match for those who mistype.
#include "allot/registry.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "algorithms/code.hpp"
#include "algorithms/configured.hpp"
#include "engine/base/text.hpp"

namespace allot {

namespace {

std::string upper(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return result;
}

bool answers_to(const Algorithm& algorithm, const std::string& upper_code) {
    const AlgorithmInfo& info = algorithm.info();
    return upper(info.code) == upper_code ||
           std::any_of(info.aliases.begin(), info.aliases.end(),
                       [&](const std::string& alias) { return upper(alias) == upper_code; });
}

Error registered_twice(std::string code, std::string known) {
    return Error{ErrorCode::algorithm_is_registered_twice,
                 "algorithm",
                 std::move(code),
                 "",
                 std::move(known),
                 "a code of its own",
                 {}};
}

// The codes that people choose from: with a hundred rules, the list names each base once.
std::string known_codes(const std::vector<std::shared_ptr<const Algorithm>>& algorithms) {
    std::string codes;
    std::string last_base;
    for (const auto& algorithm : algorithms) {
        const AlgorithmInfo& info = algorithm->info();
        if (!info.base.empty() && info.base == last_base) {
            continue;
        }
        last_base = info.base;
        codes += (codes.empty() ? "" : ", ") + (info.base.empty() ? info.code : info.base + "-*");
    }
    return codes;
}

}  // namespace

Result<void> Registry::add(std::shared_ptr<const Algorithm> algorithm) {
    std::vector<std::string> codes = algorithm->info().aliases;
    codes.push_back(algorithm->info().code);
    for (const std::string& code : codes) {
        if (!algorithms::is_code(code)) {
            return Unexpected{algorithms::not_a_code(code, "1 to 64 letters, digits, '-' and '_'")};
        }
        if (names_.contains(upper(code))) {
            return Unexpected{registered_twice(code, names_.at(upper(code)))};
        }
        if (const auto known = find_plain(upper(code))) {
            return Unexpected{registered_twice(code, known->info().code)};
        }
    }
    const auto at = std::find_if(algorithms_.begin(), algorithms_.end(), [&](const auto& other) {
        return algorithm->info().code < other->info().code;
    });
    algorithms_.insert(at, std::move(algorithm));
    return {};
}

Result<void> Registry::name(std::string_view name, std::string_view code) {
    if (!algorithms::is_code(name)) {
        return Unexpected{algorithms::not_a_code(name, "1 to 64 letters, digits, '-' and '_'")};
    }
    const auto rule = find(code);
    if (!rule) {
        return Unexpected{rule.error()};
    }
    const std::string full = full_code(**rule);
    const auto known = names_.find(upper(name));
    if (known != names_.end() && known->second == full) {
        return {};
    }
    if (known != names_.end() || find_plain(upper(name)) != nullptr) {
        return Unexpected{registered_twice(
            std::string{name}, known != names_.end() ? known->second : std::string{name})};
    }
    names_.emplace(upper(name), full);
    return {};
}

std::shared_ptr<const Algorithm> Registry::find_plain(const std::string& upper_code) const {
    for (const auto& algorithm : algorithms_) {
        if (answers_to(*algorithm, upper_code)) {
            return algorithm;
        }
    }
    return nullptr;
}

Result<std::shared_ptr<const Algorithm>> Registry::find(std::string_view text) const {
    Result<algorithms::WrittenCode> written = algorithms::read_code(text);
    if (!written) {
        return Unexpected{written.error()};
    }
    const std::string wanted = upper(written->code);
    if (const auto named = names_.find(wanted);
        named != names_.end() && written->parameters.empty()) {
        return find(named->second);
    }
    std::shared_ptr<const Algorithm> rule = find_plain(wanted);
    if (rule == nullptr) {
        return Unexpected{unknown(written->code)};
    }
    if (written->parameters.empty()) {
        return rule;
    }
    const auto bad = [&](const Algorithm::BadParameter& parameter) {
        const auto given = written->parameters.find(parameter.key);
        return Unexpected{Error{ErrorCode::algorithm_parameter_is_not_valid,
                                "algorithm",
                                rule->info().code,
                                {},
                                given == written->parameters.end()
                                    ? parameter.key
                                    : parameter.key + "=" + given->second,
                                parameter.expected,
                                {}}};
    };
    Parameters own = written->parameters;
    Result<Constraints, Algorithm::BadParameter> constraints = algorithms::take_constraints(own);
    if (!constraints) {
        return bad(constraints.error());
    }
    if (!own.empty()) {
        auto with = rule->with(own, *this);
        if (!with) {
            return bad(with.error());
        }
        rule = *std::move(with);
    }
    return algorithms::configure(std::move(rule), written->parameters, *constraints);
}

Error Registry::unknown(const std::string& code) const {
    const std::string wanted = upper(code);
    std::string nearest;
    std::size_t nearest_distance = 0;
    const auto consider = [&](const std::string& known) {
        const std::size_t far = detail::edit_distance(wanted, upper(known));
        if (nearest.empty() || far < nearest_distance) {
            nearest = known;
            nearest_distance = far;
        }
    };
    for (const auto& algorithm : algorithms_) {
        consider(algorithm->info().code);
        for (const std::string& alias : algorithm->info().aliases) {
            consider(alias);
        }
    }
    for (const auto& [name, full] : names_) {
        consider(name);
    }
    return Error{ErrorCode::algorithm_is_unknown,
                 "algorithm",
                 {},
                 {},
                 code,
                 nearest.empty()
                     ? "a registered algorithm; there is none"
                     : "one of " + known_codes(algorithms_) + "; the nearest is " + nearest,
                 {}};
}

std::string full_code(const Algorithm& algorithm) {
    std::string code = algorithm.info().code;
    for (const auto& [key, value] : algorithm.parameters()) {
        code.append(":").append(key).append("=").append(value);
    }
    return code;
}

std::span<const ParameterInfo> constraint_parameters() noexcept {
    return algorithms::constraint_parameters();
}

}  // namespace allot
