// A whole run in the most literal way: plain rows in plain maps, exact fractions, no cleverness.
// Written from the specification; shares nothing with the library.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oracle/rational.hpp"

namespace oracle {

using Key = std::pair<std::string, std::string>;  // scope, code
using Identifiers = std::map<std::string, std::string>;

struct Money {
    Rational amount{};
    std::string currency{};
};

// Empty text: not given.
struct OrderRow {
    Key id{};
    std::string side{};
    std::optional<Rational> quantity{};
    std::optional<Money> amount{};
    std::optional<Key> portfolio{};
    std::string date{};
    std::string state{};
    std::string type{};
    Identifiers identifiers{};
    std::optional<Key> custodian{};
    std::string instrument_scope{};
    std::string lusid_instrument_id{};
};

struct BlockRow {
    Key id{};
    std::vector<Key> orders{};
    std::string side{};
    Identifiers identifiers{};
};

struct PlacementRow {
    Key id{};
    std::vector<Key> blocks{};
    std::optional<Key> parent{};
    std::string side{};
    std::optional<Rational> quantity{};
    Identifiers identifiers{};
    std::string counterparty{};
    std::string lusid_instrument_id{};
};

struct ExecutionRow {
    Key id{};
    Key placement{};
    Rational quantity{};
    std::string created_date{};
    std::optional<Money> price{};
    std::string side{};
    std::string state{};
    std::string type{};
    Identifiers identifiers{};
    std::string settlement_date{};
    std::string settlement_currency{};
    std::optional<Rational> fx_rate{};
    std::string counterparty{};
    std::string lusid_instrument_id{};
};

struct AllocationRow {
    Key id{};
    Key order{};
    Rational quantity{};
    std::optional<Key> portfolio{};
    std::vector<Key> placements{};
    std::vector<Key> executions{};
    std::optional<Money> price{};
    std::string side{};
    std::string state{};
    std::string type{};
    std::string date{};
    Identifiers identifiers{};
    std::string settlement_date{};
    std::string settlement_currency{};
    std::optional<Rational> fx_rate{};
    std::string counterparty{};
    std::optional<Key> custodian{};
    std::string instrument_scope{};
    std::string lusid_instrument_id{};
};

struct InstrumentRow {
    Identifiers identifiers{};
    Rational lot{1};
};

struct PlainBook {
    std::map<Key, OrderRow> orders{};
    std::map<Key, BlockRow> blocks{};
    std::map<Key, PlacementRow> placements{};
    std::map<Key, ExecutionRow> executions{};
    std::map<Key, AllocationRow> allocations{};
    std::vector<InstrumentRow> instruments{};
};

struct Request {
    std::vector<Key> placements{};  // empty: all with executions
    std::string algorithm{"PR-FIFO"};
    Rational lot{1};
    bool allow_unpriced{false};
    std::optional<std::vector<std::string>> dead_states{};
};

struct Outcome {
    Rational executed{};
    Rational allocated{};
    Rational unallocated{};
    std::optional<Rational> deviation{};  // in lots; absent: nothing to compare
    std::set<Key> most_deviating{};       // the orders that have it
};

struct Result {
    std::vector<AllocationRow> allocations{};  // in the order of the result
    std::map<Key, Outcome> placements{};
    std::map<Key, std::string> failed{};  // type
    std::set<Key> executed_above{};
};

// Runs and commits to `book`.
Result run(PlainBook& book, const Request& request);

// What an allocation of the pair says, but for id and quantity.
AllocationRow derived(const PlainBook& book, const ExecutionRow& execution, const OrderRow& order);

// The id an allocation of the pair has; ordinal 2, 3, ... of further ones.
Key allocation_id(const Key& execution, const Key& order, const Key& placement, int ordinal);

// Seconds since 1970 and nanoseconds of an ISO 8601 text.
std::pair<std::int64_t, std::int64_t> instant(const std::string& text);

}  // namespace oracle
