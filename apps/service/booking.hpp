// Booking: the transaction that an allocation becomes, and how the allocation tells that it did.
#pragma once

#include <optional>
#include <string>

#include "allot/allocation.hpp"
#include "allot/order.hpp"
#include "apps/service/problem.hpp"
#include "apps/service/record.hpp"

namespace allot::service {

// The property of an allocation that names its transaction. What has it is frozen, whatever its
// state: a run does not grow it (docs/decisions/0042-booking.md).
inline constexpr std::string_view transaction_property = "Allocation/allot/Transaction";

// True when its transaction was booked, here or by whoever gave it the state Booked.
[[nodiscard]] bool is_booked(const Allocation& allocation) noexcept;

// The id of an allocation's transaction, the same whenever it is booked.
[[nodiscard]] std::string transaction_id(const Allocation& allocation);

// Why an allocation cannot be booked. `order`: whose it is; nullptr when that is not there.
[[nodiscard]] std::optional<Problem> refuse_booking(const Allocation& allocation,
                                                    const Order* order);

// Appends the transaction. Precondition: the allocation can be booked.
void write_transaction(std::string& out, const Record<Allocation>& record, const Order* order,
                       const Properties& properties);

}  // namespace allot::service
