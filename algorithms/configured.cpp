// Configured: a rule with parameters and constraints.
#include "algorithms/configured.hpp"

#include <utility>

#include "algorithms/code.hpp"
#include "algorithms/denominations.hpp"

namespace allot {

namespace {

class Configured : public AlgorithmOf<Configured> {
  public:
    Configured(std::shared_ptr<const Algorithm> rule, Parameters parameters,
               const Constraints& constraints)
        : rule_{std::move(rule)}, parameters_{std::move(parameters)}, constraints_{constraints} {}

    [[nodiscard]] const AlgorithmInfo& info() const noexcept override { return rule_->info(); }
    [[nodiscard]] std::span<const ParameterInfo> takes() const noexcept override {
        return rule_->takes();
    }
    [[nodiscard]] const Parameters& parameters() const noexcept override { return parameters_; }
    [[nodiscard]] const Constraints& constraints() const noexcept override { return constraints_; }
    [[nodiscard]] std::string_view named_portfolio() const noexcept override {
        return rule_->named_portfolio();
    }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        return constraints_.binds_totals()
                   ? algorithms::split_within_denominations(*rule_, split, shares)
                   : rule_->split(split, shares);
    }

  private:
    std::shared_ptr<const Algorithm> rule_;
    Parameters parameters_;
    Constraints constraints_;
};

}  // namespace

Result<std::shared_ptr<const Algorithm>, Algorithm::BadParameter> Algorithm::with(
    const Parameters& parameters, const Registry& /*registry*/) const {
    return Unexpected{algorithms::unknown_parameter(parameters.begin()->first, takes())};
}

const Parameters& Algorithm::parameters() const noexcept {
    static const Parameters none;
    return none;
}

const Constraints& Algorithm::constraints() const noexcept {
    static const Constraints none;
    return none;
}

std::shared_ptr<const Algorithm> algorithms::configure(std::shared_ptr<const Algorithm> rule,
                                                       Parameters parameters,
                                                       const Constraints& constraints) {
    return std::make_shared<Configured>(std::move(rule), std::move(parameters), constraints);
}

}  // namespace allot
