// One placement of a batch, checked and ready to be split.
#pragma once

#include <bit>
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

// The sum of the claims, if nothing is below zero, the lot above it, and the sum below 2^62; else
// -1.
[[nodiscard]] inline std::int64_t sound_total(const Split<std::int64_t>& split) noexcept {
    constexpr int limit_bits = 62;
    std::int64_t any = 0;  // its sign is that of all together, its width that of the largest
    std::uint64_t total = 0;
    for (const std::int64_t claim : split.outstanding) {
        any |= claim;
        total += static_cast<std::uint64_t>(claim);
    }
    if ((any | split.available) < 0 || split.lot <= 0) {
        return -1;
    }
    const auto width_of = [](std::uint64_t value) {
        return static_cast<int>(std::bit_width(value));
    };
    const int bits = width_of(static_cast<std::uint64_t>(any)) + width_of(split.outstanding.size());
    if (bits > limit_bits) {  // the sum may have wrapped
        __extension__ using Wide = unsigned __int128;
        Wide sum = 0;
        for (const std::int64_t claim : split.outstanding) {
            sum += static_cast<std::uint64_t>(claim);
        }
        return sum >> limit_bits != 0 ? -1 : static_cast<std::int64_t>(sum);
    }
    return static_cast<std::int64_t>(total);
}

// Why placement number `index` is not sound.
[[nodiscard]] Error unsound(const Split<std::int64_t>& split, std::size_t index);

}  // namespace allot::algorithms
