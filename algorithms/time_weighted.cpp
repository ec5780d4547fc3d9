// TW: time-weighted, between pro rata and strict time priority.
#include <charconv>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/natural_weights.hpp"

namespace allot::algorithms {

namespace {

constexpr int largest_exponent = 64;

// With Q(j) the quantity from claim j to the back of the queue, claim j weighs
// Q(j)^k - Q(j+1)^k: the form in which Eurex and ICE publish their time pro rata, with k = 2.
template <SplitInteger Int>
std::vector<Natural> time_weights(const Split<Int>& split, unsigned exponent) {
    std::vector<Natural> weights(split.outstanding.size());
    Natural behind = 0;
    Natural behind_power = 0;
    for (std::size_t i = weights.size(); i-- > 0;) {
        behind += detail::to_natural(split.outstanding[i]);
        const Natural power = boost::multiprecision::pow(behind, exponent);
        weights[i] = power - behind_power;
        behind_power = power;
    }
    return weights;
}

class TimeWeighted : public BaseOf<TimeWeighted> {
  public:
    explicit TimeWeighted(unsigned exponent) : exponent_{exponent} {}

    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "TW",
            .summary = "time-weighted pro rata, older claims weigh more",
            .description =
                "With Q(j) the quantity outstanding from claim j to the back of the queue, claim j "
                "first receives available x (Q(j)^k - Q(j+1)^k) / Q(1)^k, at most what it has room "
                "for; what full claims free is spread again by the same weights; then all is "
                "rounded "
                "down to whole lots. k = 1 is pro rata, and the larger k, the closer to strict "
                "time "
                "priority; 2 unless given.",
            // A young claim that grows makes those before it weigh more.
            .punishes_growth = true};
        return info;
    }

    [[nodiscard]] std::span<const ParameterInfo> takes() const noexcept override {
        static constexpr ParameterInfo parameters[]{
            {"k", "how much more older claims weigh", "a whole number from 1 to 64"}};
        return parameters;
    }

    [[nodiscard]] Result<std::shared_ptr<const Base>, Algorithm::BadParameter> with(
        const Parameters& parameters) const override {
        unsigned exponent = exponent_;
        if (const auto given = parameters.find("k"); given != parameters.end()) {
            const std::string& text = given->second;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
            if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || exponent < 1 ||
                exponent > largest_exponent) {
                return Unexpected{Algorithm::BadParameter{"k", "a whole number from 1 to 64"}};
            }
        }
        return std::shared_ptr<const Base>{std::make_shared<TimeWeighted>(exponent)};
    }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        if (exponent_ == 1) {
            share_out(split, split.outstanding, draft);
        } else {
            const std::vector<Natural> weights = time_weights(split, exponent_);
            share_out(split, std::span<const Natural>{weights}, draft);
        }
        return {};
    }

  private:
    unsigned exponent_;
};

}  // namespace

std::shared_ptr<const Base> make_tw() {
    return std::make_shared<TimeWeighted>(2U);
}

}  // namespace allot::algorithms
