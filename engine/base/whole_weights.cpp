// Weights as whole numbers, for rules.
#include "engine/base/whole_weights.hpp"

#include "engine/base/natural.hpp"
#include "engine/base/scaled.hpp"

namespace allot::detail {

namespace {

Natural mantissa_of(const Decimal& decimal) {
    return (Natural{decimal.mantissa_high()} << 64U) + decimal.mantissa_low();
}

Natural power_of_ten_natural(int exponent) {
    return boost::multiprecision::pow(Natural{10}, static_cast<unsigned>(exponent));
}

// All over one divisor, then without what they have in common.
std::vector<Natural> in_lowest_terms(std::span<const Weight> weights) {
    std::vector<Natural> numerators;
    std::vector<Natural> divisors;
    Natural common = 1;
    for (const Weight& weight : weights) {
        numerators.push_back(mantissa_of(weight.numerator()) *
                             power_of_ten_natural(weight.divisor().scale()));
        divisors.push_back(mantissa_of(weight.divisor()) *
                           power_of_ten_natural(weight.numerator().scale()));
        common = boost::multiprecision::lcm(common, divisors.back());
    }
    Natural shared = 0;
    for (std::size_t i = 0; i < numerators.size(); ++i) {
        numerators[i] *= common / divisors[i];
        shared = boost::multiprecision::gcd(shared, numerators[i]);
    }
    for (Natural& numerator : numerators) {
        numerator = shared == 0 ? numerator : Natural{numerator / shared};
    }
    return numerators;
}

template <SplitInteger Int>
bool convert(std::span<const Weight> weights, unsigned bits, std::vector<Int>& out) {
    const std::vector<Natural> naturals = in_lowest_terms(weights);
    Natural sum = 0;
    for (const Natural& natural : naturals) {
        sum += natural;
    }
    if (sum >> bits != 0) {
        return false;
    }
    out.clear();
    for (const Natural& natural : naturals) {
        out.push_back(from_natural(natural, Int{}));
    }
    return true;
}

}  // namespace

bool to_whole_weights(std::span<const Weight> weights, std::vector<std::int64_t>& out) {
    constexpr unsigned narrow_bits = 62;
    return convert(weights, narrow_bits, out);
}

bool to_whole_weights(std::span<const Weight> weights, std::vector<Int256>& out) {
    constexpr unsigned wide_bits = 190;  // a product with a quantity then fits 512 bits
    return convert(weights, wide_bits, out);
}

}  // namespace allot::detail
