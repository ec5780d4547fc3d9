// Times of the wire, and the clock.
#include "apps/service/clock.hpp"

#include <fmt/format.h>

#include <chrono>

namespace allot::service {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::uint32_t wire_digit = 100;  // nanoseconds in the wire's last digit
// Microseconds: clients keep times in types that have no finer ones, and ask for them again.
constexpr std::uint32_t nanoseconds_per_tick = 1000;

}  // namespace

std::string to_wire(const Instant& instant) {
    const auto days = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds{std::chrono::seconds{instant.seconds}});
    const std::chrono::year_month_day date{days};
    std::int64_t second = instant.seconds % seconds_per_day;
    second += second < 0 ? seconds_per_day : 0;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}+00:00",
                       static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), second / 3600, second / 60 % 60,
                       second % 60, instant.nanoseconds / wire_digit);
}

std::string to_wire(const Time& time) {
    const std::string& text = time.to_string();
    const std::size_t clock = text.find_first_of("Tt ");
    if (clock == std::string::npos) {
        return text + "T00:00:00.0000000+00:00";
    }
    return text.find_first_of("Zz+-", clock) == std::string::npos ? text + "+00:00" : text;
}

Instant now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count();
    const auto nanoseconds = static_cast<std::uint32_t>(rest);
    return {seconds.count(), nanoseconds - nanoseconds % nanoseconds_per_tick};
}

Instant next_instant(const Instant& last) {
    constexpr std::uint32_t second = 1'000'000'000;
    Instant after = last;
    after.nanoseconds += nanoseconds_per_tick;
    if (after.nanoseconds >= second) {
        after.nanoseconds -= second;
        ++after.seconds;
    }
    const Instant present = now();
    return present < after ? after : present;
}

}  // namespace allot::service
