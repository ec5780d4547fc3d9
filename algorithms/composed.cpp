// Composed: a rule made of a base and a remainder, BASE-REMAINDER.
#include "algorithms/composed.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "algorithms/code.hpp"
#include "algorithms/proportional.hpp"
#include "algorithms/scratch.hpp"
#include "algorithms/share_out.hpp"

namespace allot::algorithms {

namespace {

// What a rule made of these parts keeps; the laws test each line both ways
// (docs/algorithms/properties.md).
PropertySheet sheet_of(const PartInfo& base, const PartInfo& remainder) {
    // Whether the shares are those of the base, which never turn against more or larger claims.
    const bool is_base_alone = base.fills_claims || remainder.keeps_leftover;
    PropertySheet sheet;
    sheet.exact_sum = base.fills_claims || !remainder.keeps_leftover;
    // Fewer leftover lots than claims with a fraction, and each of these gets at most one.
    sheet.quota = base.is_pro_rata && (remainder.ranks_by_excess || remainder.keeps_leftover);
    sheet.house_monotone = is_base_alone;
    // With equal weights all open claims have the same base share, and their order decides.
    sheet.population_monotone =
        !base.punishes_growth &&
        (is_base_alone || (base.weighs_alike && !remainder.moves_back_growth));
    sheet.anonymous = base.fills_claims || !remainder.names_portfolio;
    sheet.slice_invariant = base.fills_claims;
    sheet.seeded = remainder.seeded && !base.fills_claims;
    return sheet;
}

AlgorithmInfo info_of(const PartInfo& base, const PartInfo& remainder) {
    AlgorithmInfo info;
    info.base = base.code;
    info.remainder = remainder.code;
    const std::string whole = base.code + "-" + remainder.code;
    const bool is_short = remainder.code == "FIFO" && base.fills_claims;
    info.code = is_short ? base.code : whole;
    if (remainder.code == "FIFO") {
        info.aliases = {is_short ? whole : base.code};
    } else if (base.code == "PR" && (remainder.code == "LF" || remainder.code == "SF")) {
        info.aliases = {remainder.code};  // as in the weighted service
    }
    info.summary = base.fills_claims ? base.summary : base.summary + ", " + remainder.summary;
    info.description =
        base.fills_claims
            ? base.description + " Where a minimum holds a share back: " + remainder.description
            : base.description + " " + remainder.description;
    if (info.code == "PR-FIFO") {
        info.summary += " (the default)";
    }
    info.properties = sheet_of(base, remainder);
    info.needs = base.needs;
    info.split_only = remainder.keeps_leftover;
    info.base_summary = base.summary;
    info.base_description = base.description;
    info.remainder_summary = remainder.summary;
    info.remainder_description = remainder.description;
    return info;
}

bool is_taken(std::span<const ParameterInfo> taken, std::string_view key) {
    return std::any_of(taken.begin(), taken.end(),
                       [key](const ParameterInfo& parameter) { return parameter.key == key; });
}

// The part as it is when none of the parameters is its own.
template <class Part>
Result<std::shared_ptr<const Part>, Algorithm::BadParameter> part_with(
    const std::shared_ptr<const Part>& part, const Parameters& given) {
    Parameters own;
    for (const auto& [key, value] : given) {
        if (is_taken(part->takes(), key)) {
            own.emplace(key, value);
        }
    }
    if (own.empty()) {
        return part;
    }
    return part->with(own);
}

class Composed : public AlgorithmOf<Composed> {
  public:
    Composed(std::shared_ptr<const Base> base, std::shared_ptr<const Remainder> remainder)
        : base_{std::move(base)},
          remainder_{std::move(remainder)},
          info_{info_of(base_->info(), remainder_->info())} {
        for (const auto& part : {base_->takes(), remainder_->takes()}) {
            takes_.insert(takes_.end(), part.begin(), part.end());
        }
    }

    [[nodiscard]] const AlgorithmInfo& info() const noexcept override { return info_; }
    [[nodiscard]] std::span<const ParameterInfo> takes() const noexcept override { return takes_; }
    [[nodiscard]] std::string_view named_portfolio() const noexcept override {
        return remainder_->named_portfolio();
    }

    [[nodiscard]] Result<std::shared_ptr<const Algorithm>, BadParameter> with(
        const Parameters& parameters, const Registry& /*registry*/) const override {
        for (const auto& [key, value] : parameters) {
            if (!is_taken(takes_, key)) {
                return Unexpected{unknown_parameter(key, takes_)};
            }
        }
        auto base = part_with(base_, parameters);
        if (!base) {
            return Unexpected{base.error()};
        }
        auto remainder = part_with(remainder_, parameters);
        if (!remainder) {
            return Unexpected{remainder.error()};
        }
        return compose(*std::move(base), *std::move(remainder));
    }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        Scratch<Excess<Int>> list{remainder_->info().ranks_by_excess ? shares.size() : 0};
        const std::span<Excess<Int>> excess = list.span();
        Result<void> drafted = base_->propose(split, {shares, excess});
        if (!drafted) {
            return drafted;
        }
        if (split.minimum > Int{0}) {
            drop_small(split, shares, excess);
        }
        const Int total = sum(split.room);
        const Int all = split.available < total ? split.available : total;
        const Int left = all - sum(std::span<const Int>{shares});
        if (left > Int{0}) {
            remainder_->give(split, {left, std::span<const Excess<Int>>{excess}}, shares);
        }
        return {};
    }

  private:
    // A base share below the minimum becomes zero, before what is left over is given.
    template <SplitInteger Int>
    void drop_small(const Split<Int>& split, std::span<Int> shares,
                    std::span<Excess<Int>> excess) const {
        bool has_dropped = false;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            if (shares[i] == Int{0} || shares[i] >= split.minimum) {
                continue;
            }
            if (split.explanation != nullptr) {
                split.explanation->add(i, StepKind::minimum, widened(shares[i]));
            }
            if (!excess.empty()) {
                excess[i].units += shares[i];
            }
            shares[i] = Int{0};
            has_dropped = true;
        }
        if (has_dropped && base_->info().fills_claims) {
            round_down_last(split, shares, excess);
        }
    }

    // The claim that was served last may have a broken lot. What was dropped is now given in turns,
    // which may break another one, so this one is rounded down.
    template <SplitInteger Int>
    static void round_down_last(const Split<Int>& split, std::span<Int> shares,
                                std::span<Excess<Int>> excess) {
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const Int part = shares[i] % split.lot;
            if (part == Int{0} || shares[i] == split.room[i]) {
                continue;
            }
            shares[i] -= part;
            if (!excess.empty()) {
                excess[i].units += part;
            }
            if (split.explanation != nullptr) {
                split.explanation->add(i, StepKind::base, widened(shares[i]));
            }
        }
    }

    std::shared_ptr<const Base> base_;
    std::shared_ptr<const Remainder> remainder_;
    AlgorithmInfo info_;
    std::vector<ParameterInfo> takes_{};
};

}  // namespace

Result<std::shared_ptr<const Base>, Algorithm::BadParameter> Base::with(
    const Parameters& parameters) const {
    return Unexpected{unknown_parameter(parameters.begin()->first, {})};
}

Result<std::shared_ptr<const Remainder>, Algorithm::BadParameter> Remainder::with(
    const Parameters& parameters) const {
    return Unexpected{unknown_parameter(parameters.begin()->first, {})};
}

std::shared_ptr<const Algorithm> compose(std::shared_ptr<const Base> base,
                                         std::shared_ptr<const Remainder> remainder) {
    return std::make_shared<Composed>(std::move(base), std::move(remainder));
}

}  // namespace allot::algorithms
