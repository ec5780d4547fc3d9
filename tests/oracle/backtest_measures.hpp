// The measures of one block, and of all blocks of a rule, as exact fractions.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "oracle/backtest_replay.hpp"

namespace oracle {

using Precise = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<60>,
                                              boost::multiprecision::et_off>;
Precise precise(const Rational& value);

// Rounded half even, whatever the sign.
Rational rounded(const Rational& value, int places);

// In units, in lots and as a part of the order.
using Distances = std::array<Rational, 3>;

struct LeftoverSums {
    std::size_t count{0};
    Rational units{};
    Rational worth{};
};

// What a block did to one of its orders.
struct OrderMeasures {
    Distances mean{};  // of |d| over fills
    Distances time_weighted{};
    Rational allocated{};
    Rational money{};
    Rational lead{};
    Rational profit{};  // of the deviation
    LeftoverSums leftovers{};
    std::size_t tickets{0};
};

struct BlockMeasures {
    std::vector<OrderMeasures> orders{};
    Distances worst{};
    Distances at_end{};
    std::optional<std::size_t> worst_order{};
    std::string worst_at{};
    Rational ordered{};
    Rational executed{};
    Rational allocated{};
    bool is_priced{false};  // all fills have prices in one currency
    std::string currency{};
    std::optional<Rational> average_price{};
    std::size_t take_backs{0};
    std::vector<Rational> misplaced{};  // behind each fill

    Distances mean() const;
    Distances time_weighted() const;
    // The largest distance of an order's average price; what each order gained; in its favour.
    Rational largest_price_difference() const;
    Rational cash_difference(std::size_t order, bool is_sale) const;
    Rational price_variance() const;
};

BlockMeasures measure(const ReplayedBlock& block, const Marks& marks);

}  // namespace oracle
