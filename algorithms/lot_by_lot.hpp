// Rules that depend on the path: lot after lot, to the most urgent of the claims that may have one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "algorithms/cumulative.hpp"
#include "algorithms/lot_heap.hpp"

namespace allot::algorithms {

// Lots are numbered from 1 since the baseline: step k gives the k-th. W is the sum of all weights.
// A claim with n lots is released for its next one at the first step k with k w >= n W + slack, and
// of the released ones that with the smallest (stride n + offset) / w is served.
template <SplitInteger Int>
struct LotSchedule {
    Int slack{};
    Int stride{};
    Int offset{};
};

template <SplitInteger Int>
[[nodiscard]] Int greatest_common_divisor(Int a, Int b) {
    while (b != Int{0}) {
        a = std::exchange(b, a % b);
    }
    return a;
}

// More lots than this in one fill, beside whole periods, are refused: they would take minutes.
inline constexpr std::int64_t most_single_lots = 100'000'000;

// The process. When no claim with room is released, time jumps to the next step at which one is,
// so that lots which others have no room for go to those who are next entitled.
template <SplitInteger Int>
class LotByLot {
  public:
    LotByLot(std::span<Contender<Int>> contenders, const LotSchedule<Int>& schedule)
        : contenders_{contenders}, schedule_{schedule}, runners_(contenders.size()) {
        for (const Contender<Int>& contender : contenders) {
            total_ += contender.weight;
        }
        restart();
    }

    // Gives `lots` away; told(claim, step, time) is called before each single one. Returns how many
    // are left where the limit of single lots stops it: zero, usually.
    template <class Told>
    [[nodiscard]] Int give(Int lots, const Told& told) {
        watch_period(lots);
        if (lots > Int{most_single_lots} && active_ > 1 && !is_watching_) {
            return lots;
        }
        for (std::int64_t single = 0; lots > Int{0}; ++single) {
            const std::size_t claim = next();
            if (active_ == 1 && lots > Int{LotNotes::most}) {
                give_all(claim, lots);
                return Int{0};
            }
            if (single == most_single_lots) {
                return lots;
            }
            told(claim, step_, time_);
            give_one(claim);
            lots -= Int{1};
            if (is_watching_ && step_ == period_end_) {
                lots -= skip_periods(lots);
                watch_period(lots);
            }
        }
        return lots;
    }

    // The claim to which the next lot goes; no_claim when nobody has room.
    [[nodiscard]] std::size_t next() {
        for (;;) {
            while (!waiting_.is_empty() && waiting_.top().release <= time_) {
                const std::size_t claim = waiting_.top().claim;
                waiting_.pop();
                released_.push({runners_[claim].urgency, contenders_[claim].weight, claim});
            }
            if (!released_.is_empty()) {
                return released_.top().claim;
            }
            if (waiting_.is_empty()) {
                return no_claim;
            }
            time_ = waiting_.top().release;
        }
    }

  private:
    struct Runner {
        Int whole{};     // W / w
        Int rest{};      // W mod w
        Int release{};   // step at which the next lot may come
        Int surplus{};   // release * w - (n W + slack), below w
        Int urgency{};   // stride n + offset
        Int at_start{};  // lots at the start of the period
    };
    struct Waiting {
        Int release{};
        std::size_t claim{};
    };
    struct Released {
        Int urgency{};
        Int weight{};
        std::size_t claim{};
    };
    struct Earlier {
        bool operator()(const Waiting& a, const Waiting& b) const { return a.release < b.release; }
    };
    struct MoreUrgent {
        bool operator()(const Released& a, const Released& b) const {
            const auto order = compare_products(a.urgency, b.weight, b.urgency, a.weight);
            return order != 0 ? order < 0 : a.claim < b.claim;
        }
    };

    void start(std::size_t claim) {
        const Contender<Int>& it = contenders_[claim];
        Runner& runner = runners_[claim];
        runner.whole = total_ / it.weight;
        runner.rest = total_ % it.weight;
        runner.urgency = schedule_.stride * it.lots + schedule_.offset;
        // The smallest k with k w >= n W + slack, by parts that fit: W = whole w + rest.
        const Int of_rest = multiply_divide(it.lots, runner.rest, it.weight);
        Int beyond =
            multiply_remainder(it.lots, runner.rest, it.weight) + schedule_.slack % it.weight;
        runner.release = it.lots * runner.whole + of_rest + schedule_.slack / it.weight;
        if (beyond >= it.weight) {
            beyond -= it.weight;
            runner.release += Int{1};
        }
        runner.surplus = Int{0};
        if (beyond > Int{0}) {
            runner.release += Int{1};
            runner.surplus = it.weight - beyond;
        }
    }

    // Everything that follows from the counts.
    void restart() {
        std::vector<Waiting> waiting;
        step_ = Int{1};
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            step_ += contenders_[i].lots;
            if (contenders_[i].room > Int{0}) {
                start(i);
                waiting.push_back({runners_[i].release, i});
            }
        }
        time_ = step_;
        active_ = waiting.size();
        waiting_.assign(std::move(waiting));
        released_.assign({});
    }

    // Precondition: the claim is on top of the released ones.
    void give_one(std::size_t claim) {
        Contender<Int>& it = contenders_[claim];
        Runner& runner = runners_[claim];
        has_kept_time_ = has_kept_time_ && time_ == step_;
        has_jumped_ = has_jumped_ && time_ > step_;
        it.lots += Int{1};
        it.room -= Int{1};
        step_ += Int{1};
        time_ = time_ < step_ ? step_ : time_;
        if (it.room == Int{0}) {
            released_.pop();
            --active_;
            has_lost_one_ = true;
            return;
        }
        runner.urgency += schedule_.stride;
        runner.release += runner.whole;
        if (runner.surplus >= runner.rest) {
            runner.surplus -= runner.rest;
        } else {
            runner.release += Int{1};
            runner.surplus += it.weight - runner.rest;
        }
        if (runner.release <= time_) {
            released_.replace_top({runner.urgency, it.weight, claim});
        } else {
            released_.pop();
            waiting_.push({runner.release, claim});
        }
    }

    // The rest of a fill, when only one claim has room.
    void give_all(std::size_t claim, const Int& lots) {
        contenders_[claim].lots += lots;
        contenders_[claim].room -= lots;
        if (contenders_[claim].room == Int{0}) {
            released_.pop();
        }
    }

    // In a period everybody with room gets weight / (common divisor of all weights) lots, wherever
    // the process has come to repeat itself.
    [[nodiscard]] Int per_period(std::size_t claim) const {
        return divisor_ == Int{0} ? Int{0} : contenders_[claim].weight / divisor_;
    }

    // Watches whether the next lots are a whole period, when the fill has more than one of them.
    void watch_period(const Int& lots) {
        is_watching_ = false;
        if (lots < Int{static_cast<std::int64_t>(2 * active_)} || active_ < 2) {
            return;  // somebody gets less than one lot in each of two periods: there are none
        }
        if (divisor_ == Int{0}) {
            for (const Contender<Int>& it : contenders_) {
                divisor_ = greatest_common_divisor(divisor_, it.weight);
            }
        }
        period_ = Int{0};
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            period_ += contenders_[i].room > Int{0} ? per_period(i) : Int{0};
        }
        if (lots < period_ + period_ || period_ > Int{most_single_lots / 2}) {
            return;
        }
        is_watching_ = true;
        has_kept_time_ = period_ * divisor_ == total_;  // else lots of others are missing
        has_jumped_ = true;
        has_lost_one_ = false;
        period_end_ = step_ + period_;
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            runners_[i].at_start = contenders_[i].lots;
        }
    }

    // At the end of a period: skips those that are sure to be the same. Everything compares as
    // before when all counts have grown by weight / divisor and time with them; time does so on its
    // own when all have room, and stays behind for good when every step was a jump.
    [[nodiscard]] Int skip_periods(const Int& lots) {
        if (has_lost_one_ || !(has_kept_time_ || has_jumped_)) {
            return Int{0};
        }
        Int times = lots / period_;
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            const Contender<Int>& it = contenders_[i];
            const bool has_room = it.room > Int{0};
            if (it.lots - runners_[i].at_start != (has_room ? per_period(i) : Int{0})) {
                return Int{0};
            }
            const Int most = has_room ? Int{it.room / per_period(i)} : times;
            times = most < times ? most : times;
        }
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            if (contenders_[i].room > Int{0}) {
                contenders_[i].lots += times * per_period(i);
                contenders_[i].room -= times * per_period(i);
            }
        }
        restart();
        return times * period_;
    }

    std::span<Contender<Int>> contenders_;
    LotSchedule<Int> schedule_;
    std::vector<Runner> runners_;
    LotHeap<Waiting, Earlier> waiting_{};
    LotHeap<Released, MoreUrgent> released_{};
    Int total_{0};
    Int step_{0};            // number of the next lot
    Int time_{0};            // step_, or later after a jump
    std::size_t active_{0};  // claims with room
    Int divisor_{0};         // greatest common divisor of all weights; 0: not known yet
    Int period_{0};          // lots in it
    Int period_end_{0};      // number of the lot after it
    bool is_watching_{false};
    bool has_kept_time_{false};  // in this period every step was at its own time,
    bool has_jumped_{false};     // or none was
    bool has_lost_one_{false};   // somebody ran out of room
};

}  // namespace allot::algorithms
