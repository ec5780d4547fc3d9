// `allot algorithms`: the rules this program knows, how they combine, and what each promises.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/registry.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

using Json = nlohmann::ordered_json;

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
    PropertyLine{"quota", "a share of whole lots is its pro-rata part, rounded down or up",
                 &PropertySheet::quota},
    PropertyLine{"house monotone", "more to split never takes units back from a claim",
                 &PropertySheet::house_monotone},
    PropertyLine{"population monotone", "a claim that grows never loses to one that stays as it is",
                 &PropertySheet::population_monotone},
    PropertyLine{"anonymous", "only numbers and rank count, not who a claim is",
                 &PropertySheet::anonymous},
    PropertyLine{"slice invariant", "one large fill ends like many small ones",
                 &PropertySheet::slice_invariant},
    PropertyLine{"seeded", "draws random numbers from a key", &PropertySheet::seeded},
    PropertyLine{"cumulative", "counts all that claims have so far, not one fill alone",
                 &PropertySheet::cumulative},
};

// One part of which rules are made, as the rules of a registry tell of it.
struct Part {
    std::string code{};
    std::string summary{};
    std::string description{};
    std::vector<std::string> rules{};  // that are made of it
};

// The member of AlgorithmInfo that tells the code, the summary and the description of a part.
struct PartMembers {
    std::string AlgorithmInfo::*code;
    std::string AlgorithmInfo::*summary;
    std::string AlgorithmInfo::*description;
    std::string_view first;  // part of the default rule, which explains the idea best
};

constexpr PartMembers base_members{&AlgorithmInfo::base, &AlgorithmInfo::base_summary,
                                   &AlgorithmInfo::base_description, "PR"};
constexpr PartMembers remainder_members{&AlgorithmInfo::remainder,
                                        &AlgorithmInfo::remainder_summary,
                                        &AlgorithmInfo::remainder_description, "FIFO"};

// The parts in order of their codes, the first one first. A part that says different things in
// different rules (SIZE) is told as it is with the remainder FIFO.
std::vector<Part> parts_of(const Registry& registry, const PartMembers& members) {
    std::vector<Part> parts;
    for (const auto& algorithm : registry.all()) {
        const AlgorithmInfo& info = algorithm->info();
        const std::string& code = info.*members.code;
        if (code.empty()) {
            continue;
        }
        auto part = std::find_if(parts.begin(), parts.end(),
                                 [&](const Part& known) { return known.code == code; });
        if (part == parts.end()) {
            part = parts.insert(parts.end(), Part{code});
        }
        if (part->summary.empty() || info.remainder == "FIFO") {
            part->summary = info.*members.summary;
            part->description = info.*members.description;
        }
        part->rules.push_back(info.code);
    }
    std::sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) {
        return std::pair{a.code != members.first, a.code} <
               std::pair{b.code != members.first, b.code};
    });
    return parts;
}

// A parameter of some rules, and which they are: "TW-*", "*-TO".
struct RuleParameter {
    ParameterInfo info;
    std::string rules{};
};

std::vector<RuleParameter> rule_parameters(const Registry& registry) {
    std::vector<RuleParameter> parameters;
    for (const auto& algorithm : registry.all()) {
        const AlgorithmInfo& info = algorithm->info();
        for (const ParameterInfo& parameter : algorithm->takes()) {
            const auto known = std::find_if(
                parameters.begin(), parameters.end(),
                [&](const RuleParameter& other) { return other.info.key == parameter.key; });
            const std::string whole = info.base.empty() ? info.code : info.base + "-*";
            if (known == parameters.end()) {
                parameters.push_back({parameter, whole});
            } else if (known->rules != whole) {
                known->rules = info.remainder.empty() ? "several" : "*-" + info.remainder;
            }
        }
    }
    return parameters;
}

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

std::string upper(std::string text) {
    for (char& letter : text) {
        letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    return text;
}

const Part* find_part(const std::vector<Part>& parts, const std::string& code) {
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const Part& known) { return known.code == upper(code); });
    return part == parts.end() ? nullptr : &*part;
}

// What a person has to know before using the rule.
std::vector<std::string> remarks_on(const AlgorithmInfo& info) {
    std::vector<std::string> remarks;
    if (info.needs.weights) {
        remarks.emplace_back(
            "Needs a weight for each portfolio (`portfolios` in a book, `allot split --weights`).");
    }
    if (info.needs.tiers) {
        remarks.emplace_back(
            "Looks at tiers and house accounts (`portfolios` in a book, `allot split --tiers "
            "--houses`); without them all claims are clients of one tier.");
    }
    if (info.needs.room) {
        remarks.emplace_back(
            "Fills claims one after the other: weights alone, without claims or caps, are not "
            "enough.");
    }
    if (info.lot_by_lot) {
        remarks.emplace_back(
            "Goes lot by lot: the time grows with the lots of a fill, and too many are refused.");
    }
    if (info.split_only) {
        remarks.emplace_back(
            "For `allot split` only: a run leaves nothing unallocated on purpose.");
    }
    return remarks;
}

Json as_json(std::span<const ParameterInfo> parameters) {
    Json list = Json::array();
    for (const ParameterInfo& parameter : parameters) {
        list.push_back({{"key", parameter.key},
                        {"meaning", parameter.meaning},
                        {"accepted", parameter.accepted}});
    }
    return list;
}

Json as_json(const Algorithm& algorithm) {
    const AlgorithmInfo& info = algorithm.info();
    Json properties;
    for (const PropertyLine& line : property_lines) {
        std::string name{line.name};
        std::replace(name.begin(), name.end(), ' ', '_');
        properties[name] = info.properties.*line.holds;
    }
    Json json{{"code", info.code},
              {"full_code", full_code(algorithm)},
              {"aliases", info.aliases},
              {"base", info.base},
              {"remainder", info.remainder},
              {"summary", info.summary},
              {"description", info.description}};
    json["properties"] = std::move(properties);
    json["needs"] = {{"weights", info.needs.weights},
                     {"tiers", info.needs.tiers},
                     {"portfolios", info.needs.portfolios},
                     {"room", info.needs.room}};
    json["split_only"] = info.split_only;
    json["lot_by_lot"] = info.lot_by_lot;
    json["parameters"] = as_json(algorithm.takes());
    return json;
}

Json as_json(const Part& part) {
    return {{"code", part.code},
            {"summary", part.summary},
            {"description", part.description},
            {"rules", part.rules}};
}

Json as_json(const std::vector<Part>& parts) {
    Json list = Json::array();
    for (const Part& part : parts) {
        list.push_back(as_json(part));
    }
    return list;
}

Json as_json(const Registry& registry) {
    Json rules = Json::array();
    for (const auto& algorithm : registry.all()) {
        rules.push_back(as_json(*algorithm));
    }
    return {{"bases", as_json(parts_of(registry, base_members))},
            {"remainders", as_json(parts_of(registry, remainder_members))},
            {"rules", std::move(rules)},
            {"parameters_of_all", as_json(constraint_parameters())}};
}

std::string table_of(const std::vector<Part>& parts, std::string_view heading,
                     std::string_view what, const Style& style) {
    using Align = Table::Align;
    Table table{{{heading, Align::left}, {what, Align::left}}};
    for (const Part& part : parts) {
        table.add({part.code, part.summary});
    }
    return table.text(style);
}

std::string table_of(std::span<const ParameterInfo> parameters, const Style& style) {
    using Align = Table::Align;
    Table table{{{"PARAMETER", Align::left}, {"MEANING", Align::left}, {"VALUE", Align::left}}};
    for (const ParameterInfo& parameter : parameters) {
        table.add({std::string{parameter.key}, std::string{parameter.meaning},
                   std::string{parameter.accepted}});
    }
    return table.text(style);
}

std::string table_of(const std::vector<RuleParameter>& parameters, const Style& style) {
    using Align = Table::Align;
    Table table{{{"RULES", Align::left},
                 {"PARAMETER", Align::left},
                 {"MEANING", Align::left},
                 {"VALUE", Align::left}}};
    for (const RuleParameter& parameter : parameters) {
        table.add({parameter.rules, std::string{parameter.info.key},
                   std::string{parameter.info.meaning}, std::string{parameter.info.accepted}});
    }
    return table.text(style);
}

std::string stand_alone(const Registry& registry, const Style& style) {
    using Align = Table::Align;
    Table table{{{"RULE", Align::left}, {"WHAT IT DOES", Align::left}}};
    bool any = false;
    for (const auto& algorithm : registry.all()) {
        const AlgorithmInfo& info = algorithm->info();
        if (info.base.empty()) {
            const std::string aliases = info.aliases.empty() ? "" : ", " + joined(info.aliases);
            table.add({info.code + aliases, info.summary});
            any = true;
        }
    }
    return any ? "\nRules that are not made of parts:\n\n" + table.text(style) : "";
}

constexpr const char* what_parts_are =
    "Most rules are a base and a remainder, BASE-REMAINDER. The base gives each claim its exact\n"
    "part, rounded down to whole lots; the remainder hands out the lots that are left over.\n\n";

constexpr const char* how_parts_combine =
    "\n"
    "Every base goes with every remainder. A base alone means BASE-FIFO, LF and SF alone mean\n"
    "PR-LF and PR-SF, and SIZE-SF serves the smallest first. For example, 11 over 3, 5 and 7 are\n"
    "2, 3 and 5, and one is left over. PR-FIFO, the default, gives it to the oldest; PR-LF\n"
    "gives it to the largest:\n\n"
    "  allot split --quantity 11 --claims 3,5,7 --algorithm PR-LF\n";

constexpr const char* how_parameters_are_written =
    "\n"
    "Every rule takes these parameters, written behind its code, as PR-LF:minimum=2:cap=50:\n\n";

std::string list(const Registry& registry, const Style& style) {
    return what_parts_are +
           table_of(parts_of(registry, base_members), "BASE", "WHAT EACH CLAIM RECEIVES FIRST",
                    style) +
           "\n" +
           table_of(parts_of(registry, remainder_members), "REMAINDER",
                    "WHAT BECOMES OF THE LOTS LEFT OVER", style) +
           how_parts_combine + stand_alone(registry, style) + how_parameters_are_written +
           table_of(constraint_parameters(), style) + "\nSome take more:\n\n" +
           table_of(rule_parameters(registry), style) +
           "\n`allot algorithms CODE` explains a rule, a base or a remainder.\n";
}

// What the parameters that were given mean.
std::string given_parameters(const Algorithm& algorithm) {
    std::string out;
    for (const auto& [key, value] : algorithm.parameters()) {
        std::string_view meaning = "goes to the rule inside";
        for (const auto parameters : {algorithm.takes(), constraint_parameters()}) {
            for (const ParameterInfo& parameter : parameters) {
                meaning = parameter.key == key ? parameter.meaning : meaning;
            }
        }
        out += fmt::format("  {}={}: {}\n", key, value, meaning);
    }
    return out.empty() ? "" : "\n" + out;
}

std::string property_table(const PropertySheet& sheet, const Style& style) {
    using Align = Table::Align;
    Table table{{{"PROPERTY", Align::left}, {"", Align::left}, {"MEANING", Align::left}}};
    for (const PropertyLine& line : property_lines) {
        table.add(
            {std::string{line.name}, sheet.*line.holds ? "yes" : "no", std::string{line.meaning}});
    }
    return table.text(style);
}

// A rule on a page; `asked` is the code as it was typed.
std::string page(const Registry& registry, const Algorithm& algorithm, const std::string& asked,
                 const Style& style) {
    const AlgorithmInfo& info = algorithm.info();
    std::string out = fmt::format("{}  {}\n", style.bold(full_code(algorithm)), info.summary);
    if (!info.aliases.empty()) {
        out += fmt::format("also found as {}\n", joined(info.aliases));
    }
    out += '\n' + wrapped(info.description);
    for (const std::string& remark : remarks_on(info)) {
        out += '\n' + wrapped(remark);
    }
    out += given_parameters(algorithm) + '\n' + property_table(info.properties, style);
    if (!algorithm.parameters().empty()) {
        out +=
            "\n  The properties are those of the rule without limits; cap, minimum and the like\n"
            "  may leave units unallocated.\n";
    }
    out += '\n' +
           table_of(algorithm.takes().empty() ? constraint_parameters() : algorithm.takes(), style);
    if (!algorithm.takes().empty()) {
        out += "  and those of every rule, which `allot algorithms` lists\n";
    }
    const std::vector<Part> bases = parts_of(registry, base_members);
    if (const Part* base = find_part(bases, asked)) {
        out += '\n' + wrapped(fmt::format("The base {} goes with every remainder: {}.", base->code,
                                          joined(base->rules)));
    }
    const std::vector<Part> remainders = parts_of(registry, remainder_members);
    if (const Part* remainder = find_part(remainders, asked); remainder != nullptr) {
        out += '\n' + wrapped(fmt::format("There is a remainder {} too: {}. See `allot algorithms "
                                          "PR-{}`.",
                                          remainder->code, remainder->summary, remainder->code));
    }
    return out;
}

std::string page(const Part& remainder, const Style& style) {
    return fmt::format("{}  {}\n\n", style.bold(remainder.code), remainder.summary) +
           wrapped(remainder.description) + '\n' +
           wrapped(fmt::format("A remainder, for use with a base: {}.", joined(remainder.rules)));
}

ExitStatus show_algorithms(const AlgorithmsArguments& arguments) {
    const Registry registry = Registry::with_builtins();
    const Style style = Style::of_standard_output();
    const bool is_json = arguments.format == "json";
    if (arguments.code.empty()) {
        return print(is_json ? as_json(registry).dump() + '\n' : list(registry, style));
    }
    const auto algorithm = registry.find(arguments.code);
    if (algorithm) {
        return print(is_json ? as_json(**algorithm).dump() + '\n'
                             : page(registry, **algorithm, arguments.code, style));
    }
    const std::vector<Part> remainders = parts_of(registry, remainder_members);
    if (const Part* remainder = find_part(remainders, arguments.code)) {
        return print(is_json ? as_json(*remainder).dump() + '\n' : page(*remainder, style));
    }
    return complain_of(algorithm.error());
}

}  // namespace

void add_algorithms(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<AlgorithmsArguments>();
    CLI::App* command = program.add_subcommand(
        "algorithms", "List the rules and how they combine, or explain one with its properties");
    command->add_option("CODE", arguments->code,
                        "The rule to explain, with parameters if you like, or a base or a "
                        "remainder; all are listed without it");
    command->add_option("--format", arguments->format, "How to print: table or json")
        ->check(CLI::IsMember({"table", "json"}).description(""))
        ->type_name("FORMAT")
        ->capture_default_str();
    command->footer(
        "Examples:\n"
        "  allot algorithms PR-FIFO\n"
        "  allot algorithms PR-LF:minimum=2\n"
        "  allot algorithms OLDEST\n"
        "\n"
        "Exit status: 0 done, 2 unknown rule, 3 the output could not be written.");
    command->callback([arguments, &status] { status = show_algorithms(*arguments); });
}

}  // namespace allot::cli
