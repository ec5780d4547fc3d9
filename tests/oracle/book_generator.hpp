// Random small books full of odd cases, and their JSON text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oracle/book_oracle.hpp"

namespace oracle {

// Something that happens between two runs.
struct Change {
    enum class Kind {
        execution_grows,   // `id` by `quantity`
        execution_is_new,  // `execution`
        order_grows,       // `id` by `quantity`
        allocation_state,  // the `index`-th allocation then in the book gets `state`
    };
    Kind kind{};
    Key id{};
    Rational quantity{};
    ExecutionRow execution{};
    std::size_t index{0};
    std::string state{};
};

struct Scenario {
    std::uint64_t seed{0};
    PlainBook book{};
    Request request{};
    std::vector<Change> changes{};
    bool rereads{false};  // the changed book is read from its text instead of being put
};

// The same seed gives the same scenario everywhere.
Scenario random_scenario(std::uint64_t seed);

// The book as JSON, lists and members in an order drawn from `seed`.
std::string json_text(const PlainBook& book, std::uint64_t seed);

// What a person needs to see the case again.
std::string description(const Scenario& scenario);

// Takes out what can no longer stand after something was taken out of `book`.
void mend(PlainBook& book);

// The scenarios with one thing less.
std::vector<Scenario> smaller(const Scenario& scenario);

}  // namespace oracle
