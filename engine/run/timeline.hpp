// Timelines: what orders were when, as the versions of orders and of their blocks tell.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "allot/quantity.hpp"
#include "allot/time.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// What an order is from a time on.
struct OrderMoment {
    Instant at{};
    Quantity ordered{};
    bool is_dead{false};  // makes no claim
    bool has_date{false};
    Instant date{};  // which ranks it

    friend bool operator==(const OrderMoment&, const OrderMoment&) = default;
    // Whether it claims the same, whenever.
    [[nodiscard]] bool is_like(const OrderMoment& other) const noexcept {
        return is_dead == other.is_dead &&
               (is_dead ||
                (ordered == other.ordered && has_date == other.has_date && date == other.date));
    }
};

// Everything that an order was.
struct Timeline {
    // In time order, each unlike the one before. The first stands from the start, whatever its
    // time. An order without a version was never alive.
    std::vector<OrderMoment> moments{};
    // When its first version was written, if it says so.
    std::optional<Instant> begun{};
    // Versions of the order differ and do not say when they were written, one after the other: it
    // is taken as it stands now.
    bool is_unsure{false};
    // It came to a block or left it, and the block does not say when: it is taken for a member from
    // the start.
    bool is_membership_unsure{false};
    // It came to one block or left it, and stands in others too.
    bool changes_one_of_blocks{false};
    // It left its blocks.
    std::optional<Instant> left{};
};

// What the versions in a book tell of orders. Lives as long as the book. Const members are called
// from any thread at once.
class Timelines {
  public:
    // Orders in `dead_states` make no claim.
    Timelines(const BookData& book, std::vector<std::string> dead_states);

    // Looks at all versions of a block. The same block again changes nothing.
    void add_block(std::uint32_t block);

    // Orders (ids) that the block listed once and does not now, in the order in which they came.
    [[nodiscard]] const std::vector<std::uint32_t>& former_orders(std::uint32_t block) const;

    // Whether there is more than one version of anything that `of` would look at.
    [[nodiscard]] bool may_change(std::uint32_t order) const;

    // Of an order (id) in blocks that were added. Complexity: O(versions of it and of its blocks).
    [[nodiscard]] Timeline of(std::uint32_t order) const;

  private:
    // From when to when a block listed an order; nullopt: from the start, or to this day.
    struct Stay {
        std::uint32_t block{0};
        std::optional<Instant> from{};
        std::optional<Instant> until{};
        bool is_unsure{false};
    };

    [[nodiscard]] std::vector<OrderMoment> versions_of(std::uint32_t order, Timeline& out) const;

    const BookData* book_;
    std::vector<std::string> dead_states_;
    bool have_blocks_versions_{false};                    // any of the book
    std::map<std::uint32_t, std::vector<Stay>> stays_{};  // by order, in time order a block
    std::map<std::uint32_t, std::vector<std::uint32_t>> former_{};  // by block
};

}  // namespace allot::run
