// Batches against the rule asked placement by placement, the audit, and their promises about
// memory.
#include "allot/batch.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "engine/run/audit.hpp"
#include "oracle/random.hpp"
#include "oracle/scale.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

using allot::Batch;
using allot::SimdForm;
using oracle::Random;

namespace {

constexpr std::int64_t untouched = -77;

struct Made {
    std::vector<std::int64_t> outstanding;
    std::vector<std::size_t> offsets{0};
    std::vector<std::int64_t> quantities;
    std::vector<std::int64_t> lots;

    [[nodiscard]] Batch batch() const { return {outstanding, offsets, quantities, lots}; }
};

// Placements of 0 to 40 claims, most of them small; quantities from nothing to more than there is.
Made make_batch(Random& random) {
    Made made;
    const bool one_lot = random.one_in(2);
    const std::size_t placements = random.below(80);
    const int bits = random.one_in(3) ? random.between(1, 56) : random.between(1, 24);
    for (std::size_t i = 0; i < placements; ++i) {
        const int claims = random.one_in(10) ? random.between(0, 40) : random.between(0, 13);
        std::int64_t total = 0;
        for (int j = 0; j < claims; ++j) {
            const auto claim = static_cast<std::int64_t>(
                random.one_in(9) ? 0 : random.next() >> (64 - random.between(1, bits)));
            made.outstanding.push_back(claim);
            total += claim;
        }
        made.offsets.push_back(made.outstanding.size());
        const std::int64_t quantities[] = {0, total,    total + 3, std::max(total - 1, total / 2),
                                           1, total / 3};
        made.quantities.push_back(random.one_in(3) ? quantities[random.below(6)]
                                                   : static_cast<std::int64_t>(random.below(
                                                         static_cast<std::size_t>(total) + 1)));
        if (!one_lot) {
            made.lots.push_back(random.one_in(3) ? 1 : random.between(1, 400));
        }
    }
    if (one_lot) {
        made.lots = {random.one_in(4) ? 7 : 1};
    }
    return made;
}

// What the rule alone gives placement `i`, audited.
std::vector<std::int64_t> shares_alone(const allot::Algorithm& rule, const Made& made,
                                       std::size_t i) {
    const std::size_t first = made.offsets[i];
    const std::size_t count = made.offsets[i + 1] - first;
    const std::vector<std::int64_t> zeros(count);
    std::vector<std::int64_t> shares(count);
    allot::Split<std::int64_t> split;
    split.outstanding = std::span{made.outstanding}.subspan(first, count);
    split.room = split.outstanding;
    split.ordered = split.outstanding;
    split.allocated = zeros;
    split.baseline = zeros;
    split.available = made.quantities[i];
    split.lot = made.lots.size() == 1 ? made.lots[0] : made.lots[i];
    rule.split(split, shares).value();
    REQUIRE_FALSE(allot::run::audit(split, std::span<const std::int64_t>{shares}, rule.info()));
    return shares;
}

allot::ErrorCode refusal(const Made& made) {
    const auto rule = allot::Registry::with_builtins().find("PR-FIFO").value();
    std::vector<std::int64_t> shares(made.outstanding.size());
    const auto answer = allot::split_batch(*rule, made.batch(), shares);
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

Made two_placements() {
    return {{30, 70, 5, 5, 5}, {0, 2, 5}, {40, 7}, {1}};
}

}  // namespace

TEST_CASE("A batch gives what every placement alone is given", "[batch]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    for (const SimdForm form : allot_test::simd_forms()) {
        const allot_test::ForcedSimd forced{form};
        const std::size_t count = oracle::cases("batches", 4000);
        for (std::uint64_t seed = 1; seed <= count; ++seed) {
            Random random{seed};
            const Made made = make_batch(random);
            for (const char* code : {"PR-FIFO", "FIFO"}) {
                const auto rule = registry.find(code).value();
                std::vector<std::int64_t> shares(made.outstanding.size(), untouched);
                allot::split_batch(*rule, made.batch(), shares).value();
                for (std::size_t i = 0; i < made.quantities.size(); ++i) {
                    const auto wanted = shares_alone(*rule, made, i);
                    const auto got = std::span{shares}.subspan(made.offsets[i], wanted.size());
                    if (!std::equal(got.begin(), got.end(), wanted.begin())) {
                        FAIL(code << ' ' << name_of(form) << " seed " << seed << " placement "
                                  << i);
                    }
                }
            }
        }
    }
}

TEST_CASE("A batch touches the shares of its own placements only", "[batch]") {
    const auto rule = allot::Registry::with_builtins().find("PR-FIFO").value();
    for (const SimdForm form : allot_test::simd_forms()) {
        const allot_test::ForcedSimd forced{form};
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            Random random{seed};
            const Made made = make_batch(random);
            if (made.quantities.size() < 3 || made.lots.size() != 1) {
                continue;
            }
            std::vector<std::int64_t> whole(made.outstanding.size());
            allot::split_batch(*rule, made.batch(), whole).value();
            // The placements from `first` up to `last`, in arrays that hold all.
            const std::size_t first = random.below(made.quantities.size());
            const std::size_t last = first + random.below(made.quantities.size() - first);
            Batch part = made.batch();
            part.offsets = part.offsets.subspan(first, last - first + 1);
            part.quantities = part.quantities.subspan(first, last - first);
            std::vector<std::int64_t> shares(made.outstanding.size(), untouched);
            allot::split_batch(*rule, part, shares).value();
            for (std::size_t i = 0; i < shares.size(); ++i) {
                const bool is_own = i >= made.offsets[first] && i < made.offsets[last];
                REQUIRE(shares[i] == (is_own ? whole[i] : untouched));
            }
        }
    }
}

TEST_CASE("A batch whose spans do not fit together is refused", "[batch]") {
    using enum allot::ErrorCode;
    const auto rule = allot::Registry::with_builtins().find("PR-FIFO").value();
    Made made = two_placements();
    std::vector<std::int64_t> shares(4);
    CHECK(allot::split_batch(*rule, made.batch(), shares).error().code == option_is_not_valid);
    made.offsets = {0, 5};
    CHECK(refusal(made) == option_is_not_valid);
    made = two_placements();
    made.offsets = {0, 3, 2};
    CHECK(refusal(made) == option_is_not_valid);
    made = two_placements();
    made.offsets = {0, 2, 6};
    CHECK(refusal(made) == option_is_not_valid);
    made = two_placements();
    made.lots = {1, 1, 1};
    CHECK(refusal(made) == option_is_not_valid);
    made = two_placements();
    shares.resize(5);
    Batch batch = made.batch();
    batch.ordered = std::span{made.outstanding}.first(2);
    CHECK(allot::split_batch(*rule, batch, shares).error().field == "ordered");
}

TEST_CASE("A batch refuses numbers out of range and names the placement", "[batch]") {
    using enum allot::ErrorCode;
    Made made = two_placements();
    made.lots = {1, 0};
    CHECK(refusal(made) == lot_is_not_positive);
    made = two_placements();
    made.quantities[1] = -1;
    CHECK(refusal(made) == quantity_is_negative);
    made = two_placements();
    made.outstanding[3] = -1;
    CHECK(refusal(made) == quantity_is_negative);
    made = two_placements();
    made.outstanding[0] = made.outstanding[1] = std::int64_t{1} << 61;
    CHECK(refusal(made) == total_is_out_of_range);
    for (const char* code : {"PR-FIFO", "FIFO"}) {
        const auto rule = allot::Registry::with_builtins().find(code).value();
        made = two_placements();
        made.quantities[1] = -1;
        std::vector<std::int64_t> shares(5);
        CHECK(allot::split_batch(*rule, made.batch(), shares).error().id == "1");
    }
}
