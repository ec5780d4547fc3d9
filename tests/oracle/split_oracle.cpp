// The rules as a person with a pencil would do them.
#include "oracle/split_oracle.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace oracle {

namespace {

using Fractions = std::vector<Rational>;
using Order = std::vector<std::size_t>;

Rational sum_of(const Fractions& values) {
    Rational sum{0};
    for (const Rational& value : values) {
        sum += value;
    }
    return sum;
}

Rational rounded_down(const Rational& value, const Rational& lot) {
    return Rational{floor_of(value / lot)} * lot;
}

const Fractions& room_of(const Problem& problem) {
    return problem.room.empty() ? problem.outstanding : problem.room;
}

Rational power(const Rational& value, unsigned exponent) {
    Rational product{1};
    for (unsigned i = 0; i < exponent; ++i) {
        product *= value;
    }
    return product;
}

// Between the brackets of the specification: Q(j)^k - Q(j+1)^k.
Fractions time_weights(const Problem& problem) {
    const std::size_t count = problem.outstanding.size();
    Fractions weights;
    for (std::size_t j = 0; j < count; ++j) {
        Rational from{0};
        for (std::size_t i = j; i < count; ++i) {
            from += problem.outstanding[i];
        }
        weights.push_back(power(from, problem.k) - power(from - problem.outstanding[j], problem.k));
    }
    return weights;
}

Fractions portfolio_weights(const Problem& problem) {
    Fractions weights;
    for (std::size_t i = 0; i < problem.outstanding.size(); ++i) {
        Rational of_portfolio{0};
        for (std::size_t j = 0; j < problem.outstanding.size(); ++j) {
            of_portfolio += problem.portfolios[j] == problem.portfolios[i] ? problem.outstanding[j]
                                                                           : Rational{0};
        }
        weights.push_back(of_portfolio == 0
                              ? Rational{0}
                              : problem.weights[i] * problem.outstanding[i] / of_portfolio);
    }
    return weights;
}

Fractions weights_of(const Problem& problem) {
    if (problem.base == "PR") {
        return problem.outstanding;
    }
    if (problem.base == "PRO") {
        return problem.ordered;
    }
    if (problem.base == "EQ") {
        return Fractions(problem.outstanding.size(), Rational{1});
    }
    if (problem.base == "TW") {
        return time_weights(problem);
    }
    if (problem.base == "PCT") {
        return portfolio_weights(problem);
    }
    throw std::logic_error{"the oracle knows no base " + problem.base};
}

// Pours the available quantity over the claims by weight; whoever is full drops out, and the rest
// is poured over the others from the start.
Fractions poured(const Problem& problem) {
    const Fractions weights = weights_of(problem);
    const Fractions& room = room_of(problem);
    Fractions exact(weights.size(), Rational{0});
    Order open;
    Rational reachable{0};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] > 0 && room[i] > 0) {
            open.push_back(i);
            reachable += room[i];
        }
    }
    Rational amount = std::min(problem.available, reachable);
    for (bool again = true; again && !open.empty();) {
        Rational total{0};
        for (const std::size_t i : open) {
            total += weights[i];
        }
        again = false;
        for (const std::size_t i : open) {
            exact[i] = amount * weights[i] / total;
        }
        for (const std::size_t i : open) {
            if (exact[i] >= room[i]) {
                exact[i] = room[i];
                amount -= room[i];
                open.erase(std::find(open.begin(), open.end(), i));
                again = true;
                break;
            }
        }
    }
    return exact;
}

Order in_rank_order(std::size_t count) {
    Order order;
    for (std::size_t i = 0; i < count; ++i) {
        order.push_back(i);
    }
    return order;
}

Order by_size(const Fractions& sizes, bool largest_first) {
    Order order = in_rank_order(sizes.size());
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return largest_first ? sizes[a] > sizes[b] : sizes[a] < sizes[b];
    });
    return order;
}

bool is_served(const std::string& base) {
    return base == "FIFO" || base == "LIFO" || base == "SIZE" || base == "SIZE-SF";
}

Order order_of_service(const Problem& problem) {
    if (problem.base == "SIZE" || problem.base == "SIZE-SF") {
        return by_size(problem.ordered, problem.base == "SIZE");
    }
    Order order = in_rank_order(problem.outstanding.size());
    if (problem.base == "LIFO") {
        std::reverse(order.begin(), order.end());
    }
    return order;
}

std::uint64_t next_draw(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state;
    mixed ^= mixed >> 30U;
    mixed *= 0xBF58476D1CE4E5B9ULL;
    mixed ^= mixed >> 27U;
    mixed *= 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
}

// A draw is used when its product with the bound does not fall into the part of 2^64 that would
// make some values likelier.
std::size_t draw_below(std::uint64_t& state, std::size_t bound) {
    const Whole range = Whole{1} << 64U;
    const Whole uneven = range % bound;
    for (;;) {
        const Whole product = Whole{next_draw(state)} * bound;
        if (product % range >= uneven) {
            return Whole{product / range}.convert_to<std::size_t>();
        }
    }
}

Order order_of_turns(const Problem& problem, const Drafted& drafted, const Fractions& shares) {
    const std::size_t count = shares.size();
    Order order = in_rank_order(count);
    if (problem.remainder == "LIFO") {
        std::reverse(order.begin(), order.end());
    } else if (problem.remainder == "LF" || problem.remainder == "SF") {
        order = by_size(problem.outstanding, problem.remainder == "LF");
    } else if (problem.remainder == "LR") {
        Fractions lost;
        for (std::size_t i = 0; i < count; ++i) {
            lost.push_back(drafted.exact[i] - shares[i]);
        }
        order = by_size(lost, true);
    } else if (problem.remainder == "RR") {
        const Whole lots = floor_of(sum_of(problem.allocated) / problem.lot);
        const auto start = Whole{lots % count}.convert_to<std::ptrdiff_t>();
        std::rotate(order.begin(), order.begin() + start, order.end());
    } else if (problem.remainder == "RND") {
        order = drawn_order(problem.key, count);
    }
    return order;
}

// The first position at or after `turn`, going round, whose claim has room of at least `wanted`.
std::optional<std::size_t> next_with_room(const Fractions& room, const Fractions& shares,
                                          const Order& order, std::size_t turn,
                                          const Rational& wanted) {
    for (std::size_t step = 0; step < order.size(); ++step) {
        const std::size_t at = (turn + step) % order.size();
        const Rational more = room[order[at]] - shares[order[at]];
        if (more > 0 && more >= wanted) {
            return at;
        }
    }
    return std::nullopt;
}

void give_turns(const Problem& problem, const Order& order, Rational left, Fractions& shares) {
    const Fractions& room = room_of(problem);
    std::size_t turn = 0;
    while (left > 0) {
        std::optional<std::size_t> at;
        if (left >= problem.lot) {
            at = next_with_room(room, shares, order, turn, problem.lot);
        }
        Rational gives = problem.lot;
        if (!at) {
            at = next_with_room(room, shares, order, turn, Rational{0});
            const std::size_t claim = order[at.value()];
            gives = std::min(left, Rational{room[claim] - shares[claim]});
        }
        shares[order[*at]] += gives;
        left -= gives;
        turn = (*at + 1) % order.size();
    }
}

// Everything to the claims that `accepts`, the oldest first. Returns what is left.
Rational pour_in_rank_order(const Problem& problem, Rational left, Fractions& shares,
                            const std::function<bool(std::size_t)>& accepts) {
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (accepts(i)) {
            const Rational more = std::min(left, Rational{room_of(problem)[i] - shares[i]});
            shares[i] += more;
            left -= more;
        }
    }
    return left;
}

template <class T>
std::vector<T> picked(const std::vector<T>& all, const Order& claims) {
    std::vector<T> some;
    for (const std::size_t claim : claims) {
        if (!all.empty()) {
            some.push_back(all[claim]);
        }
    }
    return some;
}

Fractions split_tiers(const Problem& problem) {
    std::map<std::pair<bool, unsigned>, Order> tiers;
    for (std::size_t i = 0; i < problem.outstanding.size(); ++i) {
        tiers[{problem.houses.empty() ? false : problem.houses[i],
               problem.tiers.empty() ? 1 : problem.tiers[i]}]
            .push_back(i);
    }
    Fractions shares(problem.outstanding.size(), Rational{0});
    Rational left = problem.available;
    std::uint64_t key = problem.key;
    for (const auto& [place, claims] : tiers) {
        Problem tier = problem;
        tier.has_tiers = false;
        tier.available = left;
        tier.key = key++;
        tier.outstanding = picked(problem.outstanding, claims);
        tier.room = picked(room_of(problem), claims);
        tier.ordered = picked(problem.ordered, claims);
        tier.allocated = picked(problem.allocated, claims);
        tier.weights = picked(problem.weights, claims);
        tier.portfolios = picked(problem.portfolios, claims);
        const Fractions part = split(tier);
        for (std::size_t i = 0; i < claims.size(); ++i) {
            shares[claims[i]] = part[i];
            left -= part[i];
        }
        if (sum_of(part) < sum_of(tier.room)) {
            break;  // nothing for the next tier while this one wants more
        }
    }
    return shares;
}

}  // namespace

std::vector<std::size_t> drawn_order(std::uint64_t key, std::size_t count) {
    Order order = in_rank_order(count);
    for (std::size_t last = count; last > 1; --last) {
        std::swap(order[last - 1], order[draw_below(key, last)]);
    }
    return order;
}

Drafted draft(const Problem& problem) {
    Drafted drafted;
    if (is_served(problem.base)) {
        drafted.exact.assign(problem.outstanding.size(), Rational{0});
        Rational left = problem.available;
        for (const std::size_t claim : order_of_service(problem)) {
            drafted.exact[claim] = std::min(left, room_of(problem)[claim]);
            left -= drafted.exact[claim];
        }
        drafted.shares = drafted.exact;
        return drafted;
    }
    drafted.exact = poured(problem);
    for (const Rational& exact : drafted.exact) {
        drafted.shares.push_back(rounded_down(exact, problem.lot));
    }
    return drafted;
}

std::vector<Rational> finish(const Problem& problem, const Drafted& drafted) {
    const Fractions& room = room_of(problem);
    Fractions shares = drafted.shares;
    bool has_dropped = false;
    for (Rational& share : shares) {
        if (share > 0 && share < problem.minimum) {
            share = 0;
            has_dropped = true;
        }
    }
    for (std::size_t i = 0; has_dropped && i < shares.size(); ++i) {
        if (shares[i] != room[i]) {
            shares[i] = rounded_down(shares[i], problem.lot);
        }
    }
    Rational left = std::min(problem.available, sum_of(room)) - sum_of(shares);
    if (problem.remainder == "KEEP") {
        return shares;
    }
    if (problem.remainder == "OLDEST") {
        pour_in_rank_order(problem, left, shares, [](std::size_t) { return true; });
        return shares;
    }
    if (problem.remainder == "TO") {
        left = pour_in_rank_order(problem, left, shares, [&](std::size_t claim) {
            return !problem.named.empty() && problem.portfolios[claim] == problem.named;
        });
    }
    give_turns(problem, order_of_turns(problem, drafted, shares), left, shares);
    return shares;
}

std::vector<Rational> split(const Problem& problem) {
    return problem.has_tiers ? split_tiers(problem) : finish(problem, draft(problem));
}

std::vector<Rational> split(const std::string& code, const Rational& available,
                            const std::vector<Rational>& outstanding, const Rational& lot) {
    if (code != "PR-FIFO" && code != "FIFO") {
        throw std::logic_error{"the oracle knows no rule " + code};
    }
    Problem problem;
    problem.base = code == "FIFO" ? "FIFO" : "PR";
    problem.available = available;
    problem.outstanding = outstanding;
    problem.lot = lot;
    return split(problem);
}

}  // namespace oracle
