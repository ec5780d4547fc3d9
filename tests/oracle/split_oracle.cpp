// The two rules as a person with a pencil would do them.
#include "oracle/split_oracle.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace oracle {

namespace {

Rational sum_of(const std::vector<Rational>& values) {
    Rational sum{0};
    for (const Rational& value : values) {
        sum += value;
    }
    return sum;
}

// The first claim at or after `turn`, going round, whose room is at least `wanted` and above zero.
std::optional<std::size_t> next_with_room(const std::vector<Rational>& outstanding,
                                          const std::vector<Rational>& shares, std::size_t turn,
                                          const Rational& wanted) {
    for (std::size_t step = 0; step < outstanding.size(); ++step) {
        const std::size_t claim = (turn + step) % outstanding.size();
        const Rational room = outstanding[claim] - shares[claim];
        if (room > 0 && room >= wanted) {
            return claim;
        }
    }
    return std::nullopt;
}

std::vector<Rational> pr_fifo(const Rational& available, const std::vector<Rational>& outstanding,
                              const Rational& lot) {
    const Rational sum = sum_of(outstanding);
    const Rational capped = std::min(available, sum);
    std::vector<Rational> shares(outstanding.size(), Rational{0});
    if (sum == 0) {
        return shares;
    }
    for (std::size_t i = 0; i < outstanding.size(); ++i) {
        shares[i] = Rational{floor_of(capped * outstanding[i] / sum / lot)} * lot;
    }
    Rational left = capped - sum_of(shares);
    std::size_t turn = 0;
    while (left > 0) {
        std::optional<std::size_t> claim;
        if (left >= lot) {
            claim = next_with_room(outstanding, shares, turn, lot);
        }
        Rational gives = lot;
        if (!claim) {
            claim = next_with_room(outstanding, shares, turn, Rational{0});
            gives = std::min(left, Rational{outstanding[*claim] - shares[*claim]});
        }
        shares[*claim] += gives;
        left -= gives;
        turn = (*claim + 1) % outstanding.size();
    }
    return shares;
}

std::vector<Rational> fifo(const Rational& available, const std::vector<Rational>& outstanding) {
    std::vector<Rational> shares;
    Rational left = available;
    for (const Rational& room : outstanding) {
        shares.push_back(std::min(room, left));
        left -= shares.back();
    }
    return shares;
}

}  // namespace

std::vector<Rational> split(const std::string& code, const Rational& available,
                            const std::vector<Rational>& outstanding, const Rational& lot) {
    if (code == "PR-FIFO") {
        return pr_fifo(available, outstanding, lot);
    }
    if (code == "FIFO") {
        return fifo(available, outstanding);
    }
    throw std::logic_error{"the oracle knows no rule " + code};
}

}  // namespace oracle
