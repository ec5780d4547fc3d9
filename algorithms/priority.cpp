// FIFO, LIFO and SIZE: strict priority. One claim is filled before the next gets anything.
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/share_out.hpp"

namespace allot::algorithms {

namespace {

// Gives each claim, in the order of `next`, as much as it has room for. What is left of the last
// one may be less than a lot: lots play no part.
template <SplitInteger Int, class Order>
void serve(const Split<Int>& split, std::span<Int> shares, Order&& claim_at) {
    Int left = split.available;
    std::size_t at = 0;
    for (; at < shares.size() && left > Int{0}; ++at) {
        const std::size_t claim = claim_at(at);
        shares[claim] = split.room[claim] < left ? split.room[claim] : left;
        left -= shares[claim];
        if (split.explanation != nullptr && shares[claim] > Int{0}) {
            split.explanation->add(claim, StepKind::served, widened(shares[claim]));
        }
    }
    for (; split.explanation != nullptr && at < shares.size(); ++at) {
        split.explanation->add(claim_at(at), StepKind::excluded, Int256{},
                               "those before it took everything");
    }
}

class OldestFirst : public BaseOf<OldestFirst> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "FIFO",
            .summary =
                "strict time priority: the oldest claim is filled before the next gets anything",
            .description =
                "Claims are served in rank order. Each takes as much as it has room for, until "
                "nothing is left. How the market sliced the fills does not matter, but young "
                "orders wait until all older ones are complete.",
            .needs = {.room = true},
            .fills_claims = true};
        return info;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        serve(split, draft.shares, [](std::size_t at) { return at; });
        return {};
    }
};

class YoungestFirst : public BaseOf<YoungestFirst> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "LIFO",
            .summary =
                "strict time priority reversed: the youngest claim is filled before the next gets "
                "anything",
            .description =
                "Claims are served from the last in rank to the first. Each takes as much as it "
                "has room for, until nothing is left.",
            .needs = {.room = true},
            .fills_claims = true};
        return info;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        const std::size_t count = draft.shares.size();
        serve(split, draft.shares, [count](std::size_t at) { return count - 1 - at; });
        return {};
    }
};

class BySize : public BaseOf<BySize> {
  public:
    explicit BySize(bool smallest_first) : smallest_first_{smallest_first} {}

    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo largest{
            .code = "SIZE",
            .summary =
                "strict priority by size: the largest claim is filled first (SIZE-SF: the "
                "smallest)",
            .description =
                "Claims are served from the largest ordered quantity to the smallest, equal ones "
                "in rank order. Each takes as much as it has room for, until nothing is left.",
            .needs = {.room = true},
            .fills_claims = true};
        static const PartInfo smallest{
            .code = "SIZE",
            .summary =
                "strict priority by size: the smallest claim is filled before the next gets "
                "anything",
            .description =
                "Claims are served from the smallest ordered quantity to the largest, equal ones "
                "in rank order. Each takes as much as it has room for, until nothing is left.",
            .needs = {.room = true},
            .fills_claims = true,
            .punishes_growth = true};
        return smallest_first_ ? smallest : largest;
    }
    template <SplitInteger Int>
    [[nodiscard]] Result<void> draft_of(const Split<Int>& split, const Draft<Int>& draft) const {
        std::vector<std::size_t> order(draft.shares.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return smallest_first_ ? split.ordered[a] < split.ordered[b]
                                   : split.ordered[b] < split.ordered[a];
        });
        serve(split, draft.shares, [&order](std::size_t at) { return order[at]; });
        return {};
    }

  private:
    bool smallest_first_;
};

}  // namespace

std::shared_ptr<const Base> make_fifo() {
    return std::make_shared<OldestFirst>();
}
std::shared_ptr<const Base> make_lifo() {
    return std::make_shared<YoungestFirst>();
}
std::shared_ptr<const Base> make_size(bool smallest_first) {
    return std::make_shared<BySize>(smallest_first);
}

}  // namespace allot::algorithms
