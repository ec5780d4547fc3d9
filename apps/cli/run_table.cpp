// Prints a run: each placement with its allocations, then what failed and what is noteworthy.
#include "apps/cli/run_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apps/cli/table.hpp"

namespace allot::cli {
namespace {

using Align = Table::Align;

// A placement with more allocations than this shows one row per order.
constexpr std::size_t most_allocations_shown = 20;
// A run over more placements than this shows one row per placement.
constexpr std::size_t most_placements_shown = 50;
constexpr int average_price_places = 6;

template <class Kind>
std::string text_of(const IdView<Kind>& id) {
    return fmt::format("{}/{}", id.scope, id.code);
}

// Where the allocations of each placement stand in the result; they are listed by placement.
struct Range {
    std::size_t first{0};
    std::size_t count{0};
};
using Ranges = std::map<PlacementId, Range>;

Ranges ranges_of(const AllocationViews& allocations) {
    Ranges ranges;
    for (std::size_t i = 0; i < allocations.size(); ++i) {
        const std::vector<IdView<Placement>> placements = allocations[i].placement_ids();
        if (placements.empty()) {
            continue;
        }
        Range& range = ranges[placements.front().to_id()];
        range.first = range.count == 0 ? i : range.first;
        ++range.count;
    }
    return ranges;
}

Range range_of(const Ranges& ranges, const PlacementId& id) {
    const auto found = ranges.find(id);
    return found == ranges.end() ? Range{} : found->second;
}

const Failure* failure_of(const RunResult& result, const PlacementId& id) {
    const auto found = result.failed.find(fmt::format("Scope:{} Code:{}", id.scope(), id.code()));
    return found == result.failed.end() ? nullptr : &found->second;
}

// What was executed beyond the orders has nowhere to go, and no rule avoids that: such a placement
// is told as over-executed only.
bool is_far_from_pro_rata(const RunResult& result, const PlacementOutcome& outcome) {
    const Failure* failure = failure_of(result, outcome.id);
    const bool is_over_executed =
        failure != nullptr && failure->type == FailureType::OverExecutedPlacement;
    return outcome.deviation && outcome.deviation->is_above_one_lot && !is_over_executed;
}

std::string portfolio_of(const AllocationView& allocation) {
    const auto portfolio = allocation.portfolio_id();
    return portfolio ? text_of(*portfolio) : "-";
}

std::string price_text(const std::optional<Price>& price, std::string_view currency) {
    if (!price) {
        return "no price";
    }
    return fmt::format("{}{}{}", grouped(price->amount()), currency.empty() ? "" : " ", currency);
}

// "Buy", "BBG000B9XRY4", "Broker01": what is known of side, instrument and counterparty.
std::string description_of(const Book& book, const PlacementId& id) {
    const std::optional<Placement> placement = book.find(id);
    if (!placement) {
        return {};
    }
    const std::optional<Block> block =
        placement->block_ids.empty() ? std::nullopt : book.find(placement->block_ids.front());
    std::string text = placement->side.empty() && block ? block->side : placement->side;
    const Identifiers& identifiers = placement->instrument_identifiers.empty() && block
                                         ? block->instrument_identifiers
                                         : placement->instrument_identifiers;
    for (const auto& [key, value] : identifiers) {
        text += fmt::format("{}{} {}", text.empty() ? "" : "  ",
                            key.substr(key.find_last_of('/') + 1), value);
    }
    if (!placement->counterparty.empty()) {
        text += fmt::format("{}{}", text.empty() ? "" : "  ", placement->counterparty);
    }
    return printable(text);
}

// "desk/E1", or "desk/E1 +2" when there are two others.
std::string executions_text(const std::vector<IdView<Execution>>& executions) {
    if (executions.size() < 2) {
        return executions.empty() ? "-" : text_of(executions.front());
    }
    return fmt::format("{} +{}", text_of(executions.front()), executions.size() - 1);
}

std::string by_execution(const AllocationViews& allocations, Range range, const Style& style) {
    Table table{{{"EXECUTION", Align::left},
                 {"ORDER", Align::left},
                 {"PORTFOLIO", Align::left},
                 {"QUANTITY", Align::right},
                 {"PRICE", Align::right}}};
    for (std::size_t i = range.first; i < range.first + range.count; ++i) {
        const AllocationView allocation = allocations[i];
        const std::vector<IdView<Execution>> executions = allocation.execution_ids();
        table.add({executions_text(executions), text_of(allocation.order_id()),
                   portfolio_of(allocation), grouped(allocation.quantity().units()),
                   price_text(allocation.price(), allocation.price_currency())});
    }
    return table.text(style);
}

// What one order received from one placement in this run.
struct OrderSum {
    std::string portfolio;
    std::string currency;
    std::size_t executions{0};
    Quantity quantity;
    AveragePrice average;
    bool has_average{true};  // every share has a price, all in one currency, and they add up

    void add(const AllocationView& allocation) {
        const std::optional<Price> price = allocation.price();
        if (executions == 0) {
            portfolio = portfolio_of(allocation);
            currency = allocation.price_currency();
        }
        has_average = has_average && price && currency == allocation.price_currency() &&
                      average.add(allocation.quantity(), *price).has_value();
        quantity = quantity + allocation.quantity();
        ++executions;
    }

    // "101.25 USD", or "~101.333333 USD" when six places do not say it all.
    [[nodiscard]] std::string average_text() const {
        if (!has_average || executions == 0) {
            return "-";
        }
        const auto rounded = average.rounded(average_price_places, Rounding::half_even);
        if (!rounded) {
            return "-";
        }
        return (rounded->residual.is_zero() ? "" : "~") + price_text(rounded->price, currency);
    }
};

bool is_dead(const Order& order, const std::vector<std::string>& dead_states) {
    const auto lower = [](std::string text) {
        for (char& letter : text) {
            letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        }
        return text;
    };
    return std::any_of(dead_states.begin(), dead_states.end(), [&](const std::string& state) {
        return lower(state) == lower(order.state);
    });
}

// Orders that receive something in this run, by whichever placement.
std::set<OrderId> served_by(const AllocationViews& allocations) {
    std::set<OrderId> served;
    for (const AllocationView allocation : allocations) {
        served.insert(allocation.order_id().to_id());
    }
    return served;
}

// Live orders of the placement's blocks that have received nothing at all: the reader should see
// who came away empty.
void add_empty_handed(const RunTable& run, const PlacementId& id,
                      std::map<OrderId, OrderSum>& sums) {
    const std::set<OrderId> served = served_by(run.result.allocations());
    const std::optional<Placement> placement = run.book.find(id);
    for (const BlockId& block_id : placement ? placement->block_ids : std::vector<BlockId>{}) {
        const std::optional<Block> block = run.book.find(block_id);
        for (const OrderId& order_id : block ? block->order_ids : std::vector<OrderId>{}) {
            const std::optional<Order> order = run.book.find(order_id);
            if (order && !is_dead(*order, run.dead_states) &&
                run.book.allocated(order_id).is_zero() && served.count(order_id) == 0) {
                sums[order_id].portfolio =
                    order->portfolio_id ? order->portfolio_id->to_string() : "-";
            }
        }
    }
}

std::string by_order(const RunTable& run, const PlacementId& id, Range range, const Style& style) {
    std::map<OrderId, OrderSum> sums;
    const AllocationViews allocations = run.result.allocations();
    for (std::size_t i = range.first; i < range.first + range.count; ++i) {
        sums[allocations[i].order_id().to_id()].add(allocations[i]);
    }
    add_empty_handed(run, id, sums);
    Table table{{{"ORDER", Align::left},
                 {"PORTFOLIO", Align::left},
                 {"ORDERED", Align::right},
                 {"ALLOCATED", Align::right},
                 {"FILLS", Align::right},
                 {"AVERAGE PRICE", Align::right}}};
    bool has_rounded = false;
    for (const auto& [order_id, sum] : sums) {
        const std::optional<Order> order = run.book.find(order_id);
        const bool is_sized = order && order->quantity;
        table.add({order_id.to_string(), sum.portfolio,
                   is_sized ? grouped(order->quantity->units()) : "-",
                   grouped(sum.quantity.units()), grouped(sum.executions), sum.average_text()});
        has_rounded = has_rounded || sum.average_text().starts_with('~');
    }
    const std::string legend =
        has_rounded ? fmt::format("  ~ rounded to {} places\n", average_price_places) : "";
    return table.text(style) + legend;
}

// "executed 40   allocated 40   unallocated 0"
std::string totals_of(const PlacementOutcome& outcome) {
    return fmt::format("executed {}   allocated {}   unallocated {}",
                       grouped(outcome.executed.units()), grouped(outcome.allocated.units()),
                       grouped(outcome.unallocated.units()));
}

// "residual 0.01 GBP to funds/HOUSE", of what is averaged.
std::string residuals_of(const PlacementOutcome& outcome) {
    std::string out = "residual";
    std::string_view separator = " ";
    for (const Residual& residual : outcome.residuals) {
        out += separator;
        separator = ", ";
        out += price_text(Price{residual.amount}, residual.currency);
        out += residual.account ? " to " + printable(residual.account->to_string()) : "";
    }
    return out;
}

std::string placement_text(const RunTable& run, const PlacementOutcome& outcome, Range range,
                           const Style& style) {
    const Failure* failure = failure_of(run.result, outcome.id);
    const std::string description = description_of(run.book, outcome.id);
    std::string out = fmt::format("{}{}{}\n", style.bold(printable(outcome.id.to_string())),
                                  description.empty() ? "" : "  ", description);
    out += fmt::format("  {}\n", totals_of(outcome));
    if (!outcome.residuals.empty()) {
        out += fmt::format("  {}\n", residuals_of(outcome));
    }
    if (failure != nullptr) {
        out += fmt::format(
            "  {}\n",
            style.red(printable(fmt::format("{}: {}", name(failure->type), failure->detail))));
    }
    if (is_far_from_pro_rata(run.result, outcome)) {
        out += fmt::format(
            "  {}\n",
            style.yellow(printable(fmt::format(
                "{} is {} lots from its pro-rata part of what was executed",
                outcome.deviation->order.to_string(), grouped(outcome.deviation->lots)))));
    }
    if (range.count == 0) {
        out += failure == nullptr && run.is_split ? "  nothing new to allocate\n" : "";
        return out + '\n';
    }
    const AllocationViews allocations = run.result.allocations();
    out += '\n';
    out += range.count <= most_allocations_shown ? by_execution(allocations, range, style)
                                                 : by_order(run, outcome.id, range, style);
    return out + '\n';
}

std::string placements_text(const RunTable& run, const Ranges& ranges, const Style& style) {
    Table table{{{"PLACEMENT", Align::left},
                 {"WHAT", Align::left},
                 {"NEW ALLOCATIONS", Align::right},
                 {"EXECUTED", Align::right},
                 {"ALLOCATED", Align::right},
                 {"UNALLOCATED", Align::right},
                 {"", Align::left}}};
    for (const PlacementOutcome& outcome : run.result.placements) {
        const Failure* failure = failure_of(run.result, outcome.id);
        table.add({outcome.id.to_string(), description_of(run.book, outcome.id),
                   grouped(range_of(ranges, outcome.id).count), grouped(outcome.executed.units()),
                   grouped(outcome.allocated.units()), grouped(outcome.unallocated.units()),
                   failure == nullptr ? "" : std::string{name(failure->type)}});
    }
    return table.text(style) + "\n  Single allocations are shown for up to " +
           std::to_string(most_placements_shown) +
           " placements; --placement picks some, --format csv lists all.\n\n";
}

std::string failures_text(const RunResult& result, const Style& style) {
    std::string out;
    if (!result.failed.empty()) {
        Table table{{{"PLACEMENT", Align::left}, {"FAILURE", Align::left}, {"WHY", Align::left}}};
        for (const auto& [key, failure] : result.failed) {
            table.add(
                {failure.placement.to_string(), std::string{name(failure.type)}, failure.detail});
        }
        out += style.red("Failed") + '\n' + table.text(style) + '\n';
    }
    if (!result.warnings.empty()) {
        Table table{{{"PLACEMENT", Align::left}, {"WARNING", Align::left}, {"WHY", Align::left}}};
        for (const Warning& warning : result.warnings) {
            table.add(
                {warning.placement.to_string(), std::string{name(warning.type)}, warning.detail});
        }
        out += style.yellow("Warnings") + '\n' + table.text(style) + '\n';
    }
    return out;
}

std::string moves_text(const RunResult& result, const Style& style) {
    if (result.moves.empty()) {
        return {};
    }
    const auto price_text = [](const Move& move) {
        const auto text = [](const std::optional<Price>& price) {
            return price ? grouped(price->amount()) : std::string{"none"};
        };
        const bool is_repriced = !move.before.is_zero() && !move.after.is_zero() &&
                                 move.price_before != move.price_after;
        return is_repriced ? text(move.price_before) + " -> " + text(move.price_after)
                           : text(move.after.is_zero() ? move.price_before : move.price_after);
    };
    Table table{{{"ALLOCATION", Align::left},
                 {"ORDER", Align::left},
                 {"BEFORE", Align::right},
                 {"AFTER", Align::right},
                 {"PRICE", Align::right}}};
    for (const Move& move : result.moves) {
        table.add({move.allocation.to_string(), move.order.to_string(),
                   grouped(move.before.units()), grouped(move.after.units()), price_text(move)});
    }
    return style.bold("Moved") + '\n' + table.text(style) + '\n';
}

std::string reversals_text(const RunResult& result, const Style& style) {
    if (result.reversals.empty()) {
        return {};
    }
    Table table{{{"PLACEMENT", Align::left},
                 {"ORDER", Align::left},
                 {"UNITS", Align::right},
                 {"CASH", Align::right}}};
    for (const Reversal& reversal : result.reversals) {
        table.add({reversal.placement.to_string(), reversal.order.to_string(),
                   grouped(reversal.units.units()),
                   reversal.cash ? grouped(*reversal.cash) +
                                       (reversal.currency.empty() ? "" : " " + reversal.currency)
                                 : std::string{"not known"}});
    }
    return style.red("To reverse, because it is booked") + '\n' + table.text(style) + '\n';
}

std::string closing_line(const RunTable& run, const Style& style) {
    const RunResult& result = run.result;
    const std::string done = run.is_split ? counted(result.allocations().size(), "new allocation")
                                          : counted(result.moves.size(), "allocation") + " moved";
    std::string out =
        fmt::format("{} over {}, {} failed, {}\n", style.bold(done),
                    counted(result.placements.size(), "placement"), grouped(result.failed.size()),
                    counted(result.warnings.size(), "warning"));
    const std::string rule = run.is_split ? result.algorithm + ", " : std::string{};
    const std::vector<RunRecord> runs = run.book.runs();
    const bool is_recorded = std::any_of(
        runs.begin(), runs.end(), [&](const RunRecord& one) { return one.id == result.run.id; });
    if (!run.is_preview && !is_recorded) {
        return out +
               style.dim(rule + "nothing changed: no run is recorded" +
                         (run.is_saved ? ", the book is saved as it is" : "")) +
               '\n';
    }
    const char* fate = run.is_preview ? "preview: the book stays as it is"
                       : run.is_saved ? "saved"
                                      : "not saved: --save BOOK keeps the allocations";
    return out + style.dim(fmt::format("{}run {}, {}", rule, result.run.id, fate)) + '\n';
}

// One split, step by step: which order got what, and why.
std::string explanation_text(const SplitExplanation& explanation, const Style& style) {
    std::string executions;
    for (const ExecutionId& id : explanation.executions) {
        executions += (executions.empty() ? "" : ", ") + id.to_string();
    }
    Table table{{{"CLAIM", Align::right}, {"ORDER", Align::left}, {"STEP", Align::left}}};
    for (const Step& step : explanation.steps.steps()) {
        table.add({std::to_string(step.claim + 1),
                   printable(explanation.claims[step.claim].to_string()),
                   printable(explanation.steps.sentence(step))});
    }
    return printable(fmt::format("How {} of execution {} of placement {} was split",
                                 grouped(explanation.available.units()), executions,
                                 explanation.placement.to_string())) +
           "\n" + table.text(style) + "\n";
}

}  // namespace

bool write_run_table(const RunTable& run, const Style& style, const Sink& sink) {
    const Ranges ranges = ranges_of(run.result.allocations());
    if (run.result.placements.size() > most_placements_shown) {
        if (!sink(placements_text(run, ranges, style))) {
            return false;
        }
    } else {
        for (const PlacementOutcome& outcome : run.result.placements) {
            if (!sink(placement_text(run, outcome, range_of(ranges, outcome.id), style))) {
                return false;
            }
        }
    }
    for (const SplitExplanation& explanation : run.result.explanations) {
        if (!sink(explanation_text(explanation, style))) {
            return false;
        }
    }
    return sink(moves_text(run.result, style)) && sink(reversals_text(run.result, style)) &&
           sink(failures_text(run.result, style)) && sink(closing_line(run, style));
}

namespace {

std::string advice_against_deviation(const RunResult& result, const Registry& registry) {
    // Near the pro-rata part in one split, and many splits end like one.
    const auto stays_near = [](const Algorithm& algorithm) {
        const PropertySheet& properties = algorithm.info().properties;
        return properties.quota && properties.slice_invariant;
    };
    if (const auto rule = registry.find(result.algorithm); rule && stays_near(**rule)) {
        return "The rule avoids this as far as it can: earlier allocations, pins, caps or a change "
               "of orders stand against it";
    }
    std::string avoiding;
    for (const auto& algorithm : registry.all()) {
        if (stays_near(*algorithm)) {
            avoiding += (avoiding.empty() ? "" : ", ") + algorithm->info().code;
        }
    }
    return avoiding.empty() ? "No rule that avoids this is registered yet"
                            : "Rules that avoid this: " + avoiding;
}

}  // namespace

std::string deviation_note(const RunResult& result, const Registry& registry) {
    const PlacementOutcome* farthest = nullptr;
    std::size_t count = 0;
    for (const PlacementOutcome& outcome : result.placements) {
        if (!is_far_from_pro_rata(result, outcome)) {
            continue;
        }
        ++count;
        if (farthest == nullptr || farthest->deviation->lots < outcome.deviation->lots) {
            farthest = &outcome;
        }
    }
    if (farthest == nullptr) {
        return {};
    }
    return printable(fmt::format(
        "note: {} {} an order more than one lot away from its pro-rata part of what was executed; "
        "the farthest is order {} of placement {}, by {} lots. {}",
        counted(count, "placement"), count == 1 ? "leaves" : "leave",
        farthest->deviation->order.to_string(), farthest->id.to_string(),
        grouped(farthest->deviation->lots), advice_against_deviation(result, registry)));
}

namespace {

// Orders that the placement is made for, of all of its blocks.
std::vector<OrderId> orders_of(const Book& book, const PlacementId& id) {
    std::vector<OrderId> orders;
    const std::optional<Placement> placement = book.find(id);
    for (const BlockId& block_id : placement ? placement->block_ids : std::vector<BlockId>{}) {
        const std::optional<Block> block = book.find(block_id);
        if (block) {
            orders.insert(orders.end(), block->order_ids.begin(), block->order_ids.end());
        }
    }
    return orders;
}

// "funds/A, funds/B and 5 more".
std::string some_of(const std::set<PortfolioId>& portfolios) {
    constexpr std::size_t most_named = 3;
    std::string text;
    std::size_t named = 0;
    for (const PortfolioId& id : portfolios) {
        if (named == most_named) {
            return text + fmt::format(" and {} more", portfolios.size() - named);
        }
        text += (named == 0 ? "" : ", ") + id.to_string();
        ++named;
    }
    return text;
}

// What stands on one side only: weights of portfolios without orders, and the other way round.
std::string mismatch_note(const std::set<PortfolioId>& with_orders, const RunRequest& request) {
    std::set<PortfolioId> idle;
    std::set<PortfolioId> unnamed = with_orders;
    for (const auto& [portfolio, weight] : request.weights) {
        if (unnamed.erase(portfolio) == 0) {
            idle.insert(portfolio);
        }
    }
    std::string text;
    if (!idle.empty()) {
        text += fmt::format("--weights names {}, of which this run has no order", some_of(idle));
    }
    if (!unnamed.empty()) {
        text += fmt::format("{}{} not in --weights, so that the weight of {} orders is 0",
                            text.empty() ? "" : "; ",
                            some_of(unnamed) + (unnamed.size() == 1 ? " is" : " are"),
                            unnamed.size() == 1 ? "its" : "their");
    }
    return text.empty() ? text : printable("note: " + text);
}

}  // namespace

std::string weights_note(const Book& book, const RunRequest& request, const RunResult& result,
                         const Registry& registry) {
    const auto rule = registry.find(result.algorithm);
    if (request.weights.empty() || !rule) {
        return {};
    }
    std::set<PortfolioId> with_orders;
    for (const PlacementOutcome& outcome : result.placements) {
        const std::vector<OrderId> orders = orders_of(book, outcome.id);
        if (orders.empty()) {
            return {};  // it is split to those that weights are given for
        }
        for (const OrderId& id : orders) {
            const std::optional<Order> order = book.find(id);
            if (order && order->portfolio_id) {
                with_orders.insert(*order->portfolio_id);
            }
        }
    }
    if ((*rule)->info().needs.weights) {
        return result.placements.empty() ? "" : mismatch_note(with_orders, request);
    }
    return printable(
        fmt::format("note: --weights was not used: {} does not split by weights, and no placement "
                    "is of blocks without orders. PCT splits what is executed for orders by the "
                    "weights of their portfolios",
                    result.algorithm));
}

}  // namespace allot::cli
