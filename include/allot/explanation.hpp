// Explanation: how each share of one split came about, step by step, so that it can be followed
// by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "allot/integer.hpp"

namespace allot {

// What a step says. `units` are counted in 10^-scale, the unit of the split.
enum class StepKind : std::uint8_t {
    exact,      // the exact share, as the fraction in `text`
    base,       // it was rounded down to `units`, whole lots
    minimum,    // the base share of `units` is below the minimum and becomes zero
    limited,    // the claim may get no more than `units`: cap or strict lot
    excluded,   // the claim gets nothing, instead of `units`, for the reason in `text`
    turn,       // receives `units` of the leftover, by the rule in `text`
    served,     // receives `units` in order of priority
    lots,       // receives `units`, lots that a cumulative rule gave one by one
    remainder,  // receives `units`, the odd rest that is less than a lot
    held,       // keeps `units`, or is told them, and takes no part, for the reason in `text`
};

struct Step {
    std::size_t claim{0};  // in rank order, from 0
    StepKind kind{};
    Int256 units{};
    std::string text{};
};

// The steps of one split in the order in which they were taken. Not thread-safe.
class Explanation {
  public:
    // `scale`: the units of the split are 10^-scale.
    explicit Explanation(int scale = 0) noexcept : scale_{scale} {}

    void add(std::size_t claim, StepKind kind, const Int256& units, std::string text = {});
    // The exact share quantity * weight / total units. Precondition: none is negative, total > 0.
    void add_exact(std::size_t claim, const Int256& quantity, const Int256& weight,
                   const Int256& total);
    // The exact share whole + rest / divisor units, each as digits, for numbers of any size.
    void add_exact(std::size_t claim, const std::string& whole, const std::string& rest,
                   const std::string& divisor);

    [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
    [[nodiscard]] int scale() const noexcept { return scale_; }
    // `units` as a number of the instrument, for texts.
    [[nodiscard]] std::string number(const Int256& units) const;
    // One step as a sentence with numbers in units of the instrument: "exact share 2850/403".
    [[nodiscard]] std::string sentence(const Step& step) const;

  private:
    int scale_;
    std::vector<Step> steps_{};
};

}  // namespace allot
