// TIER: priority tiers, any rule inside a tier; client accounts before house accounts.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/composed.hpp"
#include "allot/registry.hpp"

namespace allot::algorithms {

namespace {

// The tiers of a split one after the other, those of house accounts behind all others.
class TierOrder {
  public:
    template <SplitInteger Int>
    explicit TierOrder(const Split<Int>& split)
        : places_(split.outstanding.size(), std::uint64_t{1}), claims_(places_.size()) {
        std::copy(split.tiers.begin(), split.tiers.end(), places_.begin());
        const bool has_few = std::all_of(split.tiers.begin(), split.tiers.end(),
                                         [](std::uint32_t tier) { return tier < few; });
        for (std::size_t i = 0; i < split.houses.size(); ++i) {
            const std::uint64_t house = split.houses[i] != 0 ? 1 : 0;
            places_[i] += house << tier_bits;
        }
        if (has_few) {
            place_ = places_.empty() ? none : *std::min_element(places_.begin(), places_.end());
            return;
        }
        std::iota(claims_.begin(), claims_.end(), std::size_t{0});
        std::stable_sort(claims_.begin(), claims_.end(),
                         [this](std::size_t a, std::size_t b) { return places_[a] < places_[b]; });
        is_sorted_ = true;
    }

    // The claims of the next tier in rank order, until the next call; empty: there is none.
    // Complexity: O(claims) where tiers are few, as they mostly are, else that of the tier.
    [[nodiscard]] std::span<const std::size_t> next() { return is_sorted_ ? cut() : look_up(); }

  private:
    static constexpr unsigned tier_bits = 32;
    static constexpr std::uint32_t few = 16;
    static constexpr std::uint64_t none = ~std::uint64_t{0};

    [[nodiscard]] std::span<const std::size_t> cut() {
        const std::size_t first = first_;
        while (first_ < claims_.size() && places_[claims_[first_]] == places_[claims_[first]]) {
            ++first_;
        }
        return std::span{claims_}.subspan(first, first_ - first);
    }

    // Without branches: which tier a claim is of cannot be guessed.
    [[nodiscard]] std::span<const std::size_t> look_up() {
        std::size_t count = 0;
        std::uint64_t later = none;
        for (std::size_t i = 0; i < places_.size() && place_ != none; ++i) {
            claims_[count] = i;
            count += places_[i] == place_ ? std::size_t{1} : std::size_t{0};
            const std::uint64_t other = places_[i] > place_ ? places_[i] : none;
            later = other < later ? other : later;
        }
        place_ = later;
        return std::span{claims_}.first(count);
    }

    std::vector<std::uint64_t> places_;  // by claim
    std::vector<std::size_t> claims_;
    bool is_sorted_{false};
    std::size_t first_{0};       // of the next tier, when sorted
    std::uint64_t place_{none};  // of the next tier, when not
};

// Part of the claims of a split as a split of their own.
template <SplitInteger Int>
class Tier {
  public:
    // Precondition: the split outlives it.
    Tier(const Split<Int>& whole, const Needs& needs) : whole_{&whole}, needs_{needs} {}

    // Lets `rule` split what is available over these claims. Returns whether none of them has room
    // left. Precondition: the claims are in rank order.
    Result<bool> run(const Algorithm& rule, std::span<const std::size_t> claims, std::uint64_t key,
                     Int& available, std::span<Int> shares) {
        Explanation steps{whole_->explanation == nullptr ? 0 : whole_->explanation->scale()};
        const bool is_all = claims.size() == shares.size();
        Split<Int> split = is_all ? *whole_ : part(claims);
        split.tiers = {};
        split.houses = {};
        split.available = available;
        split.key = key;
        split.explanation = whole_->explanation == nullptr ? nullptr : &steps;
        if (!is_all) {
            shares_.assign(claims.size(), Int{0});
        }
        const std::span<Int> own = is_all ? shares : std::span{shares_};
        if (Result<void> done = rule.split(split, own); !done) {
            return Unexpected{done.error()};
        }
        for (const Step& step : steps.steps()) {
            whole_->explanation->add(claims[step.claim], step.kind, step.units, step.text);
        }
        Int missing{0};
        for (std::size_t i = 0; i < own.size(); ++i) {
            available -= own[i];
            missing += split.room[i] - own[i];
            shares[claims[i]] = own[i];
        }
        return missing == Int{0};
    }

  private:
    static constexpr std::size_t most_lists = 6;  // of numbers

    [[nodiscard]] Split<Int> part(std::span<const std::size_t> claims) {
        numbers_.clear();
        numbers_.reserve(most_lists * claims.size());  // the spans stay
        Split<Int> split;
        split.outstanding = gathered(whole_->outstanding, claims, numbers_);
        split.room =
            whole_->is_limited() ? gathered(whole_->room, claims, numbers_) : split.outstanding;
        split.ordered = gathered(whole_->ordered, claims, numbers_);
        split.allocated = gathered(whole_->allocated, claims, numbers_);
        split.baseline = gathered(whole_->baseline, claims, numbers_);
        if (needs_.weights) {
            split.weights = gathered(whole_->weights, claims, numbers_);
        }
        if (needs_.portfolios) {
            portfolios_.clear();
            split.portfolios = gathered(whole_->portfolios, claims, portfolios_);
        }
        named_.clear();
        split.named = gathered(whole_->named, claims, named_);
        split.lot = whole_->lot;
        split.minimum = whole_->minimum;
        return split;
    }

    // Those of `all` that belong to the claims, behind what `own` holds already.
    template <class T>
    [[nodiscard]] static std::span<const T> gathered(std::span<const T> all,
                                                     std::span<const std::size_t> claims,
                                                     std::vector<T>& own) {
        if (all.empty()) {
            return all;
        }
        const std::size_t first = own.size();
        own.resize(first + claims.size());
        const std::span<T> mine = std::span{own}.subspan(first);
        for (std::size_t i = 0; i < claims.size(); ++i) {
            mine[i] = all[claims[i]];
        }
        return mine;
    }

    const Split<Int>* whole_;
    Needs needs_;
    std::vector<Int> numbers_{};
    std::vector<std::uint32_t> portfolios_{};
    std::vector<std::uint8_t> named_{};
    std::vector<Int> shares_{};
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
        TierOrder order{split};
        Tier<Int> tier{split, inner_->info().needs};
        Int available = split.available;
        std::uint64_t key = split.key;  // each tier draws from a key of its own: key, key + 1, ...
        bool is_full = true;            // what the inner rule keeps is not for the next tier
        for (; is_full && available > Int{0}; ++key) {
            const std::span<const std::size_t> claims = order.next();
            if (claims.empty()) {
                return {};
            }
            const Result<bool> done = tier.run(*inner_, claims, key, available, shares);
            if (!done) {
                return Unexpected{done.error()};
            }
            is_full = *done;
        }
        if (split.explanation != nullptr) {
            explain_rest(split, order, available > Int{0});
        }
        return {};
    }

  private:
    template <SplitInteger Int>
    static void explain_rest(const Split<Int>& split, TierOrder& order, bool is_kept) {
        for (auto claims = order.next(); !claims.empty(); claims = order.next()) {
            for (const std::size_t claim : claims) {
                split.explanation->add(claim, StepKind::excluded, Int256{},
                                       is_kept ? "a tier before its own keeps what is left"
                                               : "the tiers before its own took everything");
            }
        }
    }

    std::shared_ptr<const Algorithm> inner_;
    AlgorithmInfo info_;
};

}  // namespace

std::shared_ptr<const Algorithm> make_tier(std::shared_ptr<const Algorithm> inner) {
    return std::make_shared<Tiers>(std::move(inner));
}

}  // namespace allot::algorithms
