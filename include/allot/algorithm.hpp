// Algorithm: the seam at which a rule for splitting an available quantity is plugged in.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "allot/explanation.hpp"
#include "allot/integer.hpp"
#include "allot/quantity.hpp"
#include "allot/result.hpp"

namespace allot {

struct Batch;  // allot/batch.hpp

// What a rule declares about itself, without parameters. Every declared property is tested, and so
// is every property that is not declared: a counter-example must exist
// (docs/algorithms/properties.md). exact_sum, quota and the lots of a cumulative rule are also
// checked by the audit of every run.
struct PropertySheet {
    bool exact_sum{true};  // sum of shares = min(available, sum of room)
    // Where all claims are whole lots and nothing limits them: every share is the floor or the
    // ceiling, in lots, of the exact part pro rata to outstanding (cumulative rules: of all since
    // the baseline, after whole lots, from a state that the rule has reached).
    bool quota{false};
    bool house_monotone{false};  // more available never takes units back from a claim
    // Where all is whole lots: when some claims grow and none shrinks, none that grows loses while
    // one that does not grow gains.
    bool population_monotone{false};
    bool anonymous{false};        // who a claim is does not matter, only its numbers and rank
    bool slice_invariant{false};  // one large fill ends like the same quantity in small fills
    bool seeded{false};           // draws random numbers from the key of the split
    bool cumulative{false};       // counts lots since the baseline, not within one split
};

// What a rule has to be told of its claims beyond quantities and rank. The engine fills the spans
// of a Split that are asked for here; the others may be empty.
struct Needs {
    bool weights{false};  // a portfolio without a weight then fails its placement (WeightMissing)
    bool tiers{false};    // and house flags
    bool portfolios{false};  // which claims belong to the same portfolio
    bool room{false};        // cannot work on bare weights: a claim needs a size to be filled to
};

// What `allot algorithms` shows of a rule.
struct AlgorithmInfo {
    std::string code{};                  // e.g. "PR-FIFO"; [a-zA-Z0-9\-_]+, 1 to 64 characters
    std::vector<std::string> aliases{};  // other codes under which it is found
    std::string summary{};               // one line
    std::string description{};           // how a share comes about, some sentences
    PropertySheet properties{};
    std::string base{};       // the parts it is made of: "PR" and "FIFO"; both empty
    std::string remainder{};  // for a rule that is not made of parts
    Needs needs{};
    bool split_only{false};  // leaves units unallocated on purpose: not for runs
    // What the parts say of themselves, whatever they are combined with.
    std::string base_summary{};
    std::string base_description{};
    std::string remainder_summary{};
    std::string remainder_description{};
    bool lot_by_lot{false};  // time grows with the lots of a fill, and too many are refused
};

// Parameters of a rule by key, as written behind its code: "PR-LF:minimum=2:cap=50".
using Parameters = std::map<std::string, std::string, std::less<>>;

// One parameter that a rule takes.
struct ParameterInfo {
    std::string_view key;
    std::string_view meaning;   // one line, with the unit
    std::string_view accepted;  // e.g. "a whole number from 1 to 64"
};

// Limits that every rule keeps, in units. Given as parameters of a code; the engine turns them
// into the numbers of a Split.
struct Constraints {
    std::optional<Quantity> minimum{};  // a base share below it becomes zero (CME's minimum)
    std::optional<Quantity> cap{};      // most an order may have in all, of any placement
    // Bonds: what an order has when it is not filled is at least `denomination`, a multiple of
    // `increment`, and leaves at least `leave` to be filled, or nothing. They bind the order's
    // total, so a run splits what a placement has on offer at once.
    std::optional<Quantity> denomination{};
    std::optional<Quantity> increment{};
    std::optional<Quantity> leave{};

    [[nodiscard]] bool binds_totals() const noexcept {
        return denomination.has_value() || increment.has_value() || leave.has_value();
    }
    [[nodiscard]] bool are_none() const noexcept {
        return !minimum.has_value() && !cap.has_value() && !binds_totals();
    }
};

class Registry;

// One split as a rule sees it. All quantities are whole counts of the same small unit
// (10^-scale, the scale chosen by the engine so that nothing is lost); claims stand in rank
// order, the oldest first, and all spans that are not empty have the same length.
template <SplitInteger Int>
struct Split {
    std::span<const Int> outstanding{};  // ordered minus allocated, >= 0: what a claim weighs.
                                         // Bare weights stand here when a split has no claims.
    std::span<const Int> room{};         // the most a claim may get from this split, >= 0: what is
                                  // outstanding within caps and strict lots. The same memory as
                                  // outstanding when nothing limits it.
    std::span<const Int> ordered{};    // what each order asked for
    std::span<const Int> allocated{};  // what each order has received so far, any placement
    std::span<const Int> baseline{};   // what it had when the set of claims last changed
    Int available{};                   // what is to be split, >= 0
    Int lot{};                         // size of a lot, > 0
    std::uint64_t key{0};              // from policy seed, placement id and execution id
    Int minimum{0};                    // a base share below it becomes zero; 0: none
    // Of Constraints, 0: none. The engine sees to them; a rule need not look.
    Int denomination{0};
    Int increment{0};
    Int leave{0};

    // What the engine resolved of the claims' portfolios; filled as Needs says.
    std::span<const Int> weights{};               // relative weight, >= 0, any unit
    std::span<const std::uint32_t> tiers{};       // 1 is served first
    std::span<const std::uint8_t> houses{};       // 1: a house account, served after all clients
    std::span<const std::uint32_t> portfolios{};  // equal numbers: the same portfolio
    std::span<const std::uint8_t> named{};        // 1: of the portfolio that a parameter names

    // Where the rule writes how each share came about; null when nobody asks.
    Explanation* explanation{nullptr};

    [[nodiscard]] bool is_limited() const noexcept { return room.data() != outstanding.data(); }
};

// A pure function from a split to one share per claim. Derive from AlgorithmOf below.
// Thread safety: const members are called from any thread at once.
class Algorithm {
  public:
    Algorithm() = default;
    Algorithm(const Algorithm&) = delete;
    Algorithm& operator=(const Algorithm&) = delete;
    virtual ~Algorithm() = default;

    [[nodiscard]] virtual const AlgorithmInfo& info() const noexcept = 0;

    // Writes one share per claim, in units; `shares` has the length of the claims and is zeroed.
    // What is not given out stays unallocated. An error fails the placement (AlgorithmRefused).
    [[nodiscard]] virtual Result<void> split(const Split<std::int64_t>& split,
                                             std::span<std::int64_t> shares) const = 0;
    [[nodiscard]] virtual Result<void> split(const Split<Int256>& split,
                                             std::span<Int256> shares) const = 0;

    // The parameters that the rule takes, beside the constraints that every rule takes.
    [[nodiscard]] virtual std::span<const ParameterInfo> takes() const noexcept { return {}; }
    // The rule with these parameters, at least one. Registry::find calls it; `registry` is there
    // for rules that hold other rules. By default every parameter is refused.
    struct BadParameter {
        std::string key{};
        std::string expected{};
    };
    [[nodiscard]] virtual Result<std::shared_ptr<const Algorithm>, BadParameter> with(
        const Parameters& parameters, const Registry& registry) const;

    // What it was given, for the run record. By default nothing.
    [[nodiscard]] virtual const Parameters& parameters() const noexcept;
    [[nodiscard]] virtual const Constraints& constraints() const noexcept;
    // The portfolio whose claims a Split names, "scope/code"; empty: none.
    [[nodiscard]] virtual std::string_view named_portfolio() const noexcept { return {}; }
    // Splits many placements; split_batch (allot/batch.hpp) calls it when the spans fit together.
    // Asks split for one after the other. Override it for speed only: every share must stay the
    // same.
    [[nodiscard]] virtual Result<void> split_many(const Batch& batch,
                                                  std::span<std::int64_t> shares) const;
};

// The way to write a rule: one function template serves both integer widths.
//
//   class Halves : public allot::AlgorithmOf<Halves> {
//     public:
//       template <allot::SplitInteger Int>
//       allot::Result<void> shares_of(const allot::Split<Int>& split, std::span<Int> shares) const;
//       const allot::AlgorithmInfo& info() const noexcept override;
//   };
//
// Products of two quantities may not fit: use multiply_divide and compare_products
// (allot/integer.hpp).
template <class Rule>
class AlgorithmOf : public Algorithm {
  public:
    [[nodiscard]] Result<void> split(const Split<std::int64_t>& split,
                                     std::span<std::int64_t> shares) const final {
        return static_cast<const Rule&>(*this).template shares_of<std::int64_t>(split, shares);
    }
    [[nodiscard]] Result<void> split(const Split<Int256>& split,
                                     std::span<Int256> shares) const final {
        return static_cast<const Rule&>(*this).template shares_of<Int256>(split, shares);
    }
};

}  // namespace allot
