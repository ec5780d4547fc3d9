// `allot split`: the bare rule on bare numbers, as one would work it out on paper.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "allot/registry.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/errors.hpp"
#include "apps/cli/table.hpp"
#include "apps/cli/terminal.hpp"

namespace allot::cli {
namespace {

struct SplitArguments {
    std::string quantity;
    std::string claims;
    std::string algorithm{"PR-FIFO"};
    std::string lot{"1"};
    std::string format{"table"};
};

std::vector<Quantity> parse_claims(std::string_view text, Errors& errors) {
    std::vector<Quantity> claims;
    for (bool more = true; more;) {
        const std::size_t comma = text.find(',');
        more = comma != std::string_view::npos;
        claims.push_back(take(Quantity::parse(text.substr(0, comma)), "--claims", errors));
        text.remove_prefix(more ? comma + 1 : text.size());
    }
    return claims;
}

std::string as_json(const SplitResult& result) {
    std::string shares;
    for (const Quantity& share : result.shares) {
        shares += fmt::format("{}\"{}\"", shares.empty() ? "" : ",", share.to_string());
    }
    return fmt::format("{{\"shares\":[{}],\"unallocated\":\"{}\"}}\n", shares,
                       result.unallocated.to_string());
}

std::string as_table(const SplitResult& result, const std::vector<Quantity>& claims) {
    using Align = Table::Align;
    Table table{{{"", Align::right}, {"CLAIM", Align::right}, {"SHARE", Align::right}}};
    for (std::size_t i = 0; i < claims.size(); ++i) {
        table.add(
            {std::to_string(i + 1), grouped(claims[i].units()), grouped(result.shares[i].units())});
    }
    table.add({"", "unallocated", grouped(result.unallocated.units())});
    return table.text(Style::of_standard_output());
}

ExitStatus split(const SplitArguments& arguments) {
    Errors errors;
    const Quantity available = take(Quantity::parse(arguments.quantity), "--quantity", errors);
    const std::vector<Quantity> claims = parse_claims(arguments.claims, errors);
    const Quantity lot = take(Quantity::parse(arguments.lot), "--lot", errors);
    const auto algorithm =
        take(Registry::with_builtins().find(arguments.algorithm), "--algorithm", errors);
    if (!errors.empty()) {
        return complain_of(errors);
    }
    const Result<SplitResult> result = allot::split(*algorithm, available, claims, lot);
    if (!result) {
        return complain_of(result.error());
    }
    return print(arguments.format == "json" ? as_json(*result) : as_table(*result, claims));
}

}  // namespace

void add_split(CLI::App& program, ExitStatus& status) {
    const auto arguments = std::make_shared<SplitArguments>();
    CLI::App* command =
        program.add_subcommand("split", "Split a quantity over claims by a rule, without a book");
    command->add_option("--quantity", arguments->quantity, "What is to be split")
        ->required()
        ->type_name("DECIMAL");
    command
        ->add_option("--claims", arguments->claims,
                     "What each claim may still receive, the oldest first: 5,9,57")
        ->required()
        ->type_name("DECIMAL,...");
    command
        ->add_option("--algorithm", arguments->algorithm, "The rule; `allot algorithms` lists them")
        ->type_name("CODE")
        ->capture_default_str();
    command->add_option("--lot", arguments->lot, "Smallest unit in which whole shares are given")
        ->type_name("DECIMAL")
        ->capture_default_str();
    command->add_option("--format", arguments->format, "How to print: table or json")
        ->check(CLI::IsMember({"table", "json"}).description(""))
        ->type_name("FORMAT")
        ->capture_default_str();
    command->footer(
        "Example:\n"
        "  allot split --quantity 15 --claims 25,25,25 --lot 10\n"
        "  prints 10, 5 and 0: one lot to the oldest claim, what is less than a lot to the next\n"
        "\n"
        "Exit status: 0 done, 2 bad usage or numbers, 3 the output could not be written.");
    command->callback([arguments, &status] { status = split(*arguments); });
}

}  // namespace allot::cli
