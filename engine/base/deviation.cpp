// The largest distance of shares from exact pro rata, decided exactly in every width.
#include "engine/base/deviation.hpp"

#include "engine/base/wide_decimal.hpp"

namespace allot::detail {

namespace {

Wide widen(std::int64_t value) {
    return to_wide(static_cast<Uint128>(value));
}
Wide widen(const Int256& value) {
    return to_wide(value.limbs());
}

// |a * b - c * d| in a width that holds it.
Uint128 distance(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    const Uint128 left = static_cast<Uint128>(a) * static_cast<Uint128>(b);
    const Uint128 right = static_cast<Uint128>(c) * static_cast<Uint128>(d);
    return left > right ? left - right : right - left;
}
Wide distance(const Int256& a, const Int256& b, const Int256& c, const Int256& d) {
    const Wide left = widen(a) * widen(b);
    const Wide right = widen(c) * widen(d);
    return left > right ? left - right : right - left;
}

constexpr int places = 6;

// States numerator / (total * lot). Returns whether it is a decimal.
bool state(const Wide& numerator, const Wide& total, const Wide& lot, LargestDeviation& largest) {
    const Wide denominator = total * lot;
    largest.is_above_one_lot = numerator > denominator;
    const Wide rounded = rounded_quotient<Wide>(numerator * wide_power_of_ten(places), denominator,
                                                false, Rounding::half_even);
    return make_wide(false, rounded, places, largest.lots) == Fit::fits;
}
bool state(const Wide& numerator, const Int256& total, const Int256& lot,
           LargestDeviation& largest) {
    return state(numerator, widen(total), widen(lot), largest);
}
// In 128 bits where they hold it.
bool state(Uint128 numerator, std::int64_t total, std::int64_t lot, LargestDeviation& largest) {
    Uint128 raised = 0;
    if (!multiply_fits(numerator, power_of_ten(places), raised)) {
        return state(to_wide(numerator), widen(total), widen(lot), largest);
    }
    const Uint128 denominator = static_cast<Uint128>(total) * static_cast<Uint128>(lot);
    largest.is_above_one_lot = numerator > denominator;
    const auto rounded = rounded_quotient<Uint128>(raised, denominator, false, Rounding::half_even);
    return DecimalMaker::make(false, rounded, places, largest.lots) == Fit::fits;
}

template <class Int>
std::optional<LargestDeviation> largest(std::span<const Int> received, std::span<const Int> ordered,
                                        const Int& executed, const Int& lot) {
    Int total{0};
    for (const Int& quantity : ordered) {
        total += quantity;
    }
    if (total == Int{0}) {
        return std::nullopt;
    }
    LargestDeviation largest;
    auto numerator = distance(received[0], total, executed, ordered[0]);
    for (std::size_t i = 1; i < ordered.size(); ++i) {
        auto other = distance(received[i], total, executed, ordered[i]);
        if (other > numerator) {
            numerator = other;
            largest.index = i;
        }
    }
    if (!state(numerator, total, lot, largest)) {
        return std::nullopt;
    }
    return largest;
}

}  // namespace

std::optional<LargestDeviation> largest_deviation(std::span<const std::int64_t> received,
                                                  std::span<const std::int64_t> ordered,
                                                  std::int64_t executed, std::int64_t lot) {
    return largest<std::int64_t>(received, ordered, executed, lot);
}

std::optional<LargestDeviation> largest_deviation(std::span<const Int256> received,
                                                  std::span<const Int256> ordered,
                                                  const Int256& executed, const Int256& lot) {
    return largest<Int256>(received, ordered, executed, lot);
}

}  // namespace allot::detail
