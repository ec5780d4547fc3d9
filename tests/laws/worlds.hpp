// Small and random worlds over which the laws are tested, and how a rule is asked in one of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "allot/algorithm.hpp"

namespace laws {

// One split in plain integers.
struct World {
    std::vector<std::int64_t> outstanding{};
    std::vector<std::int64_t> allocated{};  // ordered = outstanding + allocated
    std::int64_t available{0};
    std::int64_t lot{1};
    std::uint64_t key{0};
};

std::string text(const World& world);
std::string text(const std::vector<std::int64_t>& values);

// The shares in 64 bits. Throws std::runtime_error when the rule refuses.
std::vector<std::int64_t> shares_of(const allot::Algorithm& rule, const World& world);

// The same in 256 bits, each share as text.
std::vector<std::string> wide_shares_of(const allot::Algorithm& rule, const World& world);

// Calls `visit` with every small world, the smallest first, until it returns false.
void each_small_world(const std::function<bool(const World&)>& visit);

// A random world with claims up to about `size`.
World random_world(std::uint64_t seed, std::int64_t size);

}  // namespace laws
