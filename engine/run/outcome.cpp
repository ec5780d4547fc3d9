// Outcomes: what became of each placement, counted over all runs.
#include "engine/run/outcome.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "engine/base/deviation.hpp"
#include "engine/base/scaled.hpp"

namespace allot::run {

namespace {

// Adds up quantities; remembers when the sum is no decimal.
class Sum {
  public:
    void add(const Quantity& quantity) {
        const Decimal& units = quantity.units();
        if (detail::DecimalMaker::is_small_whole(sum_) &&
            detail::DecimalMaker::is_small_whole(units) && units.mantissa_low() < half &&
            sum_.mantissa_low() < half) {
            sum_ = Decimal{sum_.mantissa_low() + units.mantissa_low()};
            return;
        }
        const Result<Decimal> next = allot::add(sum_, units);
        fits_ = fits_ && next.has_value();
        sum_ = next ? *next : sum_;
    }
    [[nodiscard]] bool fits() const noexcept { return fits_; }
    // Quantities are not negative, nor is their sum.
    [[nodiscard]] Quantity quantity() const noexcept { return detail::QuantityMaker::make(sum_); }

  private:
    static constexpr std::uint64_t half = std::uint64_t{1} << 63U;

    Decimal sum_{};
    bool fits_{true};
};

struct ClaimSums {
    std::vector<Quantity> received{};  // by rank, from this placement, all runs
    std::vector<Quantity> ordered{};
    bool fits{true};  // all are there, and decimals
};

// Adds what the claims have from earlier runs. Returns whether all of it is a number of units.
bool add_earlier(const Usage& usage, const Collection& collection, const RunPlacement& placement,
                 std::vector<Sum>& received) {
    const auto claims = placement.claims.of(collection.claims);
    std::map<std::uint32_t, std::size_t> rank_of_id;
    for (std::size_t rank = 0; rank < claims.size(); ++rank) {
        rank_of_id.emplace(collection.orders[claims[rank]].id, rank);
    }
    bool fits = true;
    for (const RunExecution& execution : placement.executions.of(collection.executions)) {
        if (execution.used.is_zero()) {
            continue;
        }
        usage.each_part(execution.id,
                        [&](std::uint32_t order, const std::optional<Quantity>& part) {
                            const auto rank = rank_of_id.find(order);
                            if (rank != rank_of_id.end() && part) {
                                received[rank->second].add(*part);
                            }
                            fits = fits && part.has_value();
                        });
    }
    return fits;
}

ClaimSums sum_claims(const Usage& usage, const Collection& collection,
                     const RunPlacement& placement, const PlacementPlan& plan) {
    const auto claims = placement.claims.of(collection.claims);
    ClaimSums sums;
    sums.ordered.reserve(claims.size());
    for (const std::uint32_t order : claims) {
        const RunOrder& claim = collection.orders[order];
        sums.ordered.push_back(claim.ordered);
        // An order sized by amount or weight has no pro-rata part that units could be held against.
        sums.fits = sums.fits && (claim.is_stand_in || claim.has_quantity);
    }
    const auto executions = placement.executions.of(collection.executions);
    const bool has_earlier =
        std::any_of(executions.begin(), executions.end(),
                    [](const RunExecution& execution) { return !execution.used.is_zero(); });
    if (plan.has_sums && !has_earlier) {
        const auto first = plan.received.begin();
        sums.received.assign(first, first + static_cast<std::ptrdiff_t>(claims.size()));
        return sums;
    }
    std::vector<Sum> received(claims.size());
    if (has_earlier) {
        sums.fits = add_earlier(usage, collection, placement, received) && sums.fits;
    }
    if (plan.has_sums) {
        for (std::size_t rank = 0; rank < received.size(); ++rank) {
            received[rank].add(plan.received[rank]);
        }
    } else {
        for (const PlannedShare& share : plan.shares) {
            received[share.rank].add(share.quantity);
        }
    }
    sums.received.reserve(received.size());
    for (const Sum& sum : received) {
        sums.fits = sums.fits && sum.fits();
        sums.received.push_back(sum.quantity());
    }
    return sums;
}

template <SplitInteger Int>
bool to_units(const std::vector<Quantity>& quantities, int scale, std::vector<Int>& units) {
    units.resize(quantities.size());
    for (std::size_t i = 0; i < quantities.size(); ++i) {
        if (!detail::to_scaled(quantities[i].units(), scale, units[i])) {
            return false;
        }
    }
    return true;
}

template <SplitInteger Int>
std::optional<detail::LargestDeviation> deviation_in(const ClaimSums& sums,
                                                     const Quantity& executed, const Quantity& lot,
                                                     int scale, bool& fits) {
    std::vector<Int> received;
    std::vector<Int> ordered;
    Int executed_units{};
    Int lot_units{};
    fits = to_units(sums.received, scale, received) && to_units(sums.ordered, scale, ordered) &&
           detail::to_scaled(executed.units(), scale, executed_units) &&
           detail::to_scaled(lot.units(), scale, lot_units);
    if constexpr (std::is_same_v<Int, std::int64_t>) {
        std::int64_t total = 0;
        for (const std::int64_t units : ordered) {
            fits = fits && units <= detail::narrow_limit - total;
            total += fits ? units : 0;
        }
    }
    if (!fits) {
        return std::nullopt;
    }
    return detail::largest_deviation(std::span<const Int>{received}, std::span<const Int>{ordered},
                                     executed_units, lot_units);
}

std::optional<Deviation> deviation_of(const BookData& book, const Collection& collection,
                                      const RunPlacement& placement, const ClaimSums& sums,
                                      const Quantity& executed, const Quantity& lot) {
    const auto claims = placement.claims.of(collection.claims);
    // Nothing to compare with where the claims were of one size today and of another tomorrow.
    const bool is_changing = std::any_of(claims.begin(), claims.end(), [&](std::uint32_t order) {
        return !collection.changes_of(order).empty();
    });
    if (claims.empty() || executed.is_zero() || !sums.fits || is_changing) {
        return std::nullopt;
    }
    int scale = std::max(executed.units().scale(), lot.units().scale());
    for (const auto* quantities : {&sums.received, &sums.ordered}) {
        for (const Quantity& quantity : *quantities) {
            scale = std::max(scale, quantity.units().scale());
        }
    }
    bool is_narrow = false;
    std::optional<detail::LargestDeviation> largest =
        deviation_in<std::int64_t>(sums, executed, lot, scale, is_narrow);
    if (!is_narrow) {
        bool fits = false;
        largest = deviation_in<Int256>(sums, executed, lot, scale, fits);
    }
    if (!largest) {
        return std::nullopt;
    }
    const RunOrder& order = collection.orders[claims[largest->index]];
    return Deviation{book.orders.ids.id<Order>(order.id), largest->lots, largest->is_above_one_lot};
}

struct Totals {
    Quantity executed{};
    Quantity allocated{};
    Quantity unallocated{};
};

// nullopt when a sum is not a number that a Decimal holds.
std::optional<Totals> totals_of(const Collection& collection, const RunPlacement& placement,
                                const PlacementPlan& plan) {
    Sum executed;
    Sum allocated;
    for (const RunExecution& execution : placement.executions.of(collection.executions)) {
        executed.add(execution.quantity);
        allocated.add(execution.used);
    }
    if (plan.has_sums) {
        for (const Quantity& quantity : plan.received) {
            allocated.add(quantity);
        }
    } else {
        for (const PlannedShare& share : plan.shares) {
            allocated.add(share.quantity);
        }
    }
    const Result<Decimal> unallocated =
        subtract(executed.quantity().units(), allocated.quantity().units());
    if (!executed.fits() || !allocated.fits() || !unallocated) {
        return std::nullopt;
    }
    return Totals{executed.quantity(), allocated.quantity(), Quantity::from(*unallocated).value()};
}

}  // namespace

bool has_outcome(const Collection& collection, const RunPlacement& placement,
                 const PlacementPlan& plan) {
    return totals_of(collection, placement, plan).has_value();
}

std::optional<PlacementOutcome> outcome_of(const BookData& book, const Usage& usage,
                                           const Collection& collection,
                                           const RunPlacement& placement,
                                           const PlacementPlan& plan) {
    const std::optional<Totals> totals = totals_of(collection, placement, plan);
    if (!totals) {
        return std::nullopt;
    }
    std::optional<PlacementOutcome> stated{std::in_place};
    PlacementOutcome& outcome = *stated;
    outcome.id = book.placements.ids.id<Placement>(placement.id);
    outcome.executed = totals->executed;
    outcome.allocated = totals->allocated;
    outcome.unallocated = totals->unallocated;
    if (!placement.failure) {
        outcome.deviation = deviation_of(book, collection, placement,
                                         sum_claims(usage, collection, placement, plan),
                                         outcome.executed, placement.lot);
    }
    return stated;
}

std::optional<Warning> warning_of(const BookData& book, const RunPlacement& placement,
                                  const PlacementOutcome& outcome) {
    if (placement.row == store::none) {
        return std::nullopt;
    }
    const store::PlacementRow& row = book.placements.rows[placement.row];
    if (!row.head.has_quantity || outcome.executed <= row.quantity) {
        return std::nullopt;
    }
    return Warning{outcome.id, WarningType::ExecutedAbovePlacement,
                   "executed " + outcome.executed.to_string() +
                       ", above the placement's own quantity of " + row.quantity.to_string()};
}

}  // namespace allot::run
