// FIFO, LIFO, RR, OLDEST, TO and KEEP: remainders that follow the rank of the claims.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "algorithms/builtins.hpp"
#include "algorithms/turns.hpp"

namespace allot::algorithms {

namespace {

class FromOldest : public RemainderOf<FromOldest> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            "FIFO", "leftover lots in turns from the oldest",
            "The lots left over are given one a turn, round robin in rank order, beginning with "
            "the oldest claim. What is less than a lot comes last and goes to the next claim in "
            "the cycle. Every fill starts its cycle anew, so many small fills favour the oldest "
            "orders."};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        give_in_turns(
            split, leftover.quantity, shares, [](std::size_t at) { return at; },
            "turn from the oldest");
    }
};

class FromYoungest : public RemainderOf<FromYoungest> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            "LIFO", "leftover lots in turns from the youngest",
            "The lots left over are given one a turn, round robin against the rank order, "
            "beginning with the youngest claim. What is less than a lot comes last and goes to the "
            "next claim in the cycle."};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        const std::size_t count = shares.size();
        give_in_turns(
            split, leftover.quantity, shares, [count](std::size_t at) { return count - 1 - at; },
            "turn from the youngest");
    }
};

class RoundRobin : public RemainderOf<RoundRobin> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            "RR", "leftover lots in turns that go on where the last fill stopped",
            "The lots left over are given one a turn, round robin in rank order. The turns begin "
            "at claim number (whole lots that the claims have so far, modulo the number of "
            "claims), so the start moves on from fill to fill without a hidden pointer. What is "
            "less than a lot comes last and goes to the next claim in the cycle."};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        const std::size_t count = shares.size();
        if (count == 0) {
            return;
        }
        const Int lots = sum(split.allocated) / split.lot;
        const Int turn = lots % Int{static_cast<std::int64_t>(count)};
        std::size_t start = 0;
        while (Int{static_cast<std::int64_t>(start)} < turn) {
            ++start;
        }
        give_in_turns(
            split, leftover.quantity, shares,
            [count, start](std::size_t at) { return (start + at) % count; },
            "turn of the round robin");
    }
};

class ToOldest : public RemainderOf<ToOldest> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "OLDEST",
            .summary = "the leftover fills the oldest first",
            .description =
                "What is left over goes to the oldest claim as far as it has room, then "
                "to the next.",
            .moves_back_growth = true};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        static_cast<void>(fill_in_rank_order(
            split, leftover.quantity, shares, [](std::size_t) { return true; },
            "the oldest with room takes all it can"));
    }
};

class ToNamed : public RemainderOf<ToNamed> {
  public:
    explicit ToNamed(std::string portfolio) : portfolio_{std::move(portfolio)} {}

    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "TO",
            .summary = "the leftover goes to a named portfolio",
            .description =
                "What is left over goes to the claims of the portfolio named by the parameter "
                "`to`, the oldest first, as far as they have room. The rest is given in turns from "
                "the oldest, as it all is when no portfolio is named or none of its orders is "
                "there.",
            .names_portfolio = true,
            .moves_back_growth = true};
        return info;
    }
    [[nodiscard]] std::span<const ParameterInfo> takes() const noexcept override {
        static constexpr ParameterInfo parameters[]{
            {"to", "the portfolio that takes what is left over", "a portfolio, SCOPE/CODE"}};
        return parameters;
    }
    [[nodiscard]] Result<std::shared_ptr<const Remainder>, Algorithm::BadParameter> with(
        const Parameters& parameters) const override {
        const auto given = parameters.find("to");
        if (given == parameters.end()) {
            return std::shared_ptr<const Remainder>{std::make_shared<ToNamed>(portfolio_)};
        }
        const std::size_t slash = given->second.find('/');
        if (slash == std::string::npos || slash == 0 || slash + 1 == given->second.size()) {
            return Unexpected{Algorithm::BadParameter{"to", "a portfolio, SCOPE/CODE"}};
        }
        return std::shared_ptr<const Remainder>{std::make_shared<ToNamed>(given->second)};
    }
    [[nodiscard]] std::string_view named_portfolio() const noexcept override { return portfolio_; }

    template <SplitInteger Int>
    void give_out(const Split<Int>& split, const Leftover<Int>& leftover,
                  std::span<Int> shares) const {
        const Int left = fill_in_rank_order(
            split, leftover.quantity, shares,
            [&split](std::size_t claim) { return !split.named.empty() && split.named[claim] != 0; },
            "the named portfolio takes all it can");
        give_in_turns(
            split, left, shares, [](std::size_t at) { return at; }, "turn from the oldest");
    }

  private:
    std::string portfolio_;
};

class Keep : public RemainderOf<Keep> {
  public:
    [[nodiscard]] const PartInfo& info() const noexcept override {
        static const PartInfo info{
            .code = "KEEP",
            .summary = "the leftover stays unallocated",
            .description =
                "What is left over is given to nobody. For the bare split only: a run "
                "allocates all it can.",
            .keeps_leftover = true};
        return info;
    }
    template <SplitInteger Int>
    void give_out(const Split<Int>& /*split*/, const Leftover<Int>& /*leftover*/,
                  std::span<Int> /*shares*/) const {}
};

}  // namespace

std::shared_ptr<const Remainder> make_remainder_fifo() {
    return std::make_shared<FromOldest>();
}
std::shared_ptr<const Remainder> make_remainder_lifo() {
    return std::make_shared<FromYoungest>();
}
std::shared_ptr<const Remainder> make_remainder_rr() {
    return std::make_shared<RoundRobin>();
}
std::shared_ptr<const Remainder> make_remainder_oldest() {
    return std::make_shared<ToOldest>();
}
std::shared_ptr<const Remainder> make_remainder_to() {
    return std::make_shared<ToNamed>("");
}
std::shared_ptr<const Remainder> make_remainder_keep() {
    return std::make_shared<Keep>();
}

}  // namespace allot::algorithms
