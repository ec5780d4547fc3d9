// PCT: fixed weights per portfolio.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/natural_weights.hpp"

namespace allot::algorithms {

namespace {

// The portfolios of a split, numbered from 0 without gaps.
template <SplitInteger Int>
struct Portfolios {
    std::vector<std::uint32_t> of{};  // by claim
    std::vector<Int> outstanding{};   // by portfolio
    std::vector<Int> weights{};       // by portfolio: that of its first claim

    explicit Portfolios(const Split<Int>& split) {
        number(split.portfolios);
        for (std::size_t i = 0; i < of.size(); ++i) {
            if (of[i] == outstanding.size()) {
                outstanding.push_back(Int{0});
                weights.push_back(split.weights[i]);
            }
            outstanding[of[i]] += split.outstanding[i];
        }
    }

  private:
    // In order of appearance. The engine's numbers are small, but any are right. Complexity:
    // O(claims) for small numbers, else O(claims log claims).
    void number(std::span<const std::uint32_t> given) {
        constexpr std::uint32_t none = 0xFFFFFFFF;
        std::uint32_t next = 0;
        of.reserve(given.size());
        const auto add = [&](std::uint32_t& number) {
            number = number == none ? next++ : number;
            of.push_back(number);
        };
        const std::uint32_t largest = *std::max_element(given.begin(), given.end());
        if (largest < 4 * given.size()) {
            std::vector<std::uint32_t> numbers(std::size_t{largest} + 1, none);
            for (const std::uint32_t portfolio : given) {
                add(numbers[portfolio]);
            }
            return;
        }
        std::vector<std::uint32_t> known{given.begin(), given.end()};
        std::sort(known.begin(), known.end());
        known.erase(std::unique(known.begin(), known.end()), known.end());
        std::vector<std::uint32_t> numbers(known.size(), none);
        for (const std::uint32_t portfolio : given) {
            const auto at = std::lower_bound(known.begin(), known.end(), portfolio);
            add(numbers[static_cast<std::size_t>(at - known.begin())]);
        }
    }
};

// Whether no two claims belong to the same portfolio; ascending numbers, as the engine's are where
// it is so, are seen at once.
bool has_one_claim_each(std::span<const std::uint32_t> portfolios) {
    if (std::adjacent_find(portfolios.begin(), portfolios.end(), std::greater_equal<>{}) ==
        portfolios.end()) {  // ascending
        return true;
    }
    if (std::adjacent_find(portfolios.begin(), portfolios.end()) != portfolios.end()) {
        return false;
    }
    std::vector<std::uint32_t> sorted{portfolios.begin(), portfolios.end()};
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

// A portfolio's weight is divided over its claims by outstanding: weight * outstanding / sum. All
// quotients are multiplied by the product of the sums, which leaves whole numbers. Complexity:
// O(claims x portfolios), for the length of the product.
template <SplitInteger Int>
std::vector<Natural> divided_weights(const Split<Int>& split, const Portfolios<Int>& portfolios) {
    Natural product = 1;
    for (const Int& sum : portfolios.outstanding) {
        product *= sum > Int{0} ? detail::to_natural(sum) : Natural{1};
    }
    std::vector<Natural> weights(split.weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int& sum = portfolios.outstanding[portfolios.of[i]];
        if (sum > Int{0}) {
            weights[i] = product / detail::to_natural(sum) * detail::to_natural(split.weights[i]) *
                         detail::to_natural(split.outstanding[i]);
        }
    }
    return weights;
}

// Where nothing limits the claims, those of a portfolio are full together: the portfolios are
// filled by their weights, and each exact share is amount * weight * outstanding / (total * sum).
// Number: an integer in which amount * weight and total * sum fit. Complexity: O(claims), with a
// ranking O(claims log claims).
template <SplitInteger Number>
class ByPortfolio {
  public:
    ByPortfolio(const Split<std::int64_t>& split, const Draft<std::int64_t>& draft,
                const Portfolios<std::int64_t>& portfolios,
                const WaterLevel<std::int64_t, std::int64_t>& level)
        : split_{&split}, draft_{draft}, portfolios_{&portfolios}, level_{&level} {}

    void write() const {
        const std::size_t count = portfolios_->weights.size();
        std::vector<Number> amounts(count);
        std::vector<Number> totals(count);
        for (std::size_t p = 0; p < count; ++p) {
            amounts[p] = Number{level_->amount} * Number{portfolios_->weights[p]};
            totals[p] = Number{level_->total} * Number{portfolios_->outstanding[p]};
        }
        std::vector<Number> rests(draft_.excess.empty() ? 0 : split_->outstanding.size());
        for (std::size_t i = 0; i < split_->outstanding.size(); ++i) {
            const std::uint32_t p = portfolios_->of[i];
            const Number outstanding{split_->outstanding[i]};
            if (portfolios_->weights[p] == 0 || outstanding == Number{0}) {
                continue;
            }
            if (level_->is_full(p)) {
                explain(i, outstanding, Number{1}, Number{1});
                write_base(*split_, draft_, i, split_->outstanding[i], std::int64_t{0});
                continue;
            }
            explain(i, amounts[p], outstanding, totals[p]);
            const Number whole = multiply_divide(amounts[p], outstanding, totals[p]);
            write_base(*split_, draft_, i, narrowed(whole), std::int64_t{0});
            if (!rests.empty()) {
                rests[i] = rest_of(amounts[p], outstanding, totals[p], whole);
            }
        }
        if (!rests.empty()) {
            rank(rests, totals);
        }
    }

  private:
    static std::int64_t narrowed(std::int64_t value) { return value; }
    static std::int64_t narrowed(const Int256& value) {
        return static_cast<std::int64_t>(value.limbs()[0]);
    }
    void explain(std::size_t claim, const Number& quantity, const Number& weight,
                 const Number& total) const {
        if (split_->explanation != nullptr) {
            split_->explanation->add_exact(claim, widened(quantity), widened(weight),
                                           widened(total));
        }
    }
    // The fractions have different divisors; their places in the order of size say as much.
    void rank(const std::vector<Number>& rests, const std::vector<Number>& totals) const {
        const auto compare = [&](std::size_t a, std::size_t b) {
            const auto divisor = [&](std::size_t claim) {
                const Number& total = totals[portfolios_->of[claim]];
                return rests[claim] == Number{0} ? Number{1} : total;
            };
            return compare_products(rests[a], divisor(b), rests[b], divisor(a)) < 0;
        };
        write_places_by(compare, draft_.excess);
    }

    const Split<std::int64_t>* split_;
    Draft<std::int64_t> draft_;
    const Portfolios<std::int64_t>* portfolios_;
    const WaterLevel<std::int64_t, std::int64_t>* level_;
};

// Returns false, and writes nothing, where the claims are limited.
bool share_out_by_portfolio(const Split<std::int64_t>& split, const Draft<std::int64_t>& draft,
                            const Portfolios<std::int64_t>& portfolios) {
    for (std::size_t i = 0; i < split.outstanding.size(); ++i) {
        if (split.weights[i] > 0 && split.room[i] != split.outstanding[i]) {
            return false;
        }
    }
    const std::span<const std::int64_t> weights{portfolios.weights};
    const std::span<const std::int64_t> sums{portfolios.outstanding};
    const std::int64_t reachable = reachable_room(weights, sums);
    const std::int64_t amount = std::min(split.available, reachable);
    if (amount <= 0) {
        return true;
    }
    const std::int64_t total = sum(weights);
    const WaterLevel<std::int64_t, std::int64_t> level =
        WaterFill<std::int64_t, std::int64_t>{amount, weights, total, sums}.level();
    constexpr std::int64_t limit = std::int64_t{1} << 62U;
    const std::int64_t largest = std::max(amount, *std::max_element(sums.begin(), sums.end()));
    if (total < limit / largest) {
        ByPortfolio<std::int64_t>{split, draft, portfolios, level}.write();
    } else {
        ByPortfolio<Int256>{split, draft, portfolios, level}.write();
    }
    return true;
}
bool share_out_by_portfolio(const Split<Int256>& /*split*/, const Draft<Int256>& /*draft*/,
                            const Portfolios<Int256>& /*portfolios*/) {
    return false;
}

class FixedWeights : public BaseOf<FixedWeights> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "PCT",
            .summary = "by fixed weights of the portfolios",
            .description =
                "Every portfolio has a weight, relative to the others. A weight is divided over "
                "the "
                "claims of the portfolio by what they have outstanding. Every claim first receives "
                "its exact part of what is available, at most what it has room for; what full "
                "claims "
                "free is spread again by the same weights; then all is rounded down to whole lots. "
                "A "
                "claim of weight 0 receives nothing.",
            .needs = {.weights = true, .portfolios = true}};
        return info;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        if (has_one_claim_each(split.portfolios)) {  // nothing to divide
            share_out(split, split.weights, draft);
            return {};
        }
        const Portfolios<Int> portfolios{split};
        if (!share_out_by_portfolio(split, draft, portfolios)) {
            const std::vector<Natural> weights = divided_weights(split, portfolios);
            share_out(split, std::span<const Natural>{weights}, draft);
        }
        return {};
    }
};

}  // namespace

std::shared_ptr<const Base> make_pct() {
    return std::make_shared<FixedWeights>();
}

}  // namespace allot::algorithms
