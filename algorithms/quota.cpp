// QUOTA and TIJDEMAN: never a lot or more away from the exact share, never taking back.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/lot_by_lot.hpp"
#include "engine/base/uint128.hpp"

namespace allot::algorithms {

namespace {

using detail::Uint128;

constexpr std::int64_t narrow_bound = std::int64_t{1} << 62U;

// Balinski and Young: released while its lots stay below the exact share of the next step, rounded
// up; the largest weight / (lots + 1) is served.
struct QuotaMethod {
    template <SplitInteger Int>
    static LotSchedule<Int> schedule(const Int& /*total*/, std::int64_t /*contenders*/) {
        return {Int{1}, Int{1}, Int{1}};
    }
    static std::string reason(const Int256& weight, const Int256& total, const Int256& lots,
                              const Int256& time, std::int64_t /*contenders*/) {
        return "it has " + lots.to_string() + ", less than " + fraction(weight, total) + " of " +
               time.to_string() + " lots, and its part over " + Int256{lots + 1}.to_string() +
               " is the largest quotient";
    }
};

// Tijdeman: released when the exact share of the step is at least 1/(2m - 2) above its lots; the
// one that would first fall 1 - 1/(2m - 2) behind is served.
struct DeadlineMethod {
    template <SplitInteger Int>
    static LotSchedule<Int> schedule(const Int& total, std::int64_t contenders) {
        if (contenders < 2) {
            return {Int{1}, Int{1}, Int{1}};
        }
        const Int divisor{2 * contenders - 2};
        const Int slack = (total - Int{1}) / divisor + Int{1};  // total / divisor, rounded up
        return {slack, divisor, Int{divisor - Int{1}}};
    }
    static std::string reason(const Int256& weight, const Int256& total, const Int256& lots,
                              const Int256& time, std::int64_t contenders) {
        if (contenders < 2) {
            return "it is the only claim";
        }
        const Int256 divisor{2 * contenders - 2};
        return "it has " + lots.to_string() + ", at least 1/" + divisor.to_string() +
               " less than " + fraction(weight, total) + " of " + time.to_string() +
               " lots, and its deadline " +
               fraction((divisor * lots + divisor - 1) * total, weight * divisor) +
               " is the earliest";
    }
};

// The rest of the weights' numbers in 64 bits: no step, and no measure of urgency, outgrows it.
bool is_narrow(std::span<const Contender<std::int64_t>> contenders, std::int64_t lots,
               std::int64_t stride) {
    Uint128 total = 0;
    for (const auto& it : contenders) {
        total += static_cast<Uint128>(it.weight);
    }
    for (const auto& it : contenders) {
        if (it.room > 0) {
            const Uint128 most =
                static_cast<Uint128>(it.lots) + 2 + static_cast<Uint128>(std::min(it.room, lots));
            const Uint128 steps = most * (total / static_cast<Uint128>(it.weight) + 2);
            if (most >> 62U != 0 || steps >> 62U != 0 ||
                (most * static_cast<Uint128>(stride)) >> 62U != 0) {
                return false;
            }
        }
    }
    return total < static_cast<Uint128>(narrow_bound);
}
template <class Method>
class LotsByPath : public AlgorithmOf<LotsByPath<Method>> {
  public:
    explicit LotsByPath(AlgorithmInfo info) : info_{std::move(info)} {}

    [[nodiscard]] const AlgorithmInfo& info() const noexcept override { return info_; }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        return split_in_lots(
            split, shares, info_.code,
            [this](std::span<Contender<Int>> contenders, const Int& lots, LotNotes* notes) {
                return give_lots(contenders, lots, notes);
            });
    }

  private:
    template <SplitInteger Int>
    Result<std::size_t> give_lots(std::span<Contender<Int>> contenders, const Int& lots,
                                  LotNotes* notes) const {
        Int total{0};
        std::int64_t count = 0;
        for (const Contender<Int>& it : contenders) {
            total += it.weight;
            count += it.weight > Int{0} ? 1 : 0;
        }
        const auto schedule = Method::schedule(total, count);
        if constexpr (std::is_same_v<Int, std::int64_t>) {
            if (!is_narrow(contenders, lots, schedule.stride)) {
                return give_widely(contenders, lots, notes);
            }
        }
        LotByLot<Int> process{contenders, schedule};
        const Int left =
            process.give(lots, [&](std::size_t claim, const Int& /*step*/, const Int& time) {
                if (notes != nullptr) {
                    notes->lots.push_back(
                        {claim, "lot " + std::to_string(notes->lots.size() + 1) + " of " +
                                    widened(lots).to_string() + ": " +
                                    Method::reason(widened(contenders[claim].weight),
                                                   widened(total), widened(contenders[claim].lots),
                                                   widened(time), count)});
                }
            });
        if (left > Int{0}) {
            return Unexpected{refusal(
                info_.code, widened(lots).to_string() + " lots",
                "at most " + std::to_string(most_single_lots) +
                    " in one fill, which it gives one by one; a larger lot, or a divisor method")};
        }
        return process.next();
    }

    Result<std::size_t> give_widely(std::span<Contender<std::int64_t>> contenders,
                                    std::int64_t lots, LotNotes* notes) const {
        std::vector<Contender<Int256>> wide;
        for (const auto& it : contenders) {
            wide.push_back({it.weight, it.lots, it.room});
        }
        Result<std::size_t> next =
            give_lots(std::span<Contender<Int256>>{wide}, Int256{lots}, notes);
        for (std::size_t i = 0; i < wide.size(); ++i) {
            contenders[i].lots = static_cast<std::int64_t>(wide[i].lots.limbs()[0]);
            contenders[i].room = static_cast<std::int64_t>(wide[i].room.limbs()[0]);
        }
        return next;
    }

    AlgorithmInfo info_;
};

constexpr PropertySheet band_sheet{.exact_sum = true,
                                   .quota = true,
                                   .house_monotone = true,
                                   .population_monotone = false,
                                   .anonymous = true,
                                   .slice_invariant = true,
                                   .seeded = false,
                                   .cumulative = true};

const char* const common =
    " A claim without room for a lot is passed over, a begun lot is finished first, odd rests come "
    "last in rank order. A fill of any size ends like its lots one by one, and nothing is ever "
    "taken back. Goes lot by lot, so its time grows with the lots of a fill.";

}  // namespace

std::shared_ptr<const Algorithm> make_quota() {
    AlgorithmInfo info;
    info.code = "QUOTA";
    info.summary = "cumulative, quota method: always less than a lot from the exact share";
    info.description =
        std::string{
            "Counts whole lots since the baseline. Each new lot goes to the claim with the "
            "largest weight / (lots + 1) among those that stay within their exact share of "
            "all lots so far, the new one included, rounded up; equal quotients by rank."} +
        common;
    info.properties = band_sheet;
    info.lot_by_lot = true;
    return std::make_shared<LotsByPath<QuotaMethod>>(std::move(info));
}

std::shared_ptr<const Algorithm> make_tijdeman() {
    AlgorithmInfo info;
    info.code = "TIJDEMAN";
    info.aliases = {"FAIR"};
    info.summary = "cumulative, deadline rule: the smallest worst distance from the exact share";
    info.description =
        std::string{
            "Counts whole lots since the baseline, over m claims. Each new lot goes to the "
            "claim with the earliest deadline (the step at which it would fall "
            "1 - 1/(2m - 2) lots behind its exact share) among those at least 1/(2m - 2) "
            "behind; equal deadlines by rank. Nobody is ever further than 1 - 1/(2m - 2) "
            "lots from the exact share. A single claim receives everything."} +
        common;
    info.properties = band_sheet;
    info.lot_by_lot = true;
    return std::make_shared<LotsByPath<DeadlineMethod>>(std::move(info));
}

}  // namespace allot::algorithms
