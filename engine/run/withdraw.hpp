// Withdraw: which allocations a reallocation may take back, and how they are taken back.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/run/plan.hpp"

namespace allot::run {

// Numbers of the rows, ascending, of allocations that count, are not frozen, and belong to nothing
// but the placements (ids): through the executions they name or, naming none, by themselves.
// Complexity: O(allocations of the book).
[[nodiscard]] std::vector<std::uint32_t> withdrawable(const BookData& book,
                                                      const std::vector<std::uint32_t>& placements);

// What is left to be written of a plan, and to be withdrawn for it, when what an order has of an
// execution already, at the price it has now, is left alone.
struct Changes {
    Plan rows{};
    std::vector<std::uint32_t> withdrawn{};  // numbers of rows
};
[[nodiscard]] Changes changes_of(const BookData& book, const Planned& planned,
                                 const std::vector<std::uint32_t>& withdrawn);

// Versions in state Cancelled that take the place of `withdrawn`, made by the newest run.
[[nodiscard]] std::vector<detail::AllocationRow> cancelled_rows(
    BookData& book, std::span<const std::uint32_t> withdrawn, const Written& written);

// Moves of withdrawn and of new allocations, by id.
class Moves {
  public:
    void add_withdrawn(const AllocationView& allocation);
    void add_new(const AllocationView& allocation);
    [[nodiscard]] std::vector<Move> list() const;

  private:
    Move& of(const AllocationView& allocation);

    std::map<AllocationId, Move> moves_{};
};

}  // namespace allot::run
