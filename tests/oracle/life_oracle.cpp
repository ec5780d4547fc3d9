// The life of a book in the most literal way.
#include "oracle/life_oracle.hpp"

#include <algorithm>

#include "oracle/split_oracle.hpp"

namespace oracle {

namespace {

Rational at_least_zero(const Rational& value) {
    return value < 0 ? Rational{0} : value;
}

Rational sum_of(const std::map<std::string, Rational>& parts) {
    Rational sum{0};
    for (const auto& [order, units] : parts) {
        sum += units;
    }
    return sum;
}

std::vector<Rational> share_out(const std::string& remainder, const Rational& available,
                                const std::vector<Rational>& outstanding,
                                const std::vector<Rational>& room, const Rational& lot) {
    Problem problem;
    problem.remainder = remainder;
    problem.outstanding = outstanding;
    problem.room = room;
    problem.ordered = outstanding;
    problem.allocated.assign(outstanding.size(), Rational{0});
    problem.available = available;
    problem.lot = lot;
    return split(problem);
}

}  // namespace

Rational Life::allocated(const std::string& order) const {
    Rational sum{0};
    for (const auto& [id, allocation] : allocations) {
        if (allocation.order == order && allocation.state != "Cancelled") {
            sum += allocation.quantity;
        }
    }
    return sum;
}

std::vector<std::string> Life::counting() const {
    std::vector<std::string> ids;
    for (const auto& [id, allocation] : allocations) {
        if (allocation.state != "Cancelled") {
            ids.push_back(id);
        }
    }
    return ids;
}

std::vector<const LifeFill*> Life::fills_in_time(const std::vector<std::string>& of) const {
    std::vector<const LifeFill*> found;
    for (const LifeFill& fill : fills) {
        if (!fill.is_busted && std::find(of.begin(), of.end(), fill.placement) != of.end()) {
            found.push_back(&fill);
        }
    }
    std::sort(found.begin(), found.end(), [](const LifeFill* a, const LifeFill* b) {
        return a->time != b->time ? a->time < b->time : a->id < b->id;
    });
    return found;
}

// In the order of ids: first from the fill that is named, then from the others of its placement.
Life::Parts Life::lay(const std::vector<std::string>& ids) const {
    std::map<std::string, Rational> free;
    std::map<std::string, std::string> placement_of;
    for (const LifeFill& fill : fills) {
        free[fill.id] = fill.quantity;
        placement_of[fill.id] = fill.placement;
    }
    Parts parts;
    for (const std::string& id : ids) {
        const LifeAllocation& allocation = allocations.at(id);
        Rational left = allocation.quantity;
        const auto take = [&](const std::string& fill) {
            const Rational part = std::min(left, free[fill]);
            if (part > 0) {
                free[fill] -= part;
                left -= part;
                parts[fill][allocation.order] += part;
            }
        };
        take(allocation.fill);
        for (const LifeFill* other : fills_in_time({placement_of[allocation.fill]})) {
            take(other->id);
        }
    }
    return parts;
}

std::vector<const LifeOrder*> Life::claims(const std::string& placement) const {
    std::set<std::string> listed;
    for (const LifePlacement& other : placements) {
        for (const std::string& block :
             other.id == placement ? other.blocks : std::vector<std::string>{}) {
            listed.insert(blocks.at(block).begin(), blocks.at(block).end());
        }
    }
    std::vector<const LifeOrder*> found;
    for (const LifeOrder& order : orders) {
        if (!order.is_dead && listed.contains(order.id)) {
            found.push_back(&order);
        }
    }
    return found;
}

// The newest of the pair that is not booked grows, or follows what was cancelled; else one more.
void Life::give(const LifeFill& fill, const std::string& order, const Rational& units) {
    const std::string first = fill.id + "-" + order;
    int last = 0;
    std::string open;
    for (int n = 1;; ++n) {
        const std::string id = n == 1 ? first : first + "-" + std::to_string(n);
        const auto known = allocations.find(id);
        if (known == allocations.end()) {
            break;
        }
        last = n;
        open = known->second.state == "Booked" ? open : id;
    }
    if (open.empty()) {
        const std::string id = last == 0 ? first : first + "-" + std::to_string(last + 1);
        allocations[id] = {fill.id, order, units, fill.price, "New"};
        return;
    }
    LifeAllocation& allocation = allocations[open];
    const Rational before = allocation.state == "Cancelled" ? Rational{0} : allocation.quantity;
    allocation = {fill.id, order, before + units, fill.price, "New"};
}

LifeOutcome Life::run(const std::string& remainder) {
    LifeOutcome outcome;
    const Parts used = lay(counting());
    const auto offered = [&](const LifeFill& fill) {
        const auto parts = used.find(fill.id);
        return fill.quantity - (parts == used.end() ? Rational{0} : sum_of(parts->second));
    };
    std::vector<std::string> taking_part;
    for (const LifePlacement& placement : placements) {
        bool offers = false;
        for (const LifeFill* fill : fills_in_time({placement.id})) {
            offers = offers || offered(*fill) > 0;
        }
        if (offers && claims(placement.id).empty()) {
            outcome.failed[placement.id] = "NoOrders";
        } else {
            taking_part.push_back(placement.id);
        }
    }
    for (const LifeFill* fill : fills_in_time(taking_part)) {
        const Rational available = offered(*fill);
        if (available == 0) {
            continue;
        }
        const auto claimants = claims(fill->placement);
        std::vector<Rational> outstanding;
        Rational total{0};
        for (const LifeOrder* order : claimants) {
            outstanding.push_back(at_least_zero(order->quantity - allocated(order->id)));
            total += outstanding.back();
        }
        const auto shares = share_out(remainder, available, outstanding, {}, lot);
        if (total < available) {
            outcome.failed[fill->placement] = "OverExecutedPlacement";
        }
        for (std::size_t i = 0; i < shares.size(); ++i) {
            if (shares[i] > 0) {
                give(*fill, claimants[i]->id, shares[i]);
            }
        }
    }
    return outcome;
}

// One reallocation, with the placements in `alone` left as they are.
class LifeSplit {
  public:
    LifeSplit(Life& life, const std::string& remainder, const std::set<std::string>& alone)
        : life_{life}, remainder_{remainder} {
        std::map<std::string, std::string> placement_of;
        for (const LifeFill& fill : life.fills) {
            placement_of[fill.id] = fill.placement;
        }
        for (const std::string& id : life.counting()) {
            const LifeAllocation& allocation = life.allocations.at(id);
            if (allocation.state == "Booked" || alone.contains(placement_of[allocation.fill])) {
                stay_.push_back(id);
            } else {
                withdrawn_.push_back(id);
            }
        }
        for (const LifePlacement& placement : life.placements) {
            if (!alone.contains(placement.id)) {
                asked_.push_back(placement.id);
            }
        }
        parts_ = life.lay(stay_);
        for (const LifeOrder& order : life.orders) {
            for (const std::string& id : stay_) {
                const LifeAllocation& allocation = life.allocations.at(id);
                has_[order.id] += allocation.order == order.id ? allocation.quantity : Rational{0};
            }
        }
        for (const LifeFill* fill : life.fills_in_time(asked_)) {
            for (const auto& [order, units] : held(*fill)) {
                has_[order] -= units;
                to_come_[order] += units;
            }
        }
    }

    // Placements with something on offer and nobody to have it.
    [[nodiscard]] std::set<std::string> without_claims() const {
        std::set<std::string> found;
        for (const LifeFill* fill : life_.fills_in_time(asked_)) {
            if (offered(*fill) > 0 && life_.claims(fill->placement).empty()) {
                found.insert(fill->placement);
            }
        }
        return found;
    }

    void split(LifeOutcome& outcome) {
        for (const LifeFill* fill : life_.fills_in_time(asked_)) {
            split(*fill, outcome);
        }
    }

    // What the orders have now, where it is not what they had, goes into the book.
    void write() {
        std::map<std::pair<std::string, std::string>, std::vector<std::string>> before;
        for (const std::string& id : withdrawn_) {
            const LifeAllocation& allocation = life_.allocations.at(id);
            before[{allocation.fill, allocation.order}].push_back(id);
        }
        std::vector<std::pair<const LifeFill*, std::string>> changed;
        for (const LifeFill& fill : life_.fills) {
            for (const LifeOrder& order : life_.orders) {
                const std::vector<std::string> ids = before[{fill.id, order.id}];
                const Rational now = given_[{fill.id, order.id}];
                Rational was{0};
                bool same_price = true;
                for (const std::string& id : ids) {
                    was += life_.allocations.at(id).quantity;
                    same_price = same_price && life_.allocations.at(id).price == fill.price;
                }
                if (was == now && (same_price || now == 0)) {
                    continue;
                }
                for (const std::string& id : ids) {
                    life_.allocations.at(id).state = "Cancelled";
                }
                if (now > 0) {
                    life_.give(fill, order.id, now);
                }
            }
        }
    }

  private:
    // What orders with a claim have of the fill by allocations that stay.
    [[nodiscard]] std::map<std::string, Rational> held(const LifeFill& fill) const {
        std::map<std::string, Rational> found;
        const auto parts = parts_.find(fill.id);
        for (const LifeOrder* order : life_.claims(fill.placement)) {
            if (parts != parts_.end() && parts->second.contains(order->id)) {
                found[order->id] = parts->second.at(order->id);
            }
        }
        return found;
    }
    [[nodiscard]] Rational offered(const LifeFill& fill) const {
        const auto parts = parts_.find(fill.id);
        return fill.quantity - (parts == parts_.end() ? Rational{0} : sum_of(parts->second));
    }

    void split(const LifeFill& fill, LifeOutcome& outcome) {
        const auto claimants = life_.claims(fill.placement);
        const std::map<std::string, Rational> frozen = held(fill);
        const auto frozen_of = [&](const std::string& order) {
            return frozen.contains(order) ? frozen.at(order) : Rational{0};
        };
        for (const auto& [order, units] : frozen) {
            to_come_[order] -= units;
        }
        const Rational offer = offered(fill);
        std::set<std::string> keeps;  // more than their shares
        for (bool again = offer > 0; again;) {
            again = false;
            Rational available = offer;
            Rational wanted{0};
            std::vector<Rational> outstanding;
            std::vector<Rational> room;
            for (const LifeOrder* order : claimants) {
                const bool takes_part = !keeps.contains(order->id);
                const Rational open = at_least_zero(order->quantity - has_[order->id]);
                outstanding.push_back(takes_part ? open : Rational{0});
                room.push_back(
                    takes_part ? std::min(open, at_least_zero(order->quantity - has_[order->id] -
                                                              to_come_[order->id]))
                               : Rational{0});
                wanted += room.back();
                available += takes_part ? frozen_of(order->id) : Rational{0};
            }
            const auto shares = share_out(remainder_, available, outstanding, room, life_.lot);
            for (std::size_t i = 0; i < shares.size(); ++i) {
                const std::string& id = claimants[i]->id;
                if (!keeps.contains(id) && frozen_of(id) > shares[i]) {
                    keeps.insert(id);
                    again = true;
                }
            }
            for (std::size_t i = 0; i < shares.size() && !again; ++i) {
                const std::string& id = claimants[i]->id;
                if (!keeps.contains(id)) {
                    given_[{fill.id, id}] = shares[i] - frozen_of(id);
                }
            }
            if (!again && wanted < available) {
                outcome.failed[fill.placement] = "OverExecutedPlacement";
            }
        }
        for (const LifeOrder* order : claimants) {
            has_[order->id] += frozen_of(order->id) + given_[{fill.id, order->id}];
        }
    }

    Life& life_;
    std::string remainder_;
    std::vector<std::string> stay_{};
    std::vector<std::string> withdrawn_{};
    std::vector<std::string> asked_{};
    Life::Parts parts_{};
    std::map<std::string, Rational> has_{};      // by order, without what is to come
    std::map<std::string, Rational> to_come_{};  // held of later fills
    std::map<std::pair<std::string, std::string>, Rational> given_{};
};

LifeOutcome Life::reallocate(const std::string& remainder) {
    std::set<std::string> alone;
    for (;;) {
        LifeSplit attempt{*this, remainder, alone};
        const std::set<std::string> failing = attempt.without_claims();
        if (!failing.empty()) {
            alone.insert(failing.begin(), failing.end());
            continue;
        }
        LifeOutcome outcome;
        attempt.split(outcome);
        attempt.write();
        for (const std::string& placement : alone) {
            outcome.failed[placement] = "NoOrders";
        }
        std::vector<std::string> all;
        for (const LifePlacement& placement : placements) {
            all.push_back(placement.id);
        }
        state_reversals(all, outcome);
        return outcome;
    }
}

// Those that are not booked keep what is left of the fill, by PR-FIFO over what they have.
void Life::shrink(const LifeFill& fill, const Rational& left, bool reprice) {
    std::vector<std::string> ids;
    std::vector<Rational> has;
    Rational free = left;
    for (const LifeOrder& order : orders) {
        for (auto& [id, allocation] : allocations) {
            if (allocation.fill != fill.id || allocation.order != order.id ||
                allocation.state == "Cancelled") {
                continue;
            }
            if (allocation.state == "Booked") {
                free -= allocation.quantity;
            } else {
                ids.push_back(id);
                has.push_back(allocation.quantity);
            }
        }
    }
    const auto keeps = share_out("FIFO", at_least_zero(free), has, {}, lot);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        LifeAllocation& allocation = allocations.at(ids[i]);
        if (keeps[i] == 0) {
            allocation.state = "Cancelled";
        } else {
            allocation.quantity = keeps[i];
            allocation.price = reprice ? fill.price : allocation.price;
        }
    }
}

void Life::state_reversals(const std::vector<std::string>& of, LifeOutcome& outcome) const {
    for (const LifeFill& fill : fills) {
        if (std::find(of.begin(), of.end(), fill.placement) == of.end()) {
            continue;
        }
        std::vector<const LifeAllocation*> booked;
        std::vector<Rational> has;
        for (const LifeOrder& order : orders) {
            for (const auto& [id, allocation] : allocations) {
                if (allocation.fill == fill.id && allocation.order == order.id &&
                    allocation.state == "Booked") {
                    booked.push_back(&allocation);
                    has.push_back(allocation.quantity);
                }
            }
        }
        const auto keeps =
            share_out("FIFO", fill.is_busted ? Rational{0} : fill.quantity, has, {}, lot);
        for (std::size_t i = 0; i < booked.size(); ++i) {
            const Rational cash = has[i] * booked[i]->price - keeps[i] * fill.price;
            if (keeps[i] == has[i] && cash == 0) {
                continue;
            }
            LifeReversal& reversal = outcome.reversals[fill.placement + " " + booked[i]->order];
            reversal.units += has[i] - keeps[i];
            reversal.cash += cash;
            std::string& why = outcome.failed[fill.placement];
            why = why == "NoOrders" ? why : "CorrectedAfterBooking";
        }
    }
}

LifeOutcome Life::correct(const std::string& id, const std::optional<Rational>& quantity,
                          const std::optional<Rational>& price) {
    LifeOutcome outcome;
    for (LifeFill& fill : fills) {
        if (fill.id == id) {
            fill.quantity = quantity.value_or(fill.quantity);
            fill.price = price.value_or(fill.price);
            shrink(fill, fill.quantity, true);
            state_reversals({fill.placement}, outcome);
        }
    }
    return outcome;
}

LifeOutcome Life::bust(const std::string& id) {
    LifeOutcome outcome;
    for (LifeFill& fill : fills) {
        if (fill.id == id) {
            fill.is_busted = true;
            shrink(fill, Rational{0}, false);
            state_reversals({fill.placement}, outcome);
        }
    }
    return outcome;
}

// Of an order, of a fill, or of both; an empty name is any.
Rational Life::booked(const std::string& order, const std::string& fill) const {
    Rational sum{0};
    for (const auto& [id, allocation] : allocations) {
        if (allocation.state == "Booked" && (order.empty() || allocation.order == order) &&
            (fill.empty() || allocation.fill == fill)) {
            sum += allocation.quantity;
        }
    }
    return sum;
}

// Unit by unit the latest fill gives back, and of one fill the allocation with the last id.
bool Life::amend(const std::string& order, const Rational& quantity) {
    if (booked(order, "") > quantity) {
        return false;
    }
    for (LifeOrder& one : orders) {
        one.quantity = one.id == order ? quantity : one.quantity;
    }
    for (Rational excess = allocated(order) - quantity; excess > 0;) {
        LifeAllocation* last = nullptr;
        std::pair<int, std::string> last_fill;
        for (auto& [id, allocation] : allocations) {
            if (allocation.order != order || allocation.state != "New") {
                continue;
            }
            for (const LifeFill& fill : fills) {
                const std::pair<int, std::string> time{fill.time, fill.id};
                if (fill.id == allocation.fill && (last == nullptr || time >= last_fill)) {
                    last = &allocation;
                    last_fill = time;
                }
            }
        }
        if (last->quantity <= excess) {
            last->state = "Cancelled";
            excess -= last->quantity;
        } else {
            last->quantity -= excess;
            excess = 0;
        }
    }
    return true;
}

bool Life::remove_order(const std::string& order) {
    if (booked(order, "") > 0) {
        return false;
    }
    std::erase_if(allocations, [&](const auto& one) { return one.second.order == order; });
    std::erase_if(orders, [&](const LifeOrder& one) { return one.id == order; });
    for (auto& [id, list] : blocks) {
        std::erase(list, order);
    }
    return true;
}

bool Life::remove_fill(const std::string& fill) {
    if (booked("", fill) > 0) {
        return false;
    }
    std::erase_if(allocations, [&](const auto& one) { return one.second.fill == fill; });
    std::erase_if(fills, [&](const LifeFill& one) { return one.id == fill; });
    return true;
}

}  // namespace oracle
