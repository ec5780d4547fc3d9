// RND: leftover lots to claims drawn by lot.
#include "algorithms/builtins.hpp"
#include "algorithms/draw.hpp"
#include "algorithms/turns.hpp"

namespace allot::algorithms {

namespace {

class ByLot : public RemainderOf<ByLot> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "RND",
            .summary = "leftover lots in turns in an order drawn by lot",
            .description =
                "The lots left over are given one a turn, round robin in an order that is drawn "
                "without bias from the key of the split: a hash of the policy seed, the placement "
                "and the execution. The same run draws the same again, and anybody can check it; "
                "nobody can shop for a seed. What is less than a lot comes last and goes to the "
                "next claim in the cycle.",
            .seeded = true};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        if (leftover.quantity <= Int{0}) {
            return;
        }
        const std::vector<std::size_t> order = Draw{split.key}.shuffled(shares.size());
        give_in_turns(
            split, leftover.quantity, shares, [&order](std::size_t at) { return order[at]; },
            "turn drawn by lot");
    }
};

}  // namespace

std::shared_ptr<const Remainder> make_remainder_rnd() {
    return std::make_shared<ByLot>();
}

}  // namespace allot::algorithms
