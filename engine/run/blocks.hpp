// Blocks: which placements are of the same blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/store/book_data.hpp"

namespace allot::run {

// Placements that share a block are together, and so are those that do so by way of others.
class Blocks {
  public:
    Blocks() = default;
    // Complexity: O(placements of the book x their blocks).
    explicit Blocks(const BookData& book);

    // One placement (id) of those that are together, the same for all of them.
    [[nodiscard]] std::uint32_t first_of(std::uint32_t placement) const;

  private:
    std::vector<std::uint32_t> before_{};  // by id: itself, or another that it is together with
};

}  // namespace allot::run
