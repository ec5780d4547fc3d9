// Pricing: at which price the drafts of a run are allocated.
#include "engine/run/pricing.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "engine/run/blocks.hpp"
#include "engine/run/group.hpp"
#include "engine/run/guards.hpp"
#include "engine/run/record.hpp"
#include "engine/run/recorded.hpp"
#include "engine/run/shrink.hpp"

namespace allot::run {

namespace {

using detail::AllocationRow;
using store::none;

constexpr int fx_rate_scale = 10;
constexpr std::string_view no_decimal =
    "The cash of its fills has more digits than a decimal holds";

const store::ExecutionRow& execution_of(const BookData& book, const Part& part) {
    return book.executions.rows[book.executions.any_row_of(part.execution)];
}

// What fills cost. Throws Refusal where it is no decimal.
Decimal notional_of(const BookData& book, const std::vector<Part>& parts) {
    Decimal sum{};
    for (const Part& part : parts) {
        sum = sum + part.units.units() * execution_of(book, part).price;
    }
    return sum;
}

// Positions of the placements of a run, by id.
std::map<std::uint32_t, std::uint32_t> positions_of(const Planned& planned) {
    std::map<std::uint32_t, std::uint32_t> positions;
    for (std::uint32_t at = 0; at < planned.collection.placements.size(); ++at) {
        positions.emplace(planned.collection.placements[at].id, at);
    }
    return positions;
}

// Settlement notional over notional; a rate that is the same throughout stays as it is.
class FxRate {
  public:
    void add(const BookData& book, const std::vector<Part>& parts) {
        for (const Part& part : parts) {
            const store::ExecutionRow& row = execution_of(book, part);
            if (!row.has_fx_rate) {
                continue;
            }
            is_one_ = is_one_ && (!first_ || *first_ == row.fx_rate);
            first_ = first_.value_or(row.fx_rate);
            const Decimal cash = part.units.units() * row.price;
            notional_ = notional_ + cash;
            settled_ = settled_ + cash * row.fx_rate;
        }
    }
    [[nodiscard]] std::optional<Decimal> rate() const {
        if (is_one_ || notional_.is_zero()) {
            return is_one_ ? first_ : std::nullopt;
        }
        return divide(settled_, notional_, fx_rate_scale, Rounding::half_even).value();
    }

  private:
    bool is_one_{true};
    std::optional<Decimal> first_{};
    Decimal notional_{};
    Decimal settled_{};
};

// What is averaged: cash and units of allocations whose price is still open.
struct Average {
    Decimal cash{};
    Decimal units{};
    std::vector<std::size_t> drafts{};
    bool has_price{true};
};

Price rounded(const Average& average, const Pricing& pricing, Way way) {
    if (!pricing.tick) {
        return Price{
            divide(average.cash, average.units, pricing.scale, Rounding::half_even).value()};
    }
    const Rounding rounding = way == Way::buys    ? Rounding::toward_client
                              : way == Way::sells ? Rounding::toward_house
                                                  : Rounding::half_even;
    const Decimal ticks = divide(average.cash, average.units * *pricing.tick, 0, rounding).value();
    return Price{ticks * *pricing.tick};
}

class Pricer {
  public:
    Pricer(const BookData& book, const RunOptions& options, const Planned& planned,
           std::vector<Draft>& drafts)
        : book_{&book}, options_{&options}, drafts_{&drafts}, positions_{positions_of(planned)} {
        if (options.pricing.average_over == AverageOver::block) {
            blocks_ = Blocks{book};
        }
    }

    std::map<std::uint32_t, std::string> price() && {
        const bool is_average = options_->pricing.method == PriceMethod::average;
        if (!is_average && options_->grain == Grain::execution) {
            return {};
        }
        std::map<std::string, std::vector<std::size_t>> groups;
        for (std::size_t i = 0; i < drafts_->size(); ++i) {
            (*drafts_)[i].is_averaged = is_average;
            groups[is_average ? key_of((*drafts_)[i].parts) : std::to_string(i)].push_back(i);
        }
        std::map<std::string, std::vector<std::uint32_t>> booked;
        if (is_average) {
            take_up_stored(groups, booked);
        }
        for (const auto& [key, members] : groups) {
            try {
                price(members, booked[key]);
            } catch (const Refusal&) {
                fail(members);
            }
        }
        return std::move(failed_);
    }

  private:
    // What is averaged together has one key.
    [[nodiscard]] std::string key_of(const std::vector<Part>& parts) const {
        const std::uint32_t row = book_->executions.any_row_of(parts.front().execution);
        const std::uint32_t placement = book_->executions.rows[row].placement;
        const bool is_of_block = options_->pricing.average_over == AverageOver::block;
        std::string key = std::to_string(is_of_block ? blocks_.first_of(placement) : placement);
        return key.append(1, '\0').append(is_of_block ? day_of(*book_, row)
                                                      : group_of(*book_, row));
    }

    // Stored allocations of the groups that receive something: those that are not booked become
    // drafts, at averages booked ones are noted.
    void take_up_stored(std::map<std::string, std::vector<std::size_t>>& groups,
                        std::map<std::string, std::vector<std::uint32_t>>& booked) {
        std::set<std::uint32_t> taken;
        for (const Draft& draft : *drafts_) {
            if (draft.goes_on) {
                taken.insert(draft.previous);
            }
        }
        std::uint32_t number = 0;
        for (const AllocationRow& row : book_->allocations) {
            const std::uint32_t at = number++;
            if (!book_->counts(row) || taken.contains(at)) {
                continue;
            }
            const std::optional<std::vector<Part>> parts = parts_of(*book_, row);
            const auto group = parts ? find_group(groups, *parts) : groups.end();
            if (group == groups.end()) {
                continue;
            }
            if (!is_frozen(*book_, row)) {
                group->second.push_back(drafts_->size());
                drafts_->push_back(draft_of(at, *parts));
            } else if (is_averaged(*book_, row)) {
                booked[group->first].push_back(at);
            }
        }
    }

    // Where all that an allocation has belongs to one group.
    [[nodiscard]] std::map<std::string, std::vector<std::size_t>>::iterator find_group(
        std::map<std::string, std::vector<std::size_t>>& groups,
        const std::vector<Part>& parts) const {
        std::optional<std::string> key;
        for (const Part& part : parts) {
            const std::uint32_t row = book_->executions.row_of(part.execution);
            if (row == none || !positions_.contains(book_->executions.rows[row].placement)) {
                return groups.end();
            }
            const std::string other = key_of({part});
            if (key.value_or(other) != other) {
                return groups.end();
            }
            key = other;
        }
        return key ? groups.find(*key) : groups.end();
    }

    [[nodiscard]] Draft draft_of(std::uint32_t number, const std::vector<Part>& parts) const {
        const AllocationRow& row = book_->allocations[number];
        Draft draft;
        draft.placement = positions_.at(execution_of(*book_, parts.front()).placement);
        draft.order = book_->order_id_of(row);
        draft.parts = parts;
        draft.quantity = row.quantity;
        draft.id = store::allocation_id(*book_, row);
        draft.previous = number;
        draft.goes_on = true;
        draft.is_averaged = true;
        return draft;
    }

    void price(const std::vector<std::size_t>& members, const std::vector<std::uint32_t>& booked) {
        Average average;
        std::map<std::string, FxRate> rates;
        for (const std::size_t at : members) {
            const Draft& draft = (*drafts_)[at];
            average.cash = average.cash + notional_of(*book_, draft.parts);
            average.units = average.units + draft.quantity.units();
            rates[rate_key_of(draft.parts)].add(*book_, draft.parts);
        }
        for (const std::uint32_t number : booked) {
            const AllocationRow& row = book_->allocations[number];
            const std::optional<Price> price = AllocationView{*book_, row}.price();
            average.cash = average.cash + notional_of(*book_, *parts_of(*book_, row)) -
                           row.quantity.units() * price.value_or(Price{}).amount();
        }
        const Part& first = (*drafts_)[members.front()].parts.front();
        if (!execution_of(*book_, first).has_price) {
            return;
        }
        const Price price = rounded(average, options_->pricing, way_of(side_of(members.front())));
        for (const std::size_t at : members) {
            Draft& draft = (*drafts_)[at];
            draft.price = price;
            draft.fx_rate = rates[rate_key_of(draft.parts)].rate();
        }
    }

    // Rates are those of one placement and group.
    [[nodiscard]] std::string rate_key_of(const std::vector<Part>& parts) const {
        const std::uint32_t row = book_->executions.any_row_of(parts.front().execution);
        std::string key = std::to_string(book_->executions.rows[row].placement);
        return key.append(1, '\0').append(group_of(*book_, row));
    }

    [[nodiscard]] std::string_view side_of(std::size_t at) const {
        const Draft& draft = (*drafts_)[at];
        const store::OrderRow& order = book_->orders.rows[book_->orders.any_row_of(draft.order)];
        return book_->text(book_->kind_of(order).side);
    }

    void fail(const std::vector<std::size_t>& members) {
        for (const std::size_t at : members) {
            const Draft& draft = (*drafts_)[at];
            if (!draft.added.is_zero()) {
                failed_.emplace(draft.placement, std::string{no_decimal});
            }
        }
    }

    const BookData* book_;
    const RunOptions* options_;
    std::vector<Draft>* drafts_;
    std::map<std::uint32_t, std::uint32_t> positions_;
    Blocks blocks_{};
    std::map<std::uint32_t, std::string> failed_{};
};

Error misfit(std::string field, std::string found, std::string expected) {
    return Error{ErrorCode::option_is_not_valid,
                 "run",
                 {},
                 std::move(field),
                 std::move(found),
                 std::move(expected),
                 {}};
}

}  // namespace

bool prices_fill_by_fill(const RunOptions& options) noexcept {
    return options.grain == Grain::execution && options.pricing.method == PriceMethod::fill &&
           !options.pool;
}

std::optional<Error> find_misfit(const RunOptions& options) {
    const Pricing& pricing = options.pricing;
    if (pricing.scale < 0 || pricing.scale > Decimal::max_scale) {
        return misfit("priceScale", std::to_string(pricing.scale), "0 to 28");
    }
    if (pricing.tick && pricing.tick->sign() <= 0) {
        return misfit("tick", pricing.tick->to_string(), "more than zero");
    }
    const bool is_average = pricing.method == PriceMethod::average ||
                            (options.pool && pricing.method == PriceMethod::fill);
    if (options.pool && !is_average) {
        return misfit("pool", "with price " + std::string{word_of(pricing.method)},
                      "price average: what is split as one has one price");
    }
    if (pricing.average_over == AverageOver::block && !is_average) {
        return misfit("averageOver", "block with price " + std::string{word_of(pricing.method)},
                      "price average");
    }
    if (pricing.residual_account) {
        if (!is_average && options.grain == Grain::execution) {
            return misfit("residualAccount",
                          pricing.residual_account->to_string() + " with prices of fills",
                          "price average or grain order: nothing else leaves cash over");
        }
        if (!pricing.residual_account->resource().check()) {
            return misfit("residualAccount", pricing.residual_account->to_string(),
                          "a portfolio, SCOPE/CODE");
        }
    }
    if (options.beyond_limit == BeyondLimit::no_claim &&
        (is_average || pricing.method != PriceMethod::fill)) {
        return misfit("beyondLimit", "no-claim with another price than that of the fill",
                      "fail or ignore: who has no claim on a fill must not have its price");
    }
    return std::nullopt;
}

std::map<std::uint32_t, std::string> price_drafts(const BookData& book, const RunOptions& options,
                                                  const Planned& planned,
                                                  std::vector<Draft>& drafts) {
    std::map<std::uint32_t, std::string> failed = Pricer{book, options, planned, drafts}.price();
    std::stable_sort(drafts.begin(), drafts.end(),
                     [](const Draft& a, const Draft& b) { return a.placement < b.placement; });
    return failed;
}

Residuals residuals_of(const BookData& book, const Planned& planned,
                       const std::vector<Draft>& drafts,
                       std::map<std::uint32_t, std::string>& failed) {
    const std::map<std::uint32_t, std::uint32_t> positions = positions_of(planned);
    Residuals residuals;
    const auto add = [&](const std::vector<Part>& parts, const Quantity& quantity,
                         const std::optional<Price>& price) {
        const store::ExecutionRow& first = execution_of(book, parts.front());
        const auto at = positions.find(first.placement);
        if (!price || at == positions.end()) {
            return;
        }
        try {
            Decimal& sum = residuals[at->second][std::string{book.text(first.price_currency)}];
            sum = sum + notional_of(book, parts) - quantity.units() * price->amount();
        } catch (const Refusal&) {
            failed.emplace(at->second, std::string{no_decimal});
        }
    };
    std::set<std::uint32_t> replaced;
    for (const Draft& draft : drafts) {
        if (draft.goes_on) {
            replaced.insert(draft.previous);
        }
        add(draft.parts, draft.quantity, draft.price);
    }
    std::uint32_t number = 0;
    for (const AllocationRow& row : book.allocations) {
        const bool is_replaced = replaced.contains(number++);
        if (!is_replaced && book.counts(row) && (has_shares(book, row) || is_averaged(book, row))) {
            if (const auto parts = parts_of(book, row)) {
                add(*parts, row.quantity, AllocationView{book, row}.price());
            }
        }
    }
    return residuals;
}

void note_residuals(const BookData& book, const Planned& planned, const Residuals& residuals,
                    RunRecord& record) {
    std::string text;
    for (const auto& [at, by_currency] : residuals) {
        const std::uint32_t id = planned.collection.placements[at].id;
        for (const auto& [currency, amount] : by_currency) {
            text.append(text.empty() ? "" : "|")
                .append(book.placements.ids.resource(id).to_string());
            text.append("=").append(amount.to_string());
            text.append(currency.empty() ? "" : " ").append(currency);
        }
    }
    record.options["residuals"] = text;
    record.id = id_of(record);
}

void state_residuals(const BookData& book, const Planned& planned, const Residuals& residuals,
                     const std::optional<PortfolioId>& account, RunResult& result) {
    std::map<PlacementId, PlacementOutcome*> outcomes;
    for (PlacementOutcome& outcome : result.placements) {
        outcomes.emplace(outcome.id, &outcome);
    }
    for (const auto& [at, by_currency] : residuals) {
        const std::uint32_t id = planned.collection.placements[at].id;
        const auto outcome = outcomes.find(book.placements.ids.id<Placement>(id));
        if (outcome == outcomes.end()) {
            continue;
        }
        for (const auto& [currency, amount] : by_currency) {
            outcome->second->residuals.push_back({amount, currency, account});
        }
    }
}

void state_stored_residuals(const BookData& book, const Planned& planned, RunResult& result) {
    // Most books have no properties of allocations, and need not be searched.
    if (std::all_of(book.allocation_details.begin(), book.allocation_details.end(),
                    [](const store::AllocationDetails& one) { return one.extras == none; })) {
        return;
    }
    std::map<std::uint32_t, std::string> failed;  // had it been a run that prices
    state_residuals(book, planned, residuals_of(book, planned, {}, failed), std::nullopt, result);
}

}  // namespace allot::run
