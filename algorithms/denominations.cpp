// Bonds: minimum denomination, increment and leave-behind, over any rule.
#include "algorithms/denominations.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "algorithms/share_out.hpp"

namespace allot::algorithms {

namespace {

template <SplitInteger Int>
Int step_of(const Split<Int>& split) {
    return split.increment > Int{0} ? split.increment : split.lot;
}

template <SplitInteger Int>
Int rounded_up(const Int& value, const Int& step) {
    const Int rest = value % step;
    return rest == Int{0} ? value : value - rest + step;
}

// How many of `failing` claims are left out at once: single ones at the end, more at the start, so
// that the rounds stay few.
std::size_t left_out_at_once(std::size_t failing) {
    constexpr std::size_t part = 32;
    return std::max<std::size_t>(1, failing / part);
}

template <SplitInteger Int>
class Solver {
  public:
    Solver(const Algorithm& rule, const Split<Int>& split, std::span<Int> shares)
        : rule_{&rule},
          split_{&split},
          shares_{shares},
          room_(split.room.begin(), split.room.end()) {}

    Result<void> run() {
        for (std::size_t i = 0; i < room_.size(); ++i) {
            // Whom even all there is cannot serve does not take part.
            const Int most = split_->available < room_[i] ? split_->available : room_[i];
            if (room_[i] > Int{0} && largest_valid_share(*split_, i, most) == Int{0}) {
                leave_out(i, most);
            }
        }
        for (;;) {
            if (Result<void> asked = ask(nullptr); !asked) {
                return asked;
            }
            if (!leave_out_the_youngest()) {
                break;
            }
        }
        if (split_->explanation != nullptr) {
            if (Result<void> told = explain_last_round(); !told) {
                return told;
            }
        }
        offer_the_rest();
        return {};
    }

  private:
    Result<void> ask(Explanation* explanation) {
        std::fill(shares_.begin(), shares_.end(), Int{0});
        Split<Int> split = *split_;
        split.room = room_;
        split.lot = step_of(*split_);
        split.explanation = explanation;
        return rule_->split(split, shares_);
    }

    // Rounds all shares down to valid ones. Returns whether claims were left out because nothing
    // remained of theirs.
    bool leave_out_the_youngest() {
        std::vector<std::size_t> failing;
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            const Int valid = largest_valid_share(*split_, i, shares_[i]);
            if (valid == Int{0} && shares_[i] > Int{0}) {
                failing.push_back(i);
            } else {
                shares_[i] = valid;
            }
        }
        if (failing.empty()) {
            return false;
        }
        for (std::size_t n = left_out_at_once(failing.size()); n > 0; --n) {
            leave_out(failing.back(), shares_[failing.back()]);
            failing.pop_back();
        }
        return true;
    }

    void leave_out(std::size_t claim, const Int& offered) {
        if (split_->explanation != nullptr) {
            const Int least = smallest_valid_share(*split_, claim);
            const bool only_all = least >= split_->outstanding[claim];
            split_->explanation->add(claim, StepKind::excluded, widened(offered),
                                     (only_all ? "only all it has outstanding may be had, "
                                               : "the least it may have is ") +
                                         split_->explanation->number(widened(least)));
        }
        room_[claim] = Int{0};
    }

    // The round that counts is asked once more, now for its steps, and rounded down again.
    Result<void> explain_last_round() {
        if (Result<void> asked = ask(split_->explanation); !asked) {
            return asked;
        }
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            const Int valid = largest_valid_share(*split_, i, shares_[i]);
            if (valid < shares_[i]) {
                split_->explanation->add(i, StepKind::limited, widened(valid),
                                         "denomination, increment and what must be left");
            }
            shares_[i] = valid;
        }
        return {};
    }

    void offer_the_rest() {
        Int left = split_->available - sum(std::span<const Int>{shares_});
        for (bool moved = true; moved && left > Int{0};) {
            moved = false;
            for (std::size_t i = 0; i < shares_.size() && left > Int{0}; ++i) {
                const Int most =
                    split_->room[i] - shares_[i] < left ? split_->room[i] : Int{shares_[i] + left};
                const Int valid = largest_valid_share(*split_, i, most);
                if (valid > shares_[i]) {
                    if (split_->explanation != nullptr) {
                        split_->explanation->add(i, StepKind::turn,
                                                 widened(Int{valid - shares_[i]}),
                                                 "what the others may not have");
                    }
                    left -= valid - shares_[i];
                    shares_[i] = valid;
                    moved = true;
                }
            }
        }
    }

    const Algorithm* rule_;
    const Split<Int>* split_;
    std::span<Int> shares_;
    std::vector<Int> room_;
};

}  // namespace

template <SplitInteger Int>
Int largest_valid_share(const Split<Int>& split, std::size_t claim, const Int& most) {
    const Int& outstanding = split.outstanding[claim];
    if (most >= outstanding) {
        return outstanding;  // filled
    }
    const Int& has = split.allocated[claim];
    Int total = has + most;
    const Int longest = has + outstanding - split.leave;
    total = total < longest ? total : longest;
    total -= total % step_of(split);
    return total > has && total >= split.denomination ? Int{total - has} : Int{0};
}

template <SplitInteger Int>
Int smallest_valid_share(const Split<Int>& split, std::size_t claim) {
    const Int& has = split.allocated[claim];
    const Int step = step_of(split);
    const Int next = has - has % step + step;
    const Int least = rounded_up(split.denomination, step);
    const Int total = next < least ? least : next;
    const Int share = total - has;
    return share <= split.outstanding[claim] - split.leave ? share : split.outstanding[claim];
}

template std::int64_t largest_valid_share(const Split<std::int64_t>&, std::size_t,
                                          const std::int64_t&);
template Int256 largest_valid_share(const Split<Int256>&, std::size_t, const Int256&);
template std::int64_t smallest_valid_share(const Split<std::int64_t>&, std::size_t);
template Int256 smallest_valid_share(const Split<Int256>&, std::size_t);

Result<void> split_within_denominations(const Algorithm& rule, const Split<std::int64_t>& split,
                                        std::span<std::int64_t> shares) {
    return Solver<std::int64_t>{rule, split, shares}.run();
}
Result<void> split_within_denominations(const Algorithm& rule, const Split<Int256>& split,
                                        std::span<Int256> shares) {
    return Solver<Int256>{rule, split, shares}.run();
}

}  // namespace allot::algorithms
