// The laws of a plan and the properties of the sheet, each as a question to one rule in one world.
// docs/algorithms/properties.md says the same in words.
#pragma once

#include <span>
#include <string>

#include "allot/algorithm.hpp"
#include "laws/worlds.hpp"

namespace laws {

// Returns what is broken, in words with numbers; empty: nothing. `shares` are those of the rule in
// this world.
using Question = std::string (*)(const allot::Algorithm& rule, const World& world,
                                 const Units& shares);

// Laws: every rule keeps them.
std::string broken_law(const allot::Algorithm& rule, const World& world, const Units& shares);
// As broken_law, with minima of all sizes.
std::string broken_minimum(const allot::Algorithm& rule, const World& world, const Units& shares);
// All numbers times 10^k: all shares times 10^k. All weights times k: the same shares.
std::string broken_scale(const allot::Algorithm& rule, const World& world, const Units& shares);
std::string broken_width(const allot::Algorithm& rule, const World& world, const Units& shares);
std::string broken_determinism(const allot::Algorithm& rule, const World& world,
                               const Units& shares);

// One line of the sheet: the question finds a counter-example exactly when it is not declared.
struct Property {
    const char* name;
    bool allot::PropertySheet::*declared;
    Question counter_example;
    bool is_turned;  // the question finds an example of the property instead: "the key matters"
};
std::span<const Property> all_properties();

}  // namespace laws
