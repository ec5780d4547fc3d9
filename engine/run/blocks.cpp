// Blocks: which placements are of the same blocks.
#include "engine/run/blocks.hpp"

#include <algorithm>
#include <numeric>

namespace allot::run {

Blocks::Blocks(const BookData& book) : before_(book.placements.ids.size()) {
    std::iota(before_.begin(), before_.end(), std::uint32_t{0});
    std::vector<std::uint32_t> first_of_block(book.blocks.ids.size(), store::none);
    for (std::uint32_t id = 0; id < before_.size(); ++id) {
        const store::PlacementRow* placement = book.placements.find(id);
        if (placement == nullptr) {
            continue;
        }
        std::for_each(book.begin(placement->blocks), book.end(placement->blocks),
                      [&](std::uint32_t block) {
                          std::uint32_t& other = first_of_block[block];
                          other = other == store::none ? id : other;
                          const std::uint32_t a = first_of(id);
                          const std::uint32_t b = first_of(other);
                          before_[std::max(a, b)] = std::min(a, b);
                      });
    }
}

std::uint32_t Blocks::first_of(std::uint32_t placement) const {
    while (before_[placement] != placement) {
        placement = before_[placement];
    }
    return placement;
}

}  // namespace allot::run
