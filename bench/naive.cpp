// The naive twin; see naive.hpp.
#include "bench/naive.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace allot::bench::naive {
namespace {

struct Claim {
    std::string order_id{};
    Number outstanding{};
    Number share{};
    std::optional<Instant> date{};
    std::size_t block_position{0};
    std::size_t order_position{0};
};

Texts copy(const Identifiers& identifiers) {
    return {identifiers.begin(), identifiers.end()};
}

Number number(const Quantity& quantity) {
    return Number{quantity.to_string()};
}

bool comes_before(const Claim& a, const Claim& b) {
    if (a.date.has_value() != b.date.has_value()) {
        return a.date.has_value();
    }
    if (a.date && *a.date != *b.date) {
        return *a.date < *b.date;
    }
    return std::tie(a.block_position, a.order_position, a.order_id) <
           std::tie(b.block_position, b.order_position, b.order_id);
}

std::vector<Claim> collect(const Store& store, const Placement& placement) {
    std::map<std::string, Claim> claims;
    for (std::size_t i = 0; i < placement.block_ids.size(); ++i) {
        const Block& block = store.blocks.at(placement.block_ids[i]);
        for (std::size_t j = 0; j < block.order_ids.size(); ++j) {
            const std::string& order_id = block.order_ids[j];
            const Order& order = store.orders.at(order_id);
            if (order.state == "Cancelled" || order.state == "Closed") {
                continue;
            }
            const Number outstanding = order.quantity - order.allocated;
            claims.emplace(order_id, Claim{order_id, outstanding, 0, order.date, i, j});
        }
    }
    std::vector<Claim> ranked;
    ranked.reserve(claims.size());
    for (auto& [id, claim] : claims) {
        ranked.push_back(std::move(claim));
    }
    std::sort(ranked.begin(), ranked.end(), comes_before);
    return ranked;
}

Number lot_of(const Store& store, const Placement& placement) {
    for (const auto& [identifiers, lot] : store.lots) {
        bool shares_a_key = false;
        bool differs = false;
        for (const auto& [key, value] : placement.instrument_identifiers) {
            const auto found = identifiers.find(key);
            if (found != identifiers.end()) {
                shares_a_key = true;
                differs = differs || found->second != value;
            }
        }
        if (shares_a_key && !differs) {
            return lot;
        }
    }
    return 1;
}

void split(std::vector<Claim>& claims, Number available, const Number& lot) {
    Number total = 0;
    for (const Claim& claim : claims) {
        total += claim.outstanding;
    }
    available = std::min(available, total);
    if (available <= 0) {
        return;
    }
    // The division is not exact: a quotient that is whole may come out just below.
    const Number slack{"1e-30"};
    Number left = available;
    for (Claim& claim : claims) {
        claim.share = floor(available * claim.outstanding / total / lot + slack) * lot;
        left -= claim.share;
    }
    bool gave = true;
    std::size_t turn = 0;
    std::size_t passed = 0;
    while (left >= lot && gave) {
        Claim& claim = claims[turn];
        if (claim.outstanding - claim.share >= lot) {
            claim.share += lot;
            left -= lot;
            passed = 0;
        } else {
            ++passed;
            gave = passed < claims.size();
        }
        turn = (turn + 1) % claims.size();
    }
    while (left > 0) {
        Claim& claim = claims[turn];
        const Number more = std::min<Number>(left, claim.outstanding - claim.share);
        claim.share += more;
        left -= more;
        turn = (turn + 1) % claims.size();
    }
}

Allocation make_allocation(const std::string& execution_id, const Execution& execution,
                           const Order& order, const Claim& claim) {
    Allocation allocation;
    allocation.order_id = claim.order_id;
    allocation.portfolio_id = order.portfolio_id;
    allocation.placement_id = execution.placement_id;
    allocation.execution_id = execution_id;
    allocation.quantity = claim.share;
    allocation.price = execution.price;
    allocation.price_currency = execution.price_currency;
    allocation.side = execution.side;
    allocation.type = execution.type;
    allocation.state = "New";
    allocation.date = execution.created_text;
    allocation.settlement_date = execution.settlement_date;
    allocation.settlement_currency = execution.settlement_currency;
    allocation.counterparty = execution.counterparty;
    allocation.instrument_identifiers = execution.instrument_identifiers;
    return allocation;
}

void allocate_fill(Store& store, const std::string& execution_id, const Execution& execution) {
    const Placement& placement = store.placements.at(execution.placement_id);
    std::vector<Claim> claims = collect(store, placement);
    split(claims, execution.quantity, lot_of(store, placement));
    for (const Claim& claim : claims) {
        if (claim.share <= 0) {
            continue;
        }
        Order& order = store.orders.at(claim.order_id);
        order.allocated += claim.share;
        const std::string order_code = claim.order_id.substr(claim.order_id.find('/') + 1);
        store.allocations.emplace(placement.scope + '/' + execution.code + '-' + order_code,
                                  make_allocation(execution_id, execution, order, claim));
    }
}

Execution copy(const allot::Execution& execution) {
    Execution copied;
    copied.code = execution.id.code();
    copied.placement_id = execution.placement_id.to_string();
    copied.quantity = number(execution.quantity);
    copied.created = execution.created_date.instant();
    copied.created_text = execution.created_date.to_string();
    copied.side = execution.side;
    copied.type = execution.type;
    copied.state = execution.state;
    if (execution.price) {
        copied.price = Number{execution.price->amount.to_string()};
        copied.price_currency = execution.price->currency;
    }
    if (execution.settlement_date) {
        copied.settlement_date = execution.settlement_date->to_string();
    }
    copied.settlement_currency = execution.settlement_currency;
    copied.counterparty = execution.counterparty;
    copied.instrument_identifiers = copy(execution.instrument_identifiers);
    return copied;
}

Order copy(const allot::Order& order) {
    Order copied;
    copied.quantity = number(order.quantity.value_or(Quantity{0}));
    copied.portfolio_id = order.portfolio_id ? order.portfolio_id->to_string() : "";
    copied.side = order.side;
    copied.type = order.type;
    copied.state = order.state;
    if (order.date) {
        copied.date = order.date->instant();
    }
    copied.instrument_identifiers = copy(order.instrument_identifiers);
    return copied;
}

}  // namespace

Store load(const Day& day) {
    Store store;
    for (const allot::Order& order : day.orders) {
        store.orders.emplace(order.id.to_string(), copy(order));
    }
    for (const allot::Block& block : day.blocks) {
        Block& copied = store.blocks[block.id.to_string()];
        for (const OrderId& id : block.order_ids) {
            copied.order_ids.push_back(id.to_string());
        }
    }
    for (const allot::Placement& placement : day.placements) {
        Placement& copied = store.placements[placement.id.to_string()];
        copied.scope = placement.id.scope();
        copied.counterparty = placement.counterparty;
        copied.instrument_identifiers = copy(placement.instrument_identifiers);
        for (const BlockId& id : placement.block_ids) {
            copied.block_ids.push_back(id.to_string());
        }
    }
    for (const allot::Execution& execution : day.executions) {
        store.executions.emplace(execution.id.to_string(), copy(execution));
    }
    for (const Instrument& instrument : day.instruments) {
        store.lots.emplace_back(copy(instrument.instrument_identifiers), number(instrument.lot));
    }
    return store;
}

void run(Store& store) {
    std::vector<const std::pair<const std::string, Execution>*> in_time;
    in_time.reserve(store.executions.size());
    for (const auto& entry : store.executions) {
        in_time.push_back(&entry);
    }
    // Stable over the map's order by id, which breaks the ties.
    std::stable_sort(in_time.begin(), in_time.end(), [](const auto* a, const auto* b) {
        return a->second.created < b->second.created;
    });
    for (const auto* entry : in_time) {
        if (entry->second.state != "Cancelled" && entry->second.state != "Rejected") {
            allocate_fill(store, entry->first, entry->second);
        }
    }
}

}  // namespace allot::bench::naive
