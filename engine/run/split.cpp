// split: the bare rule on bare numbers, audited like any other.
#include "allot/split.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/hash.hpp"
#include "engine/base/scaled.hpp"
#include "engine/base/whole_weights.hpp"
#include "engine/run/ask.hpp"
#include "engine/run/audit.hpp"
#include "engine/run/limits.hpp"

namespace allot {

namespace {

Error refused(const Algorithm& algorithm, std::string why, std::string expected) {
    return Error{
        ErrorCode::algorithm_refused, "algorithm", algorithm.info().code, "", std::move(why),
        std::move(expected),          {}};
}

Error unfit(std::string field, std::string found, std::string expected) {
    return Error{ErrorCode::option_is_not_valid,
                 "split",
                 "",
                 std::move(field),
                 std::move(found),
                 std::move(expected),
                 {}};
}

std::size_t count_of(const SplitRequest& request) {
    return request.claims.empty() ? request.weights.size() : request.claims.size();
}

// A portfolio has one weight, so that its claims cannot have different ones.
std::optional<Error> find_second_weight(const SplitRequest& request) {
    std::map<std::string_view, const Weight*> weights;
    for (std::size_t i = 0; i < request.portfolios.size() && i < request.weights.size(); ++i) {
        const Weight& weight = request.weights[i];
        const Weight& first = *weights.emplace(request.portfolios[i], &weight).first->second;
        if (!(first == weight)) {
            return unfit("weights", first.to_string() + " and " + weight.to_string(),
                         "one weight for all claims of portfolio " + request.portfolios[i]);
        }
    }
    return std::nullopt;
}

// Whether the lists fit together and give the rule what it needs.
std::optional<Error> find_misfit(const Algorithm& algorithm, const SplitRequest& request) {
    const std::size_t count = count_of(request);
    const std::pair<const char*, std::size_t> lists[]{{"weights", request.weights.size()},
                                                      {"caps", request.caps.size()},
                                                      {"tiers", request.tiers.size()},
                                                      {"houses", request.houses.size()},
                                                      {"portfolios", request.portfolios.size()}};
    for (const auto& [name, size] : lists) {
        if (size != 0 && size != count) {
            return unfit(name, std::to_string(size) + (size == 1 ? " entry" : " entries"),
                         std::to_string(count) + ", one a claim");
        }
    }
    const Needs& needs = algorithm.info().needs;
    if (needs.weights && request.weights.empty() && count > 0) {
        return unfit("weights", "none",
                     "one a claim: " + algorithm.info().code + " splits by them");
    }
    if (needs.portfolios) {
        if (std::optional<Error> misfit = find_second_weight(request)) {
            return misfit;
        }
    }
    if (needs.room && request.claims.empty() && request.caps.empty() && count > 0) {
        return unfit(
            "weights", "weights alone",
            "claims or caps: " + algorithm.info().code + " fills claims, and a weight has no size");
    }
    if (algorithm.constraints().binds_totals() && request.claims.empty() && count > 0) {
        return unfit("weights", "weights alone",
                     "claims: bond minima ask for their size, and a weight has none");
    }
    if (request.lot.is_zero()) {
        return Error{ErrorCode::lot_is_not_positive, "split", "", "lot", "0", "more than zero", {}};
    }
    return std::nullopt;
}

// The finest scale of all quantities.
int common_scale(const Algorithm& algorithm, const SplitRequest& request) {
    int scale = std::max(request.available.units().scale(), request.lot.units().scale());
    for (const auto* list : {&request.claims, &request.caps}) {
        for (const Quantity& quantity : *list) {
            scale = std::max(scale, quantity.units().scale());
        }
    }
    const Constraints& limits = algorithm.constraints();
    for (const auto* limit :
         {&limits.minimum, &limits.cap, &limits.denomination, &limits.increment, &limits.leave}) {
        scale = std::max(scale, *limit ? (*limit)->units().scale() : 0);
    }
    return scale;
}

// A split in whole numbers with the memory that its spans look at.
template <SplitInteger Int>
class Numbers {
  public:
    Numbers(const Algorithm& algorithm, const SplitRequest& request, int scale)
        : algorithm_{&algorithm}, request_{&request}, scale_{scale} {}
    Numbers(const Numbers&) = delete;
    Numbers& operator=(const Numbers&) = delete;
    ~Numbers() = default;

    // Returns false when a number or a sum does not fit Int.
    [[nodiscard]] bool fill() {
        return fill_quantities() && fill_limits() && fill_weights() && fill_room();
    }

    [[nodiscard]] Result<SplitResult> run() {
        SplitResult result;
        if (request_->explain) {
            split_.explanation = &result.explanation.emplace(scale_);
        }
        run::explain_limits(split_);
        std::vector<Int> shares(count_of(*request_), Int{0});
        if (auto why = run::ask(*algorithm_, split_, std::span<Int>{shares})) {
            return Unexpected{refused(*algorithm_, std::move(*why), "")};
        }
        if (const auto violation =
                run::audit(split_, std::span<const Int>{shares}, algorithm_->info())) {
            return Unexpected{refused(*algorithm_,
                                      "law broken: " + violation->law + ", found " +
                                          violation->found + ", expected " + violation->expected,
                                      "shares that keep the laws of every split")};
        }
        Int left = available_;
        for (const Int& share : shares) {
            left -= share;
            const Result<Decimal> decimal = detail::from_scaled(share, scale_);
            if (!decimal) {
                return Unexpected{decimal.error()};
            }
            result.shares.push_back(Quantity::from(*decimal).value());
        }
        const Result<Decimal> unallocated = detail::from_scaled(left, scale_);
        if (!unallocated) {
            return Unexpected{unallocated.error()};
        }
        result.unallocated = Quantity::from(*unallocated).value();
        return result;
    }

  private:
    [[nodiscard]] bool convert(const Quantity& quantity, Int& out) const {
        return detail::to_scaled(quantity.units(), scale_, out);
    }
    // A limit that does not fit is above everything, and binds nobody.
    void convert(const std::optional<Quantity>& limit, Int& out) const {
        if (limit && !convert(*limit, out)) {
            out = Int{detail::narrow_limit};
        }
    }
    [[nodiscard]] static bool adds_up(Int& sum, const Int& value) {
        if constexpr (std::is_same_v<Int, std::int64_t>) {
            if (value > detail::narrow_limit - 1 - sum) {
                return false;
            }
        }
        sum += value;
        return true;
    }

    bool fill_quantities() {
        if (!convert(request_->available, available_) || !convert(request_->lot, split_.lot)) {
            return false;
        }
        Int sum{0};
        for (const Quantity& claim : request_->claims) {
            outstanding_.emplace_back();
            if (!convert(claim, outstanding_.back()) || !adds_up(sum, outstanding_.back())) {
                return false;
            }
        }
        split_.available = available_;
        split_.key = detail::hash64(request_->key);
        return true;
    }

    bool fill_limits() {
        const Constraints& limits = algorithm_->constraints();
        convert(limits.minimum, split_.minimum);
        convert(limits.denomination, split_.denomination);
        convert(limits.increment, split_.increment);
        convert(limits.leave, split_.leave);
        return true;
    }

    bool fill_weights() {
        if (!request_->weights.empty() && !detail::to_whole_weights(request_->weights, weights_)) {
            return false;
        }
        if (request_->claims.empty()) {
            outstanding_ = weights_;
        }
        zeros_.assign(outstanding_.size(), Int{0});
        tiers_ = request_->tiers;
        houses_.assign(request_->houses.begin(), request_->houses.end());
        std::map<std::string, std::uint32_t> numbers;
        for (std::size_t i = 0; i < outstanding_.size(); ++i) {
            const std::string name =
                request_->portfolios.empty() ? std::to_string(i) : request_->portfolios[i];
            portfolios_.push_back(
                numbers.emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second);
            named_.push_back(
                !request_->portfolios.empty() && name == algorithm_->named_portfolio() ? 1 : 0);
        }
        split_.outstanding = outstanding_;
        split_.ordered = outstanding_;
        split_.allocated = zeros_;
        split_.baseline = zeros_;
        split_.weights = weights_;
        split_.tiers = tiers_;
        split_.houses = houses_;
        split_.portfolios = portfolios_;
        split_.named = named_;
        return true;
    }

    bool fill_room() {
        room_ = outstanding_;
        if (request_->claims.empty()) {
            room_.assign(outstanding_.size(), available_);
        }
        Int cap{0};
        convert(algorithm_->constraints().cap, cap);
        Int sum{0};
        for (std::size_t i = 0; i < room_.size(); ++i) {
            if (!request_->caps.empty()) {
                Int own{0};
                convert(std::optional{request_->caps[i]}, own);
                run::limit(room_[i], own);
            }
            if (algorithm_->constraints().cap) {
                run::limit(room_[i], cap);
            }
            if (!weights_.empty() && weights_[i] == Int{0}) {
                room_[i] = Int{0};
            }
            if (!adds_up(sum, room_[i])) {
                return false;
            }
        }
        if (request_->strict_lot) {
            run::keep_whole_lots(std::span<Int>{room_}, split_.available, split_.lot);
        }
        split_.room = room_ == outstanding_ ? std::span<const Int>{outstanding_}
                                            : std::span<const Int>{room_};
        return true;
    }

    const Algorithm* algorithm_;
    const SplitRequest* request_;
    int scale_;
    Split<Int> split_{};
    Int available_{};
    std::vector<Int> outstanding_{};
    std::vector<Int> room_{};
    std::vector<Int> zeros_{};
    std::vector<Int> weights_{};
    std::vector<std::uint32_t> tiers_{};
    std::vector<std::uint8_t> houses_{};
    std::vector<std::uint32_t> portfolios_{};
    std::vector<std::uint8_t> named_{};
};

}  // namespace

Result<SplitResult> split(const Algorithm& algorithm, const SplitRequest& request) {
    if (std::optional<Error> misfit = find_misfit(algorithm, request)) {
        return Unexpected{*std::move(misfit)};
    }
    const int scale = common_scale(algorithm, request);
    if (Numbers<std::int64_t> narrow{algorithm, request, scale}; narrow.fill()) {
        return narrow.run();
    }
    if (Numbers<Int256> wide{algorithm, request, scale}; wide.fill()) {
        return wide.run();
    }
    return Unexpected{unfit("weights", "weights whose common divisor has too many digits",
                            "weights that are whole numbers of at most 57 digits over it")};
}

}  // namespace allot
