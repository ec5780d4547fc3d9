// Naive splits in exact fractions, written turn by turn from the specification's words: a twin for
// every base and for every remainder. BASE-REMAINDER is one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oracle/rational.hpp"

namespace oracle {

// One split. Lists go by claim in rank order; those that say nothing may be empty.
struct Problem {
    std::string base{"PR"};         // PR PRO EQ PCT TW FIFO LIFO SIZE SIZE-SF
    bool has_tiers{false};          // TIER over that base
    std::string remainder{"FIFO"};  // FIFO LIFO LF SF LR OLDEST RR RND KEEP TO
    unsigned k{2};                  // of TW
    std::vector<Rational> outstanding{};
    std::vector<Rational> room{};  // empty: what is outstanding
    std::vector<Rational> ordered{};
    std::vector<Rational> allocated{};
    std::vector<Rational> weights{};
    std::vector<unsigned> tiers{};
    std::vector<bool> houses{};
    std::vector<std::string> portfolios{};
    std::string named{};  // the portfolio that TO names
    Rational available{0};
    Rational lot{1};
    Rational minimum{0};
    std::uint64_t key{0};
};

// What the base gives: its exact shares and these rounded down, before a minimum. TW and PCT may
// be costly, so that one drafted split serves for all remainders. Precondition: no tiers.
struct Drafted {
    std::vector<Rational> exact{};
    std::vector<Rational> shares{};
};
Drafted draft(const Problem& problem);
// Drops what is below the minimum and gives out the leftover. Precondition: no tiers.
std::vector<Rational> finish(const Problem& problem, const Drafted& drafted);

// One share per claim, with tiers or without.
std::vector<Rational> split(const Problem& problem);

// PR-FIFO or FIFO over plain claims.
std::vector<Rational> split(const std::string& code, const Rational& available,
                            const std::vector<Rational>& outstanding, const Rational& lot);

// The documented draw: 0 to count - 1 in the order that the key gives.
std::vector<std::size_t> drawn_order(std::uint64_t key, std::size_t count);

}  // namespace oracle
