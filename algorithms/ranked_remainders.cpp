// LF, SF and LR: remainders that rank the claims by size or by what rounding took from them.
#include <cstddef>

#include "algorithms/builtins.hpp"
#include "algorithms/ranked_turns.hpp"

namespace allot::algorithms {

namespace {

class LargestFirst : public RemainderOf<LargestFirst> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            "LF", "leftover lots in turns from the largest",
            "The lots left over are given one a turn, beginning with the claim that has most "
            "outstanding, equal ones in rank order, round robin. What is less than a lot comes "
            "last and goes to the next claim in the cycle."};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        give_by_key(
            split, leftover.quantity, shares,
            [&](std::size_t a, std::size_t b) {
                return split.outstanding[b] <=> split.outstanding[a];
            },
            "turn from the largest");
    }
};

class SmallestFirst : public RemainderOf<SmallestFirst> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "SF",
            .summary = "leftover lots in turns from the smallest",
            .description =
                "The lots left over are given one a turn, beginning with the claim that has least "
                "outstanding, equal ones in rank order, round robin. What is less than a lot comes "
                "last and goes to the next claim in the cycle.",
            .moves_back_growth = true};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        give_by_key(
            split, leftover.quantity, shares,
            [&](std::size_t a, std::size_t b) {
                return split.outstanding[a] <=> split.outstanding[b];
            },
            "turn from the smallest");
    }
};

class LargestFraction : public RemainderOf<LargestFraction> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "LR",
            .summary = "leftover lots to the largest fractions",
            .description =
                "The lots left over are given one a turn, beginning with the claim from which the "
                "rounding took most (exact share minus base share), equal ones in rank order, "
                "round robin. What is less than a lot comes last and goes to the next claim in the "
                "cycle.",
            .ranks_by_excess = true};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        give_by_key(
            split, leftover.quantity, shares,
            [&](std::size_t a, std::size_t b) { return leftover.excess[b] <=> leftover.excess[a]; },
            "turn by largest fraction");
    }
};

}  // namespace

std::shared_ptr<const Remainder> make_remainder_lf() {
    return std::make_shared<LargestFirst>();
}
std::shared_ptr<const Remainder> make_remainder_sf() {
    return std::make_shared<SmallestFirst>();
}
std::shared_ptr<const Remainder> make_remainder_lr() {
    return std::make_shared<LargestFraction>();
}

}  // namespace allot::algorithms
