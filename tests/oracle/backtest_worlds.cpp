// Draws the odd cases often: fills at one time, orders in two blocks, orders that go on, prices of
// zero, sizes beyond 64 bits.
#include "oracle/backtest_worlds.hpp"

#include <algorithm>

#include "oracle/backtest_replay.hpp"
#include "oracle/book_generator.hpp"
#include "oracle/random.hpp"

namespace oracle {

namespace {

class Maker {
  public:
    explicit Maker(std::uint64_t seed) : random_{seed} { made_.seed = seed; }

    BacktestWorld world();

  private:
    Key id(const std::string& letter);
    Rational quantity();
    Rational lot();
    std::string time(std::size_t period);
    Identifiers identifiers_of(std::size_t group) const;
    void order(PlainBook& book, std::size_t group);
    bool goes_on(PlainBook& book, std::size_t group);
    void block(PlainBook& book, std::size_t group);
    void placement(PlainBook& book, std::size_t group);
    void execution(PlainBook& book, std::size_t period);
    void allocation(PlainBook& book);
    void period(std::size_t number);
    void request();
    template <class Row>
    const Row& any(const std::map<Key, Row>& rows) {
        return std::next(rows.begin(), static_cast<std::ptrdiff_t>(random_.below(rows.size())))
            ->second;
    }

    Random random_;
    BacktestWorld made_{};
    int number_{0};
    int quantity_style_{0};
    int price_style_{0};
    std::size_t groups_{1};
    bool one_instrument_{false};
    bool goes_lot_by_lot_{false};
    std::vector<std::string> sides_{};
    std::vector<std::vector<Key>> orders_of_{};
    std::vector<std::vector<Key>> blocks_of_{};
};

Key Maker::id(const std::string& letter) {
    const std::string digits = std::to_string(++number_);
    return {random_.one_in(15) ? "alt" : "desk",
            random_.one_in(6) ? digits + letter : letter + digits};
}

Rational Maker::quantity() {
    switch (quantity_style_) {
        case 0:
            return Rational{random_.between(1, 20)};
        case 1:
            return Rational{10 * random_.between(1, 60)};
        case 2:
            return Rational{random_.between(1, 20000), 1000};
        case 3:  // beyond 64 bits, as soon as the places are counted
            return Rational{Whole{random_.next() % 100000000000ULL}} +
                   Rational{random_.between(1, 999999), 1000000000};
        default:
            return Rational{random_.between(1, 3)};
    }
}

Rational Maker::lot() {
    static const std::vector<std::string> lots{"1", "10", "3", "0.01"};
    const std::string text = random_.pick(lots);
    return rational(goes_lot_by_lot_ && text == "0.01" ? "0.5" : text);
}

std::string Maker::time(std::size_t period) {
    static const std::vector<std::string> times{
        "T09:30:00Z",   "T09:30:00Z",     "T10:30:00+01:00", "T09:30:00.000000001Z",
        "T09:30:01.5Z", "T11:00:00.25Z",  "T12:00:00Z",      "T15:59:59.999999999Z",
        "T16:00:00Z",   "T11:30:00-05:00"};
    return "2026-03-0" + std::to_string(2 + period) + random_.pick(times);
}

Identifiers Maker::identifiers_of(std::size_t group) const {
    const std::string name = one_instrument_ ? "one" : std::to_string(group);
    return {{"Instrument/default/Figi", "F" + name}};
}

void Maker::order(PlainBook& book, std::size_t group) {
    static const std::vector<std::string> states{"Closed", "Cancelled", "New", "Booked"};
    OrderRow row;
    row.id = id("O");
    row.side = sides_[group];
    row.quantity = quantity();
    row.portfolio = Key{"funds", "P" + std::to_string(random_.between(1, 4))};
    row.date = random_.one_in(5) ? "" : "2026-03-0" + std::to_string(random_.between(1, 4));
    row.state = random_.one_in(3) ? random_.pick(states) : "";
    row.identifiers = identifiers_of(group);
    book.orders[row.id] = row;
    orders_of_[group].push_back(row.id);
}

// Takes an order over from the period before, sometimes changed so that it begins anew.
bool Maker::goes_on(PlainBook& book, std::size_t group) {
    if (made_.periods.empty() || random_.one_in(2)) {
        return false;
    }
    for (const auto& [id, before] : made_.periods.back().book.orders) {
        if (before.identifiers == identifiers_of(group) && before.side == sides_[group] &&
            book.orders.count(id) == 0 && !random_.one_in(3)) {
            OrderRow row = before;
            switch (random_.between(0, 7)) {
                case 0:
                    row.portfolio = Key{"funds", "P" + std::to_string(random_.between(1, 4))};
                    break;
                case 1:
                    row.date = "2026-03-01T12:00:00Z";
                    break;
                case 2:
                    row.quantity = quantity();
                    break;
                default:
                    break;
            }
            book.orders[id] = row;
            orders_of_[group].push_back(id);
            return true;
        }
    }
    return false;
}

void Maker::block(PlainBook& book, std::size_t group) {
    BlockRow row;
    row.id = id("B");
    for (const Key& order : orders_of_[group]) {
        if (!random_.one_in(4)) {
            row.orders.push_back(order);
        }
    }
    if (row.orders.empty()) {
        row.orders.push_back(random_.pick(orders_of_[group]));
    }
    random_.shuffle(row.orders);
    row.side = sides_[group];
    row.identifiers = identifiers_of(group);
    book.blocks[row.id] = row;
    blocks_of_[group].push_back(row.id);
}

void Maker::placement(PlainBook& book, std::size_t group) {
    PlacementRow row;
    row.id = id("P");
    row.blocks.push_back(random_.pick(blocks_of_[group]));
    if (random_.one_in(4)) {
        row.blocks.push_back(random_.pick(blocks_of_[group]));
    }
    row.identifiers = random_.one_in(3) ? Identifiers{} : identifiers_of(group);
    book.placements[row.id] = row;
}

void Maker::execution(PlainBook& book, std::size_t period) {
    static const std::vector<std::string> dead{"Cancelled", "busted", "REJECTED", "canceled"};
    ExecutionRow row;
    row.id = id("E");
    row.placement = any(book.placements).id;
    row.quantity = random_.one_in(2) ? quantity() : Rational{random_.between(1, 12)};
    row.created_date = time(period);
    row.state = random_.one_in(9) ? random_.pick(dead) : random_.one_in(2) ? "Filled" : "";
    const bool is_odd = random_.one_in(8);
    switch (price_style_) {
        case 0:
            row.price = Money{Rational{random_.between(9900, 10100), 100}, "GBP"};
            break;
        case 1:
            row.price = Money{Rational{random_.between(-3, 3)}, is_odd ? "USD" : "GBP"};
            break;
        case 2:
            row.price = Money{Rational{random_.between(1, 999999), 1000000}, ""};
            break;
        default:
            row.price = Money{Rational{random_.between(10, 12)}, "USD"};
            if (is_odd) {
                row.price.reset();
            }
    }
    book.executions[row.id] = row;
}

void Maker::allocation(PlainBook& book) {
    AllocationRow row;
    row.id = id("A");
    row.order = any(book.orders).id;
    row.quantity = quantity();
    row.state = random_.one_in(6) ? "Cancelled" : random_.one_in(2) ? "Booked" : "New";
    const ExecutionRow& first = any(book.executions);
    if (!random_.one_in(3)) {
        row.executions.push_back(first.id);
        for (const auto& [id, execution] : book.executions) {
            if (id != first.id && random_.one_in(4)) {
                row.executions.push_back(id);
            }
        }
        // Mostly an order of the execution's own claims; nobody's claim is the odd case.
        const BlockRow& block = book.blocks.at(book.placements.at(first.placement).blocks.front());
        row.order = random_.one_in(6) ? row.order : random_.pick(block.orders);
    }
    if (row.executions.empty() || random_.one_in(3)) {
        row.placements.push_back(first.placement);
        const Key second = any(book.placements).id;
        if (second != first.placement && random_.one_in(3)) {
            row.placements.push_back(second);
        }
    }
    row.portfolio = book.orders.at(row.order).portfolio;
    book.allocations[row.id] = row;
}

void Maker::period(std::size_t number) {
    BacktestPeriod made;
    made.name = "day" + std::to_string(number);
    orders_of_.assign(groups_, {});
    blocks_of_.assign(groups_, {});
    for (std::size_t group = 0; group < groups_; ++group) {
        for (int i = random_.between(1, 5); i > 0; --i) {
            if (!goes_on(made.book, group)) {
                order(made.book, group);
            }
        }
        for (int i = random_.between(1, 3); i > 0; --i) {
            block(made.book, group);
        }
        for (int i = random_.between(1, 3); i > 0; --i) {
            placement(made.book, group);
        }
    }
    for (int i = random_.between(0, 9); i > 0; --i) {
        execution(made.book, number);
    }
    if (!made.book.executions.empty() && random_.one_in(2)) {
        for (int i = random_.between(1, 6); i > 0; --i) {
            allocation(made.book);
        }
    }
    if (random_.one_in(2)) {
        made.book.instruments.push_back({identifiers_of(0), lot()});
    }
    made_.periods.push_back(made);
}

void Maker::request() {
    static const std::vector<std::string> rules{
        "PR-FIFO", "PR-LIFO", "PR-LF",    "PR-SF",   "PR-LR", "PR-OLDEST", "PR-RR",   "FIFO",
        "LIFO-LR", "EQ-FIFO", "PRO-FIFO", "TW-FIFO", "SIZE",  "QUOTA",     "WEBSTER", "TIJDEMAN"};
    BacktestRequest& request = made_.request;
    while (request.algorithms.size() < 3) {
        const std::string& rule = random_.pick(rules);
        const auto& all = request.algorithms;
        // Lot by lot, the pencil needs too long for many lots.
        const bool is_slow = is_cumulative(rule) && (quantity_style_ == 1 || quantity_style_ == 3);
        if (!is_slow && std::find(all.begin(), all.end(), rule) == all.end()) {
            request.algorithms.push_back(rule);
            goes_lot_by_lot_ = goes_lot_by_lot_ || is_cumulative(rule);
        }
    }
    request.lot = lot();
    request.allow_unpriced = random_.one_in(2);
    request.independent = random_.one_in(4);
}

BacktestWorld Maker::world() {
    static const std::vector<std::string> sides{"Buy",       "Sell",       "Short",
                                                "SellShort", "BuyToCover", "buy"};
    quantity_style_ = random_.between(0, 4);
    price_style_ = random_.between(0, 3);
    groups_ = 1 + random_.below(3);
    one_instrument_ = random_.one_in(3);
    for (std::size_t group = 0; group < groups_; ++group) {
        sides_.push_back(random_.pick(sides));
    }
    request();
    const std::size_t periods = 1 + random_.below(3);
    for (std::size_t number = 0; number < periods; ++number) {
        period(number);
    }
    return made_;
}

template <class Rows>
void without_each(const BacktestWorld& world, std::size_t period, Rows PlainBook::*rows,
                  std::vector<BacktestWorld>& out) {
    for (const auto& row : world.periods[period].book.*rows) {
        out.push_back(world);
        PlainBook& book = out.back().periods[period].book;
        (book.*rows).erase(row.first);
        mend(book);
    }
}

}  // namespace

BacktestWorld random_backtest(std::uint64_t seed) {
    return Maker{seed}.world();
}

std::vector<BacktestWorld> smaller(const BacktestWorld& world) {
    std::vector<BacktestWorld> out;
    for (std::size_t p = 0; p < world.periods.size(); ++p) {
        out.push_back(world);
        out.back().periods.erase(out.back().periods.begin() + static_cast<std::ptrdiff_t>(p));
    }
    for (std::size_t a = 0; a < world.request.algorithms.size() && a < 2; ++a) {
        if (world.request.algorithms.size() > 1) {
            out.push_back(world);
            auto& codes = out.back().request.algorithms;
            codes.erase(codes.begin() + static_cast<std::ptrdiff_t>(a));
        }
    }
    for (std::size_t p = 0; p < world.periods.size(); ++p) {
        without_each(world, p, &PlainBook::placements, out);
        without_each(world, p, &PlainBook::blocks, out);
        without_each(world, p, &PlainBook::orders, out);
        without_each(world, p, &PlainBook::executions, out);
        without_each(world, p, &PlainBook::allocations, out);
    }
    return out;
}

std::string description(const BacktestWorld& world) {
    std::string text = "seed " + std::to_string(world.seed) + "\nrules";
    for (const std::string& code : world.request.algorithms) {
        text += " " + code;
    }
    text += "\nlot " + decimal_text(world.request.lot);
    text += world.request.allow_unpriced ? ", unpriced allowed" : "";
    text += world.request.independent ? ", independent\n" : "\n";
    for (const BacktestPeriod& period : world.periods) {
        text += period.name + "\n" + json_text(period.book, 1) + "\n";
    }
    return text;
}

}  // namespace oracle
