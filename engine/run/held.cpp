// Held: what claims keep of fills when placements are split again, and what pins give them.
#include "engine/run/held.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "engine/base/scaled.hpp"

namespace allot::run {

namespace {

using store::none;

Int256 at_finest_scale(const Quantity& quantity) {
    Int256 units{};
    (void)detail::to_scaled(quantity.units(), Decimal::max_scale, units);
    return units;
}

Int256 smaller(const Int256& a, const Int256& b) {
    return a < b ? a : b;
}

// One execution over which a pin is spread; in units of the finest scale.
struct PinFill {
    std::uint32_t execution{0};  // position in Collection::executions
    std::uint32_t rank{0};       // of the pinned claim
    Int256 weight{};             // the quantity of the execution
    Int256 least{};              // what is frozen
    Int256 most{};               // with what is free of it
    Int256 lot{};
    Int256 part{};
    bool is_fixed{false};
};

// Fixes the parts that are outside their bounds on one side. Returns whether there were any.
bool fix_parts(std::vector<PinFill>& fills, bool (*is_outside)(const PinFill&),
               Int256 PinFill::*bound) {
    bool any = false;
    for (PinFill& fill : fills) {
        if (!fill.is_fixed && is_outside(fill)) {
            fill.part = fill.*bound;
            fill.is_fixed = true;
            any = true;
        }
    }
    return any;
}

// Pro rata to the quantities of the fills, in whole lots rounded down. A fill of which more is
// frozen keeps that, one that has less to give gives all it has, and the others share the rest.
void spread_pro_rata(std::vector<PinFill>& fills, const Int256& pin) {
    for (bool again = true; again;) {
        Int256 left = pin;
        Int256 weights{};
        for (const PinFill& fill : fills) {
            left -= fill.is_fixed ? fill.part : Int256{};
            weights += fill.is_fixed ? Int256{} : fill.weight;
        }
        left = left > Int256{} ? left : Int256{};
        for (PinFill& fill : fills) {
            if (!fill.is_fixed) {
                fill.part = multiply_divide(left, fill.weight, weights);
                fill.part -= fill.part % fill.lot;
            }
        }
        again =
            fix_parts(
                fills, [](const PinFill& fill) { return fill.part < fill.least; },
                &PinFill::least) ||
            fix_parts(
                fills, [](const PinFill& fill) { return fill.part > fill.most; }, &PinFill::most);
    }
}

// Spreads a pin over fills in time order; what rounding leaves goes to the earliest, lot by lot
// first. Returns false when there is no room for all of it, or less than what is frozen.
bool spread(std::vector<PinFill>& fills, const Int256& pin) {
    spread_pro_rata(fills, pin);
    Int256 left = pin;
    for (const PinFill& fill : fills) {
        left -= fill.part;
    }
    // Parts that were raised to what is frozen may have made the sum too large: others give way.
    for (PinFill& fill : fills) {
        if (left < Int256{}) {
            const Int256 back = smaller(fill.part - fill.least, Int256{} - left);
            fill.part -= back;
            left += back;
        }
    }
    for (const bool whole : {true, false}) {
        for (PinFill& fill : fills) {
            if (left > Int256{}) {
                const Int256 room = fill.most - fill.part;
                const Int256 more = smaller(whole ? smaller(fill.lot, room) : room, left);
                fill.part += more;
                left -= more;
            }
        }
    }
    return left == Int256{};
}

class Holder {
  public:
    Holder(const BookData& book, const Usage& usage, Collection& collection)
        : book_{&book}, usage_{&usage}, collection_{&collection} {
        collection.held.resize(collection.executions.size());
        collection.allocated.resize(collection.orders.size());
        collection.held_of_order.resize(collection.orders.size());
    }

    [[nodiscard]] Result<void> run(const Pins& pins) {
        for (const RunOrder& order : collection_->orders) {
            if (!usage_->allocated(order.id)) {
                return refuse_sum(order);
            }
        }
        for (RunPlacement& placement : collection_->placements) {
            if (!placement.failure) {
                if (Result<void> done = hold_frozen(placement); !done) {
                    return done;
                }
            }
        }
        for (const auto& [order, quantity] : pins) {
            if (Result<void> done = pin(order, quantity); !done) {
                return done;
            }
        }
        return {};
    }

  private:
    [[nodiscard]] Result<void> refuse_sum(const RunOrder& order) const {
        return Unexpected{Error{ErrorCode::total_is_out_of_range,
                                "order",
                                book_->orders.ids.resource(order.id).to_string(),
                                "quantity",
                                "what stays allocated to it",
                                "a number of 36 digits at most",
                                {}}};
    }

    [[nodiscard]] Result<void> hold_frozen(RunPlacement& placement) {
        const auto claims = placement.claims.of(collection_->claims);
        std::map<std::uint32_t, std::uint32_t> ranks;
        for (std::uint32_t rank = 0; rank < claims.size(); ++rank) {
            ranks.emplace(collection_->orders[claims[rank]].id, rank);
        }
        bool any = false;
        const Range range = placement.executions;
        for (std::uint32_t at = range.first; at < range.first + range.count; ++at) {
            std::map<std::uint32_t, Int256> parts;
            usage_->each_part(collection_->executions[at].id,
                              [&](std::uint32_t order, const std::optional<Quantity>& part) {
                                  const auto rank = ranks.find(order);
                                  if (rank != ranks.end() && part) {
                                      parts[rank->second] += at_finest_scale(*part);
                                  }
                              });
            for (const auto& [rank, units] : parts) {
                const RunOrder& order = collection_->orders[claims[rank]];
                Held held{rank, {}, {}};
                if (!detail::to_quantity(units, Decimal::max_scale, held.frozen) ||
                    !move_to_held(claims[rank], units)) {
                    return refuse_sum(order);
                }
                collection_->held[at].push_back(held);
                any = true;
            }
        }
        placement.takes_part = placement.takes_part || any;
        return {};
    }

    // Returns false when a sum has too many digits.
    bool move_to_held(std::uint32_t order, const Int256& units) {
        Quantity& allocated = collection_->allocated[order];
        Quantity& held = collection_->held_of_order[order];
        const Int256 rest = at_finest_scale(allocated) - units;
        const Int256 all_held = at_finest_scale(held) + units;
        return detail::to_quantity(rest, Decimal::max_scale, allocated) &&
               detail::to_quantity(all_held, Decimal::max_scale, held);
    }

    // The executions of which the order may have something, in time order.
    [[nodiscard]] std::vector<PinFill> fills_of(std::uint32_t order) const {
        std::vector<PinFill> fills;
        for (const RunPlacement& placement : collection_->placements) {
            const auto claims = placement.claims.of(collection_->claims);
            const auto claim = std::find_if(claims.begin(), claims.end(), [&](std::uint32_t at) {
                return collection_->orders[at].id == order;
            });
            if (!placement.takes_part || claim == claims.end()) {
                continue;
            }
            const Range range = placement.executions;
            for (std::uint32_t at = range.first; at < range.first + range.count; ++at) {
                fills.push_back(
                    fill_of(at, static_cast<std::uint32_t>(claim - claims.begin()), placement.lot));
            }
        }
        std::sort(fills.begin(), fills.end(), [&](const PinFill& a, const PinFill& b) {
            return is_earlier(*book_, collection_->executions[a.execution],
                              collection_->executions[b.execution]);
        });
        return fills;
    }

    [[nodiscard]] PinFill fill_of(std::uint32_t at, std::uint32_t rank, const Quantity& lot) const {
        const RunExecution& execution = collection_->executions[at];
        PinFill fill;
        fill.execution = at;
        fill.rank = rank;
        fill.weight = at_finest_scale(execution.quantity);
        fill.lot = at_finest_scale(lot);
        Int256 free = fill.weight - at_finest_scale(execution.used);
        for (const Held& held : collection_->held[at]) {
            free -= at_finest_scale(held.pinned);
            fill.least += held.rank == rank ? at_finest_scale(held.frozen) : Int256{};
        }
        fill.most = fill.least + free;
        return fill;
    }

    [[nodiscard]] Result<void> pin(const OrderId& id, const Quantity& quantity) {
        const auto refuse = [&](std::string expected) -> Result<void> {
            return Unexpected{Error{ErrorCode::pin_does_not_fit,
                                    "order",
                                    id.to_string(),
                                    "quantity",
                                    quantity.to_string(),
                                    std::move(expected),
                                    {}}};
        };
        const std::uint32_t number = book_->orders.ids.find(id.scope(), id.code());
        const auto order = std::find_if(collection_->orders.begin(), collection_->orders.end(),
                                        [&](const RunOrder& other) { return other.id == number; });
        std::vector<PinFill> fills = fills_of(number);
        if (number == none || order == collection_->orders.end() || fills.empty()) {
            return refuse("an order with a claim on an execution of the placements");
        }
        const Int256 units = at_finest_scale(quantity);
        const auto at = static_cast<std::uint32_t>(order - collection_->orders.begin());
        const Int256 room =
            at_finest_scale(order->ordered) - at_finest_scale(collection_->allocated_to(at));
        const Quantity held = collection_->held_by(at);
        if (quantity < held) {
            return refuse(held.to_string() + " or more, which are booked or closed");
        }
        if (!order->is_stand_in && units > room) {
            return refuse("no more than was ordered, less what other placements have allocated");
        }
        if (!spread(fills, units)) {
            return refuse("no more than its executions have free of what is frozen and pinned");
        }
        order->is_pinned = true;
        for (const PinFill& fill : fills) {
            if (!give(fill)) {
                return refuse("a quantity that can be spread in 36 digits");
            }
        }
        return {};
    }

    [[nodiscard]] bool give(const PinFill& fill) {
        Quantity more;
        if (!detail::to_quantity(fill.part - fill.least, Decimal::max_scale, more)) {
            return false;
        }
        std::vector<Held>& all = collection_->held[fill.execution];
        const auto place =
            std::lower_bound(all.begin(), all.end(), fill.rank,
                             [](const Held& held, std::uint32_t rank) { return held.rank < rank; });
        if (place != all.end() && place->rank == fill.rank) {
            place->pinned = more;
        } else if (!more.is_zero()) {
            all.insert(place, Held{fill.rank, {}, more});
        }
        return true;
    }

    const BookData* book_;
    const Usage* usage_;
    Collection* collection_;
};

}  // namespace

Result<void> hold(const BookData& book, const Usage& usage, const Pins& pins,
                  Collection& collection) {
    return Holder{book, usage, collection}.run(pins);
}

}  // namespace allot::run
