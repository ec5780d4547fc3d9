// What the exhaustive search finds about every registered rule: the smallest counter-example of
// each property that fails. docs/algorithms/properties.md is written from it.
#pragma once

#include <map>
#include <string>

#include "allot/registry.hpp"
#include "laws/properties.hpp"

namespace laws {

// The first small world in which the question finds something, else the first of `random_worlds`
// random ones with claims up to `size`; empty: none.
std::string first_found(const allot::Algorithm& rule, Question question, std::size_t random_worlds,
                        std::int64_t size);

// By code of the rule and name of the property: the smallest counter-example (the smallest example,
// for a property that is turned); empty: none in the small worlds and 20,000 random ones. Searched
// once a program.
using Findings = std::map<std::string, std::map<std::string, std::string>>;
const Findings& all_findings(const allot::Registry& registry);

// How many of the small worlds are visited: every one, or with sanitizers every tenth.
std::size_t every_small_world();

// The table of all rules and the list of counter-examples, as they stand in properties.md.
std::string rendered(const allot::Registry& registry, const Findings& findings);

}  // namespace laws
