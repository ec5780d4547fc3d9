// `allot split`: the bare rule on bare numbers, as one would work it out on paper.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allot/registry.hpp"
#include "allot/split.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct SplitArguments {
    std::string quantity;
    std::string claims;
    std::string weights;
    std::string caps;
    std::string tiers;
    std::string houses;
    std::string portfolios;
    std::string algorithm{"PR-FIFO"};
    std::string lot{"1"};
    std::string key;
    bool strict_lot{false};
    bool explain{false};
    std::string format{"table"};
};

// The items of a list with commas between them; none for an empty text.
std::vector<std::string> items_of(std::string_view text) {
    std::vector<std::string> items;
    for (bool more = !text.empty(); more;) {
        const std::size_t comma = text.find(',');
        more = comma != std::string_view::npos;
        items.emplace_back(text.substr(0, comma));
        text.remove_prefix(more ? comma + 1 : text.size());
    }
    return items;
}

template <class Value>
std::vector<Value> parse_list(const std::string& text, const char* option, Errors& errors) {
    std::vector<Value> values;
    for (const std::string& item : items_of(text)) {
        const std::size_t known = errors.size();
        values.push_back(take(Value::parse(item), option, errors));
        if (errors.size() > known && !item.empty()) {
            errors.back().found = item;  // whole: "1/0", not its half that is wrong
        }
    }
    return values;
}

std::vector<std::uint32_t> parse_tiers(const std::string& text, Errors& errors) {
    std::vector<std::uint32_t> tiers;
    for (const std::string& item : items_of(text)) {
        std::uint32_t tier = 0;
        const auto read = std::from_chars(item.data(), item.data() + item.size(), tier);
        if (read.ec != std::errc{} || read.ptr != item.data() + item.size() || tier == 0) {
            errors.push_back(option_error("--tiers", item.empty() ? "nothing" : item,
                                          "whole numbers from 1 on; 1 is served first"));
        }
        tiers.push_back(tier);
    }
    return tiers;
}

std::vector<bool> parse_houses(const std::string& text, Errors& errors) {
    std::vector<bool> houses;
    for (const std::string& item : items_of(text)) {
        if (item != "0" && item != "1") {
            errors.push_back(option_error("--houses", item.empty() ? "nothing" : item,
                                          "0 for a client or 1 for the house"));
        }
        houses.push_back(item == "1");
    }
    return houses;
}

std::vector<std::string> parse_portfolios(const std::string& text, Errors& errors) {
    std::vector<std::string> portfolios = items_of(text);
    for (const std::string& name : portfolios) {
        if (name.empty()) {
            errors.push_back(option_error("--portfolios", "nothing", "a name for each claim"));
        }
    }
    return portfolios;
}

SplitRequest request_of(const SplitArguments& arguments, Errors& errors) {
    SplitRequest request;
    request.available = take(Quantity::parse(arguments.quantity), "--quantity", errors);
    request.claims = parse_list<Quantity>(arguments.claims, "--claims", errors);
    request.weights = parse_list<Weight>(arguments.weights, "--weights", errors);
    request.caps = parse_list<Quantity>(arguments.caps, "--caps", errors);
    request.tiers = parse_tiers(arguments.tiers, errors);
    request.houses = parse_houses(arguments.houses, errors);
    request.portfolios = parse_portfolios(arguments.portfolios, errors);
    request.lot = take(Quantity::parse(arguments.lot), "--lot", errors);
    request.strict_lot = arguments.strict_lot;
    request.key = arguments.key;
    request.explain = arguments.explain;
    if (arguments.claims.empty() && arguments.weights.empty()) {
        errors.push_back(option_error("--claims", "nothing",
                                      "what each claim may still receive; or use --weights"));
    }
    return request;
}

std::string as_json(const SplitResult& result) {
    std::string shares;
    for (const Quantity& share : result.shares) {
        shares += fmt::format("{}\"{}\"", shares.empty() ? "" : ",", share.to_string());
    }
    std::string explanation;
    if (result.explanation) {
        for (const Step& step : result.explanation->steps()) {
            explanation += fmt::format("{}{{\"claim\":{},\"step\":{}}}",
                                       explanation.empty() ? "" : ",", step.claim + 1,
                                       nlohmann::json(result.explanation->sentence(step)).dump());
        }
        explanation = fmt::format(",\"explanation\":[{}]", explanation);
    }
    return fmt::format("{{\"shares\":[{}],\"unallocated\":\"{}\"{}}}\n", shares,
                       result.unallocated.to_string(), explanation);
}

std::string as_table(const SplitResult& result, const SplitRequest& request) {
    using Align = Table::Align;
    std::vector<Table::Column> columns{{"", Align::right}};
    std::vector<std::vector<std::string>> rows(result.shares.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].push_back(std::to_string(i + 1));
    }
    // Only what was given, so that the table stays small.
    const auto add = [&](std::string_view heading, const auto& values, const auto& text) {
        if (values.empty()) {
            return;
        }
        columns.push_back({heading, Align::right});
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].push_back(text(values[i]));
        }
    };
    const auto units = [](const Quantity& quantity) { return grouped(quantity.units()); };
    add("CLAIM", request.claims, units);
    add("WEIGHT", request.weights, [](const Weight& weight) { return weight.to_string(); });
    add("CAP", request.caps, units);
    add("TIER", request.tiers, [](std::uint32_t tier) { return std::to_string(tier); });
    add("HOUSE", request.houses, [](bool is_house) { return is_house ? "yes" : "no"; });
    add("PORTFOLIO", request.portfolios, [](const std::string& name) { return name; });
    add("SHARE", result.shares, units);
    Table table{columns};
    for (std::vector<std::string>& row : rows) {
        table.add(std::move(row));
    }
    std::vector<std::string> last(columns.size() - 2);
    last.emplace_back("unallocated");
    last.push_back(grouped(result.unallocated.units()));
    table.add(std::move(last));
    return table.text(Style::of_standard_output());
}

// What happened, in the order in which it did.
std::string as_steps(const Explanation& explanation) {
    using Align = Table::Align;
    Table table{{{"CLAIM", Align::right}, {"STEP", Align::left}}};
    for (const Step& step : explanation.steps()) {
        table.add({std::to_string(step.claim + 1), explanation.sentence(step)});
    }
    return "\n" + table.text(Style::of_standard_output());
}

// What was given and plays no part, which a person would hardly intend.
void note_what_is_ignored(const Algorithm& algorithm, const SplitRequest& request) {
    const AlgorithmInfo& info = algorithm.info();
    const auto note = [&](const char* what, const char* who) {
        complain(fmt::format("note: {} does not look at {}; {}", info.code, what, who));
    };
    if (!info.needs.tiers && (!request.tiers.empty() || !request.houses.empty())) {
        note("tiers and house accounts", "TIER does");
    }
    if (!info.needs.weights && !request.weights.empty() && !request.claims.empty()) {
        note("weights beside claims, but for 0, which receives nothing", "PCT does");
    }
    if (!info.properties.seeded && !request.key.empty()) {
        note("a key", "rules that draw do, as PR-RND");
    }
    const std::string named{algorithm.named_portfolio()};
    if (named.empty() && !info.needs.portfolios && !request.portfolios.empty()) {
        note("portfolios", "PCT and the remainder TO do");
    }
    if (!named.empty() && std::find(request.portfolios.begin(), request.portfolios.end(), named) ==
                              request.portfolios.end()) {
        complain(
            printable(fmt::format("note: no claim is of the portfolio {} (--portfolios)", named)));
    }
}

// An error of the library, told of the option that it is about.
Error of_option(Error error) {
    if (error.entity == "split") {
        error.entity.clear();
        error.field = "--" + error.field;
    }
    return error;
}

ExitStatus split(const SplitArguments& arguments) {
    Errors errors;
    const SplitRequest request = request_of(arguments, errors);
    const auto algorithm =
        take(Registry::with_builtins().find(arguments.algorithm), "--algorithm", errors);
    if (!errors.empty()) {
        return complain_of(errors);
    }
    const Result<SplitResult> result = allot::split(*algorithm, request);
    if (!result) {
        return complain_of(of_option(result.error()));
    }
    note_what_is_ignored(*algorithm, request);
    if (arguments.format == "json") {
        return print(as_json(*result));
    }
    return print(as_table(*result, request) +
                 (result->explanation ? as_steps(*result->explanation) : ""));
}

void add_lists(CLI::App& command, SplitArguments& arguments) {
    command
        .add_option("--claims", arguments.claims,
                    "What each claim may still receive, the oldest first: 5,9,57")
        ->type_name("DECIMAL,...");
    command
        .add_option("--weights", arguments.weights,
                    "Relative weights, decimals or fractions: 3,1/2,2. Without --claims only "
                    "--caps limits a share")
        ->type_name("WEIGHT,...");
    command
        .add_option("--caps", arguments.caps,
                    "The most each claim may receive; it limits a share, not what a claim weighs")
        ->type_name("DECIMAL,...");
    command
        .add_option("--tiers", arguments.tiers,
                    "Tier of each claim for the rule TIER; 1 is served first")
        ->type_name("NUMBER,...");
    command
        .add_option(
            "--houses", arguments.houses,
            "For the rule TIER: 1 for a house account, which comes after all clients, else 0")
        ->type_name("0|1,...");
    command
        .add_option("--portfolios", arguments.portfolios,
                    "Portfolio of each claim: PCT divides its weight over its claims, and "
                    "PR-TO:to=SCOPE/CODE gives it what is left over")
        ->type_name("SCOPE/CODE,...");
}

}  // namespace

void add_split(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<SplitArguments>();
    CLI::App* command =
        program.add_subcommand("split", "Split a quantity over claims by a rule, without a book");
    command->add_option("--quantity", arguments->quantity, "What is to be split")
        ->required()
        ->type_name("DECIMAL");
    add_lists(*command, *arguments);
    command
        ->add_option("--algorithm", arguments->algorithm, "The rule; `allot algorithms` lists them")
        ->type_name("CODE")
        ->capture_default_str();
    command->add_option("--lot", arguments->lot, "Smallest unit in which whole shares are given")
        ->type_name("DECIMAL")
        ->capture_default_str();
    command->add_flag("--strict-lot", arguments->strict_lot,
                      "Only whole lots: what is less than a lot stays unallocated");
    command
        ->add_option("--key", arguments->key, "Text from which the rules that draw make their draw")
        ->type_name("TEXT");
    command->add_flag("--explain", arguments->explain, "Say how each share came about");
    command->add_option("--format", arguments->format, "How to print: table or json")
        ->check(CLI::IsMember({"table", "json"}).description(""))
        ->type_name("FORMAT")
        ->capture_default_str();
    command->footer(
        "Examples:\n"
        "  allot split --quantity 15 --claims 25,25,25 --lot 10\n"
        "  prints 10, 5 and 0: one lot to the oldest claim, what is less than a lot to the next\n"
        "  allot split --quantity 100 --weights 1/3,2/3 --algorithm PR-LR\n"
        "  allot split --quantity 60 --claims 40,40,40 --algorithm TIER --houses 1,0,0\n"
        "  allot split --quantity 50 --claims 5,9,57,4,28,300 --algorithm PR-OLDEST:minimum=2 "
        "--explain\n"
        "\n"
        "Exit status: 0 done, 2 bad usage or numbers, 3 the output could not be written.");
    command->callback([arguments, &status] { status = split(*arguments); });
}

}  // namespace allot::cli
