// Reads ISO 8601 dates and times, strictly.
#include "allot/time.hpp"

#include <array>
#include <chrono>

#include "engine/base/text.hpp"

namespace allot {

namespace {

constexpr std::int64_t seconds_per_minute = 60;
constexpr std::int64_t seconds_per_hour = 3600;
constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t largest_offset = 18 * seconds_per_hour;

// Takes a time apart from the front. Every take_ function returns false, and the text is no time,
// when what it wants does not stand there.
class Reader {
  public:
    explicit Reader(std::string_view text) noexcept : rest_{text} {}

    [[nodiscard]] bool is_done() const noexcept { return rest_.empty(); }

    [[nodiscard]] bool take(char wanted) noexcept {
        if (rest_.empty() || rest_.front() != wanted) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    // Exactly `count` digits with a value from `low` to `high`.
    [[nodiscard]] bool take_number(std::size_t count, int low, int high, int& value) noexcept {
        if (rest_.size() < count) {
            return false;
        }
        int number = 0;
        for (const char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') {
                return false;
            }
            number = number * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        value = number;
        return number >= low && number <= high;
    }

    // One digit or more after a point; digits after the ninth are read and dropped.
    [[nodiscard]] bool take_fraction(std::uint32_t& nanoseconds) noexcept {
        constexpr std::size_t kept = 9;
        std::size_t count = 0;
        std::uint32_t value = 0;
        while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
            if (count < kept) {
                value = value * 10 + static_cast<std::uint32_t>(rest_[count] - '0');
            }
            ++count;
        }
        for (std::size_t missing = count; missing < kept; ++missing) {
            value *= 10;
        }
        rest_.remove_prefix(count);
        nanoseconds = value;
        return count > 0;
    }

  private:
    std::string_view rest_;
};

[[nodiscard]] bool read_date(Reader& reader, std::int64_t& seconds) noexcept {
    int year = 0;
    int month = 0;
    int day = 0;
    if (!reader.take_number(4, 1, 9999, year) || !reader.take('-') ||
        !reader.take_number(2, 1, 12, month) || !reader.take('-') ||
        !reader.take_number(2, 1, 31, day)) {
        return false;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return false;
    }
    seconds = std::chrono::sys_days{date}.time_since_epoch().count() * seconds_per_day;
    return true;
}

// hh:mm, hh:mm:ss or hh:mm:ss.f
[[nodiscard]] bool read_time_of_day(Reader& reader, Instant& instant) noexcept {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!reader.take_number(2, 0, 23, hour) || !reader.take(':') ||
        !reader.take_number(2, 0, 59, minute)) {
        return false;
    }
    if (reader.take(':')) {
        if (!reader.take_number(2, 0, 59, second)) {
            return false;
        }
        if (reader.take('.') && !reader.take_fraction(instant.nanoseconds)) {
            return false;
        }
    }
    instant.seconds += hour * seconds_per_hour + minute * seconds_per_minute + second;
    return true;
}

// Nothing, Z, +hh:mm, +hhmm or +hh; - as +.
[[nodiscard]] bool read_offset(Reader& reader, std::int64_t& offset) noexcept {
    offset = 0;
    if (reader.is_done() || reader.take('Z')) {
        return true;
    }
    const bool negative = reader.take('-');
    if (!negative && !reader.take('+')) {
        return false;
    }
    int hours = 0;
    int minutes = 0;
    if (!reader.take_number(2, 0, 18, hours)) {
        return false;
    }
    if (!reader.is_done()) {
        (void)reader.take(':');
        if (!reader.take_number(2, 0, 59, minutes)) {
            return false;
        }
    }
    offset = hours * seconds_per_hour + minutes * seconds_per_minute;
    if (offset > largest_offset) {
        return false;
    }
    offset = negative ? -offset : offset;
    return true;
}

[[nodiscard]] bool read_instant(std::string_view text, Instant& instant) noexcept {
    Reader reader{text};
    if (!read_date(reader, instant.seconds)) {
        return false;
    }
    if (reader.is_done()) {
        return true;
    }
    std::int64_t offset = 0;
    if (!reader.take('T') || !read_time_of_day(reader, instant) || !read_offset(reader, offset)) {
        return false;
    }
    instant.seconds -= offset;
    return reader.is_done();
}

}  // namespace

Result<Instant> parse_instant(std::string_view text) {
    Instant instant;
    if (!read_instant(text, instant)) {
        return Unexpected{
            Error{.code = ErrorCode::text_is_not_a_time,
                  .found = text.empty() ? "empty text" : detail::shown(text),
                  .expected = "a date and time such as 2026-03-02 or 2026-03-02T09:30:00Z"}};
    }
    return instant;
}

Result<Time> Time::parse(std::string_view text) {
    Result<Instant> instant = parse_instant(text);
    if (!instant) {
        return Unexpected{std::move(instant).error()};
    }
    Time time;
    time.instant_ = *instant;
    time.text_ = text;
    return time;
}

}  // namespace allot
