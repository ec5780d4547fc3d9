// Explanation: steps of a split, and their sentences.
#include "allot/explanation.hpp"

#include <utility>

#include "engine/base/natural.hpp"
#include "engine/base/scaled.hpp"

namespace allot {

namespace {

using detail::Natural;

// numerator / (divisor * 10^scale), "2850/403".
std::string in_lowest_terms(const Natural& numerator, const Natural& units, int scale) {
    const Natural divisor =
        units * boost::multiprecision::pow(Natural{10}, static_cast<unsigned>(scale));
    const Natural common = boost::multiprecision::gcd(numerator, divisor);
    const Natural below = divisor / common;
    std::string text = Natural{numerator / common}.str();
    return below == 1 ? text : text + "/" + below.str();
}

}  // namespace

void Explanation::add(std::size_t claim, StepKind kind, const Int256& units, std::string text) {
    steps_.push_back({claim, kind, units, std::move(text)});
}

void Explanation::add_exact(std::size_t claim, const Int256& quantity, const Int256& weight,
                            const Int256& total) {
    const Natural numerator = detail::to_natural(quantity) * detail::to_natural(weight);
    steps_.push_back({claim, StepKind::exact, Int256{},
                      in_lowest_terms(numerator, detail::to_natural(total), scale_)});
}

void Explanation::add_exact(std::size_t claim, const std::string& whole, const std::string& rest,
                            const std::string& divisor) {
    const Natural below{divisor};
    steps_.push_back({claim, StepKind::exact, Int256{},
                      in_lowest_terms(Natural{whole} * below + Natural{rest}, below, scale_)});
}

std::string Explanation::number(const Int256& units) const {
    const Result<Decimal> decimal = detail::from_scaled(units, scale_);
    return decimal ? decimal->to_string() : units.to_string();
}

std::string Explanation::sentence(const Step& step) const {
    const std::string units = number(step.units);
    switch (step.kind) {
        case StepKind::exact:
            return "exact share " + step.text;
        case StepKind::base:
            return "rounded down to whole lots: " + units;
        case StepKind::minimum:
            return "base share " + units + " is below the minimum: 0";
        case StepKind::limited:
            return "may get no more than " + units + (step.text.empty() ? "" : ": " + step.text);
        case StepKind::excluded:
            return "gets nothing" + (step.units == Int256{} ? "" : " instead of " + units) + ": " +
                   step.text;
        case StepKind::turn:
            return "+" + units + " of the leftover" + (step.text.empty() ? "" : ", " + step.text);
        case StepKind::served:
            return "served in order of priority: " + units;
        case StepKind::lots:
            return "receives lots one by one: " + units +
                   (step.text.empty() ? "" : ", " + step.text);
        case StepKind::remainder:
            return "+" + units + ", the odd rest";
        case StepKind::held:
            return "takes no part, and has " + units + ": " + step.text;
    }
    return {};
}

}  // namespace allot
