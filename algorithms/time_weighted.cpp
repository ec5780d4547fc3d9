// TW: time-weighted, between pro rata and strict time priority.
#include <charconv>
#include <cstdint>
#include <span>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/natural_weights.hpp"
#include "algorithms/scratch.hpp"

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

// The same in 64 bits. Returns false when the largest power does not fit.
bool narrow_time_weights(const Split<std::int64_t>& split, unsigned exponent,
                         std::span<std::int64_t> weights) {
    constexpr std::int64_t limit = std::int64_t{1} << 62U;
    const auto power_of = [exponent](std::int64_t value, std::int64_t& power) {
        power = value;
        for (unsigned i = 1; i < exponent; ++i) {
            if (value > 0 && power >= limit / value) {
                return false;
            }
            power *= value;
        }
        return true;
    };
    std::int64_t behind = 0;
    std::int64_t behind_power = 0;
    for (std::size_t i = weights.size(); i-- > 0;) {
        behind += split.outstanding[i];
        std::int64_t power = 0;
        if (!power_of(behind, power)) {
            return false;
        }
        weights[i] = power - behind_power;
        behind_power = power;
    }
    return true;
}
bool narrow_time_weights(const Split<Int256>& /*split*/, unsigned /*exponent*/,
                         std::span<Int256> /*weights*/) {
    return false;
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
            return {};
        }
        Scratch<Int> list{split.outstanding.size()};
        if (narrow_time_weights(split, exponent_, list.span())) {
            share_out(split, std::span<const Int>{list.span()}, draft);
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
