// Collect, rank, split, commit: loops over everything, every time.
#include "oracle/book_oracle.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "oracle/split_oracle.hpp"
#include "oracle/xxh64.hpp"

namespace oracle {

namespace {

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return text;
}

bool is_one_of(const std::string& state, const std::vector<std::string>& states) {
    return std::any_of(states.begin(), states.end(),
                       [&](const std::string& other) { return lower(other) == lower(state); });
}

bool is_live(const ExecutionRow& execution) {
    return !is_one_of(execution.state, {"Cancelled", "Canceled", "Busted", "Rejected"});
}

bool counts(const AllocationRow& allocation) {
    return !is_one_of(allocation.state, {"Cancelled", "Canceled"});
}

bool is_live(const OrderRow& order, const Request& request) {
    static const std::vector<std::string> dead{"Cancelled", "Canceled", "Closed",
                                               "Booked",    "Rejected", "Expired"};
    return !is_one_of(order.state, request.dead_states.value_or(dead));
}

const std::string& first_given(const std::string& a, const std::string& b,
                               const std::string& c = {}) {
    return !a.empty() ? a : !b.empty() ? b : c;
}

struct Claim {
    const OrderRow* order;
    std::size_t block_position;
    std::size_t order_position;
};

// One run: everything it works with in one place.
class Run {
  public:
    Run(PlainBook& book, const Request& request) : book_{book}, request_{request} {}

    Result run();

  private:
    std::set<Key> requested();
    std::vector<const ExecutionRow*> in_time_order(const std::set<Key>& placements) const;
    void use_up(const ExecutionRow& execution, const Key& order, Rational& left);
    void consume();
    std::vector<Claim> claims_of(const PlacementRow& placement) const;
    Rational outstanding(const OrderRow& order) const;
    Rational lot_of(const PlacementRow& placement) const;
    std::string failure_of(const PlacementRow& placement) const;
    Rational offered(const ExecutionRow& execution) const;
    void split(const ExecutionRow& execution);
    void commit(const ExecutionRow& execution, const OrderRow& order, const Rational& share);
    Outcome outcome(const PlacementRow& placement) const;

    PlainBook& book_;
    const Request& request_;
    Result result_{};
    std::map<Key, Rational> remaining_{};            // of each execution
    std::map<Key, std::map<Key, Rational>> used_{};  // by execution, then order
};

std::set<Key> Run::requested() {
    std::set<Key> all;
    if (request_.placements.empty()) {
        for (const auto& [id, execution] : book_.executions) {
            all.insert(execution.placement);
        }
    }
    for (const Key& id : request_.placements) {
        if (book_.placements.count(id) != 0) {
            all.insert(id);
        } else {
            result_.failed[id] = "PlacementNotFound";
        }
    }
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& [id, placement] : book_.placements) {
            if (placement.parent && all.count(*placement.parent) != 0) {
                grows = all.insert(id).second || grows;
            }
        }
    }
    return all;
}

std::vector<const ExecutionRow*> Run::in_time_order(const std::set<Key>& placements) const {
    std::vector<const ExecutionRow*> found;
    for (const auto& [id, execution] : book_.executions) {
        if (placements.count(execution.placement) != 0) {
            found.push_back(&execution);
        }
    }
    std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) {
        return std::make_tuple(instant(a->created_date), a->id) <
               std::make_tuple(instant(b->created_date), b->id);
    });
    return found;
}

void Run::use_up(const ExecutionRow& execution, const Key& order, Rational& left) {
    const Rational takes = std::min(left, remaining_[execution.id]);
    if (takes > 0) {
        remaining_[execution.id] -= takes;
        used_[execution.id][order] += takes;
        left -= takes;
    }
}

// Stored allocations use up executions: those that name executions first.
void Run::consume() {
    for (const auto& [id, execution] : book_.executions) {
        remaining_[id] = execution.quantity;
    }
    for (const bool naming : {true, false}) {
        for (const auto& [id, allocation] : book_.allocations) {
            if (!counts(allocation) || allocation.executions.empty() == naming) {
                continue;
            }
            const std::set<Key> named(allocation.executions.begin(), allocation.executions.end());
            std::set<Key> placements(allocation.placements.begin(), allocation.placements.end());
            std::set<Key> everywhere;
            for (const auto& [other, placement] : book_.placements) {
                everywhere.insert(other);
            }
            Rational left = allocation.quantity;
            for (const ExecutionRow* execution : in_time_order(everywhere)) {
                if (named.count(execution->id) != 0) {
                    use_up(*execution, allocation.order, left);
                    if (allocation.placements.empty()) {
                        placements.insert(execution->placement);
                    }
                }
            }
            for (const ExecutionRow* execution : in_time_order(placements)) {
                if (named.count(execution->id) == 0 && is_live(*execution)) {
                    use_up(*execution, allocation.order, left);
                }
            }
        }
    }
}

std::vector<Claim> Run::claims_of(const PlacementRow& placement) const {
    std::vector<Claim> claims;
    std::set<Key> seen;
    for (std::size_t b = 0; b < placement.blocks.size(); ++b) {
        const BlockRow& block = book_.blocks.at(placement.blocks[b]);
        for (std::size_t o = 0; o < block.orders.size(); ++o) {
            const OrderRow& order = book_.orders.at(block.orders[o]);
            if (is_live(order, request_) && seen.insert(order.id).second) {
                claims.push_back({&order, b, o});
            }
        }
    }
    const auto rank = [](const Claim& claim) {
        const bool dateless = claim.order->date.empty();
        return std::make_tuple(dateless,
                               dateless ? instant("1970-01-01") : instant(claim.order->date),
                               claim.block_position, claim.order_position, claim.order->id);
    };
    std::sort(claims.begin(), claims.end(),
              [&](const Claim& a, const Claim& b) { return rank(a) < rank(b); });
    return claims;
}

Rational Run::outstanding(const OrderRow& order) const {
    Rational allocated{0};
    for (const auto& [id, allocation] : book_.allocations) {
        if (allocation.order == order.id && counts(allocation)) {
            allocated += allocation.quantity;
        }
    }
    return std::max(Rational{0}, Rational{*order.quantity - allocated});
}

Rational Run::lot_of(const PlacementRow& placement) const {
    Identifiers identifiers = placement.identifiers;
    for (const Key& id : placement.blocks) {
        if (identifiers.empty()) {
            identifiers = book_.blocks.at(id).identifiers;
        }
    }
    for (const InstrumentRow& instrument : book_.instruments) {
        bool shares_a_key = false;
        bool differs = false;
        for (const auto& [key, value] : instrument.identifiers) {
            if (identifiers.count(key) != 0) {
                shares_a_key = true;
                differs = differs || identifiers.at(key) != value;
            }
        }
        if (shares_a_key && !differs) {
            return instrument.lot;
        }
    }
    return request_.lot;
}

Rational Run::offered(const ExecutionRow& execution) const {
    return is_live(execution) ? remaining_.at(execution.id) : Rational{0};
}

std::string Run::failure_of(const PlacementRow& placement) const {
    bool offers = false;
    bool unpriced = false;
    for (const ExecutionRow* execution : in_time_order({placement.id})) {
        offers = offers || offered(*execution) > 0;
        unpriced = unpriced || (offered(*execution) > 0 && !execution->price);
    }
    if (!offers) {
        return "";
    }
    const std::vector<Claim> claims = claims_of(placement);
    const auto any = [&](auto what) { return std::any_of(claims.begin(), claims.end(), what); };
    if (claims.empty()) {
        return "NoOrders";
    }
    if (any([](const Claim& claim) { return !claim.order->portfolio; })) {
        return "EmptyPortfolioIdFailure";
    }
    if (any([](const Claim& claim) { return !claim.order->quantity; })) {
        return "QuantityMissing";
    }
    return unpriced && !request_.allow_unpriced ? "PriceMissing" : "";
}

// Of the pair's allocations the newest that is not frozen grows (a cancelled one is written anew);
// when there is none, the next suffix is taken that nobody has.
void Run::commit(const ExecutionRow& execution, const OrderRow& order, const Rational& share) {
    AllocationRow made = derived(book_, execution, order);
    made.quantity = share;
    int last = 0;
    const AllocationRow* grows = nullptr;
    for (int ordinal = 1; ordinal <= 20; ++ordinal) {
        const auto stored = book_.allocations.find(
            allocation_id(execution.id, order.id, execution.placement, ordinal));
        if (stored != book_.allocations.end() && stored->second.order == order.id &&
            stored->second.executions == std::vector<Key>{execution.id}) {
            last = ordinal;
            grows = is_one_of(stored->second.state, {"Booked", "Closed"}) ? grows : &stored->second;
        }
    }
    if (grows != nullptr) {
        made.id = grows->id;
        if (counts(*grows)) {
            made.quantity += grows->quantity;
            made.state = grows->state;
        }
    } else {
        do {
            made.id = allocation_id(execution.id, order.id, execution.placement, ++last);
        } while (book_.allocations.count(made.id) != 0);
    }
    book_.allocations[made.id] = made;
    result_.allocations.push_back(made);
}

void Run::split(const ExecutionRow& execution) {
    const PlacementRow& placement = book_.placements.at(execution.placement);
    const std::vector<Claim> claims = claims_of(placement);
    std::vector<Rational> rooms;
    for (const Claim& claim : claims) {
        rooms.push_back(outstanding(*claim.order));
    }
    const std::vector<Rational> shares =
        oracle::split(request_.algorithm, offered(execution), rooms, lot_of(placement));
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (shares[i] > 0) {
            remaining_[execution.id] -= shares[i];
            used_[execution.id][claims[i].order->id] += shares[i];
            commit(execution, *claims[i].order, shares[i]);
        }
    }
}

Outcome Run::outcome(const PlacementRow& placement) const {
    Outcome outcome;
    std::map<Key, Rational> received;
    for (const ExecutionRow* execution : in_time_order({placement.id})) {
        if (is_live(*execution)) {
            outcome.executed += execution->quantity;
            outcome.unallocated += remaining_.at(execution->id);
            const auto used = used_.find(execution->id);
            if (used != used_.end()) {
                for (const auto& [order, quantity] : used->second) {
                    received[order] += quantity;
                }
            }
        }
    }
    outcome.allocated = outcome.executed - outcome.unallocated;
    Rational ordered{0};
    const std::vector<Claim> claims = claims_of(placement);
    for (const Claim& claim : claims) {
        if (!claim.order->quantity) {
            return outcome;
        }
        ordered += *claim.order->quantity;
    }
    if (claims.empty() || outcome.executed == 0) {
        return outcome;
    }
    const Rational lot = lot_of(placement);
    for (const Claim& claim : claims) {
        const Rational exact = outcome.executed * *claim.order->quantity / ordered;
        const Rational off = abs(Rational{(received[claim.order->id] - exact) / lot});
        if (!outcome.deviation || off > *outcome.deviation) {
            outcome.deviation = off;
            outcome.most_deviating.clear();
        }
        if (off == *outcome.deviation) {
            outcome.most_deviating.insert(claim.order->id);
        }
    }
    return outcome;
}

Result Run::run() {
    const std::set<Key> placements = requested();
    consume();
    std::set<Key> allocating;
    for (const Key& id : placements) {
        const std::string failure = failure_of(book_.placements.at(id));
        if (failure.empty()) {
            allocating.insert(id);
        } else {
            result_.failed[id] = failure;
        }
    }
    for (const ExecutionRow* execution : in_time_order(allocating)) {
        if (offered(*execution) > 0) {
            split(*execution);
        }
    }
    for (const Key& id : placements) {
        const PlacementRow& placement = book_.placements.at(id);
        result_.placements[id] = outcome(placement);
        Outcome& said = result_.placements[id];
        if (allocating.count(id) == 0) {
            said.deviation.reset();  // nothing was shared out that could be unfair
        }
        if (allocating.count(id) != 0 && said.unallocated > 0) {
            result_.failed[id] = "OverExecutedPlacement";
        }
        if (placement.quantity && said.executed > *placement.quantity) {
            result_.executed_above.insert(id);
        }
    }
    // The result lists by placement, then execution; within one execution by rank, as committed.
    const auto place = [&](const AllocationRow& a) {
        const ExecutionRow& execution = book_.executions.at(a.executions[0]);
        return std::make_tuple(execution.placement, instant(execution.created_date), execution.id);
    };
    std::stable_sort(
        result_.allocations.begin(), result_.allocations.end(),
        [&](const AllocationRow& a, const AllocationRow& b) { return place(a) < place(b); });
    return result_;
}

}  // namespace

Result run(PlainBook& book, const Request& request) {
    return Run{book, request}.run();
}

AllocationRow derived(const PlainBook& book, const ExecutionRow& execution, const OrderRow& order) {
    const PlacementRow& placement = book.placements.at(execution.placement);
    AllocationRow made;
    made.order = order.id;
    made.portfolio = order.portfolio;
    made.placements = {placement.id};
    made.executions = {execution.id};
    made.price = execution.price;
    made.side = first_given(execution.side, placement.side, order.side);
    made.state = "New";
    made.type = first_given(execution.type, order.type);
    made.date = execution.created_date;
    made.identifiers = !execution.identifiers.empty()   ? execution.identifiers
                       : !placement.identifiers.empty() ? placement.identifiers
                                                        : order.identifiers;
    made.settlement_date = execution.settlement_date;
    made.settlement_currency = execution.settlement_currency;
    made.fx_rate = execution.fx_rate;
    made.counterparty = first_given(execution.counterparty, placement.counterparty);
    made.custodian = order.custodian;
    made.instrument_scope = order.instrument_scope;
    made.lusid_instrument_id = first_given(
        execution.lusid_instrument_id, placement.lusid_instrument_id, order.lusid_instrument_id);
    return made;
}

Key allocation_id(const Key& execution, const Key& order, const Key& placement, int ordinal) {
    const auto is_plain = [](const std::string& code) {
        return std::all_of(code.begin(), code.end(), [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   c == '_';
        });
    };
    const std::string suffix = ordinal > 1 ? "-" + std::to_string(ordinal) : "";
    const std::string joined = execution.second + "-" + order.second;
    if (execution.first == placement.first && order.first == placement.first &&
        is_plain(execution.second) && is_plain(order.second) &&
        joined.size() + suffix.size() <= 64) {
        return {placement.first, joined + suffix};
    }
    std::string code;
    for (const char c : joined) {
        if (c == '-' || is_plain(std::string(1, c))) {
            code += c;
        }
    }
    code.resize(std::min<std::size_t>(code.size(), 47 - suffix.size()));
    const std::string zero(1, '\0');
    return {placement.first, code + "-" +
                                 hexadecimal(xxh64(execution.first + zero + execution.second +
                                                   zero + order.first + zero + order.second)) +
                                 suffix};
}

std::pair<std::int64_t, std::int64_t> instant(const std::string& text) {
    const auto number = [&](std::size_t at, std::size_t length) {
        return std::stoll(text.substr(at, length));
    };
    std::int64_t days = number(8, 2) - 1;
    const std::int64_t year = number(0, 4);
    for (std::int64_t month = 1; month < number(5, 2); ++month) {
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        days += month == 2 ? (leap ? 29 : 28)
                           : (month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
    }
    const std::int64_t before = year - 1;
    days += before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    std::int64_t seconds = days * 86400;
    std::int64_t nanoseconds = 0;
    if (text.size() > 10) {
        seconds += number(11, 2) * 3600 + number(14, 2) * 60;
        std::size_t at = 16;
        if (at < text.size() && text[at] == ':') {
            seconds += number(17, 2);
            at = 19;
        }
        if (at < text.size() && text[at] == '.') {
            std::string fraction;
            for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
                fraction += text[at];
            }
            fraction.resize(9, '0');
            nanoseconds = std::stoll(fraction);
        }
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
            const std::int64_t offset = number(at + 1, 2) * 3600 + number(at + 4, 2) * 60;
            seconds -= text[at] == '+' ? offset : -offset;
        }
    }
    return {seconds, nanoseconds};
}

}  // namespace oracle
