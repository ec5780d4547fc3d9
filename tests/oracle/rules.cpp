// Every base with every remainder, with and without tiers, against the naive twins: every small
// world in whole numbers, and many large ones as people write them.
#include <algorithm>
#include <string>
#include <vector>

#include "allot/registry.hpp"
#include "allot/split.hpp"
#include "oracle/library_quantity.hpp"
#include "oracle/quantities.hpp"
#include "oracle/random.hpp"
#include "oracle/rational.hpp"
#include "oracle/scale.hpp"
#include "oracle/split_oracle.hpp"
#include "oracle/xxh64.hpp"
#include "support/catch.hpp"

namespace {

using oracle::listed;
using oracle::Problem;
using oracle::quantity;
using oracle::Random;
using oracle::Rational;
using oracle::Whole;
using Fractions = std::vector<Rational>;

const std::vector<std::string> bases{"PR",   "PRO",  "EQ",   "PCT",    "TW",
                                     "FIFO", "LIFO", "SIZE", "SIZE-SF"};
const std::vector<std::string> remainders{"FIFO",   "LIFO", "LF",  "SF",   "LR",
                                          "OLDEST", "RR",   "RND", "KEEP", "TO"};

// SIZE-SF is a base whose remainder is SF; the others combine freely.
bool is_a_rule(const std::string& base, const std::string& remainder) {
    return (base != "SIZE" || remainder != "SF") && (base != "SIZE-SF" || remainder == "SF");
}

std::string code_of(const Problem& problem) {
    const std::string plain =
        problem.base == "SIZE-SF" ? problem.base : problem.base + "-" + problem.remainder;
    std::string code = plain;
    if (problem.has_tiers) {
        code = problem.base == "PR" ? "TIER-" + problem.remainder : "TIER:inner=" + plain;
    }
    code += problem.base == "TW" && problem.k != 2 ? ":k=" + std::to_string(problem.k) : "";
    code += problem.remainder == "TO" && !problem.named.empty() ? ":to=" + problem.named : "";
    return code + (problem.minimum > 0 ? ":minimum=" + oracle::decimal_text(problem.minimum) : "");
}

std::string told(const Problem& problem) {
    std::string text = code_of(problem) + " available " + oracle::decimal_text(problem.available) +
                       " over " + listed(problem.outstanding) + " lot " +
                       oracle::decimal_text(problem.lot);
    const auto add = [&text](const char* name, const Fractions& values) {
        text += values.empty() ? "" : std::string{" "} + name + " " + listed(values);
    };
    add("room", problem.room);
    add("ordered", problem.ordered);
    add("allocated", problem.allocated);
    for (const Rational& weight : problem.weights) {
        text += " weight " + weight.str();
    }
    for (std::size_t i = 0; i < problem.portfolios.size(); ++i) {
        text += " " + problem.portfolios[i];
        text += i < problem.tiers.size() ? " tier " + std::to_string(problem.tiers[i]) : "";
        text += i < problem.houses.size() && problem.houses[i] ? " house" : "";
    }
    return text + " key " + std::to_string(problem.key);
}

// A problem in whole numbers as the rule sees it.
template <allot::SplitInteger Int>
class Raw {
  public:
    explicit Raw(const Problem& problem)
        : outstanding_{whole(problem.outstanding)},
          room_{whole(problem.room)},
          ordered_{whole(problem.ordered)},
          allocated_{whole(problem.allocated)},
          weights_{whole(problem.weights)},
          tiers_(problem.tiers.begin(), problem.tiers.end()),
          houses_(problem.houses.begin(), problem.houses.end()),
          zeros_(problem.outstanding.size(), Int{0}) {
        for (const std::string& portfolio : problem.portfolios) {
            const auto known =
                std::find(problem.portfolios.begin(), problem.portfolios.end(), portfolio);
            portfolios_.push_back(static_cast<std::uint32_t>(known - problem.portfolios.begin()));
            named_.push_back(portfolio == problem.named ? 1 : 0);
        }
        split_.outstanding = outstanding_;
        split_.room = room_.empty() ? split_.outstanding : std::span<const Int>{room_};
        split_.ordered = ordered_;
        split_.allocated = allocated_;
        split_.baseline = zeros_;
        split_.weights = weights_;
        split_.tiers = tiers_;
        split_.houses = houses_;
        split_.portfolios = portfolios_;
        split_.named = named_;
        split_.available = whole(problem.available);
        split_.lot = whole(problem.lot);
        split_.minimum = whole(problem.minimum);
        split_.key = problem.key;
    }

    [[nodiscard]] Fractions ask(const allot::Algorithm& rule) const {
        std::vector<Int> shares(outstanding_.size(), Int{0});
        REQUIRE(rule.split(split_, std::span<Int>{shares}).has_value());
        Fractions out;
        for (const Int& share : shares) {
            if constexpr (std::is_same_v<Int, std::int64_t>) {
                out.emplace_back(share);
            } else {
                out.emplace_back(Whole{share.to_string()});
            }
        }
        return out;
    }

  private:
    static Int whole(const Rational& value) {
        if constexpr (std::is_same_v<Int, std::int64_t>) {
            return numerator(value).template convert_to<std::int64_t>();
        } else {
            std::array<std::uint64_t, 4> limbs{};
            Whole rest = numerator(value);
            for (std::uint64_t& limb : limbs) {
                limb = Whole{rest & ~std::uint64_t{0}}.template convert_to<std::uint64_t>();
                rest >>= 64U;
            }
            return Int{limbs};
        }
    }
    static std::vector<Int> whole(const Fractions& values) {
        std::vector<Int> out;
        for (const Rational& value : values) {
            out.push_back(whole(value));
        }
        return out;
    }

    std::vector<Int> outstanding_;
    std::vector<Int> room_;
    std::vector<Int> ordered_;
    std::vector<Int> allocated_;
    std::vector<Int> weights_;
    std::vector<std::uint32_t> tiers_;
    std::vector<std::uint8_t> houses_;
    std::vector<Int> zeros_;
    std::vector<std::uint32_t> portfolios_{};
    std::vector<std::uint8_t> named_{};
    allot::Split<Int> split_{};
};

// The history, limits and facts of a small world, by a pattern's number.
void dress(Problem& problem, int pattern) {
    problem.ordered.clear();
    for (std::size_t i = 0; i < problem.outstanding.size(); ++i) {
        const int at = static_cast<int>(i) + pattern;
        problem.allocated.emplace_back(pattern % 2 == 0 ? 0 : (at * 3 + 1) % 4);
        problem.ordered.push_back(problem.outstanding[i] + problem.allocated[i]);
        problem.portfolios.push_back(
            std::string{"funds/"} +
            static_cast<char>('A' + (pattern % 3 == 0 ? at : (at % 2) * pattern)));
        problem.tiers.push_back(1 + static_cast<unsigned>(at % 2));
        problem.houses.push_back(at % 3 == 1);
        // Claims of one portfolio have its weight.
        problem.weights.emplace_back(1 + (problem.portfolios[i].back() + pattern) % 3);
        if (pattern >= 2) {
            const Rational cap{pattern == 2 ? 2 : at % 3};
            problem.room.push_back(std::min(cap, problem.outstanding[i]));
        }
    }
    problem.named = problem.portfolios.back();
    problem.minimum = pattern == 1 || pattern == 3 ? 2 : 0;
    problem.key = static_cast<std::uint64_t>(pattern) * 77;
}

// Claims of 0 to `most`, one to `count` of them.
std::vector<Fractions> small_claims(std::size_t count, int most) {
    std::vector<Fractions> all{{}};
    for (std::size_t from = 0; from < all.size() && all[from].size() < count; ++from) {
        for (int value = 0; value <= most; ++value) {
            Fractions longer = all[from];
            longer.emplace_back(value);
            all.push_back(std::move(longer));
        }
    }
    all.erase(all.begin());
    return all;
}

// Compares one drafted world under every remainder.
std::size_t compare_remainders(const std::vector<std::shared_ptr<const allot::Algorithm>>& rules,
                               Problem problem) {
    const oracle::Drafted drafted = problem.has_tiers ? oracle::Drafted{} : oracle::draft(problem);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < remainders.size(); ++i) {
        if (rules[i] == nullptr) {
            continue;
        }
        problem.remainder = remainders[i];
        const Fractions wanted =
            problem.has_tiers ? oracle::split(problem) : oracle::finish(problem, drafted);
        const Fractions got = compared % 16 == 5 ? Raw<allot::Int256>{problem}.ask(*rules[i])
                                                 : Raw<std::int64_t>{problem}.ask(*rules[i]);
        if (got != wanted) {
            FAIL(told(problem) << " gives " << listed(got) << ", the oracle " << listed(wanted));
        }
        ++compared;
    }
    return compared;
}

std::size_t compare_small_worlds(const Problem& kind, std::size_t step) {
    const allot::Registry registry = allot::Registry::with_builtins();
    std::vector<std::shared_ptr<const allot::Algorithm>> rules;
    for (const std::string& remainder : remainders) {
        Problem named = kind;
        named.remainder = remainder;
        rules.push_back(is_a_rule(kind.base, remainder) ? registry.find(code_of(named)).value()
                                                        : nullptr);
    }
    std::size_t seen = 0;
    std::size_t compared = 0;
    for (const Fractions& claims : small_claims(3, 4)) {
        for (int pattern = 0; pattern < 5; ++pattern) {
            Problem problem = kind;
            problem.outstanding = claims;
            dress(problem, pattern);
            Rational sum{1};
            for (const Rational& claim : claims) {
                sum += claim;
            }
            for (const int lot : {1, 2, 3}) {
                problem.lot = lot;
                for (problem.available = 0; problem.available <= sum; problem.available += 1) {
                    compared +=
                        ++seen % step == 0 ? compare_remainders(rules, problem) : std::size_t{0};
                }
            }
        }
    }
    return compared;
}

allot::SplitRequest request_of(const Problem& problem, bool is_bare, bool explain) {
    allot::SplitRequest request;
    request.available = quantity(problem.available);
    request.lot = quantity(problem.lot);
    request.explain = explain;
    for (std::size_t i = 0; i < problem.outstanding.size(); ++i) {
        if (!is_bare) {
            request.claims.push_back(quantity(problem.outstanding[i]));
        }
        if (!problem.weights.empty()) {
            request.weights.push_back(allot::Weight::parse(problem.weights[i].str()).value());
        }
    }
    for (const Rational& cap : problem.room) {
        request.caps.push_back(quantity(cap));
    }
    request.tiers.assign(problem.tiers.begin(), problem.tiers.end());
    request.houses = problem.houses;
    request.portfolios = problem.portfolios;
    return request;
}

struct Made {
    Problem problem{};      // as the oracle sees it
    bool is_bare{false};    // weights without claims
    bool is_strict{false};  // only whole lots
    std::string key{};
    Fractions caps{};
};

void add_facts(Random& random, Problem& problem, std::size_t count) {
    static const std::vector<std::string> weights{"1", "2", "3", "1/2", "1/3", "7/5", "1000", "0"};
    const int portfolios = random.one_in(2) ? 100 : random.between(1, static_cast<int>(count));
    std::vector<Rational> weight_of(101);
    for (Rational& weight : weight_of) {
        weight = Rational{random.pick(weights)};
    }
    for (std::size_t i = 0; i < count; ++i) {
        const int number = portfolios == 100 ? static_cast<int>(i) : random.between(1, portfolios);
        problem.portfolios.push_back("funds/F" + std::to_string(number));
        problem.weights.push_back(weight_of[static_cast<std::size_t>(number)]);
        problem.tiers.push_back(static_cast<unsigned>(random.between(1, 3)));
        problem.houses.push_back(random.one_in(4));
    }
    problem.named = random.one_in(4) ? "" : problem.portfolios[random.below(count)];
}

Rational random_part(Random& random, const Rational& of) {
    return Rational{oracle::floor_of(of * random.between(0, 1000) / 1000)};
}

Made random_problem(std::uint64_t seed) {
    Random random{seed};
    Made made;
    Problem& problem = made.problem;
    do {
        problem.base = random.pick(bases);
        problem.remainder = random.pick(remainders);
    } while (!is_a_rule(problem.base, problem.remainder));
    problem.has_tiers = random.one_in(5);
    static const std::vector<int> exponents{1, 2, 2, 2, 2, 3};
    problem.k = static_cast<unsigned>(random.one_in(400) ? 64 : random.pick(exponents));
    const int style = random.between(0, 5);  // 5: every claim of another kind
    const auto count =
        static_cast<std::size_t>(random.one_in(60) ? random.between(15, 30) : random.between(1, 8));
    add_facts(random, problem, count);
    const bool must_fill = problem.base.substr(0, 2) != "PR" && problem.base != "PCT" &&
                           problem.base != "EQ" && problem.base != "TW";
    made.is_bare = !must_fill && random.one_in(4);
    Rational sum{0};
    for (std::size_t i = 0; i < count; ++i) {
        const int kind = style == 5 ? random.between(0, 4) : style;
        problem.outstanding.push_back(random.one_in(12) ? Rational{0}
                                                        : oracle::random_quantity(random, kind));
        sum += problem.outstanding.back();
        made.caps.push_back(random.one_in(2) ? problem.outstanding.back()
                                             : oracle::random_quantity(random, kind));
    }
    problem.available = random.one_in(4) ? sum : random_part(random, sum);
    problem.available = oracle::fits_a_decimal(problem.available) ? problem.available : Rational{7};
    do {
        problem.lot = oracle::random_lot(random);
    } while (!oracle::fits_a_decimal(problem.lot));
    made.is_strict = random.one_in(6);
    // What a minimum drops is given out in turns, which the twin takes one by one.
    if (style == 0 && problem.lot >= Rational{1, 2}) {
        problem.minimum = oracle::random_quantity(random, 0);
    }
    if (!random.one_in(3)) {
        made.caps.clear();
    }
    if (!made.is_bare && problem.base != "PCT" && random.one_in(3)) {
        problem.weights.clear();
    }
    made.key = "key " + std::to_string(seed);
    problem.key = oracle::xxh64(made.key, 0);
    return made;
}

// What the library makes of the lists: rooms and weights as the rule sees them.
Problem resolved(const Made& made) {
    Problem problem = made.problem;
    if (made.is_bare) {
        problem.room.assign(problem.outstanding.size(), problem.available);
        problem.outstanding = problem.weights;
    } else {
        problem.room = problem.outstanding;
    }
    for (std::size_t i = 0; i < problem.room.size(); ++i) {
        Rational& room = problem.room[i];
        room = made.caps.empty() ? room : std::min(room, made.caps[i]);
        room = !problem.weights.empty() && problem.weights[i] == 0 ? Rational{0} : room;
        room = made.is_strict ? Rational{oracle::floor_of(room / problem.lot)} * problem.lot : room;
    }
    if (made.is_strict) {
        problem.available =
            Rational{oracle::floor_of(problem.available / problem.lot)} * problem.lot;
    }
    problem.ordered = problem.outstanding;
    problem.allocated.assign(problem.outstanding.size(), Rational{0});
    return problem;
}

Rational in_units(const allot::Int256& units, int scale) {
    return Rational{Whole{units.to_string()}} / Rational{oracle::power_of_ten(scale)};
}

// What an explanation says must add up to the shares, and exact shares must be exact.
std::string explained_wrongly(const Problem& problem, const allot::Explanation& explanation,
                              const Fractions& shares) {
    const oracle::Drafted drafted = problem.has_tiers ? oracle::Drafted{} : oracle::draft(problem);
    Fractions told(shares.size(), Rational{0});
    for (const allot::Step& step : explanation.steps()) {
        const Rational units = in_units(step.units, explanation.scale());
        switch (step.kind) {
            case allot::StepKind::exact:
                if (!problem.has_tiers && Rational{step.text} != drafted.exact[step.claim]) {
                    return "exact share " + step.text + " of claim " +
                           std::to_string(step.claim + 1) + " is " +
                           drafted.exact[step.claim].str();
                }
                break;
            case allot::StepKind::base:
            case allot::StepKind::served:
                told[step.claim] = units;
                break;
            case allot::StepKind::minimum:
                told[step.claim] = 0;
                break;
            case allot::StepKind::turn:
                told[step.claim] += units;
                break;
            default:
                break;
        }
    }
    return told == shares ? "" : "the steps add up to " + listed(told);
}

std::string difference(const allot::Registry& registry, const Made& made, bool explain) {
    const Problem problem = resolved(made);
    const Fractions wanted = oracle::split(problem);
    Rational unallocated = made.problem.available;
    bool fits = true;
    for (const Rational& share : wanted) {
        unallocated -= share;
        fits = fits && oracle::fits_a_decimal(share);
    }
    fits = fits && oracle::fits_a_decimal(unallocated);
    allot::SplitRequest request = request_of(made.problem, made.is_bare, explain);
    request.strict_lot = made.is_strict;
    request.key = made.key;
    for (const Rational& cap : made.caps) {
        request.caps.push_back(quantity(cap));
    }
    const auto rule = registry.find(code_of(made.problem));
    const std::string what = told(made.problem) + (made.is_bare ? " bare" : "") +
                             (made.is_strict ? " strict" : "") + " caps " + listed(made.caps) +
                             ": ";
    if (!rule) {
        return what + rule.error().message();
    }
    const auto got = allot::split(**rule, request);
    if (!fits) {
        return got ? what + "gives a result though a share has more digits than a decimal" : "";
    }
    if (!got) {
        return what + "refused: " + got.error().message();
    }
    Fractions shares;
    for (const allot::Quantity& share : got->shares) {
        shares.push_back(oracle::rational(share.to_string()));
    }
    if (shares != wanted || oracle::rational(got->unallocated.to_string()) != unallocated) {
        return what + "gives " + listed(shares) + ", the oracle " + listed(wanted);
    }
    const std::string wrong =
        explain ? explained_wrongly(problem, got->explanation.value(), shares) : "";
    return wrong.empty() ? "" : what + wrong;
}

}  // namespace

TEST_CASE("The twins give the answers that the specification works out", "[oracle][rules]") {
    Problem problem;
    problem.base = "PCT";
    problem.remainder = "LR";
    problem.outstanding = {50, 50, 100};
    problem.portfolios = {"F1", "F1", "F2"};
    problem.weights = {50, 50, 50};
    problem.available = 100;
    CHECK(oracle::split(problem) == Fractions{25, 25, 50});

    problem = Problem{};
    problem.remainder = "OLDEST";
    problem.outstanding = {5, 9, 57, 4, 28, 300};
    problem.available = 50;
    problem.minimum = 2;
    CHECK(oracle::split(problem) == Fractions{3, 0, 7, 0, 3, 37});

    problem = Problem{};
    problem.outstanding = {100, 100};
    problem.room = {30, 100};
    problem.available = 100;
    CHECK(oracle::split(problem) == Fractions{30, 70});

    problem = Problem{};
    problem.base = "TW";
    problem.outstanding = {10, 10};
    problem.available = 8;  // (20^2 - 10^2) / 20^2 of 8
    CHECK(oracle::split(problem) == Fractions{6, 2});
}

TEST_CASE("Every base with every remainder equals its twins in small worlds", "[oracle][rules]") {
    const std::size_t step = 1000 / std::max<std::size_t>(1, oracle::cases("small rules", 1000));
    std::size_t compared = 0;
    for (const std::string& base : bases) {
        Problem kind;
        kind.base = base;
        compared += compare_small_worlds(kind, step);
        kind.has_tiers = true;
        compared += compare_small_worlds(kind, 4 * step + 1);
        for (const unsigned k : {1U, 3U, 7U}) {
            kind.has_tiers = k == 3;
            kind.k = k;
            compared += base == "TW" ? compare_small_worlds(kind, 2 * step + 1) : std::size_t{0};
        }
    }
    INFO(compared << " splits compared");
    CHECK(compared > 10000);
}

TEST_CASE("Large random problems equal the twins", "[oracle][rules]") {
    const allot::Registry registry = allot::Registry::with_builtins();
    const std::size_t count = oracle::cases("random rules", 12000);
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        const std::string differs = difference(registry, random_problem(seed), seed % 3 == 0);
        if (!differs.empty()) {
            FAIL("seed " << seed << ": " << differs);
        }
    }
}
