// The laws of a plan and the properties of the sheet, each as a question to one rule in one world.
#pragma once

#include <string>

#include "allot/algorithm.hpp"
#include "laws/worlds.hpp"

namespace laws {

// Each returns what is broken, in words with numbers; empty: nothing.
std::string broken_law(const allot::Algorithm& rule, const World& world);
std::string broken_exact_sum(const allot::Algorithm& rule, const World& world);
std::string broken_quota(const allot::Algorithm& rule, const World& world);
std::string broken_house_monotone(const allot::Algorithm& rule, const World& world);
std::string broken_slice_invariant(const allot::Algorithm& rule, const World& world);
// The key of the split changes what a claim gets.
std::string key_matters(const allot::Algorithm& rule, const World& world);
// All numbers times 10^k: all shares times 10^k.
std::string broken_scale(const allot::Algorithm& rule, const World& world);
std::string broken_width(const allot::Algorithm& rule, const World& world);
std::string broken_determinism(const allot::Algorithm& rule, const World& world);

}  // namespace laws
