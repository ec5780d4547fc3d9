// Reversals: what is booked of executions that were corrected or busted afterwards.
#include "engine/run/reversals.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "engine/run/parts.hpp"
#include "engine/run/shrink.hpp"
#include "engine/run/states.hpp"

namespace allot::run {

namespace {

using store::none;

// What is booked by one allocation, and how much of it the execution bears out.
struct Booked {
    std::uint32_t row{0};
    Quantity units{};
    Quantity kept{};
};

std::vector<Booked> booked_of(const BookData& book, std::uint32_t execution) {
    std::vector<Booked> all;
    for (const std::uint32_t row : allocations_of(book, execution)) {
        // What has an average price is not the cash of its fill, and is never corrected.
        const detail::AllocationRow& allocation = book.allocations[row];
        if (is_frozen(book, allocation) && !is_averaged(book, allocation) &&
            !has_shares(book, allocation)) {
            all.push_back({row, book.allocations[row].quantity, {}});
        }
    }
    return all;
}

// Cash as booked less cash as it should be. nullopt where there is no price or too many digits.
std::optional<Decimal> cash_of(const BookData& book, const Booked& booked,
                               const store::ExecutionRow& execution) {
    const std::optional<Price> price = AllocationView{book, book.allocations[booked.row]}.price();
    if (!price) {
        return std::nullopt;
    }
    const Decimal& now = execution.has_price ? execution.price : price->amount();
    const Result<Decimal> was = multiply(booked.units.units(), price->amount());
    const Result<Decimal> is = multiply(booked.kept.units(), now);
    const Result<Decimal> cash = was && is ? subtract(*was, *is) : was;
    return cash && is ? std::optional{*cash} : std::nullopt;
}

class Reversals {
  public:
    explicit Reversals(const BookData& book) : book_{&book} {}

    void look_at(std::uint32_t placement) {
        book_->executions_of_placement.each(placement, [&](std::uint32_t execution) {
            if (const store::ExecutionRow* row = book_->executions.find(execution)) {
                look_at(placement, *row);
            }
        });
    }
    [[nodiscard]] std::vector<Reversal> list() && {
        std::vector<Reversal> all;
        for (auto& [key, reversal] : by_order_) {
            all.push_back(std::move(reversal));
        }
        return all;
    }

  private:
    using Key = std::tuple<PlacementId, OrderId, std::string>;

    void look_at(std::uint32_t placement, const store::ExecutionRow& execution) {
        std::vector<Booked> all = booked_of(*book_, execution.head.id);
        if (all.empty()) {
            return;
        }
        if (!is_dead_execution(*book_, execution)) {
            std::vector<std::uint32_t> rows;
            rows.reserve(all.size());
            for (const Booked& booked : all) {
                rows.push_back(booked.row);
            }
            const auto kept = shrink(*book_, rows, execution.quantity);
            for (std::size_t i = 0; i < all.size(); ++i) {
                all[i].kept = kept ? (*kept)[i] : all[i].units;
            }
        }
        for (const Booked& booked : all) {
            add(placement, booked, cash_of(*book_, booked, execution));
        }
    }

    void add(std::uint32_t placement, const Booked& booked, const std::optional<Decimal>& cash) {
        if (booked.units == booked.kept && (!cash || cash->is_zero())) {
            return;
        }
        const AllocationView view{*book_, book_->allocations[booked.row]};
        const Key key{book_->placements.ids.id<Placement>(placement), view.order_id().to_id(),
                      std::string{view.price_currency()}};
        Reversal& reversal = by_order_
                                 .try_emplace(key, Reversal{std::get<0>(key),
                                                            std::get<1>(key),
                                                            {},
                                                            std::optional{Decimal{}},
                                                            std::get<2>(key)})
                                 .first->second;
        reversal.units = reversal.units + (booked.units - booked.kept);
        const Result<Decimal> sum =
            cash && reversal.cash ? allot::add(*reversal.cash, *cash) : Result<Decimal>{Decimal{}};
        reversal.cash = cash && reversal.cash && sum ? std::optional{*sum} : std::nullopt;
    }

    const BookData* book_;
    std::map<Key, Reversal> by_order_{};
};

}  // namespace

std::vector<Reversal> reversals_of(const BookData& book,
                                   const std::vector<std::uint32_t>& placements) {
    Reversals reversals{book};
    for (const std::uint32_t placement : placements) {
        reversals.look_at(placement);
    }
    return std::move(reversals).list();
}

std::string units_and_cash(const Reversal& reversal) {
    std::string text = reversal.units.to_string() + " units";
    if (reversal.cash) {
        text += " and " + reversal.cash->to_string() + " of cash";
        text += reversal.currency.empty() ? "" : " in " + reversal.currency;
    }
    return text;
}

void add_reversals(std::vector<Reversal> reversals, RunResult& result) {
    std::map<PlacementId, std::string> details;
    for (const Reversal& reversal : reversals) {
        std::string& detail = details[reversal.placement];
        detail += (detail.empty() ? "To reverse: " : "; ") + units_and_cash(reversal);
        detail += " of order " + reversal.order.to_string();
    }
    for (auto& [placement, detail] : details) {
        const std::string key = "Scope:" + placement.scope() + " Code:" + placement.code();
        const auto known = result.failed.find(key);
        // That orders are full matters less than that money has to come back.
        if (known == result.failed.end() ||
            known->second.type == FailureType::OverExecutedPlacement) {
            result.failed.insert_or_assign(
                key, Failure{placement, FailureType::CorrectedAfterBooking, std::move(detail)});
        }
    }
    result.reversals = std::move(reversals);
}

}  // namespace allot::run
