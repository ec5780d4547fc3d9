// PCT: fixed weights per portfolio.
#include <cstdint>
#include <map>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/natural_weights.hpp"

namespace allot::algorithms {

namespace {

// What each portfolio has outstanding, by its number.
template <SplitInteger Int>
std::map<std::uint32_t, Int> outstanding_by_portfolio(const Split<Int>& split) {
    std::map<std::uint32_t, Int> sums;
    for (std::size_t i = 0; i < split.portfolios.size(); ++i) {
        sums[split.portfolios[i]] += split.outstanding[i];
    }
    return sums;
}

// A portfolio's weight is divided over its claims by outstanding: weight * outstanding / sum. All
// quotients are multiplied by the product of the sums, which leaves whole numbers.
template <SplitInteger Int>
std::vector<Natural> divided_weights(const Split<Int>& split,
                                     const std::map<std::uint32_t, Int>& sums) {
    Natural product = 1;
    for (const auto& [portfolio, sum] : sums) {
        product *= sum > Int{0} ? detail::to_natural(sum) : Natural{1};
    }
    std::vector<Natural> weights(split.weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int& sum = sums.at(split.portfolios[i]);
        if (sum > Int{0}) {
            weights[i] = product / detail::to_natural(sum) * detail::to_natural(split.weights[i]) *
                         detail::to_natural(split.outstanding[i]);
        }
    }
    return weights;
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
        const std::map<std::uint32_t, Int> sums = outstanding_by_portfolio(split);
        if (sums.size() >= split.weights.size()) {  // one claim each: nothing to divide
            share_out(split, split.weights, draft);
        } else {
            const std::vector<Natural> weights = divided_weights(split, sums);
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
