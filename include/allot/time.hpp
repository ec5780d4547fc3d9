// Time: an ISO 8601 instant that is compared as an instant and printed as it was received.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "allot/result.hpp"

namespace allot {

// An instant in UTC to 9 digits of a second (further digits are ignored in comparison).
struct Instant {
    std::int64_t seconds{0};       // since 1970-01-01T00:00:00Z
    std::uint32_t nanoseconds{0};  // 0 to 999,999,999

    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

// A date with or without a time of day, year 0001 to 9999: "2026-03-02", "2026-03-02T09:30:00Z",
// "2018-03-05T10:10:10.0000000+00:00". No offset means UTC, a date alone is 00:00 UTC. Compared as
// instants; to_string() gives back the text. Thread safety: as any value.
class Time {
  public:
    Time() = default;
    // Errors: text_is_not_a_time.
    [[nodiscard]] static Result<Time> parse(std::string_view text);

    [[nodiscard]] const Instant& instant() const noexcept { return instant_; }
    [[nodiscard]] const std::string& to_string() const noexcept { return text_; }

    friend bool operator==(const Time& a, const Time& b) noexcept {
        return a.instant_ == b.instant_;
    }
    friend auto operator<=>(const Time& a, const Time& b) noexcept {
        return a.instant_ <=> b.instant_;
    }

  private:
    Instant instant_{};
    std::string text_{"1970-01-01"};
};

// The instant that `text` names, without keeping the text. Errors: text_is_not_a_time.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);

}  // namespace allot
