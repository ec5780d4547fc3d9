// Meter: follows one block under one rule, fill by fill.
#include "engine/backtest/meter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>
#include <utility>

#include "algorithms/kernel/kernel.hpp"
#include "engine/backtest/exact.hpp"
#include "engine/backtest/sums.hpp"
#include "engine/base/scaled.hpp"
#include "engine/base/uint128.hpp"

namespace allot::backtest {

namespace {

using Coordinate = double;  // statistic: shares over time, for the eye

constexpr int summed_places = 12;
constexpr int price_places = 10;

template <class T>
T magnitude(const T& value) {
    return value < 0 ? T{-value} : value;
}

// Number: of units. Product: of two of them. Sum: of products over fills or nanoseconds, and of
// units times prices.
template <class Number, class Product, class Sum>
class MeterOf final : public Meter {
  public:
    explicit MeterOf(const MeterStart& start) : start_{start} {
        const std::size_t count = start.outstanding.size();
        for (const Quantity& quantity : start.outstanding) {
            ordered_.push_back(number_of(quantity));
            total_ += ordered_.back();
        }
        sizes_ = ordered_;
        size_ = total_;
        divisor_ = total_;
        received_.resize(count);
        distance_.resize(count);
        worst_.resize(count);
        over_fills_.resize(count);
        signed_over_fills_.resize(count);
        over_time_.resize(count);
        paid_.resize(count);
        leftover_.resize(count);
        leftover_worth_.resize(count);
        leftover_count_.resize(count);
        tickets_.resize(count);
    }

    void add(const run::FillShares<std::int64_t>& fill, const FillFacts& facts) override {
        take(fill, facts);
    }
    void add(const run::FillShares<Int256>& fill, const FillFacts& facts) override {
        if constexpr (std::is_same_v<Number, Natural>) {
            take(fill, facts);
        }
    }

    [[nodiscard]] Standing standing() const override {
        Standing standing;
        const Natural lot = mantissa(start_.lot.units(), start_.scale);
        for (std::size_t i = 0; i < ordered_.size(); ++i) {
            standing.allocated.push_back(units(whole(received_[i])));
            standing.lots_off.push_back(divisor_ == 0
                                            ? Decimal{0}
                                            : rounded(whole(distance_from_part(i)),
                                                      whole(divisor_) * lot, 0, shown_places));
        }
        return standing;
    }

    [[nodiscard]] BlockNumbers finish() override {
        pass_time(start_.last_ns);
        BlockNumbers numbers;
        numbers.fills = fills_;
        numbers.ordered = units(whole(size_));
        numbers.executed = units(executed_);
        numbers.take_backs = take_backs_;
        numbers.misplaced = misplaced_;
        for (const Number& received : received_) {
            given_ += whole(received);
        }
        numbers.allocated = units(given_);
        for (std::size_t i = 0; i < ordered_.size(); ++i) {
            numbers.orders.push_back(finish_order(i));
        }
        finish_tracking(numbers);
        if (start_.is_priced) {
            finish_prices(numbers);
        }
        return numbers;
    }

  private:
    [[nodiscard]] Number number_of(const Quantity& quantity) const {
        if constexpr (std::is_same_v<Number, Natural>) {
            return mantissa(quantity.units(), start_.scale);
        } else {
            std::int64_t units = 0;
            (void)detail::to_scaled(quantity.units(), start_.scale, units);
            return units;
        }
    }
    template <class Int>
    static Number number_of(const Int& value) {
        if constexpr (std::is_same_v<Number, Natural>) {
            return whole(value);
        } else {
            return value;
        }
    }
    [[nodiscard]] Sum price_of(const FillFacts& facts) const {
        if constexpr (std::is_same_v<Sum, Natural>) {
            return start_.is_priced ? mantissa(*facts.exact_price, start_.price_scale) : Natural{0};
        } else {
            return facts.price;
        }
    }

    // The state as it is lasts until `at_ns`.
    void pass_time(std::int64_t at_ns) {
        if (fills_ > 0 && at_ns > now_) {
            const std::int64_t lasted = at_ns - now_;
            for (std::size_t i = 0; i < distance_.size(); ++i) {
                over_time_[i] += Sum{distance_[i]} * lasted;
            }
        }
        now_ = at_ns;
    }

    template <class Int>
    void take(const run::FillShares<Int>& fill, const FillFacts& facts) {
        pass_time(facts.at_ns);
        if (fill.changes != changes_) {
            begin_anew(fill);
        }
        first_ns_ = fills_ == 0 ? facts.at_ns : first_ns_;
        ++fills_;
        executed_ += whole_offered(fill.offered);
        const Sum price = price_of(facts);
        const Number before = part_;
        part_ += number_of(fill.offered);
        part_ = part_ < total_ ? part_ : total_;
        part_paid_ += Sum{Number{part_ - before}} * price;
        note_leftovers(fill, price);
        Sum misplaced{0};
        for (std::size_t i = 0; i < ordered_.size(); ++i) {
            const Number share = number_of(fill.shares[i]);
            received_[i] += share;
            tickets_[i] += share > 0 ? 1U : 0U;
            take_backs_ += share < 0 ? 1U : 0U;
            paid_[i] += Sum{share} * price;
            const Product off = distance_from_part(i);
            const Product distance = magnitude(off);
            distance_[i] = distance;
            signed_over_fills_[i] += off;
            over_fills_[i] += distance;
            misplaced += distance;
            if (distance > worst_[i]) {
                worst_[i] = distance;
                if (distance > worst_of_all_) {
                    worst_of_all_ = distance;
                    worst_rank_ = i;
                    worst_execution_ = fill.execution;
                    worst_fill_ = fills_;
                }
            }
        }
        note_misplaced(misplaced, facts.at_ns);
    }

    // How far order i is from its exact part, times divisor_.
    [[nodiscard]] Product distance_from_part(std::size_t i) const {
        if constexpr (std::is_same_v<Number, Natural>) {
            return received_[i] * divisor_ - earlier_part(i) - part_ * ordered_[i] * factor_;
        } else {
            return Product{received_[i]} * total_ - Product{part_} * ordered_[i];
        }
    }
    [[nodiscard]] Natural earlier_part(std::size_t i) const {
        return earlier_.empty() ? Natural{0} : earlier_[i];
    }

    // Orders have changed: from here on the exact parts go by what is outstanding now. What was
    // measured before stays, over a common divisor that has the new sum in it.
    template <class Int>
    void begin_anew(const run::FillShares<Int>& fill) {
        changes_ = fill.changes;
        if constexpr (std::is_same_v<Number, Natural>) {
            earlier_.resize(ordered_.size());
            earlier_gain_.resize(ordered_.size());
            const Natural gain = mantissa(start_.mark, start_.price_scale) * part_ - part_paid_;
            Natural now = 0;
            for (std::size_t i = 0; i < ordered_.size(); ++i) {
                earlier_[i] += part_ * ordered_[i] * factor_;
                earlier_gain_[i] += gain * ordered_[i] * factor_;
                ordered_[i] = whole(fill.outstanding[i]);
                now += ordered_[i];
                if (received_[i] + ordered_[i] > sizes_[i]) {
                    sizes_[i] = received_[i] + ordered_[i];
                }
            }
            size_ = 0;
            for (const Natural& size : sizes_) {
                size_ += size;
            }
            part_ = 0;
            part_paid_ = 0;
            total_ = now;
            // Nobody wants anything: nobody has a part, over any divisor.
            const Natural more = now == 0 ? Natural{1} : now;
            factor_ = now == 0 ? Natural{0} : divisor_ == 0 ? Natural{1} : divisor_;
            divisor_ = divisor_ == 0 ? more : Natural{divisor_ * more};
            worst_of_all_ *= more;
            for (auto* numbers : {&earlier_, &earlier_gain_, &distance_, &worst_, &over_fills_,
                                  &signed_over_fills_, &over_time_}) {
                for (Natural& number : *numbers) {
                    number *= more;
                }
            }
        }
    }

    static auto whole_offered(const std::int64_t& offered) {
        if constexpr (std::is_same_v<Sum, Natural>) {
            return whole(offered);
        } else {
            return Int128{offered};
        }
    }
    static Natural whole_offered(const Int256& offered) { return whole(offered); }

    // What a fill gave above the exact part of it, rounded down to whole lots.
    template <class Int>
    void note_leftovers(const run::FillShares<Int>& fill, const Sum& price) {
        Int sum{0};
        for (const Int& outstanding : fill.outstanding) {
            sum += outstanding;
        }
        Int lot{};
        (void)detail::to_scaled(start_.lot.units(), start_.scale, lot);
        auto& floors = floors_of(fill.shares);
        floors.assign(fill.shares.size(), Int{0});
        if (sum > Int{0}) {  // stored allocations may give more than was outstanding
            (void)kernel::proportional_floor(fill.offered < sum ? fill.offered : sum,
                                             fill.outstanding, sum, lot, std::span<Int>{floors});
        }
        for (std::size_t i = 0; i < floors.size(); ++i) {
            if (fill.shares[i] > floors[i]) {
                const Number more = number_of(Int{fill.shares[i] - floors[i]});
                ++leftover_count_[i];
                leftover_[i] += more;
                leftover_worth_[i] += Sum{more} * price;
            }
        }
    }
    std::vector<std::int64_t>& floors_of(std::span<const std::int64_t> /*kind*/) {
        return narrow_floors_;
    }
    std::vector<Int256>& floors_of(std::span<const Int256> /*kind*/) { return wide_floors_; }

    void note_misplaced(const Sum& distances, std::int64_t at_ns) {
        if (size_ == 0) {
            return;
        }
        constexpr std::int64_t parts = 100;
        const Int128 part =
            start_.period_ns > 0 ? Int128{at_ns} * parts / start_.period_ns : Int128{0};
        const auto at = static_cast<std::size_t>(std::min(part, Int128{parts - 1}));
        const Coordinate off = ratio_of(distances, divisor_);
        misplaced_.share[at] += off / nearest_of(size_) / 2;
        ++misplaced_.fills[at];
    }
    template <class A, class B>
    static Coordinate ratio_of(const A& numerator, const B& denominator) {
        if constexpr (std::is_same_v<A, Natural>) {
            return nearest(numerator, denominator);
        } else {
            return nearest_of(numerator) / nearest_of(denominator);
        }
    }
    template <class T>
    static Coordinate nearest_of(const T& value) {
        if constexpr (std::is_same_v<T, Natural>) {
            return nearest(value, Natural{1});
        } else {
            return static_cast<Coordinate>(value);
        }
    }

    [[nodiscard]] Decimal units(const Natural& value) const {
        return rounded(value, 1, start_.scale, start_.scale);
    }
    [[nodiscard]] Decimal units(const Int128& value) const { return units(whole(value)); }

    // numerator / denominator as a distance of order i, where the numerator is a number of units
    // times the sum of what is outstanding.
    [[nodiscard]] Distance distance_of(const Natural& numerator, const Natural& denominator,
                                       std::size_t i, int places) const {
        Distance distance;
        if (numerator == 0) {
            return distance;
        }
        const Natural bottom = denominator * whole(divisor_);
        const Natural lot = mantissa(start_.lot.units(), start_.scale);
        distance.units = rounded(numerator, bottom, start_.scale, places);
        distance.lots = rounded(numerator, bottom * lot, 0, places);
        if (sizes_[i] != 0) {
            distance.share = rounded(numerator, bottom * whole(sizes_[i]), 0, places);
        }
        return distance;
    }

    [[nodiscard]] OrderNumbers finish_order(std::size_t i) const {
        OrderNumbers order;
        order.ordered = units(whole(sizes_[i]));
        order.allocated = units(whole(received_[i]));
        order.tickets = tickets_[i];
        order.leftovers.count = leftover_count_[i];
        order.leftovers.units = units(whole(leftover_[i]));
        if (fills_ > 0) {
            order.mean = distance_of(whole(over_fills_[i]), fills_, i, summed_places);
            if (sizes_[i] != 0) {
                order.lead = nearest(whole(signed_over_fills_[i]),
                                     Natural{whole(divisor_) * whole(sizes_[i]) * fills_});
            }
        }
        const std::int64_t lasted = start_.last_ns - first_ns_;
        order.time_weighted =
            lasted > 0 ? distance_of(whole(over_time_[i]), lasted, i, summed_places) : order.mean;
        return order;
    }
    void finish_tracking(BlockNumbers& numbers) const {
        Tracking& tracking = numbers.tracking;
        numbers.has_worst = worst_of_all_ > 0;
        numbers.worst_rank = worst_rank_;
        numbers.worst_execution = worst_execution_;
        numbers.worst_fill = worst_fill_;
        Distance means;
        Distance times;
        for (std::size_t i = 0; i < ordered_.size(); ++i) {
            raise(tracking.worst, distance_of(whole(worst_[i]), 1, i, shown_places));
            raise(tracking.at_end, distance_of(whole(distance_[i]), 1, i, shown_places));
            add_to(means, numbers.orders[i].mean);
            add_to(times, numbers.orders[i].time_weighted);
        }
        tracking.mean = divided(means, ordered_.size());
        tracking.time_weighted = divided(times, ordered_.size());
    }
    // Money: paid_ and price times units have the scale of both.
    void finish_prices(BlockNumbers& numbers) const {
        const int scale = start_.scale + start_.price_scale;
        Natural paid = 0;
        for (const Sum& one : paid_) {
            paid += whole(one);
        }
        if (given_ > 0) {
            numbers.average_price = rounded(paid, given_, start_.price_scale, price_places);
            numbers.largest_price_difference = Decimal{0};
        }
        const Natural mark = mantissa(start_.mark, start_.price_scale);
        // Of the exact parts of all fills, all orders together.
        const Natural block_profit = mark * whole(part_) - whole(part_paid_);
        double squares = 0;  // statistic
        for (std::size_t i = 0; i < ordered_.size(); ++i) {
            OrderNumbers& order = numbers.orders[i];
            order.leftovers.worth = rounded(whole(leftover_worth_[i]), 1, scale, shown_places);
            const Natural own = mark * whole(received_[i]) - whole(paid_[i]);
            Natural gain = own * whole(divisor_) - earlier_gain(i) -
                           block_profit * whole(ordered_[i]) * factor_;
            Natural cash = paid * whole(received_[i]) - whole(paid_[i]) * given_;
            if (start_.is_sale) {
                gain = -gain;
                cash = -cash;
            }
            if (divisor_ != 0) {
                order.deviation_profit = rounded(gain, whole(divisor_), scale, shown_places);
            }
            if (given_ > 0 && received_[i] > 0) {
                squares += add_price(numbers, i, paid, cash, scale);
            }
        }
        if (given_ > 0) {
            numbers.price_deviation = std::sqrt(squares);
            const auto average =  // statistic
                nearest(magnitude(paid), given_ * power_of_ten(start_.price_scale));
            numbers.has_points = paid != 0;
            numbers.price_deviation_points =
                numbers.has_points ? numbers.price_deviation / average * 10'000 : 0;
        }
        for (const OrderNumbers& order : numbers.orders) {
            if (order.cash_difference.sign() > 0) {
                numbers.cash_moved = numbers.cash_moved + order.cash_difference;
            }
        }
    }

    // Adds what the average price of order i says; gives its part of the variance.
    double add_price(BlockNumbers& numbers, std::size_t i, const Natural& paid,  // statistic
                     const Natural& cash, int scale) const {
        OrderNumbers& order = numbers.orders[i];
        const Natural received = whole(received_[i]);
        order.cash_difference = rounded(cash, given_, scale, shown_places);
        const Decimal difference =
            rounded(magnitude(cash), received * given_, start_.price_scale, price_places);
        numbers.largest_price_difference = std::max(*numbers.largest_price_difference, difference);
        if (paid != 0) {
            order.price_difference =
                rounded(cash * 10'000, magnitude(paid) * received, 0, shown_places);
        }
        const auto off =  // statistic
            nearest(cash, received * given_ * power_of_ten(start_.price_scale));
        return off * off * nearest(received, given_);
    }

    [[nodiscard]] Natural earlier_gain(std::size_t i) const {
        return earlier_gain_.empty() ? Natural{0} : earlier_gain_[i];
    }

    MeterStart start_;
    std::vector<Number> ordered_{};  // outstanding when orders last changed
    Number total_{0};
    std::vector<Number> sizes_{};  // the most that each wanted since the start
    Number size_{0};
    Number divisor_{0};  // of distances: total_, and of all totals before
    Natural factor_{1};  // divisor_ / total_
    std::size_t changes_{0};
    std::vector<Natural> earlier_{};       // exact parts before orders last changed
    std::vector<Natural> earlier_gain_{};  // and what they gained
    Number part_{0};                       // executed so far, at most total_
    Sum part_paid_{0};                     // its money
    Sum executed_{0};
    Natural given_{0};
    std::size_t fills_{0};
    std::int64_t now_{0};
    std::int64_t first_ns_{0};
    std::vector<Number> received_{};
    std::vector<Product> distance_{};
    std::vector<Product> worst_{};
    std::vector<Sum> over_fills_{};
    std::vector<Sum> signed_over_fills_{};
    std::vector<Sum> over_time_{};
    std::vector<Sum> paid_{};
    std::vector<Number> leftover_{};
    std::vector<Sum> leftover_worth_{};
    std::vector<std::size_t> leftover_count_{};
    std::vector<std::size_t> tickets_{};
    std::size_t take_backs_{0};
    Product worst_of_all_{0};
    std::size_t worst_rank_{0};
    std::uint32_t worst_execution_{0};
    std::size_t worst_fill_{0};
    MisplacedCurve misplaced_{};
    std::vector<std::int64_t> narrow_floors_{};
    std::vector<Int256> wide_floors_{};
};

int width_of(std::uint64_t value) {
    return static_cast<int>(std::bit_width(value));
}

// Bits of |value| at a scale; far too many when it does not fit.
int bits_of(const Decimal& value, int scale) {
    std::int64_t units = 0;
    constexpr int too_many = 200;
    return detail::to_scaled(value, scale, units)
               ? width_of(static_cast<std::uint64_t>(std::abs(units)))
               : too_many;
}

}  // namespace

std::unique_ptr<Meter> make_meter(const MeterStart& start) {
    int bits = 1;
    Decimal total;
    for (const Quantity& quantity : start.outstanding) {
        const Result<Decimal> sum = allot::add(total, quantity.units());
        total = sum ? *sum : total;
        bits = sum ? bits : 200;
    }
    bits = std::max(bits, bits_of(total, start.scale));
    const int executed = start.executed ? bits_of(*start.executed, start.scale) : 200;
    // Distances are differences of two products, added up over time or fills, whichever is more.
    const int product = bits + std::max(bits, executed) + 1;
    const int over = width_of(std::max(static_cast<std::uint64_t>(start.period_ns),
                                       static_cast<std::uint64_t>(start.fills)));
    const int orders = width_of(start.outstanding.size());
    const int money = std::max(bits, executed) + start.price_bits + 1;
    constexpr int most = 126;
    if (start.is_wide || start.has_changes || product + std::max(over, orders) > most ||
        money > most) {
        return std::make_unique<MeterOf<Natural, Natural, Natural>>(start);
    }
    constexpr int most_of_a_word = 62;
    if (product > most_of_a_word) {
        return std::make_unique<MeterOf<std::int64_t, Int128, Int128>>(start);
    }
    return std::make_unique<MeterOf<std::int64_t, std::int64_t, Int128>>(start);
}

}  // namespace allot::backtest
