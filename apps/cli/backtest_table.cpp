// How a person sees the result of a backtest.
#include "apps/cli/backtest_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/cli/table.hpp"

namespace allot::cli {
namespace {

std::string short_of(const Decimal& value, int places) {
    return grouped(round(value, places, Rounding::half_even).value());
}

// Always with two places, so that the points of a column stand below each other.
std::string in_hundredths(const Decimal& value) {
    std::string text = short_of(value, 2);
    const std::size_t point = text.find('.');
    const std::size_t places = point == std::string::npos ? 0 : text.size() - point - 1;
    return text + std::string{places == 0 ? ".00" : places == 1 ? "0" : ""};
}

std::string percent_of(const Decimal& share) {
    return in_hundredths(share * Decimal{100}) + " %";
}

std::string p_of(double p) {
    return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string signed_of(double value, int places) {
    return fmt::format("{:+.{}f}", value, places);
}

std::string distances(const BacktestResult& result, const Style& style) {
    Table table{{{"RULE", Table::Align::left},
                 {"WORST LOTS", Table::Align::right},
                 {"MEAN LOTS", Table::Align::right},
                 {"MEAN OF ORDER", Table::Align::right},
                 {"END LOTS", Table::Align::right},
                 {"TICKETS/FILL", Table::Align::right},
                 {"UNFILLED", Table::Align::right}}};
    for (const RuleOutcome& rule : result.rules) {
        if (rule.fills == 0) {
            table.add({rule.algorithm, "-", "-", "-", "-", "-", "-"});
            continue;
        }
        table.add({rule.algorithm, in_hundredths(rule.tracking.worst.lots),
                   in_hundredths(rule.tracking.mean.lots), percent_of(rule.tracking.mean.share),
                   in_hundredths(rule.tracking.at_end.lots),
                   fmt::format("{:.2f}",
                               static_cast<double>(rule.tickets) / static_cast<double>(rule.fills)),
                   short_of(rule.unfilled, 4)});
    }
    return table.text(style);
}

std::string fairness(const BacktestResult& result, const Style& style) {
    Table table{{{"RULE", Table::Align::left},
                 {"CASH MOVED", Table::Align::right},
                 {"PRICE SPREAD", Table::Align::right},
                 {"FIRST-IN SLOPE", Table::Align::right},
                 {"95 % INTERVAL", Table::Align::right},
                 {"MOST FAVOURED ACCOUNT", Table::Align::left},
                 {"P", Table::Align::right}}};
    for (const RuleOutcome& rule : result.rules) {
        if (rule.fills == 0) {
            table.add({rule.algorithm, "-", "-", "-", "-", "-", "-"});
            continue;
        }
        const auto favoured =
            std::min_element(rule.accounts.begin(), rule.accounts.end(),
                             [](const AccountOutcome& a, const AccountOutcome& b) {
                                 return a.favoured_p_corrected < b.favoured_p_corrected;
                             });
        const bool is_there = favoured != rule.accounts.end() && favoured->favoured_p_corrected < 1;
        table.add({rule.algorithm, in_hundredths(rule.cash_moved),
                   fmt::format("{:.3f} bp", rule.price_deviation),
                   signed_of(rule.first_in.slope * 100, 2) + " %",
                   signed_of(rule.first_in.slope_low * 100, 2) + " to " +
                       signed_of(rule.first_in.slope_high * 100, 2),
                   is_there ? favoured->portfolio.to_string() : "-",
                   is_there ? p_of(favoured->favoured_p_corrected) : "-"});
    }
    return table.text(style);
}

std::size_t failures_of(const BacktestResult& result) {
    std::size_t count = 0;
    for (const RuleOutcome& rule : result.rules) {
        count += rule.failures.size();
    }
    return count;
}

// The first failures of each rule, by name.
std::string failures(const BacktestResult& result, const Style& style) {
    if (failures_of(result) == 0) {
        return {};
    }
    constexpr std::size_t most = 5;
    Table table{{{"RULE", Table::Align::left},
                 {"PERIOD", Table::Align::left},
                 {"PLACEMENT", Table::Align::left},
                 {"FAILURE", Table::Align::left},
                 {"WHY", Table::Align::left}}};
    for (const RuleOutcome& rule : result.rules) {
        for (std::size_t i = 0; i < std::min(most, rule.failures.size()); ++i) {
            const PeriodFailure& failure = rule.failures[i];
            table.add({rule.algorithm, result.periods[failure.period],
                       failure.failure.placement.to_string(),
                       std::string{name(failure.failure.type)}, failure.failure.detail});
        }
        if (rule.failures.size() > most) {
            table.add({rule.algorithm, "and " + grouped(rule.failures.size() - most) + " more", "",
                       "", ""});
        }
    }
    return '\n' + style.bold("Not measured") + '\n' + table.text(style);
}

}  // namespace

std::string backtest_table(const BacktestResult& result, const Style& style) {
    std::size_t fills = 0;
    for (const RuleOutcome& rule : result.rules) {
        fills = std::max(fills, rule.fills);
    }
    std::string text =
        fmt::format("{}: {} under {}, {} splits, seed {}\n\n",
                    style.bold(counted(result.periods.size(), "period")), counted(fills, "fill"),
                    counted(result.rules.size(), "rule"), grouped(result.splits), result.seed);
    if (fills == 0) {
        text +=
            "No fill was replayed: a book has some where placements of its blocks have "
            "executions\n";
    } else {
        text += style.bold("How far orders were from their exact pro-rata part") + '\n';
        text += distances(result, style) + '\n';
        text += style.bold("Who gained") + '\n';
        text += fairness(result, style);
    }
    for (const RuleOutcome& rule : result.rules) {
        if (rule.fills != 0 && rule.fills != fills) {
            text += fmt::format("\n{} was measured on {} of {} fills: no match for the others\n",
                                rule.algorithm, grouped(rule.fills), grouped(fills));
        }
    }
    text += failures(result, style);
    if (!result.left_out.empty()) {
        text += fmt::format("\n{} left out: see the messages\n",
                            counted(result.left_out.size(), "period"));
    }
    return text;
}

}  // namespace allot::cli
