// The cumulative rules, step by step.
#include "oracle/cumulative_oracle.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace oracle {

namespace {

Rational had(const CumulativeState& state, std::size_t claim) {
    return state.allocated[claim] - state.baseline[claim];
}

Rational weight(const CumulativeState& state, std::size_t claim) {
    return std::max(Rational{0}, Rational{state.ordered[claim] - state.baseline[claim]});
}

Whole lots(const CumulativeState& state, std::size_t claim) {
    return had(state, claim) > 0 ? floor_of(had(state, claim) / state.lot) : Whole{0};
}

// What a begun lot lacks; for a claim below its baseline, what brings it back there.
Rational begun_lacks(const CumulativeState& state, std::size_t claim) {
    const Rational has = had(state, claim);
    if (has < 0) {
        return -has;
    }
    const Rational begun = has - Rational{floor_of(has / state.lot)} * state.lot;
    return begun == 0 ? Rational{0} : Rational{state.lot - begun};
}

// A quotient: infinite, or a number (HUNTINGTON's squared, which orders them alike).
struct Quotient {
    bool is_infinite{false};
    Rational value{};
};

Quotient quotient(const std::string& code, const Rational& w, const Whole& count) {
    const Rational n{count};
    if (code == "DHONDT") {
        return {false, w / (n + 1)};
    }
    if (code == "WEBSTER") {
        return {false, w / (n + Rational{1, 2})};
    }
    if (count == 0) {
        return {true, w};  // the larger weight first
    }
    if (code == "ADAMS") {
        return {false, w / n};
    }
    if (code == "HUNTINGTON") {
        return {false, w * w / (n * (n + 1))};
    }
    if (code == "DEAN") {
        // The harmonic mean of n and n + 1 is 2 / (1/n + 1/(n + 1)).
        return {false, w * (1 / n + 1 / (n + 1)) / 2};
    }
    throw std::logic_error{"the oracle knows no rule " + code};
}

bool is_larger(const Quotient& a, const Quotient& b) {
    return a.is_infinite == b.is_infinite ? a.value > b.value : a.is_infinite;
}

bool may_have_a_lot(const CumulativeState& state, std::size_t claim) {
    return weight(state, claim) > 0 && state.room[claim] >= state.lot;
}

std::optional<std::size_t> next_by_quotient(const std::string& code, const CumulativeState& state) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        if (may_have_a_lot(state, i) &&
            (!best || divisor_prefers(code, state, i, lots(state, i), *best, lots(state, *best)))) {
            best = i;
        }
    }
    return best;
}

Rational sum_of_weights(const CumulativeState& state) {
    Rational sum{0};
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        sum += weight(state, i);
    }
    return sum;
}

int claims_with_weight(const CumulativeState& state) {
    int count = 0;
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        count += weight(state, i) > 0 ? 1 : 0;
    }
    return count;
}

// Whether the claim may have its next lot as the `step`-th, and how urgent it is: smaller is more.
struct Standing {
    bool may_have{false};
    Rational urgency{};
};

Standing standing(const std::string& code, const CumulativeState& state, std::size_t claim,
                  const Whole& step) {
    const Rational part = weight(state, claim) / sum_of_weights(state);
    const Rational has{lots(state, claim)};
    const int count = claims_with_weight(state);
    if (count == 1) {
        return {true, 0};
    }
    if (code == "QUOTA") {
        const Rational exact = part * Rational{step};
        const Rational ceiling{floor_of(exact) + (exact == Rational{floor_of(exact)} ? 0 : 1)};
        return {has + 1 <= ceiling, (has + 1) / part};
    }
    const Rational slack{1, 2 * count - 2};
    return {part * Rational{step} - has >= slack, (1 - slack + has) / part};
}

std::optional<std::size_t> next_by_path(const std::string& code, const CumulativeState& state) {
    bool any = false;
    Whole step = 1;
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        any = any || may_have_a_lot(state, i);
        step += weight(state, i) > 0 ? lots(state, i) : Whole{0};
    }
    for (; any; ++step) {
        std::optional<std::size_t> best;
        Rational urgency;
        for (std::size_t i = 0; i < state.room.size(); ++i) {
            if (!may_have_a_lot(state, i)) {
                continue;
            }
            const Standing stands = standing(code, state, i, step);
            if (stands.may_have && (!best || stands.urgency < urgency)) {
                best = i;
                urgency = stands.urgency;
            }
        }
        if (best) {
            return best;
        }
    }
    return std::nullopt;
}

// The next claim and the most that it gets before somebody else may come.
std::pair<std::optional<std::size_t>, Rational> next_gift(const std::string& code,
                                                          const CumulativeState& state) {
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        const Rational lacks = begun_lacks(state, i);
        if (lacks > 0 && state.room[i] > 0) {
            return {i, std::min(lacks, state.room[i])};
        }
    }
    const bool is_path = code == "QUOTA" || code == "TIJDEMAN";
    if (const auto claim = is_path ? next_by_path(code, state) : next_by_quotient(code, state)) {
        return {claim, state.lot};
    }
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        if (state.room[i] > 0) {
            return {i, state.room[i]};
        }
    }
    return {std::nullopt, Rational{0}};
}

}  // namespace

bool divisor_prefers(const std::string& code, const CumulativeState& state, std::size_t first,
                     const Whole& first_lots, std::size_t second, const Whole& second_lots) {
    const Quotient a = quotient(code, weight(state, first), first_lots);
    const Quotient b = quotient(code, weight(state, second), second_lots);
    if (is_larger(a, b) || is_larger(b, a)) {
        return is_larger(a, b);
    }
    return first < second;
}

void give_cumulatively(const std::string& code, CumulativeState& state, Rational quantity,
                       const Rational& piece) {
    while (quantity > 0) {
        const auto [claim, most] = next_gift(code, state);
        if (!claim) {
            return;
        }
        const Rational gives = std::min({most, piece, quantity});
        state.allocated[*claim] += gives;
        state.room[*claim] -= gives;
        quantity -= gives;
    }
}

Rational worst_distance(const CumulativeState& state) {
    Rational all{0};
    for (std::size_t i = 0; i < state.room.size(); ++i) {
        all += had(state, i);
    }
    Rational worst{0};
    const Rational sum = sum_of_weights(state);
    for (std::size_t i = 0; sum > 0 && i < state.room.size(); ++i) {
        const Rational distance = (had(state, i) - all * weight(state, i) / sum) / state.lot;
        worst = std::max(worst, distance < 0 ? Rational{-distance} : distance);
    }
    return worst;
}

}  // namespace oracle
