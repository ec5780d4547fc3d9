// Batches: whether the spans fit together, and the way of every rule that has none of its own.
#include "allot/batch.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "algorithms/batch_placement.hpp"

namespace allot {

namespace {

[[nodiscard]] Error misfit(std::string field, std::size_t found, std::size_t expected) {
    return {ErrorCode::option_is_not_valid,
            "batch",
            "",
            std::move(field),
            std::to_string(found) + " entries",
            std::to_string(expected),
            {}};
}

[[nodiscard]] Error of_placement(ErrorCode code, std::size_t index, std::string field,
                                 std::int64_t found, std::string expected) {
    return {code,
            "placement",
            std::to_string(index),
            std::move(field),
            std::to_string(found),
            std::move(expected),
            {}};
}

[[nodiscard]] Result<void> check_lengths(const Batch& batch, std::size_t share_count) {
    const std::size_t claims = batch.outstanding.size();
    const std::size_t placements = batch.quantities.size();
    if (batch.offsets.size() != placements + 1) {
        return Unexpected{misfit("offsets", batch.offsets.size(), placements + 1)};
    }
    if (share_count != claims) {
        return Unexpected{misfit("shares", share_count, claims)};
    }
    if (batch.lots.size() != 1 && batch.lots.size() != placements) {
        return Unexpected{misfit("lots", batch.lots.size(), placements)};
    }
    if (!batch.keys.empty() && batch.keys.size() != placements) {
        return Unexpected{misfit("keys", batch.keys.size(), placements)};
    }
    struct Optional {
        const char* name;
        std::size_t size;
    };
    for (const Optional& span :
         {Optional{"ordered", batch.ordered.size()}, Optional{"allocated", batch.allocated.size()},
          Optional{"baseline", batch.baseline.size()}}) {
        if (span.size != 0 && span.size != claims) {
            return Unexpected{misfit(span.name, span.size, claims)};
        }
    }
    return {};
}

}  // namespace

Result<void> split_batch(const Algorithm& algorithm, const Batch& batch,
                         std::span<std::int64_t> shares) {
    if (Result<void> fits = check_lengths(batch, shares.size()); !fits) {
        return fits;
    }
    const auto falls = std::is_sorted_until(batch.offsets.begin(), batch.offsets.end());
    if (falls != batch.offsets.end() || batch.offsets.back() > batch.outstanding.size()) {
        return Unexpected{
            Error{ErrorCode::option_is_not_valid,
                  "batch",
                  "",
                  "offsets",
                  std::to_string(falls == batch.offsets.end() ? batch.offsets.back() : *falls),
                  "ascending, up to the number of claims",
                  {}}};
    }
    return algorithm.split_many(batch, shares);
}

Result<void> Algorithm::split_many(const Batch& batch, std::span<std::int64_t> shares) const {
    std::vector<std::int64_t> zeros;
    if (batch.allocated.empty() || batch.baseline.empty()) {
        std::size_t longest = 0;
        for (std::size_t i = 0; i < batch.quantities.size(); ++i) {
            longest = std::max(longest, batch.offsets[i + 1] - batch.offsets[i]);
        }
        zeros.resize(longest);
    }
    for (std::size_t i = 0; i < batch.quantities.size(); ++i) {
        const Split<std::int64_t> placement = algorithms::placement_of(batch, i, zeros);
        if (algorithms::sound_total(placement) < 0) {
            return Unexpected{algorithms::unsound(placement, i)};
        }
        const auto own = shares.subspan(batch.offsets[i], placement.outstanding.size());
        std::fill(own.begin(), own.end(), 0);
        if (const Result<void> answer = split(placement, own); !answer) {
            return Unexpected{Error{ErrorCode::algorithm_refused,
                                    "placement",
                                    std::to_string(i),
                                    "",
                                    answer.error().message(),
                                    "shares",
                                    {}}};
        }
    }
    return {};
}

namespace algorithms {

Error unsound(const Split<std::int64_t>& split, std::size_t index) {
    if (split.lot <= 0) {
        return of_placement(ErrorCode::lot_is_not_positive, index, "lot", split.lot,
                            "more than zero");
    }
    if (split.available < 0) {
        return of_placement(ErrorCode::quantity_is_negative, index, "quantity", split.available,
                            "0 or more");
    }
    const auto below = std::find_if(split.outstanding.begin(), split.outstanding.end(),
                                    [](std::int64_t claim) { return claim < 0; });
    if (below != split.outstanding.end()) {
        return of_placement(ErrorCode::quantity_is_negative, index, "outstanding", *below,
                            "0 or more");
    }
    return of_placement(ErrorCode::total_is_out_of_range, index, "outstanding",
                        *std::max_element(split.outstanding.begin(), split.outstanding.end()),
                        "claims that add up to less than 2^62");
}

}  // namespace algorithms

}  // namespace allot
