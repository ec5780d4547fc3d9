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
        if (detail::DecimalMaker::add_small_whole(sum_, quantity.units())) {
            return;
        }
        const Result<Decimal> next = allot::add(sum_, quantity.units());
        fits_ = fits_ && next.has_value();
        sum_ = next ? *next : sum_;
    }
    [[nodiscard]] bool fits() const noexcept { return fits_; }
    // Quantities are not negative, nor is their sum.
    [[nodiscard]] Quantity quantity() const noexcept { return detail::QuantityMaker::make(sum_); }

  private:
    Decimal sum_{};
    bool fits_{true};
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

bool has_earlier(const Collection& collection, const RunPlacement& placement) {
    const auto executions = placement.executions.of(collection.executions);
    return std::any_of(executions.begin(), executions.end(),
                       [](const RunExecution& execution) { return !execution.used.is_zero(); });
}

// What each claim has from this placement, of all runs; by rank. nullopt: not all of it is there,
// and a decimal.
std::optional<std::vector<PlannedShare>> sum_by_rank(const Usage& usage,
                                                     const Collection& collection,
                                                     const RunPlacement& placement,
                                                     const PlacementPlan& plan) {
    std::vector<Sum> received(placement.claims.count);
    bool fits =
        !has_earlier(collection, placement) || add_earlier(usage, collection, placement, received);
    for (const PlannedShare& share : plan.parts()) {
        received[share.rank].add(share.quantity);
    }
    std::vector<PlannedShare> sums;
    for (std::uint32_t rank = 0; rank < received.size(); ++rank) {
        fits = fits && received[rank].fits();
        sums.push_back({received[rank].quantity(), rank});
    }
    return fits ? std::optional{std::move(sums)} : std::nullopt;
}

// What is compared with exact pro rata.
struct Compared {
    const Collection& collection;
    const RunPlacement& placement;
    std::span<const PlannedShare> parts;  // what claims have, in any number of parts
    Quantity executed{};
};

// The finest scale of all that is compared.
int scale_of(const Compared& compared) {
    int scale = std::max(compared.executed.units().scale(), compared.placement.lot.units().scale());
    for (const PlannedShare& part : compared.parts) {
        scale = std::max(scale, part.quantity.units().scale());
    }
    for (const std::uint32_t order : compared.placement.claims.of(compared.collection.claims)) {
        scale = std::max(scale, compared.collection.orders[order].ordered.units().scale());
    }
    return scale;
}

// `fits` says whether all numbers, and all sums of them, do.
template <SplitInteger Int>
std::optional<detail::LargestDeviation> deviation_in(const Compared& compared, bool& fits) {
    constexpr bool is_narrow = std::is_same_v<Int, std::int64_t>;
    const int scale = scale_of(compared);
    const auto add = [&](Int& sum, const Quantity& quantity) {
        Int units{};
        fits = fits && detail::to_scaled(quantity.units(), scale, units);
        if constexpr (is_narrow) {
            fits = fits && units <= detail::narrow_limit - sum;
        }
        sum += fits ? units : Int{0};
        return units;
    };
    Int executed{};
    Int lot{};
    fits = true;
    add(executed, compared.executed);
    add(lot, compared.placement.lot);
    const auto claims = compared.placement.claims.of(compared.collection.claims);
    std::vector<Int> ordered;
    ordered.reserve(claims.size());
    Int total{};
    for (const std::uint32_t order : claims) {
        ordered.push_back(add(total, compared.collection.orders[order].ordered));
    }
    std::vector<Int> received(claims.size());
    for (const PlannedShare& part : compared.parts) {
        add(received[part.rank], part.quantity);
    }
    if (!fits) {
        return std::nullopt;
    }
    return detail::largest_deviation(std::span<const Int>{received}, std::span<const Int>{ordered},
                                     executed, lot);
}

std::optional<Deviation> deviation_of(const BookData& book, const Usage& usage,
                                      const Collection& collection, const RunPlacement& placement,
                                      const PlacementPlan& plan, const Quantity& executed) {
    const auto claims = placement.claims.of(collection.claims);
    // Nothing to compare with where the claims were of one size today and of another tomorrow, nor
    // of an order sized by amount or weight: it has no pro-rata part in units.
    const bool has_parts = std::all_of(claims.begin(), claims.end(), [&](std::uint32_t at) {
        const RunOrder& order = collection.orders[at];
        return collection.changes_of(at).empty() && (order.is_stand_in || order.has_quantity);
    });
    if (claims.empty() || executed.is_zero() || !has_parts) {
        return std::nullopt;
    }
    std::optional<detail::LargestDeviation> largest;
    bool fits = false;
    if (!has_earlier(collection, placement)) {
        largest = deviation_in<std::int64_t>({collection, placement, plan.parts(), executed}, fits);
    }
    if (!fits) {
        const auto sums = sum_by_rank(usage, collection, placement, plan);
        if (!sums) {
            return std::nullopt;
        }
        const Compared compared{collection, placement, *sums, executed};
        largest = deviation_in<std::int64_t>(compared, fits);
        if (!fits) {
            largest = deviation_in<Int256>(compared, fits);
        }
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
    for (const PlannedShare& share : plan.parts()) {
        allocated.add(share.quantity);
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
        outcome.deviation =
            deviation_of(book, usage, collection, placement, plan, outcome.executed);
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
