// Claims, fills in time order, shares one fill after the other.
#include "oracle/backtest_replay.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "oracle/cumulative_oracle.hpp"
#include "oracle/split_oracle.hpp"

namespace oracle {

namespace {

std::string lower(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

bool is_live(const ExecutionRow& execution) {
    static const std::set<std::string> dead{"cancelled", "canceled", "busted", "rejected"};
    return dead.count(lower(execution.state)) == 0;
}

bool counts(const AllocationRow& allocation) {
    const std::string state = lower(allocation.state);
    return state != "cancelled" && state != "canceled";
}

bool is_earlier(const ExecutionRow* a, const ExecutionRow* b) {
    return std::make_tuple(instant(a->created_date), a->id) <
           std::make_tuple(instant(b->created_date), b->id);
}

std::vector<const ExecutionRow*> in_time_order(const PlainBook& book) {
    std::vector<const ExecutionRow*> all;
    for (const auto& [id, execution] : book.executions) {
        all.push_back(&execution);
    }
    std::sort(all.begin(), all.end(), is_earlier);
    return all;
}

std::vector<const OrderRow*> claims_of(const PlainBook& book, const PlacementRow& placement) {
    std::vector<const OrderRow*> claims;
    for (const Key& block : placement.blocks) {
        for (const Key& id : book.blocks.at(block).orders) {
            const OrderRow* order = &book.orders.at(id);
            if (std::find(claims.begin(), claims.end(), order) == claims.end()) {
                claims.push_back(order);
            }
        }
    }
    std::stable_sort(claims.begin(), claims.end(), [](const OrderRow* a, const OrderRow* b) {
        if (a->date.empty() || b->date.empty()) {
            return !a->date.empty();
        }
        return instant(a->date) < instant(b->date);
    });
    return claims;
}

Identifiers instrument_of(const PlainBook& book, const PlacementRow& placement) {
    Identifiers identifiers = placement.identifiers;
    for (const Key& block : placement.blocks) {
        identifiers = identifiers.empty() ? book.blocks.at(block).identifiers : identifiers;
    }
    return identifiers;
}

Rational lot_of(const PlainBook& book, const Identifiers& identifiers, const Rational& otherwise) {
    for (const InstrumentRow& instrument : book.instruments) {
        if (instrument.identifiers == identifiers) {
            return instrument.lot;
        }
    }
    return otherwise;
}

// By execution, then order: what the stored allocations take.
using Taken = std::map<Key, std::map<Key, Rational>>;

class Consumption {
  public:
    explicit Consumption(const PlainBook& book) : book_{book} {
        for (const auto& [id, execution] : book.executions) {
            left_[id] = execution.quantity;
        }
        for (const bool naming : {true, false}) {
            for (const auto& [id, allocation] : book.allocations) {
                if (counts(allocation) && allocation.executions.empty() != naming) {
                    lay_out(allocation);
                }
            }
        }
    }
    Taken taken{};

  private:
    void lay_out(const AllocationRow& allocation) {
        std::set<Key> placements(allocation.placements.begin(), allocation.placements.end());
        const std::set<Key> named(allocation.executions.begin(), allocation.executions.end());
        Rational wanted = allocation.quantity;
        for (const ExecutionRow* execution : in_time_order(book_)) {
            if (named.count(execution->id) != 0) {
                take(*execution, allocation.order, wanted);
                if (allocation.placements.empty()) {
                    placements.insert(execution->placement);
                }
            }
        }
        for (const ExecutionRow* execution : in_time_order(book_)) {
            if (named.count(execution->id) == 0 && is_live(*execution) &&
                placements.count(execution->placement) != 0) {
                take(*execution, allocation.order, wanted);
            }
        }
    }
    void take(const ExecutionRow& execution, const Key& order, Rational& wanted) {
        const Rational part = std::min(wanted, left_[execution.id]);
        left_[execution.id] -= part;
        taken[execution.id][order] += part;
        wanted -= part;
    }

    const PlainBook& book_;
    std::map<Key, Rational> left_{};
};

std::optional<std::string> first_currency(const PlainBook& book, const Key& placement) {
    for (const ExecutionRow* execution : in_time_order(book)) {
        if (execution->placement == placement && is_live(*execution)) {
            return execution->price ? execution->price->currency : "";
        }
    }
    return std::nullopt;
}

// What all fills of the book say, whether they are measured or not.
void look_at_fills(const PlainBook& book, ReplayedPeriod& period) {
    bool is_first = true;
    for (const ExecutionRow* execution : in_time_order(book)) {
        if (is_live(*execution)) {
            period.first = is_first ? moment(*execution) : period.first;
            period.last = moment(*execution);
            is_first = false;
            if (execution->price) {
                const PlacementRow& placement = book.placements.at(execution->placement);
                period.marks[{instrument_of(book, placement), execution->price->currency}] =
                    execution->price->amount;
            }
        }
    }
}

// The blocks without shares, and where each placement's fills go.
std::map<Key, std::size_t> lay_out_blocks(const PlainBook& book, const BacktestRequest& request,
                                          ReplayedPeriod& period) {
    std::set<Key> filled;
    for (const auto& [id, execution] : book.executions) {
        filled.insert(execution.placement);
        if (is_live(execution) && !execution.price && !request.allow_unpriced) {
            period.failed[execution.placement] = "PriceMissing";
        }
    }
    std::map<Key, std::size_t> places;
    for (const auto& [id, placement] : book.placements) {
        if (filled.count(id) == 0) {
            continue;
        }
        const std::vector<const OrderRow*> claims = claims_of(book, placement);
        std::size_t at = 0;
        while (at < period.blocks.size() && period.blocks[at].claims != claims) {
            ++at;
        }
        if (at == period.blocks.size()) {
            ReplayedBlock block;
            block.id = placement.blocks.front();
            block.claims = claims;
            block.instrument = instrument_of(book, placement);
            block.lot = lot_of(book, block.instrument, request.lot);
            period.blocks.push_back(block);
        }
        places[id] = at;
        ReplayedBlock& block = period.blocks[at];
        if (period.failed.count(id) == 0 && !block.currency) {
            block.currency = first_currency(book, id);
        }
    }
    return places;
}

}  // namespace

bool is_cumulative(const std::string& code) {
    return code == "QUOTA" || code == "WEBSTER" || code == "TIJDEMAN";
}

Rational moment(const ExecutionRow& execution) {
    const auto [seconds, nanoseconds] = instant(execution.created_date);
    return Rational{Whole{seconds} * 1000000000 + nanoseconds};
}

bool is_sale(const std::string& side) {
    const std::string small = lower(side);
    return small.rfind("sell", 0) == 0 || small.rfind("short", 0) == 0;
}

void ReplayedRule::begin(const PlainBook& book) {
    std::map<Key, Rational> had;
    for (const auto& [id, order] : book.orders) {
        const auto before = orders_.find(id);
        const bool goes_on =
            !request_->independent && before != orders_.end() &&
            before->second.portfolio == order.portfolio && before->second.side == order.side &&
            before->second.identifiers == order.identifiers && before->second.date == order.date;
        had[id] = goes_on ? had_.at(id) : Rational{0};
    }
    orders_ = book.orders;
    had_ = had;
    baseline_ = had;
}

std::vector<Rational> ReplayedRule::shares(const ReplayedBlock& block,
                                           const ReplayedFill& fill) const {
    Problem problem;
    CumulativeState state;
    for (std::size_t i = 0; i < block.claims.size(); ++i) {
        const OrderRow& order = *block.claims[i];
        problem.ordered.push_back(*order.quantity);
        problem.allocated.push_back(had_.at(order.id));
        state.baseline.push_back(baseline_.at(order.id));
    }
    problem.outstanding = fill.outstanding;
    problem.available = fill.execution->quantity;
    problem.lot = block.lot;
    if (!is_cumulative(code_)) {
        const std::size_t dash = code_.find('-');
        problem.base = code_.substr(0, dash);
        problem.remainder = dash == std::string::npos ? "FIFO" : code_.substr(dash + 1);
        return split(problem);
    }
    state.ordered = problem.ordered;
    state.allocated = problem.allocated;
    state.room = problem.outstanding;
    state.lot = block.lot;
    give_cumulatively(code_, state, problem.available, problem.available);
    for (std::size_t i = 0; i < state.allocated.size(); ++i) {
        state.allocated[i] -= problem.allocated[i];
    }
    return state.allocated;
}

ReplayedPeriod ReplayedRule::replay(const PlainBook& book) {
    begin(book);
    ReplayedPeriod period;
    look_at_fills(book, period);
    std::map<Key, std::size_t> places = lay_out_blocks(book, *request_, period);
    const auto outstanding = [&](const OrderRow& order) {
        return std::max(Rational{0}, Rational{*order.quantity - had_.at(order.id)});
    };
    for (const auto& [id, order] : book.orders) {
        period.start[id] = outstanding(order);
    }
    for (ReplayedBlock& block : period.blocks) {
        for (const OrderRow* order : block.claims) {
            block.start.push_back(outstanding(*order));
        }
    }
    Taken taken = Consumption{book}.taken;
    for (const ExecutionRow* execution : in_time_order(book)) {
        if (!is_live(*execution) || period.failed.count(execution->placement) != 0) {
            continue;
        }
        ReplayedBlock& block = period.blocks[places[execution->placement]];
        ReplayedFill fill;
        fill.execution = execution;
        for (const OrderRow* order : block.claims) {
            fill.outstanding.push_back(outstanding(*order));
            fill.shares.push_back(taken[execution->id][order->id]);
        }
        if (code_ != "ACTUAL") {
            fill.shares = shares(block, fill);
        }
        for (std::size_t i = 0; i < block.claims.size(); ++i) {
            had_[block.claims[i]->id] += fill.shares[i];
        }
        block.fills.push_back(fill);
    }
    for (const auto& [id, order] : book.orders) {
        period.end[id] = outstanding(order);
    }
    auto& blocks = period.blocks;
    blocks.erase(std::remove_if(blocks.begin(), blocks.end(),
                                [](const ReplayedBlock& block) { return block.fills.empty(); }),
                 blocks.end());
    return period;
}

}  // namespace oracle
