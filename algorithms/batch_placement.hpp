// One placement of a batch, checked and ready to be split.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "allot/batch.hpp"

namespace allot::algorithms {

// Placement number `index`; what the batch leaves out is filled in with `zeros`, which has at least
// as many as the placement has claims, or is empty when the rule does not look there.
[[nodiscard]] inline Split<std::int64_t> placement_of(const Batch& batch, std::size_t index,
                                                      std::span<const std::int64_t> zeros) {
    const std::size_t first = batch.offsets[index];
    const std::size_t count = batch.offsets[index + 1] - first;
    const auto part = [&](std::span<const std::int64_t> all, std::span<const std::int64_t> other) {
        return all.empty() ? other : all.subspan(first, count);
    };
    Split<std::int64_t> split;
    split.outstanding = batch.outstanding.subspan(first, count);
    split.room = split.outstanding;
    split.ordered = part(batch.ordered, split.outstanding);
    split.allocated = part(batch.allocated, zeros.empty() ? zeros : zeros.first(count));
    split.baseline = part(batch.baseline, zeros.empty() ? zeros : zeros.first(count));
    split.available = batch.quantities[index];
    split.lot = batch.lots.size() == 1 ? batch.lots.front() : batch.lots[index];
    split.key = batch.keys.empty() ? 0 : batch.keys[index];
    return split;
}

// Nothing is below zero, the lot above it, and the claims add up to less than 2^62.
[[nodiscard]] bool is_sound(const Split<std::int64_t>& split) noexcept;

// Why placement number `index` is not sound.
[[nodiscard]] Error unsound(const Split<std::int64_t>& split, std::size_t index);

}  // namespace allot::algorithms
