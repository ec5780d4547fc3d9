// BookTransactions: what allocations become in the books of their portfolios.
#include <algorithm>
#include <set>

#include "apps/service/booking.hpp"
#include "apps/service/command.hpp"
#include "apps/service/entity_writer.hpp"
#include "apps/service/field_path.hpp"
#include "apps/service/order_graph.hpp"

namespace allot::service {
namespace {

constexpr ListBounds allocations_of_a_call{1, 5000};

struct Booking {
    std::vector<ResourceId> allocations{};  // once each
    Properties properties{};
    bool marks{false};  // states, not only properties
    std::vector<std::pair<ResourceId, Problem>> failed{};
    std::vector<ResourceId> done{};
};

// FX orders would need rates and instruments that the service does not have.
void check_fx_type(const Json& body, Findings& findings) {
    const Json* const type = body.member("fxInstrumentType");
    if (type != nullptr && (type->text() == nullptr || !same_without_case(*type->text(), "None"))) {
        findings.add("fxInstrumentType",
                     "found " + type->description() + ", expected None: FX orders are not made");
    }
}

// An object with allocationIds, or, as in 2023, the bare list of them.
Answer<Booking> booking_of(const State& state, const Call& call) {
    Answer<Json> body = body_of(state, call);
    if (!body) {
        return Unexpected{std::move(body).error()};
    }
    Findings findings;
    Booking booking;
    static_cast<void>(truth_of(call.target, "applyFeesAndCommission", true, findings));
    booking.marks = truth_of(call.target, "markOrdersAndAllocationsAsBooked", false, findings);
    const bool is_bare = body->list() != nullptr;
    const Json* ids = is_bare ? &*body : body->member("allocationIds");
    std::vector<ResourceId> given;
    if (ids == nullptr) {
        findings.add("allocationIds", "field is missing");
    } else {
        given = read_ids(*ids, "allocationIds", findings);
        const std::size_t least = is_bare ? 0 : allocations_of_a_call.least;
        if (ids->list() != nullptr &&
            (given.size() < least || given.size() > allocations_of_a_call.most)) {
            findings.add("allocationIds", fmt::format("found {}, expected {} to {}", given.size(),
                                                      least, allocations_of_a_call.most));
        }
    }
    if (body->object() != nullptr) {
        booking.properties = read_properties(*body, "", "transactionProperties", findings);
        check_fx_type(*body, findings);
    }
    if (!findings.empty()) {
        return Unexpected{findings.take()};
    }
    std::set<ResourceId> known;
    std::copy_if(given.begin(), given.end(), std::back_inserter(booking.allocations),
                 [&](const ResourceId& id) { return known.insert(id).second; });
    return booking;
}

std::optional<Problem> book(Draft& draft, const ResourceId& id, bool marks) {
    const Allocation* const found = draft.find<Allocation>(id);
    if (found == nullptr) {
        return not_there<Allocation>(id);
    }
    const Order* const order = draft.find<Order>(found->allocated_order_id.resource());
    if (std::optional<Problem> refusal = refuse_booking(*found, order)) {
        return refusal;
    }
    Allocation allocation = *found;
    Property transaction;
    transaction.label = transaction_id(allocation);
    allocation.properties.insert_or_assign(std::string{transaction_property},
                                           std::move(transaction));
    if (marks) {
        allocation.state = "Booked";
    }
    return draft.put(std::move(allocation));
}

// An order is booked when all that it asked for is.
bool is_fully_booked(const Draft& draft, const Order& order) {
    Decimal booked;
    for (const ResourceId& id : draft.store().allocations_of(order.id)) {
        const Allocation& allocation = *draft.find<Allocation>(id);
        if (is_booked(allocation) && !is_one_of(allocation.state, {"Cancelled", "Canceled"})) {
            const Result<Decimal> sum = add(booked, allocation.quantity.units());
            booked = sum ? *sum : booked;
        }
    }
    return order.quantity && order.quantity->units() <= booked;
}

void mark_orders(Draft& draft, const std::vector<ResourceId>& allocations) {
    std::set<ResourceId> looked_at;
    for (const ResourceId& id : allocations) {
        const ResourceId order_id = draft.find<Allocation>(id)->allocated_order_id.resource();
        const Order* const found = draft.find<Order>(order_id);
        if (found != nullptr && looked_at.insert(order_id).second && !is_dead(*found) &&
            is_fully_booked(draft, *found)) {
            Order order = *found;
            order.state = "Booked";
            // Refused when the order has more than it asked for; it is then left to its owner.
            static_cast<void>(draft.put(std::move(order)));
        }
    }
}

}  // namespace

Answer<Response> book_transactions(State& state, const Call& call) {
    Answer<Booking> read = booking_of(state, call);
    if (!read) {
        return Unexpected{std::move(read).error()};
    }
    Booking& booking = *read;
    const auto plan = [&](Draft& draft) -> std::optional<Problem> {
        for (const ResourceId& id : booking.allocations) {
            if (std::optional<Problem> refusal = book(draft, id, booking.marks)) {
                booking.failed.emplace_back(id, *std::move(refusal));
            } else {
                booking.done.push_back(id);
            }
        }
        if (booking.marks) {
            mark_orders(draft, booking.done);
        }
        return std::nullopt;
    };
    return carry_out(state, call, 200, plan, [&](const Draft& draft, std::string& out) {
        out = "{\"values\":{";
        for (const ResourceId& id : booking.done) {
            const Record<Allocation>& record = draft.record<Allocation>(id);
            out += out.back() == '{' ? "" : ",";
            append_json(out, map_key(id));
            out += ':';
            write_transaction(out, record,
                              draft.find<Order>(record.value.allocated_order_id.resource()),
                              booking.properties);
        }
        out += "},\"failed\":{";
        for (const auto& [id, why] : booking.failed) {
            append_failure(out, map_key(id), id, why);
        }
        out += "}}";
    });
}

}  // namespace allot::service
