// `allot split`: the bare rule on bare numbers, as one would work it out on paper.
#include <fmt/format.h>

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
        values.push_back(take(Value::parse(item), option, errors));
    }
    return values;
}

std::vector<std::uint32_t> parse_tiers(const std::string& text, Errors& errors) {
    std::vector<std::uint32_t> tiers;
    for (const std::string& item : items_of(text)) {
        std::uint32_t tier = 0;
        const auto read = std::from_chars(item.data(), item.data() + item.size(), tier);
        if (read.ec != std::errc{} || read.ptr != item.data() + item.size() || tier == 0) {
            errors.push_back(option_error("--tiers", item, "whole numbers, 1 for the first tier"));
        }
        tiers.push_back(tier);
    }
    return tiers;
}

std::vector<bool> parse_houses(const std::string& text, Errors& errors) {
    std::vector<bool> houses;
    for (const std::string& item : items_of(text)) {
        if (item != "0" && item != "1") {
            errors.push_back(option_error("--houses", item, "0 for a client, 1 for the house"));
        }
        houses.push_back(item == "1");
    }
    return houses;
}

SplitRequest request_of(const SplitArguments& arguments, Errors& errors) {
    SplitRequest request;
    request.available = take(Quantity::parse(arguments.quantity), "--quantity", errors);
    request.claims = parse_list<Quantity>(arguments.claims, "--claims", errors);
    request.weights = parse_list<Weight>(arguments.weights, "--weights", errors);
    request.caps = parse_list<Quantity>(arguments.caps, "--caps", errors);
    request.tiers = parse_tiers(arguments.tiers, errors);
    request.houses = parse_houses(arguments.houses, errors);
    request.portfolios = items_of(arguments.portfolios);
    request.lot = take(Quantity::parse(arguments.lot), "--lot", errors);
    request.strict_lot = arguments.strict_lot;
    request.key = arguments.key;
    request.explain = arguments.explain;
    if (arguments.claims.empty() && arguments.weights.empty()) {
        errors.push_back(
            option_error("--claims", "nothing", "--claims, or --weights without caps"));
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
    const bool has_claims = !request.claims.empty();
    const bool has_weights = !request.weights.empty();
    std::vector<Table::Column> columns{{"", Align::right}};
    if (has_claims) {
        columns.push_back({"CLAIM", Align::right});
    }
    if (has_weights) {
        columns.push_back({"WEIGHT", Align::right});
    }
    columns.push_back({"SHARE", Align::right});
    Table table{columns};
    for (std::size_t i = 0; i < result.shares.size(); ++i) {
        std::vector<std::string> cells{std::to_string(i + 1)};
        if (has_claims) {
            cells.push_back(grouped(request.claims[i].units()));
        }
        if (has_weights) {
            cells.push_back(request.weights[i].to_string());
        }
        cells.push_back(grouped(result.shares[i].units()));
        table.add(std::move(cells));
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
        return complain_of(result.error());
    }
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
                    "Relative weights, decimals or fractions: 3,1/2,2. Without --claims nothing "
                    "but --caps limits a share")
        ->type_name("WEIGHT,...");
    command.add_option("--caps", arguments.caps, "The most each claim may receive")
        ->type_name("DECIMAL,...");
    command.add_option("--tiers", arguments.tiers, "Tier of each claim, 1 is served first")
        ->type_name("NUMBER,...");
    command
        .add_option("--houses", arguments.houses,
                    "1 for a house account, which comes after all clients, else 0")
        ->type_name("0|1,...");
    command
        .add_option("--portfolios", arguments.portfolios,
                    "Portfolio of each claim; claims of the same one share its weight")
        ->type_name("NAME,...");
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
        "  allot split --quantity 50 --claims 5,9,57,4,28,300 --algorithm PR-OLDEST:minimum=2 "
        "--explain\n"
        "\n"
        "Exit status: 0 done, 2 bad usage or numbers, 3 the output could not be written.");
    command->callback([arguments, &status] { status = split(*arguments); });
}

}  // namespace allot::cli
