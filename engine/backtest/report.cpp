// The report of a backtest: one page that works from disk, without script.
#include <algorithm>
#include <cmath>
#include <utility>

#include "allot/backtest_file.hpp"
#include "engine/backtest/chart.hpp"
#include "engine/backtest/report_style.hpp"
#include "engine/io/text_output.hpp"

namespace allot {

namespace {

using backtest::Bar;
using backtest::Coordinate;
using backtest::escaped;
using backtest::fixed;
using backtest::Series;

// "1,234,567.5"
std::string grouped(std::string digits) {
    const std::size_t start = digits.starts_with('-') ? 1 : 0;
    std::size_t at = std::min(digits.find('.'), digits.size());
    while (at > start + 3) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}
std::string shown(const Decimal& value, int places) {
    return grouped(round(value, places, Rounding::half_even).value().to_string());
}
std::string shown(std::size_t value) {
    return grouped(std::to_string(value));
}
std::string percent(const Decimal& share) {
    return shown(share * Decimal{100}, 3) + " %";
}
std::string p_text(Coordinate p) {
    return p < 0.001 ? "&lt; 0.001" : fixed(p, 3);
}
Coordinate place(const Decimal& value) {
    return backtest::nearest_coordinate(value.to_string());
}

std::string cell(std::string_view content, std::string_view attributes = "") {
    return "<td" + std::string{attributes} + ">" + std::string{content} + "</td>";
}
std::string text_cell(std::string_view text) {
    return cell(escaped(text), " class=\"text\"");
}

// A table in a box that scrolls by itself on a narrow screen.
class HtmlTable {
  public:
    explicit HtmlTable(std::string_view heads) : html_{"<div class=\"scroll\"><table><thead><tr>"} {
        while (!heads.empty()) {
            const std::size_t bar = heads.find('|');
            html_ += "<th>" + std::string{heads.substr(0, bar)} + "</th>";
            heads.remove_prefix(bar == std::string_view::npos ? heads.size() : bar + 1);
        }
        html_ += "</tr></thead><tbody>\n";
    }
    void add(const std::string& cells) { html_ += "<tr>" + cells + "</tr>\n"; }
    [[nodiscard]] std::string html() const { return html_ + "</tbody></table></div>\n"; }

  private:
    std::string html_;
};

std::string folded(std::string_view summary, const std::string& content) {
    return "<details><summary>" + escaped(summary) + "</summary>\n" + content + "</details>\n";
}

class Report {
  public:
    Report(const BacktestResult& result, const BlockSteps* steps, const Sink& sink)
        : result_{&result}, steps_{steps}, output_{sink} {}

    [[nodiscard]] Result<void> run() {
        put(backtest::report_head);
        put_what_was_run();
        put_ranking();
        put_misplaced();
        put_prices();
        put_accounts();
        put_favoured();
        put_worst();
        put_failures();
        put("</main>\n</body>\n</html>\n");
        return output_.finish();
    }

  private:
    void put(std::string_view html) {
        output_.text().append(html);
        (void)output_.pass_on();
    }
    void put_heading(std::string_view id, std::string_view title, std::string_view lead) {
        put("<section id=\"" + std::string{id} + "\">\n<h2>" + escaped(title) + "</h2>\n<p>" +
            escaped(lead) + "</p>\n");
    }

    void put_what_was_run() {
        const BacktestResult& result = *result_;
        std::size_t fills = 0;
        for (const RuleOutcome& rule : result.rules) {
            fills = std::max(fills, rule.fills);
        }
        std::string html = "<header>\n<h1>Backtest</h1>\n<p class=\"lead\">" +
                           shown(result.periods.size()) +
                           (result.periods.size() == 1 ? " period" : " periods");
        if (!result.periods.empty()) {
            html += ", " + escaped(result.periods.front());
            html += result.periods.size() > 1 ? " to " + escaped(result.periods.back()) : "";
        }
        html += ". " + shown(fills) + " fills, replayed under " + shown(result.rules.size()) +
                (result.rules.size() == 1 ? " rule" : " rules") + ": " + shown(result.splits) +
                " splits.</p>\n<p class=\"small\">allot " + escaped(result.engine_version) +
                ", seed " + std::to_string(result.seed) + ", " + shown(result.draws) +
                " permutations a test, lot " + escaped(result.lot) + " where a book names none, " +
                (result.independent ? "every period starts anew"
                                    : "orders go on from period to "
                                      "period") +
                ".</p>\n</header>\n";
        put(html);
    }

    [[nodiscard]] static std::string repeated(const std::string& text, std::size_t times) {
        std::string all;
        for (std::size_t i = 0; i < times; ++i) {
            all += text;
        }
        return all;
    }

    // The best of a column is marked: the smallest value. What was measured on fewer fills than
    // others, or on none, is no match for them.
    template <class Value>
    [[nodiscard]] std::vector<bool> best_of(Value value) const {
        std::size_t fills = 1;
        for (const RuleOutcome& rule : result_->rules) {
            fills = std::max(fills, rule.fills);
        }
        auto least = value(result_->rules.front());
        bool is_first = true;
        for (const RuleOutcome& rule : result_->rules) {
            if (rule.fills == fills) {
                least = is_first ? value(rule) : std::min(least, value(rule));
                is_first = false;
            }
        }
        std::vector<bool> best;
        for (const RuleOutcome& rule : result_->rules) {
            best.push_back(rule.fills == fills && !(least < value(rule)));
        }
        return best;
    }

    void put_ranking() {
        put_heading("ranking", "The rules side by side",
                    "The best of each column is marked, among the rules that were measured on the "
                    "most fills. Distances are those of orders from their exact pro-rata part.");
        const auto worst = best_of([](const RuleOutcome& r) { return r.tracking.worst.lots; });
        const auto mean = best_of([](const RuleOutcome& r) { return r.tracking.mean.share; });
        const auto timed =
            best_of([](const RuleOutcome& r) { return r.tracking.time_weighted.share; });
        const auto end = best_of([](const RuleOutcome& r) { return r.tracking.at_end.lots; });
        const auto cash = best_of([](const RuleOutcome& r) { return r.cash_moved; });
        const auto spread = best_of([](const RuleOutcome& r) { return r.price_deviation; });
        const auto slope = best_of([](const RuleOutcome& r) { return std::abs(r.first_in.slope); });
        HtmlTable table{
            "Rule|Fills|Worst, lots|Mean, of the order|Over time, of the order|At the end, "
            "lots|Cash "
            "moved|Price spread, bp|First-in slope|Interval|Smallest p|Tickets a fill|Unfilled"};
        for (std::size_t i = 0; i < result_->rules.size(); ++i) {
            const RuleOutcome& rule = result_->rules[i];
            const auto mark = [i](const std::vector<bool>& best) {
                return best[i] ? std::string_view{" class=\"best\""} : std::string_view{};
            };
            if (rule.fills == 0) {
                table.add(rule_cell(i) + cell("0") + repeated(cell("-"), 11));
                continue;
            }
            const FirstInBias& bias = rule.first_in;
            table.add(
                rule_cell(i) + cell(shown(rule.fills)) +
                cell(shown(rule.tracking.worst.lots, 2), mark(worst)) +
                cell(percent(rule.tracking.mean.share), mark(mean)) +
                cell(percent(rule.tracking.time_weighted.share), mark(timed)) +
                cell(shown(rule.tracking.at_end.lots, 2), mark(end)) +
                cell(shown(rule.cash_moved, 2), mark(cash)) +
                cell(fixed(rule.price_deviation, 4), mark(spread)) +
                cell(fixed(bias.slope * 100, 2) + " %", mark(slope)) +
                cell(fixed(bias.slope_low * 100, 2) + " to " + fixed(bias.slope_high * 100, 2)) +
                cell(p_text(rule.smallest_favoured_p)) +
                cell(fixed(
                    static_cast<Coordinate>(rule.tickets) / static_cast<Coordinate>(rule.fills),
                    2)) +
                cell(shown(rule.unfilled, 4)));
        }
        put(table.html() + "</section>\n");
    }

    [[nodiscard]] std::string rule_cell(std::size_t rule) const {
        return "<th scope=\"row\" class=\"text\"><span class=\"dot b" + std::to_string(rule % 8) +
               "\"></span>" + escaped(result_->rules[rule].algorithm) + "</th>";
    }

    void put_misplaced() {
        put_heading("misplaced", "What lies with the wrong orders",
                    "The part of a block that lies with orders it does not belong to, after each "
                    "fill; mean over blocks and fills, from the first to the last fill of a "
                    "period.");
        std::vector<Series> series;
        HtmlTable table{heads_with_rules("Time")};
        for (std::size_t i = 0; i < result_->rules.size(); ++i) {
            const RuleOutcome& rule = result_->rules[i];
            Series one{rule.algorithm, i, {}, {}};
            for (std::size_t at = 0; at < rule.misplaced.share.size(); ++at) {
                one.values.push_back(rule.misplaced.share[at] * 100);
                one.is_given.push_back(rule.misplaced.fills[at] > 0);
            }
            series.push_back(std::move(one));
        }
        for (std::size_t at = 0; at < 100; ++at) {
            std::string cells =
                text_cell(std::to_string(at) + " to " + std::to_string(at + 1) + " %");
            for (const Series& one : series) {
                cells += cell(one.is_given[at] ? fixed(one.values[at], 4) + " %" : "");
            }
            table.add(cells);
        }
        put("<div class=\"chart\">" +
            backtest::line_chart(series, " %", "Misplaced part of the blocks over time") +
            "</div>\n" + folded("The numbers", table.html()) + "</section>\n");
    }

    [[nodiscard]] std::string heads_with_rules(std::string_view first) const {
        std::string heads{first};
        for (const RuleOutcome& rule : result_->rules) {
            heads += '|' + escaped(rule.algorithm);
        }
        return heads;
    }

    [[nodiscard]] static std::string edge_text(std::size_t edge) {
        return Decimal::from_parts(PriceHistogram::edges_in_tenths[edge], 1).value().to_string();
    }
    [[nodiscard]] static std::string range_text(std::size_t bin) {
        constexpr std::size_t last = PriceHistogram::edges_in_tenths.size();
        if (bin == 0) {
            return "below " + edge_text(0) + " bp";
        }
        return bin == last ? edge_text(last - 1) + " bp and more"
                           : edge_text(bin - 1) + " to " + edge_text(bin) + " bp";
    }

    void put_prices() {
        put_heading("prices", "Who paid more",
                    "Orders by the distance of their average price from that of their block, in "
                    "basis points; to the right of the middle in the order's favour.");
        std::string charts = "<div class=\"many\">\n";
        HtmlTable table{heads_with_rules("Distance")};
        for (std::size_t i = 0; i < result_->rules.size(); ++i) {
            const RuleOutcome& rule = result_->rules[i];
            std::vector<Bar> bars;
            for (std::size_t bin = 0; bin < rule.prices.counts.size(); ++bin) {
                const std::size_t count = rule.prices.counts[bin];
                bars.push_back({range_text(bin), static_cast<Coordinate>(count), shown(count)});
            }
            charts += "<figure><figcaption>" + escaped(rule.algorithm) + "</figcaption>" +
                      backtest::histogram(bars, i, "Price differences under " + rule.algorithm) +
                      "</figure>\n";
        }
        for (std::size_t bin = 0; bin <= PriceHistogram::edges_in_tenths.size(); ++bin) {
            std::string cells = text_cell(range_text(bin));
            for (const RuleOutcome& rule : result_->rules) {
                cells += cell(shown(rule.prices.counts[bin]));
            }
            table.add(cells);
        }
        put(charts + "</div>\n" + folded("The numbers", table.html()) + "</section>\n");
    }

    // The accounts with the largest gains and losses, gains first.
    [[nodiscard]] static std::vector<const AccountOutcome*> largest(const RuleOutcome& rule) {
        constexpr std::size_t most = 20;
        std::vector<const AccountOutcome*> accounts;
        for (const AccountOutcome& account : rule.accounts) {
            accounts.push_back(&account);
        }
        const auto size = [](const AccountOutcome* account) {
            return account->deviation_profit.sign() < 0 ? -account->deviation_profit
                                                        : account->deviation_profit;
        };
        std::stable_sort(accounts.begin(), accounts.end(),
                         [&](const auto* a, const auto* b) { return size(b) < size(a); });
        accounts.resize(std::min(accounts.size(), most));
        std::stable_sort(accounts.begin(), accounts.end(), [](const auto* a, const auto* b) {
            return b->deviation_profit < a->deviation_profit;
        });
        return accounts;
    }

    void put_accounts() {
        put_heading("accounts", "Gains and losses against exact pro rata",
                    "What each account has more or less than its exact part of every fill, marked "
                    "at the last price of the period. The twenty largest of each rule; all stand "
                    "in the table and in accounts.csv.");
        for (std::size_t i = 0; i < result_->rules.size(); ++i) {
            const RuleOutcome& rule = result_->rules[i];
            std::vector<Bar> bars;
            for (const AccountOutcome* account : largest(rule)) {
                bars.push_back({account->portfolio.to_string(), place(account->deviation_profit),
                                shown(account->deviation_profit, 2) + ' ' + account->currency});
            }
            HtmlTable table{
                "Account|Currency|Orders|Allocated|Unfilled|Cash against the average "
                "price|Profit of the deviation|p favoured|Corrected|p harmed|Leftover units"};
            for (const AccountOutcome& account : rule.accounts) {
                table.add(
                    text_cell(account.portfolio.to_string()) + text_cell(account.currency) +
                    cell(shown(account.orders)) + cell(shown(account.allocated, 4)) +
                    cell(shown(account.unfilled, 4)) + cell(shown(account.cash_difference, 2)) +
                    cell(shown(account.deviation_profit, 2)) + cell(p_text(account.favoured_p)) +
                    cell(p_text(account.favoured_p_corrected)) + cell(p_text(account.harmed_p)) +
                    cell(shown(account.leftovers.units, 4)));
            }
            const std::string chart =
                bars.empty() ? "<p>No account.</p>\n"
                             : "<div class=\"chart\">" +
                                   backtest::two_sided_bars(
                                       bars, "Gains and losses under " + rule.algorithm) +
                                   "</div>\n" + folded("All accounts", table.html());
            put("<details" + std::string{i == 0 ? " open" : ""} + "><summary class=\"rule\">" +
                "<span class=\"dot b" + std::to_string(i % 8) + "\"></span>" +
                escaped(rule.algorithm) + "</summary>\n" + chart + "</details>\n");
        }
        put("</section>\n");
    }

    void put_favoured() {
        put_heading("favoured", "Was an account favoured?",
                    "How often chance alone, dealing the profits of every block anew to its "
                    "orders, gave an account as much as the rule did. Corrected for the number of "
                    "accounts, below 0.05 asks for an explanation.");
        HtmlTable table{"Rule|Account|Profit of the deviation|p|Corrected|Verdict"};
        for (std::size_t i = 0; i < result_->rules.size(); ++i) {
            const RuleOutcome& rule = result_->rules[i];
            std::vector<const AccountOutcome*> accounts;
            for (const AccountOutcome& account : rule.accounts) {
                accounts.push_back(&account);
            }
            std::stable_sort(accounts.begin(), accounts.end(), [](const auto* a, const auto* b) {
                return a->favoured_p < b->favoured_p;
            });
            accounts.resize(std::min<std::size_t>(accounts.size(), 3));
            for (const AccountOutcome* account : accounts) {
                const bool is_found = account->favoured_p_corrected < 0.05;
                table.add(
                    rule_cell(i) + text_cell(account->portfolio.to_string()) +
                    cell(shown(account->deviation_profit, 2) + ' ' + escaped(account->currency)) +
                    cell(p_text(account->favoured_p)) +
                    cell(p_text(account->favoured_p_corrected)) +
                    cell(is_found ? "favoured" : "as chance would",
                         is_found ? " class=\"text bad\"" : " class=\"text\""));
            }
        }
        put(table.html() + "</section>\n");
    }

    void put_worst() {
        put_heading("worst", "The blocks that were worst",
                    "Where an order was most lots off its exact part, each block under the rule "
                    "where it was so.");
        HtmlTable table{
            "Period|Block|Rule|Worst, lots|Order|At|Fill|Fills|Orders|Ordered|Executed|Allocated"};
        for (const BlockOutcome& block : result_->worst) {
            table.add(text_cell(result_->periods[block.period]) +
                      text_cell(block.block.to_string()) + text_cell(block.algorithm) +
                      cell(shown(block.tracking.worst.lots, 2)) +
                      text_cell(block.worst_order ? block.worst_order->to_string() : "") +
                      text_cell(block.worst_at) + cell(shown(block.worst_fill)) +
                      cell(shown(block.fills)) + cell(shown(block.orders)) +
                      cell(shown(block.ordered, 4)) + cell(shown(block.executed, 4)) +
                      cell(shown(block.allocated, 4)));
        }
        put(result_->worst.empty() ? "<p>No order was off.</p>\n" : table.html());
        if (steps_ != nullptr) {
            put_steps();
        }
        put("</section>\n");
    }

    void put_steps() {
        put("<h3>Step by step: " + escaped(steps_->block.block.to_string()) + " under " +
            escaped(steps_->block.algorithm) +
            "</h3>\n<p>Its first fills, those around the worst, and its last. Behind each share, "
            "what the order then has and how many lots that is ahead (+) or behind (-).</p>\n");
        std::string heads = "Fill|Time|Quantity|Price";
        for (std::size_t i = 0; i < steps_->orders.size(); ++i) {
            heads += '|' + escaped(steps_->orders[i].to_string()) + "<br><small>of " +
                     shown(steps_->ordered[i], 4) + "</small>";
        }
        HtmlTable table{heads};
        std::size_t before = 0;
        for (const BlockStep& step : steps_->steps) {
            if (step.fill != before + 1) {
                table.add("<td class=\"text gap\" colspan=\"" +
                          std::to_string(4 + steps_->orders.size()) + "\">" +
                          shown(step.fill - before - 1) + " fills later</td>");
            }
            before = step.fill;
            std::string cells = cell(shown(step.fill)) + text_cell(step.time) +
                                cell(shown(step.quantity, 6)) +
                                cell(step.price ? shown(*step.price, 10) : "");
            for (std::size_t i = 0; i < step.shares.size(); ++i) {
                const Decimal& off = step.lots_off[i];
                cells +=
                    cell(shown(step.shares[i], 6) + "<br><small>" + shown(step.allocated[i], 6) +
                         ", " + (off.sign() > 0 ? "+" : "") + shown(off, 2) + "</small>");
            }
            table.add(cells);
        }
        put(table.html());
    }

    void put_failures() {
        constexpr std::size_t most = 100;
        HtmlTable table{"Rule|Period|Placement|Failure|Why"};
        std::size_t count = 0;
        for (const RuleOutcome& rule : result_->rules) {
            for (const PeriodFailure& failure : rule.failures) {
                if (++count <= most) {
                    table.add(
                        text_cell(rule.algorithm) + text_cell(result_->periods[failure.period]) +
                        text_cell(failure.failure.placement.to_string()) +
                        text_cell(name(failure.failure.type)) + text_cell(failure.failure.detail));
                }
            }
        }
        if (count > 0) {
            put_heading("failures", "Not measured",
                        "Placements that a rule could not split; the first hundred.");
            put(table.html() + "</section>\n");
        }
    }

    const BacktestResult* result_;
    const BlockSteps* steps_;
    io::TextOutput output_;
};

}  // namespace

Result<void> write_backtest_report(const BacktestResult& result, const BlockSteps* steps,
                                   const Sink& sink) {
    return Report{result, steps, sink}.run();
}

}  // namespace allot
