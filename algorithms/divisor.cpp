// DHONDT, WEBSTER, HUNTINGTON, DEAN, ADAMS: divisor methods. The next lot goes to the claim with
// the largest weight / d(lots it has).
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "algorithms/builtins.hpp"
#include "algorithms/cumulative.hpp"
#include "algorithms/lot_heap.hpp"
#include "algorithms/lot_jump.hpp"
#include "engine/base/natural.hpp"
#include "engine/base/uint128.hpp"

namespace allot::algorithms {

namespace {

using detail::Natural;
using detail::Uint128;

// a * b, exactly.
Uint128 product(std::int64_t a, std::int64_t b) {
    return static_cast<Uint128>(a) * static_cast<Uint128>(b);
}
Natural product(const Int256& a, const Int256& b) {
    return detail::to_natural(a) * detail::to_natural(b);
}

// The 256-bit product of two 128-bit numbers as high and low half.
std::pair<Uint128, Uint128> full_product(Uint128 a, Uint128 b) {
    using detail::high_half;
    using detail::low_half;
    const Uint128 low = static_cast<Uint128>(low_half(a)) * low_half(b);
    const Uint128 cross = static_cast<Uint128>(high_half(a)) * low_half(b) + high_half(low);
    const Uint128 middle = static_cast<Uint128>(low_half(a)) * high_half(b) + low_half(cross);
    const Uint128 high =
        static_cast<Uint128>(high_half(a)) * high_half(b) + high_half(cross) + high_half(middle);
    return {high, detail::from_halves(low_half(middle), low_half(low))};
}

// Whether a * b > c * d, decided exactly; -1, 0, 1 as less, equal, greater.
int compare(Uint128 a, Uint128 b, Uint128 c, Uint128 d) {
    const auto left = full_product(a, b);
    const auto right = full_product(c, d);
    return left == right ? 0 : left > right ? 1 : -1;
}
int compare(const Natural& a, const Natural& b, const Natural& c, const Natural& d) {
    return Natural{a * b}.compare(c * d);
}
int compare(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    const auto order = compare_products(a, b, c, d);
    return order == 0 ? 0 : order > 0 ? 1 : -1;
}
int compare(const Int256& a, const Int256& b, const Int256& c, const Int256& d) {
    const auto order = compare_products(a, b, c, d);
    return order == 0 ? 0 : order > 0 ? 1 : -1;
}

// A method says the quotient of a claim with `lots` lots as a fraction, or its square, and d as
// text. A divisor of zero is an infinite quotient: ADAMS, HUNTINGTON and DEAN give everybody a
// first lot before anybody gets a second.
struct Dhondt {
    template <SplitInteger Int>
    static std::pair<Int, Int> quotient(const Int& weight, const Int& lots) {
        return {weight, Int{lots + Int{1}}};
    }
    static std::string divisor(const Int256& lots) { return Int256{lots + 1}.to_string(); }
};
struct Webster {
    template <SplitInteger Int>
    static std::pair<Int, Int> quotient(const Int& weight, const Int& lots) {
        return {weight, Int{lots + lots + Int{1}}};
    }
    static std::string divisor(const Int256& lots) { return fraction(lots + lots + 1, 2); }
};
struct Adams {
    template <SplitInteger Int>
    static std::pair<Int, Int> quotient(const Int& weight, const Int& lots) {
        return {weight, lots};
    }
    static std::string divisor(const Int256& lots) { return lots.to_string(); }
};
struct Huntington {
    template <SplitInteger Int>
    static auto quotient(const Int& weight, const Int& lots) {
        return std::pair{product(weight, weight), product(lots, Int{lots + Int{1}})};
    }
    static std::string divisor(const Int256& lots) {
        return "the square root of " + lots.to_string() + " x " + Int256{lots + 1}.to_string();
    }
};
struct Dean {
    template <SplitInteger Int>
    static auto quotient(const Int& weight, const Int& lots) {
        return std::pair{product(weight, Int{lots + lots + Int{1}}),
                         product(lots, Int{lots + Int{1}})};
    }
    static std::string divisor(const Int256& lots) {
        // 2n(n + 1) / (2n + 1); the product of two counts of lots fits, for they are small here.
        return lots == Int256{0} ? "0" : fraction(lots * (lots + 1) * 2, lots + lots + 1);
    }
};

template <class Method, SplitInteger Int>
struct Turn {
    using Quotient = decltype(Method::quotient(Int{}, Int{}));

    Quotient quotient{};
    Int weight{};
    std::size_t claim{};
};

// Larger quotient first; among infinite ones the larger weight; then rank.
struct LargerQuotient {
    template <class Turn>
    bool operator()(const Turn& a, const Turn& b) const {
        const int order =
            compare(a.quotient.first, b.quotient.second, b.quotient.first, a.quotient.second);
        if (order != 0) {
            return order > 0;
        }
        return is_infinite(a) && a.weight != b.weight ? a.weight > b.weight : a.claim < b.claim;
    }

    template <class Turn>
    static bool is_infinite(const Turn& turn) {
        return turn.quotient.second == decltype(turn.quotient.second){};
    }
};

template <class Method>
class Divisors : public AlgorithmOf<Divisors<Method>> {
  public:
    explicit Divisors(AlgorithmInfo info) : info_{std::move(info)} {}

    [[nodiscard]] const AlgorithmInfo& info() const noexcept override { return info_; }

    template <SplitInteger Int>
    [[nodiscard]] Result<void> shares_of(const Split<Int>& split, std::span<Int> shares) const {
        return split_in_lots(split, shares, info_.code,
                             [](std::span<Contender<Int>> contenders, const Int& lots,
                                LotNotes* notes) { return give_lots(contenders, lots, notes); });
    }

  private:
    // All methods have n <= d(n) <= n + 1. So the contenders with floor(weight * t) lots each have
    // at most that many more than the threshold t gives them, and up to one lot less: when t is
    // where the exact parts add up to one lot a contender less than there is, no lot given is
    // wrong, and at most two a contender remain.
    template <SplitInteger Int>
    static Result<std::size_t> give_lots(std::span<Contender<Int>> contenders, const Int& lots,
                                         LotNotes* notes) {
        Int left = lots;
        const Int count{static_cast<std::int64_t>(contenders.size())};
        if (notes == nullptr && left > count + count) {
            left -= LotJump<Int>{contenders, Int{left - count}}.run();
        }
        LotHeap<Turn<Method, Int>, LargerQuotient> heap;
        heap.assign(turns_of(contenders));
        while (left > Int{0}) {
            const std::size_t claim = heap.top().claim;
            Contender<Int>& it = contenders[claim];
            if (notes != nullptr) {
                note(contenders, claim, *notes, lots);
            }
            it.lots += Int{1};
            it.room -= Int{1};
            left -= Int{1};
            if (it.room == Int{0}) {
                heap.pop();
            } else {
                heap.replace_top({Method::quotient(it.weight, it.lots), it.weight, claim});
            }
        }
        return heap.is_empty() ? no_claim : heap.top().claim;
    }

    template <SplitInteger Int>
    static std::vector<Turn<Method, Int>> turns_of(std::span<const Contender<Int>> contenders) {
        std::vector<Turn<Method, Int>> turns;
        turns.reserve(contenders.size());
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            const Contender<Int>& it = contenders[i];
            if (it.room > Int{0}) {
                turns.push_back({Method::quotient(it.weight, it.lots), it.weight, i});
            }
        }
        return turns;
    }
    template <SplitInteger Int>
    static std::vector<Turn<Method, Int>> turns_of(std::span<Contender<Int>> contenders) {
        return turns_of(std::span<const Contender<Int>>{contenders});
    }

    template <SplitInteger Int>
    static void note(std::span<const Contender<Int>> contenders, std::size_t claim, LotNotes& notes,
                     const Int& lots) {
        Int256 total{0};
        for (const Contender<Int>& contender : contenders) {
            total += widened(contender.weight);
        }
        const Int256 has = widened(contenders[claim].lots);
        const std::string part = fraction(widened(contenders[claim].weight), total);
        const bool is_first = LargerQuotient::is_infinite(
            Turn<Method, Int>{Method::quotient(contenders[claim].weight, contenders[claim].lots),
                              contenders[claim].weight, claim});
        notes.lots.push_back(
            {claim,
             "lot " + std::to_string(notes.lots.size() + 1) + " of " + widened(lots).to_string() +
                 (is_first ? ": it has none yet, and " + part +
                                 " is the largest part among those without a lot"
                           : ": its part " + part + " over " + Method::divisor(has) + ", having " +
                                 has.to_string() + ", is the largest quotient")});
    }
    template <SplitInteger Int>
    static void note(std::span<Contender<Int>> contenders, std::size_t claim, LotNotes& notes,
                     const Int& lots) {
        note(std::span<const Contender<Int>>{contenders}, claim, notes, lots);
    }

    AlgorithmInfo info_;
};

constexpr PropertySheet divisor_sheet{.exact_sum = true,
                                      .quota = false,
                                      .house_monotone = true,
                                      .population_monotone = true,
                                      .anonymous = true,
                                      .slice_invariant = true,
                                      .seeded = false,
                                      .cumulative = true};

AlgorithmInfo info_of(std::string code, std::vector<std::string> aliases, std::string summary,
                      const std::string& divisor) {
    AlgorithmInfo info;
    info.code = std::move(code);
    info.aliases = std::move(aliases);
    info.summary = std::move(summary);
    info.description =
        "Counts whole lots since the baseline. Each new lot goes to the claim with the largest "
        "quotient of its weight (ordered minus baseline) and " +
        divisor +
        ", n being the lots it has; equal quotients by rank. A claim without room for a lot is "
        "passed over, a begun lot is finished first, odd rests come last in rank order. A fill of "
        "any size ends like its lots one by one, and nothing is ever taken back.";
    info.properties = divisor_sheet;
    return info;
}

std::string few_lots() {
    return " With fewer lots than claims the larger weights get one each, equal ones by rank: "
           "everybody gets a first lot before anybody gets a second.";
}

}  // namespace

std::shared_ptr<const Algorithm> make_dhondt() {
    return std::make_shared<Divisors<Dhondt>>(
        info_of("DHONDT", {}, "cumulative, D'Hondt's divisors: favours large claims", "n + 1"));
}

std::shared_ptr<const Algorithm> make_webster() {
    return std::make_shared<Divisors<Webster>>(info_of(
        "WEBSTER", {}, "cumulative, Webster's divisors: favours neither large nor small claims",
        "n + 1/2"));
}

std::shared_ptr<const Algorithm> make_huntington() {
    AlgorithmInfo info = info_of("HUNTINGTON", {},
                                 "cumulative, Huntington's divisors: slightly favours small claims",
                                 "the square root of n (n + 1)");
    info.description += few_lots();
    return std::make_shared<Divisors<Huntington>>(std::move(info));
}

std::shared_ptr<const Algorithm> make_dean() {
    AlgorithmInfo info =
        info_of("DEAN", {}, "cumulative, Dean's divisors: slightly favours small claims",
                "the harmonic mean of n and n + 1");
    info.description += few_lots();
    return std::make_shared<Divisors<Dean>>(std::move(info));
}

std::shared_ptr<const Algorithm> make_adams() {
    AlgorithmInfo info =
        info_of("ADAMS", {}, "cumulative, Adams's divisors: favours small claims", "n");
    info.description += few_lots();
    return std::make_shared<Divisors<Adams>>(std::move(info));
}

}  // namespace allot::algorithms
