// Draws the odd cases of the specification often: ties, cancelled, missing, exceeding, frozen.
#include "oracle/book_generator.hpp"

#include <algorithm>

#include "oracle/random.hpp"

namespace oracle {

namespace {

const std::string figi = "Instrument/default/Figi";
const std::string isin = "Instrument/default/Isin";

// Draws one scenario; each entity's odd cases in a function of its own.
class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_{seed} { made_.seed = seed; }

    Scenario scenario();

  private:
    Key id(const std::string& letter);
    Rational quantity();
    std::string time();
    std::string side_of(std::size_t group);
    Identifiers identifiers_of(std::size_t group);
    void order(std::size_t group);
    void block(std::size_t group);
    void placement();
    ExecutionRow execution();
    void allocation();
    AllocationRow like_an_earlier_run(const ExecutionRow& execution, const OrderRow& order);
    void instruments();
    void request();
    void change();
    template <class Row>
    const Row& any(const std::map<Key, Row>& rows) {
        return std::next(rows.begin(), static_cast<std::ptrdiff_t>(random_.below(rows.size())))
            ->second;
    }

    Random random_;
    Scenario made_{};
    int number_{0};
    int quantity_style_{0};
    std::vector<std::vector<Key>> orders_of_{};
    std::vector<std::vector<Key>> blocks_of_{};
    std::map<Key, std::size_t> group_of_placement_{};
};

Key Generator::id(const std::string& letter) {
    static const std::vector<std::string> odd{"-", ".", " ", "\xC3\xA4", "|", "\"", "/"};
    const std::string digits = std::to_string(++number_);
    std::string code = letter + digits;
    if (random_.one_in(12)) {
        code = letter + random_.pick(odd) + digits;
    } else if (random_.one_in(25)) {
        code = letter + std::string(random_.one_in(2) ? 27 : 60, 'x') + digits;
    } else if (random_.one_in(8)) {
        code = digits + letter;  // sorts elsewhere than it was made
    }
    return {random_.one_in(15) ? "alt" : "desk", code};
}

Rational Generator::quantity() {
    const int style = quantity_style_ == 4 ? random_.between(0, 3) : quantity_style_;
    switch (style) {
        case 0:
            return Rational{random_.between(1, 20)};
        case 1:
            return Rational{100 * random_.between(1, 30)};
        case 2:
            return Rational{random_.between(1, 20000), 1000};
        default:
            return Rational{Whole{random_.next() % 1000000000000ULL}} +
                   Rational{random_.between(1, 999999), 1000000000};
    }
}

std::string Generator::time() {
    static const std::vector<std::string> times{
        "2026-03-02",
        "2026-03-02T00:00:00Z",
        "2026-03-01T19:00:00-05:00",
        "2026-03-02T09:30:00Z",
        "2026-03-02T10:30:00+01:00",
        "2026-03-02T09:30:00",
        "2026-03-02T09:30:00.0000000+00:00",
        "2026-03-02T09:30:00.000000001Z",
        "2026-03-02T09:30:00.0000000019Z",  // the tenth digit is ignored
        "2026-03-02T15:15:00+05:45",
        "2026-02-28T23:59:59Z",
        "2026-03-01T00:59:59+01:00",
        "2024-02-29T12:00:00Z",
        "1969-12-31T23:59:59.5Z"};
    return random_.pick(times);
}

std::string Generator::side_of(std::size_t group) {
    static const std::vector<std::vector<std::string>> sides{
        {"Buy", "buy", "BUY", "Buy"}, {"Sell", "sell", "SELL"}, {"Short", "short"}};
    return random_.pick(sides[group % 3]);
}

Identifiers Generator::identifiers_of(std::size_t group) {
    const std::string name = std::to_string(group);
    Identifiers made;
    const int what = random_.between(0, 5);
    if (what == 1 || what >= 3) {
        made[figi] = "F" + name;
    }
    if (what == 2 || what == 3) {
        made[isin] = "I" + name;
    }
    return made;
}

void Generator::order(std::size_t group) {
    static const std::vector<std::string> states{"cancelled", "CANCELED", "Closed",  "bOOked",
                                                 "rejected",  "EXPIRED",  "Held",    "Filled",
                                                 "New",       "Placed",   "Pending", "new"};
    OrderRow row;
    row.id = id("O");
    row.side = side_of(group);
    row.quantity = quantity();
    if (random_.one_in(60)) {
        row.quantity.reset();
        row.amount = Money{Rational{1000}, "GBP"};
    }
    if (!random_.one_in(50)) {
        row.portfolio = Key{"funds", "P" + std::to_string(random_.between(1, 4))};
    }
    row.date = random_.one_in(4) ? "" : time();
    row.state = random_.one_in(5) ? random_.pick(states) : random_.one_in(2) ? "" : "New";
    row.type = random_.one_in(2) ? "" : "Limit";
    row.identifiers = identifiers_of(group);
    if (random_.one_in(4)) {
        row.custodian = Key{"custody", "C" + std::to_string(random_.between(1, 2))};
    }
    row.instrument_scope = random_.one_in(6) ? "default" : "";
    row.lusid_instrument_id = random_.one_in(4) ? "LUID_O" : "";
    made_.book.orders[row.id] = row;
    orders_of_[group].push_back(row.id);
}

void Generator::block(std::size_t group) {
    BlockRow row;
    row.id = id("B");
    for (const Key& order : orders_of_[group]) {
        if (!random_.one_in(4)) {
            row.orders.push_back(order);
        }
    }
    if (row.orders.empty() || random_.one_in(12)) {
        row.orders.push_back(random_.pick(orders_of_[group]));  // perhaps a second time
    }
    random_.shuffle(row.orders);
    row.side = random_.one_in(4) ? "" : side_of(group);
    row.identifiers = identifiers_of(group);
    made_.book.blocks[row.id] = row;
    blocks_of_[group].push_back(row.id);
}

void Generator::placement() {
    const std::size_t group = random_.below(blocks_of_.size());
    PlacementRow row;
    row.id = id("P");
    const int count = random_.between(1, 3);
    for (int i = 0; i < count; ++i) {
        row.blocks.push_back(random_.pick(blocks_of_[group]));
    }
    if (!made_.book.placements.empty() && random_.one_in(3)) {
        row.parent = any(made_.book.placements).id;
    }
    row.side = random_.one_in(3) ? "" : side_of(group);
    if (random_.one_in(2)) {
        row.quantity = quantity();
    }
    row.identifiers = identifiers_of(group);
    row.counterparty = random_.one_in(3) ? "BROKER" : "";
    row.lusid_instrument_id = random_.one_in(4) ? "LUID_P" : "";
    made_.book.placements[row.id] = row;
    group_of_placement_[row.id] = group;
}

ExecutionRow Generator::execution() {
    static const std::vector<std::string> states{"Cancelled", "cANCELED", "busted", "REJECTED",
                                                 "Filled",    "New",      "Booked"};
    const PlacementRow& placement = any(made_.book.placements);
    const std::size_t group = group_of_placement_.at(placement.id);
    ExecutionRow row;
    row.id = id("E");
    row.placement = placement.id;
    row.quantity = quantity();
    row.created_date = time();
    if (!random_.one_in(60)) {
        row.price =
            Money{Rational{random_.between(-200, 9000), 100}, random_.one_in(8) ? "" : "USD"};
    }
    row.side = random_.one_in(3) ? "" : side_of(group);
    row.state = random_.one_in(4) ? random_.pick(states) : "";
    row.type = random_.one_in(2) ? "" : "Market";
    row.identifiers = identifiers_of(group);
    row.settlement_date = random_.one_in(3) ? "2026-03-04" : "";
    row.settlement_currency = random_.one_in(3) ? "GBP" : "";
    if (random_.one_in(4)) {
        row.fx_rate = Rational{random_.between(1, 3000), 1000};
    }
    row.counterparty = random_.one_in(3) ? "CPTY" : "";
    row.lusid_instrument_id = random_.one_in(4) ? "LUID_E" : "";
    return row;
}

AllocationRow Generator::like_an_earlier_run(const ExecutionRow& execution, const OrderRow& order) {
    AllocationRow row = derived(made_.book, execution, order);
    row.id = allocation_id(execution.id, order.id, execution.placement, random_.one_in(5) ? 2 : 1);
    return row;
}

void Generator::allocation() {
    static const std::vector<std::string> states{"Cancelled", "canceled", "Booked", "closed",
                                                 "New",       "new",      ""};
    const OrderRow& order = any(made_.book.orders);
    AllocationRow row;
    row.id = id("A");
    const int kind = made_.book.executions.empty() ? random_.between(3, 4) : random_.between(0, 4);
    if (kind <= 1) {
        row = like_an_earlier_run(any(made_.book.executions), order);
    } else if (kind == 2) {
        const int count = random_.between(1, 3);
        for (int i = 0; i < count; ++i) {
            const Key named = any(made_.book.executions).id;
            if (std::find(row.executions.begin(), row.executions.end(), named) ==
                row.executions.end()) {
                row.executions.push_back(named);
            }
        }
        if (random_.one_in(2)) {
            row.placements = {any(made_.book.placements).id};
        }
    } else if (kind == 3 || random_.one_in(2)) {
        row.placements = {any(made_.book.placements).id};
        const Key second = any(made_.book.placements).id;
        if (random_.one_in(3) && second != row.placements[0]) {
            row.placements.push_back(second);
        }
    }
    row.order = order.id;
    row.quantity = quantity();
    row.portfolio = order.portfolio;
    row.state = random_.one_in(2) ? random_.pick(states) : "New";
    made_.book.allocations[row.id] = row;
}

void Generator::instruments() {
    static const std::vector<std::string> lots{"10", "0.5", "0.01", "0.3", "100", "1"};
    for (std::size_t group = 0; group < blocks_of_.size(); ++group) {
        Identifiers identifiers = identifiers_of(group);
        if (!identifiers.empty() && random_.one_in(3)) {
            made_.book.instruments.push_back({identifiers, rational(random_.pick(lots))});
        }
    }
    if (random_.one_in(4)) {
        made_.book.instruments.push_back({{{figi, "unrelated"}}, Rational{1000}});
    }
}

void Generator::request() {
    static const std::vector<std::string> lots{"1", "1", "1", "10", "0.1", "0.5", "3", "100"};
    static const std::vector<std::vector<std::string>> dead{
        {}, {"HELD"}, {"Cancelled", "held", "filled"}, {"New"}};
    Request& request = made_.request;
    request.algorithm = random_.one_in(2) ? "FIFO" : "PR-FIFO";
    request.lot = rational(random_.pick(lots));
    request.allow_unpriced = random_.one_in(3);
    if (random_.one_in(6)) {
        request.dead_states = random_.pick(dead);
    }
    if (random_.one_in(3)) {
        for (int i = random_.between(1, 3); i > 0; --i) {
            request.placements.push_back(any(made_.book.placements).id);
        }
        if (random_.one_in(4)) {
            request.placements.emplace_back("desk", "nowhere");
        }
        random_.shuffle(request.placements);
    }
}

void Generator::change() {
    static const std::vector<std::string> states{"Booked", "CLOSED", "cancelled"};
    Change change;
    change.kind = static_cast<Change::Kind>(random_.between(0, 3));
    change.quantity = quantity();
    change.index = random_.below(1000);
    change.state = random_.pick(states);
    if (change.kind == Change::Kind::order_grows) {
        change.id = any(made_.book.orders).id;
    } else if (change.kind == Change::Kind::execution_grows && !made_.book.executions.empty()) {
        change.id = any(made_.book.executions).id;
    } else if (change.kind != Change::Kind::allocation_state) {
        change.kind = Change::Kind::execution_is_new;
        change.execution = execution();
    }
    made_.changes.push_back(change);
}

Scenario Generator::scenario() {
    quantity_style_ = random_.between(0, 4);
    const std::size_t groups = 1 + random_.below(2);
    orders_of_.resize(groups);
    blocks_of_.resize(groups);
    for (std::size_t group = 0; group < groups; ++group) {
        const int orders = random_.between(1, 6);
        for (int i = 0; i < orders; ++i) {
            order(group);
        }
        const int blocks = random_.between(1, 3);
        for (int i = 0; i < blocks; ++i) {
            block(group);
        }
    }
    const int placements = random_.between(1, 5);
    for (int i = 0; i < placements; ++i) {
        placement();
    }
    const int executions = random_.between(0, 8);
    for (int i = 0; i < executions; ++i) {
        const ExecutionRow row = execution();
        made_.book.executions[row.id] = row;
    }
    const int allocations = random_.one_in(2) ? 0 : random_.between(1, 4);
    for (int i = 0; i < allocations; ++i) {
        allocation();
    }
    instruments();
    request();
    const int changes = random_.between(1, 4);
    for (int i = 0; i < changes; ++i) {
        change();
    }
    made_.rereads = random_.one_in(2);
    return made_;
}

}  // namespace

Scenario random_scenario(std::uint64_t seed) {
    return Generator{seed}.scenario();
}

void mend(PlainBook& book) {
    const auto keep = [](std::vector<Key>& ids, const auto& rows) {
        ids.erase(std::remove_if(ids.begin(), ids.end(),
                                 [&](const Key& id) { return rows.count(id) == 0; }),
                  ids.end());
    };
    for (auto block = book.blocks.begin(); block != book.blocks.end();) {
        keep(block->second.orders, book.orders);
        block = block->second.orders.empty() ? book.blocks.erase(block) : std::next(block);
    }
    for (auto placement = book.placements.begin(); placement != book.placements.end();) {
        keep(placement->second.blocks, book.blocks);
        placement = placement->second.blocks.empty() ? book.placements.erase(placement)
                                                     : std::next(placement);
    }
    for (auto& [id, placement] : book.placements) {
        if (placement.parent && book.placements.count(*placement.parent) == 0) {
            placement.parent.reset();
        }
    }
    for (auto execution = book.executions.begin(); execution != book.executions.end();) {
        const bool stands = book.placements.count(execution->second.placement) != 0;
        execution = stands ? std::next(execution) : book.executions.erase(execution);
    }
    for (auto allocation = book.allocations.begin(); allocation != book.allocations.end();) {
        keep(allocation->second.placements, book.placements);
        keep(allocation->second.executions, book.executions);
        const bool stands = book.orders.count(allocation->second.order) != 0;
        allocation = stands ? std::next(allocation) : book.allocations.erase(allocation);
    }
}

namespace {

void mend(Scenario& scenario) {
    mend(scenario.book);
    auto& changes = scenario.changes;
    const auto cannot_stand = [&](const Change& change) {
        switch (change.kind) {
            case Change::Kind::execution_grows:
                return scenario.book.executions.count(change.id) == 0;
            case Change::Kind::execution_is_new:
                return scenario.book.placements.count(change.execution.placement) == 0;
            case Change::Kind::order_grows:
                return scenario.book.orders.count(change.id) == 0;
            default:
                return false;
        }
    };
    changes.erase(std::remove_if(changes.begin(), changes.end(), cannot_stand), changes.end());
}

template <class Rows>
void without_each(const Scenario& scenario, Rows PlainBook::*rows, std::vector<Scenario>& out) {
    for (const auto& row : scenario.book.*rows) {
        out.push_back(scenario);
        (out.back().book.*rows).erase(row.first);
        mend(out.back());
    }
}

}  // namespace

std::vector<Scenario> smaller(const Scenario& scenario) {
    std::vector<Scenario> out;
    for (std::size_t i = 0; i < scenario.changes.size(); ++i) {
        out.push_back(scenario);
        out.back().changes.erase(out.back().changes.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (std::size_t i = 0; i < scenario.request.placements.size(); ++i) {
        out.push_back(scenario);
        auto& ids = out.back().request.placements;
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (std::size_t i = 0; i < scenario.book.instruments.size(); ++i) {
        out.push_back(scenario);
        auto& rows = out.back().book.instruments;
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
    }
    without_each(scenario, &PlainBook::placements, out);
    without_each(scenario, &PlainBook::blocks, out);
    without_each(scenario, &PlainBook::orders, out);
    without_each(scenario, &PlainBook::executions, out);
    without_each(scenario, &PlainBook::allocations, out);
    return out;
}

}  // namespace oracle
