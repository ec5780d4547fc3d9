// TIER: priority tiers, any rule inside a tier; client accounts before house accounts.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/composed.hpp"
#include "allot/registry.hpp"

namespace allot::algorithms {

namespace {

// The claims of one tier, in rank order, as a split of their own.
template <SplitInteger Int>
class TierSplit {
  public:
    TierSplit(const Split<Int>& whole, std::span<const std::size_t> claims)
        : whole_{&whole}, claims_{claims}, shares_(claims.size(), Int{0}) {
        split_.outstanding = gather(whole.outstanding, outstanding_);
        split_.room = whole.is_limited() ? gather(whole.room, room_) : split_.outstanding;
        split_.ordered = gather(whole.ordered, ordered_);
        split_.allocated = gather(whole.allocated, allocated_);
        split_.baseline = gather(whole.baseline, baseline_);
        split_.weights = gather(whole.weights, weights_);
        split_.portfolios = gather(whole.portfolios, portfolios_);
        split_.named = gather(whole.named, named_);
        split_.lot = whole.lot;
        split_.minimum = whole.minimum;
    }

    // Whether a claim of the tier could have had more.
    [[nodiscard]] bool has_room() const {
        for (std::size_t i = 0; i < claims_.size(); ++i) {
            if (shares_[i] < split_.room[i]) {
                return true;
            }
        }
        return false;
    }

    // Lets `rule` split what is available, adds the shares to those of the whole and takes them
    // from `available`.
    Result<void> run(const Algorithm& rule, std::uint64_t key, Int& available,
                     std::span<Int> shares) {
        Explanation steps{whole_->explanation == nullptr ? 0 : whole_->explanation->scale()};
        split_.available = available;
        split_.key = key;
        split_.explanation = whole_->explanation == nullptr ? nullptr : &steps;
        Result<void> done = rule.split(split_, shares_);
        for (std::size_t i = 0; done && i < claims_.size(); ++i) {
            shares[claims_[i]] = shares_[i];
            available -= shares_[i];
        }
        for (const Step& step : steps.steps()) {
            whole_->explanation->add(claims_[step.claim], step.kind, step.units, step.text);
        }
        return done;
    }

  private:
    template <class T>
    std::span<const T> gather(std::span<const T> all, std::vector<T>& own) const {
        if (all.empty()) {
            return {};
        }
        own.reserve(claims_.size());
        for (const std::size_t claim : claims_) {
            own.push_back(all[claim]);
        }
        return own;
    }

    const Split<Int>* whole_;
    std::span<const std::size_t> claims_;
    Split<Int> split_{};
    std::vector<Int> shares_;
    std::vector<Int> outstanding_{};
    std::vector<Int> room_{};
    std::vector<Int> ordered_{};
    std::vector<Int> allocated_{};
    std::vector<Int> baseline_{};
    std::vector<Int> weights_{};
    std::vector<std::uint32_t> portfolios_{};
    std::vector<std::uint8_t> named_{};
};

AlgorithmInfo info_of(const AlgorithmInfo& inner) {
    AlgorithmInfo info;
    info.base = "TIER";
    info.remainder = inner.base == "PR" ? inner.remainder : "";
    info.code = info.remainder.empty() ? "TIER" : "TIER-" + info.remainder;
    if (info.remainder == "FIFO") {
        info.aliases = {"TIER"};
    }
    info.base_summary = "priority tiers, clients before house accounts; another rule in each tier";
    info.base_description =
        "Every portfolio has a tier, 1 first. The claims of a tier receive all they have room for "
        "before the next tier gets anything; house accounts come after all clients (MiFID II "
        "delegated regulation 2017/565, article 69). Inside a tier splits PR with the remainder, "
        "or the rule that the parameter `inner` names.";
    info.remainder_summary = info.remainder.empty() ? "" : inner.remainder_summary;
    info.remainder_description = info.remainder.empty() ? "" : inner.remainder_description;
    info.summary = "priority tiers, clients before house accounts; in each tier " + inner.code;
    info.description =
        info.base_description + " Here that is " + inner.code + ": " + inner.description;
    info.properties = inner.properties;
    info.properties.quota = false;
    info.needs = inner.needs;
    info.needs.tiers = true;
    info.split_only = inner.split_only;
    info.lot_by_lot = inner.lot_by_lot;
    return info;
}

class Tiers : public AlgorithmOf<Tiers> {
  public:
    explicit Tiers(std::shared_ptr<const Algorithm> inner)
        : inner_{std::move(inner)}, info_{info_of(inner_->info())} {}

    [[nodiscard]] const AlgorithmInfo& info() const noexcept override { return info_; }
    [[nodiscard]] std::string_view named_portfolio() const noexcept override {
        return inner_->named_portfolio();
    }
    [[nodiscard]] std::span<const ParameterInfo> takes() const noexcept override {
        static constexpr ParameterInfo parameters[]{
            {"inner", "the rule inside a tier; it gets the other parameters",
             "the code of a rule"}};
        return parameters;
    }

    [[nodiscard]] Result<std::shared_ptr<const Algorithm>, BadParameter> with(
        const Parameters& parameters, const Registry& registry) const override {
        std::shared_ptr<const Algorithm> inner = inner_;
        Parameters others = parameters;
        if (const auto given = others.find("inner"); given != others.end()) {
            const auto found = registry.find(given->second);
            if (!found) {
                return Unexpected{BadParameter{"inner", found.error().expected}};
            }
            if (!(*found)->constraints().are_none()) {
                return Unexpected{BadParameter{
                    "inner", "a rule without constraints; they stand behind TIER's own code"}};
            }
            inner = *found;
            others.erase("inner");
        }
        if (!others.empty()) {
            auto configured = inner->with(others, registry);
            if (!configured) {
                return Unexpected{configured.error()};
            }
            inner = *std::move(configured);
        }
        return std::shared_ptr<const Algorithm>{std::make_shared<Tiers>(std::move(inner))};
    }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        std::vector<std::size_t> claims(shares.size());
        std::iota(claims.begin(), claims.end(), std::size_t{0});
        const auto place = [&split](std::size_t claim) {
            return std::pair{split.houses.empty() ? std::uint8_t{0} : split.houses[claim],
                             split.tiers.empty() ? std::uint32_t{1} : split.tiers[claim]};
        };
        std::stable_sort(claims.begin(), claims.end(),
                         [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
        Int available = split.available;
        std::uint64_t key = split.key;  // each tier draws from a key of its own: key, key + 1, ...
        std::size_t first = 0;
        for (; first < claims.size() && available > Int{0}; ++key) {
            std::size_t last = first + 1;
            while (last < claims.size() && place(claims[last]) == place(claims[first])) {
                ++last;
            }
            TierSplit<Int> tier{split, std::span{claims}.subspan(first, last - first)};
            if (Result<void> done = tier.run(*inner_, key, available, shares); !done) {
                return done;
            }
            first = last;
            if (tier.has_room()) {
                break;  // what the inner rule keeps is not for the next tier
            }
        }
        for (; split.explanation != nullptr && first < claims.size(); ++first) {
            split.explanation->add(claims[first], StepKind::excluded, Int256{},
                                   available > Int{0} ? "a tier before its own keeps what is left"
                                                      : "the tiers before its own took everything");
        }
        return {};
    }

  private:
    std::shared_ptr<const Algorithm> inner_;
    AlgorithmInfo info_;
};

}  // namespace

std::shared_ptr<const Algorithm> make_tier(std::shared_ptr<const Algorithm> inner) {
    return std::make_shared<Tiers>(std::move(inner));
}

}  // namespace allot::algorithms
