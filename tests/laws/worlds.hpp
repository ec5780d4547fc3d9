// Small and random worlds over which the laws are tested, and how a rule is asked in one of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"

namespace laws {

using Units = std::vector<std::int64_t>;

// One split in plain integers. Lists go by claim; `cap` and what follows may be empty.
struct World {
    Units outstanding{};
    Units allocated{};  // ordered = outstanding + allocated
    Units baseline{};   // empty: zeros
    Units cap{};        // room = min(outstanding, cap); empty: nothing limits it
    Units weights{};
    std::vector<std::uint32_t> tiers{};
    std::vector<std::uint8_t> houses{};
    std::vector<std::uint32_t> portfolios{};
    std::vector<std::uint8_t> named{};
    std::int64_t available{0};
    std::int64_t lot{1};
    std::int64_t minimum{0};
    std::uint64_t key{0};
};

std::string text(const World& world);
std::string text(const Units& values);

// What each claim may get at most.
Units room_of(const World& world);

// The shares in 64 bits. Throws std::runtime_error when the rule refuses.
Units shares_of(const allot::Algorithm& rule, const World& world);

// The same in 256 bits, each share as text.
std::vector<std::string> wide_shares_of(const allot::Algorithm& rule, const World& world);

// Calls `visit` with every small world that gives the rule what it looks at, the smallest first,
// until it returns false. Smaller: without limits and history before those with a cap, and these
// before those with a history; then a smaller lot, fewer claims, a smaller sum of what is
// outstanding; then in order of the digits of claims, weights and tiers; then less available.
// `every` > 1 leaves worlds out evenly.
void each_small_world(const allot::Algorithm& rule, std::size_t every,
                      const std::function<bool(const World&)>& visit);

// A random world with claims up to about `size`, with everything a rule may need.
World random_world(std::uint64_t seed, std::int64_t size);

}  // namespace laws
