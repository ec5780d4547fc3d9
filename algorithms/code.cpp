// Codes of rules as people write them.
#include "algorithms/code.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace allot::algorithms {

namespace {

constexpr std::size_t longest_code = 64;
constexpr std::size_t longest_text = 1024;
constexpr std::size_t longest_shown = 80;

bool is_code_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

struct ConstraintParameter {
    ParameterInfo info;
    std::optional<Quantity> Constraints::*member;
};

constexpr std::string_view positive_units = "a number of units above zero";

constexpr std::array constraint_table{
    ConstraintParameter{{"minimum", "a base share below it becomes zero", positive_units},
                        &Constraints::minimum},
    ConstraintParameter{{"cap", "the most an order may have in all", positive_units},
                        &Constraints::cap},
    ConstraintParameter{
        {"denomination", "the least total of an order that is not filled", positive_units},
        &Constraints::denomination},
    ConstraintParameter{
        {"increment", "the total of such an order is a multiple of it", positive_units},
        &Constraints::increment},
    ConstraintParameter{
        {"leave", "the least that such an order has left to be filled", positive_units},
        &Constraints::leave},
};

Error at_position(std::string_view text, std::size_t position, const std::string& expected) {
    return not_a_code(text, expected + " at character " + std::to_string(position + 1));
}

}  // namespace

bool is_code(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_code &&
           std::all_of(text.begin(), text.end(), is_code_character);
}

Error not_a_code(std::string_view text, std::string expected) {
    return Error{ErrorCode::algorithm_code_is_not_valid,     "algorithm",         {}, {},
                 std::string{text.substr(0, longest_shown)}, std::move(expected), {}};
}

Result<WrittenCode> read_code(std::string_view text) {
    if (text.size() > longest_text) {
        return Unexpected{not_a_code(text, "at most 1024 characters")};
    }
    WrittenCode written;
    std::size_t end = std::min(text.find(':'), text.size());
    written.code = text.substr(0, end);
    if (!is_code(written.code)) {
        const auto wrong =
            std::find_if_not(written.code.begin(), written.code.end(), is_code_character);
        const auto position = static_cast<std::size_t>(wrong - written.code.begin());
        return Unexpected{
            at_position(text, std::min(position, longest_code),
                        "1 to 64 letters, digits, '-' and '_'; something else stands")};
    }
    while (end < text.size()) {
        const std::size_t start = end + 1;
        end = std::min(text.find(':', start), text.size());
        const std::string_view parameter = text.substr(start, end - start);
        const std::size_t equals = parameter.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            return Unexpected{at_position(text, start, "key=value")};
        }
        if (equals + 1 == parameter.size()) {
            return Unexpected{at_position(text, start + equals + 1, "a value")};
        }
        const auto [entry, is_new] =
            written.parameters.emplace(parameter.substr(0, equals), parameter.substr(equals + 1));
        if (!is_new) {
            return Unexpected{at_position(
                text, start, "each key once; " + entry->first + " stands a second time")};
        }
    }
    return written;
}

Algorithm::BadParameter unknown_parameter(std::string_view key,
                                          std::span<const ParameterInfo> taken) {
    std::string expected = "one of ";
    for (const ParameterInfo& parameter : taken) {
        expected += std::string{parameter.key} + ", ";
    }
    for (const ConstraintParameter& parameter : constraint_table) {
        expected += std::string{parameter.info.key} + ", ";
    }
    expected.resize(expected.size() - 2);
    return {std::string{key}, expected};
}

std::span<const ParameterInfo> constraint_parameters() noexcept {
    static constexpr auto infos = [] {
        std::array<ParameterInfo, constraint_table.size()> all{};
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = constraint_table[i].info;
        }
        return all;
    }();
    return infos;
}

Result<Constraints, Algorithm::BadParameter> take_constraints(Parameters& parameters) {
    Constraints constraints;
    for (const ConstraintParameter& parameter : constraint_table) {
        const auto given = parameters.find(parameter.info.key);
        if (given == parameters.end()) {
            continue;
        }
        const Result<Quantity> quantity = Quantity::parse(given->second);
        if (!quantity || quantity->is_zero()) {
            return Unexpected{Algorithm::BadParameter{std::string{parameter.info.key},
                                                      std::string{parameter.info.accepted}}};
        }
        constraints.*parameter.member = *quantity;
        parameters.erase(given);
    }
    return constraints;
}

}  // namespace allot::algorithms
