// The rules of a book that span several entities, checked on the latest versions.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "engine/store/book_data.hpp"

namespace allot::store {

// A broken rule, and the entity at which it shows (for its place in a file and for quarantine).
struct Finding {
    Error error{};
    Kind kind{};
    std::uint32_t id{none};
};
using Findings = std::vector<Finding>;

// What an entity says of itself: ids, required members, quantities above zero.
void check_self(const Order& order, Findings& findings, std::uint32_t id);
void check_self(const Block& block, Findings& findings, std::uint32_t id);
void check_self(const Placement& placement, Findings& findings, std::uint32_t id);
void check_self(const Execution& execution, Findings& findings, std::uint32_t id);
void check_self(const Allocation& allocation, Findings& findings, std::uint32_t id);
[[nodiscard]] Errors check_self(const Instrument& instrument);
[[nodiscard]] Errors check_self(const Portfolio& portfolio);
[[nodiscard]] Errors check_algorithm_name(const std::string& name, const std::string& code);

// The side and the identifiers that some entities have in common, as far as they give any: what
// says the same in the same words agrees without a closer look.
class Unison {
  public:
    void add(std::uint32_t side, std::uint32_t identifiers) noexcept {
        meet(side_, side);
        meet(identifiers_, identifiers);
    }
    void add(const Unison& other) noexcept {
        add(other.side_, other.identifiers_);
        holds_ = holds_ && other.holds_;
    }
    [[nodiscard]] bool holds() const noexcept { return holds_; }

  private:
    void meet(std::uint32_t& common, std::uint32_t given) noexcept {
        holds_ = holds_ && (given == 0 || common == 0 || given == common);
        common = common == 0 ? given : common;
    }

    std::uint32_t side_{0};
    std::uint32_t identifiers_{0};
    bool holds_{true};
};

// What is known of a book while all of it is checked.
struct Checked {
    explicit Checked(const BookData& book)
        : blocks(book.blocks.latest.size()), has_one_lot(book.identifiers.size()) {}

    std::vector<Unison> blocks;  // what check_block returned for each
    // Sets of identifiers whose instruments were seen to give one lot, by number. Threads that
    // check side by side tell each other.
    std::vector<std::atomic<bool>> has_one_lot;
};

// For who checks one block after the other: calls for the orders of the next two, which lie here
// and there, in two steps.
void call_for_next_orders(const BookData& book, std::uint32_t block);

// References exist; sides and instruments agree, pair by pair. Returns what the block and its
// orders have in common. Complexity: O(what is referred to).
Unison check_block(const BookData& book, std::uint32_t block, Findings& findings);
// Blocks, orders, the placement and its executions agree; no placement is its own ancestor; its
// instruments give one lot. Precondition: `checked`, if given, has all blocks.
void check_placement(const BookData& book, std::uint32_t placement, Findings& findings,
                     Checked* checked = nullptr);
void check_execution_reference(const BookData& book, std::uint32_t execution, Findings& findings);
void check_allocation_references(const BookData& book, const Allocation& allocation,
                                 Findings& findings);

[[nodiscard]] Error missing_reference(std::string_view entity, std::string id,
                                      std::string_view field, std::string found,
                                      std::string_view expected);

}  // namespace allot::store
