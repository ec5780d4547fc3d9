// `allot algorithms`: the rules this program knows, and what each promises.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "allot/registry.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct AlgorithmsArguments {
    std::string code;
    std::string format{"table"};
};

struct PropertyLine {
    std::string_view name;
    std::string_view meaning;
    bool PropertySheet::*holds;
};

constexpr std::array property_lines{
    PropertyLine{"exact sum", "the shares sum to all that can be given out",
                 &PropertySheet::exact_sum},
    PropertyLine{"quota", "a share is its pro-rata part, rounded down or up to a lot",
                 &PropertySheet::quota},
    PropertyLine{"house monotone", "more to split never takes units back from a claim",
                 &PropertySheet::house_monotone},
    PropertyLine{"anonymous", "only numbers and rank count, not who a claim is",
                 &PropertySheet::anonymous},
    PropertyLine{"slice invariant", "one large fill ends like many small ones",
                 &PropertySheet::slice_invariant},
    PropertyLine{"seeded", "draws random numbers from a key", &PropertySheet::seeded},
};

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : ", ") + word;
    }
    return out;
}

// `text` in lines of at most 78 characters, indented by two.
std::string wrapped(std::string_view text) {
    constexpr std::size_t line_width = 78;
    std::string out;
    std::string line = " ";
    while (!text.empty()) {
        const std::size_t space = text.find_first_of(" \n");
        const std::string_view word = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        if (width_of(line) + 1 + width_of(word) > line_width) {
            out += line + '\n';
            line = " ";
        }
        if (!word.empty()) {
            line += ' ';
            line += word;
        }
    }
    return out + line + '\n';
}

nlohmann::ordered_json as_json(const AlgorithmInfo& info) {
    nlohmann::ordered_json properties;
    for (const PropertyLine& line : property_lines) {
        std::string name{line.name};
        for (char& letter : name) {
            letter = letter == ' ' ? '_' : letter;
        }
        properties[name] = info.properties.*line.holds;
    }
    return {{"code", info.code},
            {"aliases", info.aliases},
            {"summary", info.summary},
            {"description", info.description},
            {"properties", std::move(properties)}};
}

std::string list(const Registry& registry, const Style& style) {
    using Align = Table::Align;
    Table table{{{"CODE", Align::left}, {"ALSO", Align::left}, {"WHAT IT DOES", Align::left}}};
    for (const auto& algorithm : registry.all()) {
        const AlgorithmInfo& info = algorithm->info();
        table.add({info.code, joined(info.aliases), info.summary});
    }
    return table.text(style) + "\n`allot algorithms CODE` explains one of them.\n";
}

std::string sheet(const AlgorithmInfo& info, const Style& style) {
    using Align = Table::Align;
    std::string out = fmt::format("{}  {}\n", style.bold(info.code), info.summary);
    if (!info.aliases.empty()) {
        out += fmt::format("also found as {}\n", joined(info.aliases));
    }
    Table table{{{"PROPERTY", Align::left}, {"", Align::left}, {"MEANING", Align::left}}};
    for (const PropertyLine& line : property_lines) {
        const bool holds = info.properties.*line.holds;
        table.add({std::string{line.name}, holds ? "yes" : "no", std::string{line.meaning}});
    }
    return out + '\n' + wrapped(info.description) + '\n' + table.text(style);
}

ExitStatus show_algorithms(const AlgorithmsArguments& arguments) {
    const Registry registry = Registry::with_builtins();
    const Style style = Style::of_standard_output();
    const bool is_json = arguments.format == "json";
    if (arguments.code.empty()) {
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (const auto& algorithm : registry.all()) {
            all.push_back(as_json(algorithm->info()));
        }
        return print(is_json ? all.dump() + '\n' : list(registry, style));
    }
    const auto algorithm = registry.find(arguments.code);
    if (!algorithm) {
        return complain_of(algorithm.error());
    }
    const AlgorithmInfo& info = (*algorithm)->info();
    return print(is_json ? as_json(info).dump() + '\n' : sheet(info, style));
}

}  // namespace

void add_algorithms(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<AlgorithmsArguments>();
    CLI::App* command =
        program.add_subcommand("algorithms", "List the rules, or explain one with its properties");
    command->add_option("CODE", arguments->code, "The rule to explain; all are listed without it");
    command->add_option("--format", arguments->format, "How to print: table or json")
        ->check(CLI::IsMember({"table", "json"}).description(""))
        ->type_name("FORMAT")
        ->capture_default_str();
    command->footer(
        "Example:\n"
        "  allot algorithms PR-FIFO\n"
        "\n"
        "Exit status: 0 done, 2 unknown rule, 3 the output could not be written.");
    command->callback([arguments, &status] { status = show_algorithms(*arguments); });
}

}  // namespace allot::cli
