// Assign: which fill goes to which order, when what each receives is fixed already.
#include "engine/run/assign.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/group.hpp"

namespace allot::run {

namespace {

// What is handed out together.
struct Pile {
    std::vector<std::pair<std::size_t, Quantity>> fills{};  // positions in the plan, and units
    std::map<std::uint32_t, Quantity> wanted{};             // by rank
};

using Shares = std::map<std::pair<std::size_t, std::uint32_t>, Quantity>;  // by fill, then rank

void hand_out(Pile& pile, Shares& shares) {
    std::size_t at = 0;
    for (auto& [rank, wanted] : pile.wanted) {
        while (!wanted.is_zero()) {
            auto& [fill, left] = pile.fills[at];
            const Quantity part = std::min(wanted, left);
            if (!part.is_zero()) {
                shares.emplace(std::pair{fill, rank}, part);
            }
            wanted = wanted - part;
            left = left - part;
            at += left.is_zero() ? 1U : 0U;
        }
    }
}

}  // namespace

void assign_fills(const BookData& book, PriceMethod method, Planned& planned) {
    const auto row_of = [&](const PlannedFill& fill) {
        return planned.collection.executions[fill.execution].row;
    };
    for (PlacementPlan& plan : planned.plan) {
        std::map<std::string, Pile> piles;
        const PlannedShare* share = plan.shares.data();
        for (std::size_t i = 0; i < plan.fills.size(); ++i) {
            Pile& pile = piles[group_of(book, row_of(plan.fills[i]))];
            Quantity sum{};
            for (const auto* const end = share + plan.fills[i].shares; share != end; ++share) {
                pile.wanted[share->rank] = pile.wanted[share->rank] + share->quantity;
                sum = sum + share->quantity;
            }
            pile.fills.emplace_back(i, sum);
        }
        Shares shares;
        for (auto& [group, pile] : piles) {
            if (method != PriceMethod::fifo) {
                std::stable_sort(
                    pile.fills.begin(), pile.fills.end(), [&](const auto& a, const auto& b) {
                        const Decimal& x = book.executions.rows[row_of(plan.fills[a.first])].price;
                        const Decimal& y = book.executions.rows[row_of(plan.fills[b.first])].price;
                        return method == PriceMethod::high_low ? x > y : x < y;
                    });
            }
            hand_out(pile, shares);
        }
        plan.shares.clear();
        for (PlannedFill& fill : plan.fills) {
            fill.shares = 0;
        }
        for (const auto& [key, quantity] : shares) {
            plan.shares.push_back({quantity, key.second});
            ++plan.fills[key.first].shares;
        }
    }
}

}  // namespace allot::run
