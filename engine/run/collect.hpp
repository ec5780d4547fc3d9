// Collect and rank: which claims and which fills a run is about, out of the book.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "allot/engine.hpp"
#include "engine/base/rare.hpp"
#include "engine/run/timeline.hpp"
#include "engine/run/usage.hpp"
#include "engine/store/book_data.hpp"

namespace allot::run {

// An order that has a claim in the run.
struct RunOrder {
    std::uint32_t id{0};
    std::uint32_t row{0};
    std::uint32_t portfolio{store::none};  // number in BookData::portfolios
    bool has_quantity{false};              // it is sized in units
    bool is_stand_in{false};
    bool is_pinned{false};  // what it receives is told, not split
    Quantity ordered{};     // of a stand-in its weight, as a whole number
};

// From a time on, an order is something else.
struct OrderChange : OrderMoment {
    std::uint32_t order{0};  // position in Collection::orders

    friend bool operator==(const OrderChange&, const OrderChange&) = default;
};

// A live execution of a placement in the run.
struct RunExecution {
    std::uint32_t id{0};
    std::uint32_t row{0};
    std::uint32_t placement{0};  // position in Collection::placements
    Quantity quantity{};
    Quantity used{};  // by earlier allocations; at most quantity
    Instant created{};

    [[nodiscard]] bool offers() const noexcept { return used < quantity; }
};

// Time order: created date, then id.
[[nodiscard]] inline bool is_earlier(const BookData& book, const RunExecution& a,
                                     const RunExecution& b) noexcept {
    const auto order = a.created <=> b.created;
    return order != 0 ? order < 0 : book.executions.ids.less(a.id, b.id);
}

// A stretch of one of Collection's vectors.
struct Range {
    std::uint32_t first{0};
    std::uint32_t count{0};

    template <class Vector>
    [[nodiscard]] auto of(const Vector& all) const {
        return std::span<const typename Vector::value_type>{all}.subspan(first, count);
    }
};

// What a claim has of an execution whatever is split (engine/run/held.hpp).
struct Held {
    std::uint32_t rank{0};
    Quantity frozen{};  // by allocations that stay
    Quantity pinned{};  // to be given
};

struct RunPlacement {
    std::uint32_t id{0};
    std::uint32_t row{store::none};  // none: not in the book
    Range claims{};                  // in rank order; positions in Collection::orders
    Range executions{};              // live ones in time order
    Quantity lot{1};
    bool is_unsolicited{false};   // its claims are stand-ins, which share by weight without end
    bool lacks_stand_ins{false};  // all that keeps it from taking part
    bool takes_part{false};       // something is on offer, and nothing speaks against
    detail::Rare<Failure> failure{};
};

struct Collection {
    std::vector<RunPlacement> placements{};  // by id
    // Each once, in the order of their first claims: those of one placement mostly lie side by
    // side.
    detail::LargeVector<RunOrder> orders{};
    detail::LargeVector<std::uint32_t> claims{};
    // To an order (position); what is held of fills in the run comes beside. Empty: nothing to any.
    std::vector<Quantity> allocated{};
    std::vector<RunExecution> executions{};
    // By order, of each in time order. None: orders are what they are.
    std::vector<OrderChange> changes{};
    // What ranks orders of the same date, by position in claims. Empty: ranks do not change.
    std::vector<std::uint32_t> ties{};
    std::set<PlacementId> not_found{};  // requested ids that the book has never heard of
    // What is known of portfolios, by number in BookData::portfolios; empty: nothing of any.
    std::vector<Portfolio> portfolios{};
    std::map<std::uint32_t, CurrencyAndAmount> limits{};  // of orders that have one, by position
    std::set<std::uint32_t> unknown_states{};             // texts that nobody knows
    // Of a reallocation: what is held of each execution, by rank. Empty: it is a run.
    std::vector<std::vector<Held>> held{};
    std::vector<Quantity> held_of_order{};  // what an order (position) has of it; empty: nothing
    // Of what is allocated to an order (position), what cumulative rules do not count. Empty:
    // nothing of any.
    std::vector<Quantity> baselines{};
    std::map<std::string, std::string> options{};  // for the record, beside those of the request

    [[nodiscard]] bool holds() const noexcept { return !held.empty(); }
    // Of an order (position).
    [[nodiscard]] std::span<const OrderChange> changes_of(std::uint32_t order) const noexcept {
        return changes.empty() ? std::span<const OrderChange>{} : find_changes(order);
    }
    [[nodiscard]] Quantity allocated_to(std::uint32_t order) const noexcept {
        return allocated.empty() ? Quantity{} : allocated[order];
    }
    [[nodiscard]] Quantity held_by(std::uint32_t order) const noexcept {
        return held_of_order.empty() ? Quantity{} : held_of_order[order];
    }
    [[nodiscard]] Quantity baseline_of(std::uint32_t order) const noexcept {
        return baselines.empty() ? Quantity{} : baselines[order];
    }
    [[nodiscard]] const Portfolio& portfolio_of(const RunOrder& order) const noexcept {
        static const Portfolio unknown{};
        return order.portfolio < portfolios.size() ? portfolios[order.portfolio] : unknown;
    }

  private:
    [[nodiscard]] std::span<const OrderChange> find_changes(std::uint32_t order) const noexcept;
};

// The requested placements and all their descendants; without a request, all with executions.
struct Requested {
    std::vector<std::uint32_t> ids{};   // in the order of ids
    std::set<PlacementId> not_found{};  // requested ids that the book has never heard of
};
[[nodiscard]] Requested requested_by(const BookData& book, const RunRequest& request);

// Claims and fills of all of them.
// Complexity: O(claims log claims + executions log executions).
[[nodiscard]] Collection collect(const BookData& book, const RunRequest& request,
                                 const Algorithm& algorithm, const Usage& usage);

[[nodiscard]] Failure failure_of(const BookData& book, const RunPlacement& placement,
                                 FailureType type, std::string detail);

}  // namespace allot::run
