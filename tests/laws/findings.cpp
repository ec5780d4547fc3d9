// The search for counter-examples, and how it is written down.
#include "laws/findings.hpp"

#include <algorithm>

#include "oracle/scale.hpp"

namespace laws {

namespace {

std::size_t random_worlds() {
    static const std::size_t count = oracle::cases("random worlds of the laws", 2000);
    return count;
}

// What the table shows: whether the property holds.
bool holds(const Property& property, const std::string& found) {
    return found.empty() != property.is_turned;
}

}  // namespace

std::size_t every_small_world() {
    static const std::size_t every =
        10000 / std::clamp<std::size_t>(oracle::cases("small worlds of the laws", 10000), 1, 10000);
    return every;
}

std::string first_found(const allot::Algorithm& rule, Question question, std::size_t random_worlds,
                        std::int64_t size) {
    std::string found;
    // A trillion lots one by one would take a day.
    const std::int64_t bounded = rule.info().lot_by_lot ? std::min<std::int64_t>(size, 100) : size;
    each_small_world(rule, every_small_world(), [&](const World& world) {
        found = question(rule, world, shares_of(rule, world));
        return found.empty();
    });
    for (std::uint64_t seed = 1; found.empty() && seed <= random_worlds; ++seed) {
        const World world = random_world(seed, bounded);
        found = question(rule, world, shares_of(rule, world));
        found = found.empty() ? found : "random world " + std::to_string(seed) + ": " + found;
    }
    return found;
}

const Findings& all_findings(const allot::Registry& registry) {
    static const Findings findings = [&registry] {
        Findings all;
        for (const auto& rule : registry.all()) {
            for (const Property& property : all_properties()) {
                all[rule->info().code][property.name] =
                    first_found(*rule, property.counter_example, random_worlds(), 1000);
            }
        }
        return all;
    }();
    return findings;
}

std::string rendered(const allot::Registry& registry, const Findings& findings) {
    std::string table = "| rule |";
    std::string line = "|---|";
    for (const Property& property : all_properties()) {
        table += std::string{" "} + property.name + " |";
        line += "---|";
    }
    table += "\n" + line + "\n";
    std::string examples;
    for (const auto& rule : registry.all()) {
        const std::string& code = rule->info().code;
        table += "| " + code + " |";
        examples += "\n### " + code + "\n\n";
        for (const Property& property : all_properties()) {
            const std::string& found = findings.at(code).at(property.name);
            table += holds(property, found) ? " yes |" : " no |";
            if (!found.empty()) {
                examples += std::string{"- "} + (property.is_turned ? "" : "not ") + property.name +
                            ": " + found + "\n";
            }
        }
        table += "\n";
    }
    return table + "\n## The smallest counter-examples\n" + examples;
}

}  // namespace laws
