// Times: every day of ten thousand years, offsets, fractions, and what is no time.
#include "allot/time.hpp"

#include <array>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

using allot::ErrorCode;
using allot::Instant;
using allot::Result;
using allot::Time;

namespace {

std::int64_t seconds(std::string_view text) {
    return Time::parse(text).value().instant().seconds;
}

std::string padded(int number, std::size_t width) {
    std::string digits = std::to_string(number);
    return std::string(width - digits.size(), '0') + digits;
}

std::string date_text(int year, int month, int day) {
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
}

// The calendar as a child learns it.
int days_in(int year, int month) {
    constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
}

}  // namespace

TEST_CASE("time: every day from year 1 to 9999 follows the day before") {
    // 719162 days lie between 0001-01-01 and 1970-01-01.
    std::int64_t day_number = -719162;
    std::size_t wrong = 0;
    for (int year = 1; year <= 9999; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= days_in(year, month); ++day) {
                const Result<Instant> found = allot::parse_instant(date_text(year, month, day));
                wrong += found && *found == Instant{day_number * 86400, 0} ? 0U : 1U;
                ++day_number;
            }
            const std::string too_late = date_text(year, month, days_in(year, month) + 1);
            wrong += allot::parse_instant(too_late) ? 1U : 0U;
        }
    }
    CHECK(wrong == 0);
    CHECK(seconds("1970-01-01") == 0);
}

TEST_CASE("time: every minute of a day, in every whole and half hour of offset") {
    std::size_t wrong = 0;
    for (int minute = 0; minute < 24 * 60; ++minute) {
        for (int offset = -18 * 60; offset <= 18 * 60; offset += 30) {
            const int distance = offset < 0 ? -offset : offset;
            const std::string clock = padded(minute / 60, 2) + ":" + padded(minute % 60, 2);
            const std::string sign = offset < 0 ? "-" : "+";
            const std::string text = "1970-01-02T" + clock + ":07" + sign +
                                     padded(distance / 60, 2) + ":" + padded(distance % 60, 2);
            const Result<Instant> found = allot::parse_instant(text);
            const std::int64_t right = 86400 + (minute - offset) * 60 + 7;
            wrong += found && found->seconds == right ? 0U : 1U;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("time: different spellings of one instant are equal and keep their text") {
    const Time utc = Time::parse("2018-03-05T10:10:10Z").value();
    for (const std::string text :
         {"2018-03-05T10:10:10", "2018-03-05T10:10:10.0000000+00:00", "2018-03-05T10:10:10-00:00",
          "2018-03-05T11:10:10+01:00", "2018-03-05T11:10:10+0100", "2018-03-05T11:10:10+01",
          "2018-03-05T00:10:10-10:00", "2018-03-06T04:10:10+18:00",
          "2018-03-05T10:10:10.0000000000000000000000000000001Z"}) {
        INFO(text);
        const Time time = Time::parse(text).value();
        CHECK(time == utc);
        CHECK(time.to_string() == text);
    }
    CHECK(Time::parse("2018-03-05").value() == Time::parse("2018-03-05T00:00Z").value());
    CHECK(Time{}.to_string() == "1970-01-01");
    CHECK(Time{} == Time::parse("1970-01-01").value());
}

TEST_CASE("time: fractions count to nine digits") {
    CHECK(Time::parse("1970-01-01T00:00:00.5Z").value().instant().nanoseconds == 500'000'000);
    CHECK(Time::parse("1970-01-01T00:00:00.000000001Z").value().instant().nanoseconds == 1);
    CHECK(Time::parse("1970-01-01T00:00:00.999999999999Z").value().instant() ==
          Instant{0, 999'999'999});
    CHECK(Time::parse("1969-12-31T23:59:59.25Z").value().instant() == Instant{-1, 250'000'000});
    CHECK(Time::parse("2026-03-02T09:30:00.1Z").value() <
          Time::parse("2026-03-02T09:30:00.11Z").value());
    CHECK(allot::parse_instant("1970-01-01T00:00:00." + std::string(1'000'000, '1') + "Z")
              .value()
              .nanoseconds == 111'111'111);
}

TEST_CASE("time: the ends of the calendar stay representable whatever the offset") {
    CHECK(seconds("0001-01-01T00:00:00+18:00") == -719162LL * 86400 - 18 * 3600);
    CHECK(seconds("9999-12-31T23:59:59-18:00") == 253402300799LL + 18 * 3600);
}

TEST_CASE("time: what is no time is refused") {
    const std::string text = GENERATE(
        as<std::string>{}, "", "today", "2026", "2026-03", "2026-3-2", "20260302", "2026/03/02",
        "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2026-02-29", "1900-02-29",
        "2026-04-31", "0000-01-01", "10000-01-01", "-2026-01-01", "+2026-01-01", "2026-03-02 ",
        " 2026-03-02", "2026-03-02Z", "2026-03-02+01:00", "2026-03-02T", "2026-03-02T09",
        "2026-03-02T9:30:00Z", "2026-03-02 09:30:00Z", "2026-03-02t09:30:00Z",
        "2026-03-02T09:30:00z", "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z",
        "2026-03-02T09:30:60Z", "2026-03-02T09:30:00.Z", "2026-03-02T09:30:00,5Z",
        "2026-03-02T09:30.5Z", "2026-03-02T09:30:00ZZ", "2026-03-02T09:30:00+",
        "2026-03-02T09:30:00+1", "2026-03-02T09:30:00+1:00",
        "2026-03-02T09:30:00+01:", "2026-03-02T09:30:00+01:0", "2026-03-02T09:30:00+01:60",
        "2026-03-02T09:30:00+18:01", "2026-03-02T09:30:00+19:00", "2026-03-02T09:30:00+01:00Z",
        "2026-03-02T09:30:00+01:00 ", "2026-03-02T093000Z", "2026-03-02T-9:30:00Z",
        "2026-03-02T09:30:00.5+-1:00", "2026-03-02T09:30:\xC3\xA9Z");
    INFO(text);
    const Result<Time> time = Time::parse(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().code == ErrorCode::text_is_not_a_time);
    CHECK(time.error().found == (text.empty() ? "empty text" : text));
}

TEST_CASE("time: long nonsense is shown short") {
    const Result<Time> time = Time::parse(std::string(10'000, '2'));
    REQUIRE_FALSE(time);
    CHECK(time.error().found == std::string(197, '2') + "...");
}
