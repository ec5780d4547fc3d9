// The service's clock: each write gets a time of its own, later than all before it.
#pragma once

#include <string>

#include "allot/time.hpp"

namespace allot::service {

// "2026-03-02T09:30:00.1234567+00:00", as the wire writes times. Precondition: year 1 to 9999.
[[nodiscard]] std::string to_wire(const Instant& instant);

// A time as received, completed where the wire wants more: a time of day, and an offset.
[[nodiscard]] std::string to_wire(const Time& time);

// The system's clock in whole microseconds.
[[nodiscard]] Instant now();

// The later of now and one tick after `last`: what is written later has a later time, even when
// the system's clock is set back.
[[nodiscard]] Instant next_instant(const Instant& last);

}  // namespace allot::service
