// The life of a book in the most literal way: plain rows, exact fractions, loops. Written from the
// specification; shares nothing with the library.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oracle/rational.hpp"

namespace oracle {

struct LifeOrder {
    std::string id{};
    Rational quantity{};
    bool is_dead{false};
};

struct LifePlacement {
    std::string id{};
    std::vector<std::string> blocks{};
};

struct LifeFill {
    std::string id{};
    std::string placement{};
    int time{0};
    Rational quantity{};
    Rational price{};
    bool is_busted{false};
};

struct LifeAllocation {
    std::string fill{};
    std::string order{};
    Rational quantity{};
    Rational price{};
    std::string state{"New"};  // or Booked, Cancelled
};

// Units and cash to give back, by placement and order.
struct LifeReversal {
    Rational units{};
    Rational cash{};
};

// What a run, a reallocation, a correction or a bust says: placements that failed and why, and what
// is to be reversed.
struct LifeOutcome {
    std::map<std::string, std::string> failed{};
    std::map<std::string, LifeReversal> reversals{};  // by "placement order"
};

class Life {
  public:
    std::vector<LifeOrder> orders{};  // in rank order: the oldest first
    std::map<std::string, std::vector<std::string>> blocks{};
    std::vector<LifePlacement> placements{};
    std::vector<LifeFill> fills{};
    std::map<std::string, LifeAllocation> allocations{};  // by id
    Rational lot{1};

    LifeOutcome run(const std::string& remainder);
    LifeOutcome reallocate(const std::string& remainder);
    LifeOutcome correct(const std::string& fill, const std::optional<Rational>& quantity,
                        const std::optional<Rational>& price);
    LifeOutcome bust(const std::string& fill);
    // false: refused, because more is booked.
    bool amend(const std::string& order, const Rational& quantity);
    bool remove_order(const std::string& order);
    bool remove_fill(const std::string& fill);

    // Units of an order in allocations that count.
    [[nodiscard]] Rational allocated(const std::string& order) const;

  private:
    // What allocations take from a fill, by order.
    using Parts = std::map<std::string, std::map<std::string, Rational>>;

    [[nodiscard]] std::vector<const LifeFill*> fills_in_time(
        const std::vector<std::string>& placements) const;
    [[nodiscard]] Parts lay(const std::vector<std::string>& ids) const;
    [[nodiscard]] std::vector<const LifeOrder*> claims(const std::string& placement) const;
    [[nodiscard]] std::vector<std::string> counting() const;
    [[nodiscard]] Rational booked(const std::string& order, const std::string& fill) const;
    void give(const LifeFill& fill, const std::string& order, const Rational& units);
    void shrink(const LifeFill& fill, const Rational& left, bool reprice);
    void state_reversals(const std::vector<std::string>& placements, LifeOutcome& outcome) const;

    friend class LifeSplit;
};

}  // namespace oracle
