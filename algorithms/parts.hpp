// The two parts of which most rules are made: a base, which gives each claim its exact share and
// rounds it down to whole lots, and a remainder, which hands out what is left over. Each base
// combines with each remainder (composed.hpp).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"

namespace allot::algorithms {

// How far an exact share lies above the base share: `units` whole units and a fraction that is
// compared by `rest` (the rests of one split have the same divisor).
template <SplitInteger Int>
struct Excess {
    Int units{0};
    Int rest{0};

    friend auto operator<=>(const Excess&, const Excess&) = default;
};

// What a base writes. `shares` comes zeroed; `excess` is empty unless the remainder ranks by it.
template <SplitInteger Int>
struct Draft {
    std::span<Int> shares{};
    std::span<Excess<Int>> excess{};
};

// What a part says of itself; the sheet of a rule is made of those of its parts.
struct PartInfo {
    std::string code{};         // "PR"
    std::string summary{};      // half a sentence: "pro rata to outstanding"
    std::string description{};  // sentences
    Needs needs{};
    // Of a base:
    bool fills_claims{false};     // serves one claim after the other, lots play no part
    bool is_pro_rata{false};      // weighs by what is outstanding
    bool weighs_alike{false};     // the same weight for all
    bool punishes_growth{false};  // a claim that grows may have less, and one that does not more
    // Of a remainder:
    bool ranks_by_excess{false};    // looks at Draft::excess
    bool keeps_leftover{false};     // leaves it unallocated
    bool seeded{false};             // draws from Split::key
    bool names_portfolio{false};    // looks at Split::named
    bool moves_back_growth{false};  // not one lot a turn, or a claim that grows comes later
};

// Thread safety: const members are called from any thread at once.
class Base {
  public:
    Base() = default;
    Base(const Base&) = delete;
    Base& operator=(const Base&) = delete;
    virtual ~Base() = default;

    [[nodiscard]] virtual const PartInfo& info() const noexcept = 0;
    // Writes the base shares: 0 <= share <= room, and their sum at most what is available.
    [[nodiscard]] virtual Result<void> propose(const Split<std::int64_t>& split,
                                               const Draft<std::int64_t>& draft) const = 0;
    [[nodiscard]] virtual Result<void> propose(const Split<Int256>& split,
                                               const Draft<Int256>& draft) const = 0;

    // As Algorithm::takes and Algorithm::with; only called with parameters that it takes.
    [[nodiscard]] virtual std::span<const ParameterInfo> takes() const noexcept { return {}; }
    [[nodiscard]] virtual Result<std::shared_ptr<const Base>, Algorithm::BadParameter> with(
        const Parameters& parameters) const;
};

// What is to be given out after the base shares.
template <SplitInteger Int>
struct Leftover {
    Int quantity{};                         // at most the sum of (room - share)
    std::span<const Excess<Int>> excess{};  // when the remainder ranks by it
};

// Thread safety: const members are called from any thread at once.
class Remainder {
  public:
    Remainder() = default;
    Remainder(const Remainder&) = delete;
    Remainder& operator=(const Remainder&) = delete;
    virtual ~Remainder() = default;

    [[nodiscard]] virtual const PartInfo& info() const noexcept = 0;
    // Adds the leftover to the shares, at most up to each claim's room.
    virtual void give(const Split<std::int64_t>& split, const Leftover<std::int64_t>& leftover,
                      std::span<std::int64_t> shares) const = 0;
    virtual void give(const Split<Int256>& split, const Leftover<Int256>& leftover,
                      std::span<Int256> shares) const = 0;

    [[nodiscard]] virtual std::span<const ParameterInfo> takes() const noexcept { return {}; }
    [[nodiscard]] virtual Result<std::shared_ptr<const Remainder>, Algorithm::BadParameter> with(
        const Parameters& parameters) const;
    [[nodiscard]] virtual std::string_view named_portfolio() const noexcept { return {}; }
};

// The way to write a base: one function template serves both integer widths.
template <class Part>
class BaseOf : public Base {
  public:
    [[nodiscard]] Result<void> propose(const Split<std::int64_t>& split,
                                       const Draft<std::int64_t>& draft) const final {
        return static_cast<const Part&>(*this).draft_of(split, draft);
    }
    [[nodiscard]] Result<void> propose(const Split<Int256>& split,
                                       const Draft<Int256>& draft) const final {
        return static_cast<const Part&>(*this).draft_of(split, draft);
    }
};

// The way to write a remainder.
template <class Part>
class RemainderOf : public Remainder {
  public:
    void give(const Split<std::int64_t>& split, const Leftover<std::int64_t>& leftover,
              std::span<std::int64_t> shares) const final {
        static_cast<const Part&>(*this).give_out(split, leftover, shares);
    }
    void give(const Split<Int256>& split, const Leftover<Int256>& leftover,
              std::span<Int256> shares) const final {
        static_cast<const Part&>(*this).give_out(split, leftover, shares);
    }
};

}  // namespace allot::algorithms
