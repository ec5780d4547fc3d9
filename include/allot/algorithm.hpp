// Algorithm: the seam at which a rule for splitting an available quantity is plugged in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "allot/integer.hpp"
#include "allot/result.hpp"

namespace allot {

// What a rule declares about itself. Every declared property is tested, and those that show within
// one split (exact_sum, quota) are also checked by the audit of every run.
struct PropertySheet {
    bool exact_sum{true};         // sum of shares = min(available, sum of outstanding)
    bool quota{false};            // every share is the floor or the ceiling, in lots, of the exact
                                  // pro-rata share
    bool house_monotone{false};   // more available never takes units back from a claim
    bool anonymous{false};        // who a claim is does not matter, only its numbers and its rank
    bool slice_invariant{false};  // one large fill ends like the same quantity in small fills
    bool seeded{false};           // draws random numbers from the key of the split
};

// What `allot algorithms` shows of a rule.
struct AlgorithmInfo {
    std::string code{};                  // e.g. "PR-FIFO"; [a-zA-Z0-9\-_]+, 1 to 64 characters
    std::vector<std::string> aliases{};  // other codes under which it is found
    std::string summary{};               // one line
    std::string description{};           // how a share comes about, some sentences
    PropertySheet properties{};
};

// One split as a rule sees it. All quantities are whole counts of the same small unit
// (10^-scale, the scale chosen by the engine so that nothing is lost); claims stand in rank
// order, the oldest first, and all spans have the same length.
template <SplitInteger Int>
struct Split {
    std::span<const Int> outstanding{};  // what each claim may still receive, >= 0
    std::span<const Int> ordered{};      // what each order asked for
    std::span<const Int> allocated{};    // what each order has received so far, any placement
    std::span<const Int> baseline{};     // what it had when the set of claims last changed
    Int available{};                     // what is to be split, >= 0
    Int lot{};                           // size of a lot, > 0
    std::uint64_t key{0};                // from policy seed, placement id and execution id
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
// Products of two quantities may not fit: use multiply_divide (allot/integer.hpp).
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
