// The JSON text of a generated book, written by hand so that no reader is helped by its writer.
#include <algorithm>

#include "oracle/book_generator.hpp"
#include "oracle/random.hpp"

namespace oracle {

namespace {

class Writer {
  public:
    explicit Writer(std::uint64_t seed) : random_{seed} {}

    std::string book(const PlainBook& book);

  private:
    using Members = std::vector<std::pair<std::string, std::string>>;

    static std::string text(const std::string& value) {
        std::string out = "\"";
        for (const char c : value) {
            out += (c == '"' || c == '\\') ? "\\" : "";
            out += c;
        }
        return out + "\"";
    }
    // A number, a number with an exponent, or a string.
    std::string number(const Rational& value) {
        const std::string digits = decimal_text(value);
        switch (random_.between(0, 5)) {
            case 0:
                return text(digits);
            case 1:
                return decimal_text(value * 1000) + "e-3";
            case 2:
                return digits.find('.') == std::string::npos ? digits + ".0" : digits + "0";
            default:
                return digits;
        }
    }
    std::string object(Members members) {
        random_.shuffle(members);
        std::string out = "{";
        for (const auto& [name, value] : members) {
            if (!value.empty()) {
                out += (out.size() > 1 ? "," : "") + text(name) + ":" + value;
            }
        }
        return out + "}";
    }
    std::string list(const std::vector<std::string>& items) {
        std::string out = "[";
        for (const std::string& item : items) {
            out += (out.size() > 1 ? ",\n" : "") + item;
        }
        return out + "]";
    }
    std::string given(const std::string& value) {
        return !value.empty() ? text(value) : random_.one_in(20) ? "null" : "";
    }
    std::string given(const std::optional<Rational>& value) {
        return value ? number(*value) : random_.one_in(20) ? "null" : "";
    }
    std::string key(const Key& id) {
        return object({{"scope", text(id.first)}, {"code", text(id.second)}});
    }
    std::string given(const std::optional<Key>& id) { return id ? key(*id) : ""; }
    std::string given(const std::optional<Money>& money) {
        return !money
                   ? ""
                   : object({{"amount", number(money->amount)},
                             {"currency", money->currency.empty() ? "" : text(money->currency)}});
    }
    std::string given(const Identifiers& identifiers) {
        Members members;
        for (const auto& [name, value] : identifiers) {
            members.emplace_back(name, text(value));
        }
        return members.empty() && random_.one_in(2) ? "" : object(members);
    }
    std::string keys(const std::vector<Key>& ids) {
        std::vector<std::string> items;
        for (const Key& id : ids) {
            items.push_back(key(id));
        }
        return list(items);
    }
    std::string given(const std::vector<Key>& ids) {
        return ids.empty() && random_.one_in(2) ? "" : keys(ids);
    }
    std::string row(const OrderRow& row);
    std::string row(const BlockRow& row);
    std::string row(const PlacementRow& row);
    std::string row(const ExecutionRow& row);
    std::string row(const AllocationRow& row);
    template <class Row>
    std::string rows(const std::map<Key, Row>& all) {
        std::vector<std::string> items;
        for (const auto& [id, one] : all) {
            items.push_back(row(one));
            if (random_.one_in(40)) {
                items.push_back(row(one));  // the same row twice is ignored
            }
        }
        random_.shuffle(items);
        return list(items);
    }

    Random random_;
};

std::string Writer::row(const OrderRow& row) {
    return object({{"id", key(row.id)},
                   {"side", text(row.side)},
                   {"quantity", given(row.quantity)},
                   {"amount", given(row.amount)},
                   {"portfolioId", given(row.portfolio)},
                   {"date", given(row.date)},
                   {"state", given(row.state)},
                   {"type", given(row.type)},
                   {"instrumentIdentifiers", given(row.identifiers)},
                   {"custodianAccountId", given(row.custodian)},
                   {"instrumentScope", given(row.instrument_scope)},
                   {"lusidInstrumentId", given(row.lusid_instrument_id)}});
}

std::string Writer::row(const BlockRow& row) {
    return object({{"id", key(row.id)},
                   {"orderIds", keys(row.orders)},
                   {"side", given(row.side)},
                   {"instrumentIdentifiers", given(row.identifiers)}});
}

std::string Writer::row(const PlacementRow& row) {
    return object({{"id", key(row.id)},
                   {"blockIds", keys(row.blocks)},
                   {"parentPlacementId", given(row.parent)},
                   {"side", given(row.side)},
                   {"quantity", given(row.quantity)},
                   {"instrumentIdentifiers", given(row.identifiers)},
                   {"counterparty", given(row.counterparty)},
                   {"lusidInstrumentId", given(row.lusid_instrument_id)}});
}

std::string Writer::row(const ExecutionRow& row) {
    return object({{"id", key(row.id)},
                   {"placementId", key(row.placement)},
                   {"quantity", number(row.quantity)},
                   {"createdDate", text(row.created_date)},
                   {"price", given(row.price)},
                   {"side", given(row.side)},
                   {"state", given(row.state)},
                   {"type", given(row.type)},
                   {"instrumentIdentifiers", given(row.identifiers)},
                   {"settlementDate", given(row.settlement_date)},
                   {"settlementCurrency", given(row.settlement_currency)},
                   {"settlementCurrencyFxRate", given(row.fx_rate)},
                   {"counterparty", given(row.counterparty)},
                   {"lusidInstrumentId", given(row.lusid_instrument_id)}});
}

std::string Writer::row(const AllocationRow& row) {
    return object({{"id", key(row.id)},
                   {"allocatedOrderId", key(row.order)},
                   {"quantity", number(row.quantity)},
                   {"portfolioId", given(row.portfolio)},
                   {"placementIds", given(row.placements)},
                   {"executionIds", given(row.executions)},
                   {"price", given(row.price)},
                   {"side", given(row.side)},
                   {"state", given(row.state)},
                   {"type", given(row.type)},
                   {"date", given(row.date)},
                   {"instrumentIdentifiers", given(row.identifiers)},
                   {"settlementDate", given(row.settlement_date)},
                   {"settlementCurrency", given(row.settlement_currency)},
                   {"settlementCurrencyFxRate", given(row.fx_rate)},
                   {"counterparty", given(row.counterparty)},
                   {"custodianAccountId", given(row.custodian)},
                   {"instrumentScope", given(row.instrument_scope)},
                   {"lusidInstrumentId", given(row.lusid_instrument_id)}});
}

std::string Writer::book(const PlainBook& book) {
    std::vector<std::string> instruments;
    for (const InstrumentRow& row : book.instruments) {
        instruments.push_back(
            object({{"instrumentIdentifiers", given(row.identifiers)}, {"lot", number(row.lot)}}));
    }
    random_.shuffle(instruments);
    return object({{"schema", random_.one_in(2) ? "" : text("allot/1")},
                   {"orders", rows(book.orders)},
                   {"blocks", rows(book.blocks)},
                   {"placements", rows(book.placements)},
                   {"executions", rows(book.executions)},
                   {"allocations", rows(book.allocations)},
                   {"instruments", instruments.empty() ? "" : list(instruments)}});
}

std::string text_of(const Key& id) {
    return id.first + "/" + id.second;
}

}  // namespace

std::string json_text(const PlainBook& book, std::uint64_t seed) {
    return Writer{seed}.book(book);
}

std::string description(const Scenario& scenario) {
    const Request& request = scenario.request;
    std::string text = "seed " + std::to_string(scenario.seed) + ", " + request.algorithm +
                       ", lot " + decimal_text(request.lot) +
                       (request.allow_unpriced ? ", allow unpriced" : "");
    for (const Key& id : request.placements) {
        text += ", placement " + text_of(id);
    }
    if (request.dead_states) {
        text += ", dead states:";
        for (const std::string& state : *request.dead_states) {
            text += " " + state;
        }
    }
    text += "\n" + json_text(scenario.book, scenario.seed) + "\n";
    for (const Change& change : scenario.changes) {
        switch (change.kind) {
            case Change::Kind::execution_grows:
                text += "then execution " + text_of(change.id) + " grows by " +
                        decimal_text(change.quantity) + "\n";
                break;
            case Change::Kind::execution_is_new:
                text += "then a new execution " + text_of(change.execution.id) + " of " +
                        text_of(change.execution.placement) + ", quantity " +
                        decimal_text(change.execution.quantity) + ", state '" +
                        change.execution.state + "', at " + change.execution.created_date + "\n";
                break;
            case Change::Kind::order_grows:
                text += "then order " + text_of(change.id) + " grows by " +
                        decimal_text(change.quantity) + "\n";
                break;
            case Change::Kind::allocation_state:
                text += "then allocation number " + std::to_string(change.index) +
                        " (modulo their count) becomes " + change.state + "\n";
                break;
        }
    }
    return text + (scenario.rereads ? "the changed book is read again\n" : "");
}

}  // namespace oracle
