// Weight: a relative size.
#include "allot/weight.hpp"

namespace allot {

Result<Weight> Weight::from(const Decimal& numerator, const Decimal& divisor) {
    if (numerator.sign() < 0 || divisor.sign() < 0) {
        const Decimal& negative = numerator.sign() < 0 ? numerator : divisor;
        return Unexpected{Error{ErrorCode::quantity_is_negative,
                                "",
                                "",
                                "weight",
                                negative.to_string(),
                                "zero or more",
                                {}}};
    }
    if (divisor.is_zero()) {
        return Unexpected{
            Error{ErrorCode::division_by_zero, "", "", "weight", "0", "a divisor above zero", {}}};
    }
    Weight weight;
    weight.numerator_ = numerator;
    weight.divisor_ = divisor;
    return weight;
}

Result<Weight> Weight::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const Result<Decimal> numerator = Decimal::parse(text.substr(0, slash));
    if (!numerator) {
        return Unexpected{numerator.error()};
    }
    if (slash == std::string_view::npos) {
        return from(*numerator);
    }
    const Result<Decimal> divisor = Decimal::parse(text.substr(slash + 1));
    return divisor ? from(*numerator, *divisor) : Result<Weight>{Unexpected{divisor.error()}};
}

std::string Weight::to_string() const {
    return divisor_ == Decimal{1} ? numerator_.to_string()
                                  : numerator_.to_string() + "/" + divisor_.to_string();
}

}  // namespace allot
