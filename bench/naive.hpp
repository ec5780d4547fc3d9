// The naive twin: the engine as one would write it without a thought of speed. Entities in maps by
// the text of their id, numbers of fifty digits, every fill collects its claims anew, and every
// allocation owns all of its text. It knows PR-FIFO only, reads the same day, and must come to the
// same allocations; what the engine gains is told as the ratio to it, measured in one run.
#pragma once

#include <boost/multiprecision/cpp_dec_float.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "allot/generate.hpp"
#include "allot/time.hpp"

namespace allot::bench::naive {

using Number = boost::multiprecision::cpp_dec_float_50;
using Texts = std::map<std::string, std::string>;

struct Order {
    Number quantity{};
    Number allocated{};
    std::string portfolio_id{};
    std::string side{};
    std::string type{};
    std::string state{};
    std::optional<Instant> date{};
    Texts instrument_identifiers{};
};

struct Block {
    std::vector<std::string> order_ids{};
};

struct Placement {
    std::string scope{};
    std::vector<std::string> block_ids{};
    std::string counterparty{};
    Texts instrument_identifiers{};
};

struct Execution {
    std::string code{};
    std::string placement_id{};
    Number quantity{};
    Instant created{};
    std::string created_text{};
    std::string side{};
    std::string type{};
    std::string state{};
    Number price{};
    std::string price_currency{};
    std::string settlement_date{};
    std::string settlement_currency{};
    std::string counterparty{};
    Texts instrument_identifiers{};
};

struct Allocation {
    std::string order_id{};
    std::string portfolio_id{};
    std::string placement_id{};
    std::string execution_id{};
    Number quantity{};
    Number price{};
    std::string price_currency{};
    std::string side{};
    std::string type{};
    std::string state{};
    std::string date{};
    std::string settlement_date{};
    std::string settlement_currency{};
    std::string counterparty{};
    Texts instrument_identifiers{};
};

struct Store {
    std::map<std::string, Order> orders{};
    std::map<std::string, Block> blocks{};
    std::map<std::string, Placement> placements{};
    std::map<std::string, Execution> executions{};
    std::map<std::string, Allocation> allocations{};
    std::vector<std::pair<Texts, Number>> lots{};  // identifiers of an instrument, its lot
};

// The day as the twin keeps it.
[[nodiscard]] Store load(const Day& day);

// Allocates all executions by PR-FIFO in time order.
void run(Store& store);

}  // namespace allot::bench::naive
