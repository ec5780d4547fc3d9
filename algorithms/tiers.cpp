// TIER: priority tiers, any rule inside a tier; client accounts before house accounts.
#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/composed.hpp"
#include "allot/registry.hpp"

namespace allot::algorithms {

namespace {

// The claims tier by tier, within a tier in rank order, with all that a split says of them. Each
// tier is a part of every list.
template <SplitInteger Int>
class Sorted {
  public:
    Sorted(const Split<Int>& whole, const AlgorithmInfo& inner)
        : whole_{&whole}, claims_(whole.outstanding.size()) {
        sort();
        outstanding_ = gathered(whole.outstanding);
        room_ = whole.is_limited() ? gathered(whole.room) : std::vector<Int>{};
        ordered_ = gathered(whole.ordered);
        allocated_ = gathered(whole.allocated);
        baseline_ = gathered(whole.baseline);
        if (inner.needs.weights) {
            weights_ = gathered(whole.weights);
        }
        if (inner.needs.portfolios) {
            portfolios_ = gathered(whole.portfolios);
        }
        named_ = gathered(whole.named);
        shares_.resize(claims_.size());
    }

    // Where the tier that begins at `first` ends.
    [[nodiscard]] std::size_t end_of(std::size_t first) const {
        std::size_t last = first + 1;
        while (last < claims_.size() && place(claims_[last]) == place(claims_[first])) {
            ++last;
        }
        return last;
    }

    // Lets `rule` split what is available over one tier. Returns whether nobody of it has room
    // left.
    Result<bool> run(const Algorithm& rule, std::size_t first, std::size_t last, std::uint64_t key,
                     Int& available) {
        Explanation steps{whole_->explanation == nullptr ? 0 : whole_->explanation->scale()};
        const std::size_t count = last - first;
        Split<Int> split;
        split.outstanding = part(outstanding_, first, count);
        split.room = whole_->is_limited() ? part(room_, first, count) : split.outstanding;
        split.ordered = part(ordered_, first, count);
        split.allocated = part(allocated_, first, count);
        split.baseline = part(baseline_, first, count);
        split.weights = part(weights_, first, count);
        split.portfolios = part(portfolios_, first, count);
        split.named = part(named_, first, count);
        split.available = available;
        split.lot = whole_->lot;
        split.minimum = whole_->minimum;
        split.key = key;
        split.explanation = whole_->explanation == nullptr ? nullptr : &steps;
        const std::span<Int> shares = std::span{shares_}.subspan(first, count);
        if (Result<void> done = rule.split(split, shares); !done) {
            return Unexpected{done.error()};
        }
        for (const Step& step : steps.steps()) {
            whole_->explanation->add(claims_[first + step.claim], step.kind, step.units, step.text);
        }
        bool is_full = true;
        for (std::size_t i = 0; i < count; ++i) {
            available -= shares[i];
            is_full = is_full && shares[i] == split.room[i];
        }
        return is_full;
    }

    [[nodiscard]] std::size_t claim(std::size_t place) const { return claims_[place]; }

    void write(std::span<Int> shares) const {
        for (std::size_t i = 0; i < claims_.size(); ++i) {
            shares[claims_[i]] = shares_[i];
        }
    }

  private:
    [[nodiscard]] std::uint64_t place(std::size_t claim) const {
        constexpr unsigned tier_bits = 32;
        const std::uint64_t house =
            !whole_->houses.empty() && whole_->houses[claim] != 0 ? std::uint64_t{1} : 0;
        return (house << tier_bits) + (whole_->tiers.empty() ? 1U : whole_->tiers[claim]);
    }

    // Few tiers are the rule: then each claim is put into its place. Complexity: O(claims) then,
    // else O(claims log claims).
    void sort() {
        constexpr std::uint32_t few = 16;
        std::array<std::size_t, std::size_t{2} * few> ends{};
        const auto slot = [&](std::size_t claim) {
            return (place(claim) >> 32U) * few + (place(claim) & 0xFFFFFFFFU);
        };
        const bool has_few = std::all_of(whole_->tiers.begin(), whole_->tiers.end(),
                                         [](std::uint32_t tier) { return tier < few; });
        if (!has_few) {
            std::iota(claims_.begin(), claims_.end(), std::size_t{0});
            std::stable_sort(claims_.begin(), claims_.end(),
                             [this](std::size_t a, std::size_t b) { return place(a) < place(b); });
            return;
        }
        for (std::size_t i = 0; i < claims_.size(); ++i) {
            ++ends[slot(i)];
        }
        std::partial_sum(ends.begin(), ends.end(), ends.begin());
        for (std::size_t i = claims_.size(); i-- > 0;) {
            claims_[--ends[slot(i)]] = i;
        }
    }

    template <class T>
    [[nodiscard]] std::vector<T> gathered(std::span<const T> all) const {
        std::vector<T> own;
        if (!all.empty()) {
            own.reserve(claims_.size());
            for (const std::size_t claim : claims_) {
                own.push_back(all[claim]);
            }
        }
        return own;
    }
    template <class T>
    [[nodiscard]] static std::span<const T> part(const std::vector<T>& all, std::size_t first,
                                                 std::size_t count) {
        return all.empty() ? std::span<const T>{} : std::span<const T>{all}.subspan(first, count);
    }

    const Split<Int>* whole_;
    std::vector<std::size_t> claims_;
    std::vector<Int> shares_{};
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
        Sorted<Int> sorted{split, inner_->info()};
        Int available = split.available;
        std::uint64_t key = split.key;  // each tier draws from a key of its own: key, key + 1, ...
        std::size_t first = 0;
        for (; first < shares.size() && available > Int{0}; ++key) {
            const std::size_t last = sorted.end_of(first);
            const Result<bool> is_full = sorted.run(*inner_, first, last, key, available);
            if (!is_full) {
                return Unexpected{is_full.error()};
            }
            first = last;
            if (!*is_full) {
                break;  // what the inner rule keeps is not for the next tier
            }
        }
        for (; split.explanation != nullptr && first < shares.size(); ++first) {
            split.explanation->add(sorted.claim(first), StepKind::excluded, Int256{},
                                   available > Int{0} ? "a tier before its own keeps what is left"
                                                      : "the tiers before its own took everything");
        }
        sorted.write(shares);
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
