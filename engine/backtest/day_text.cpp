// How generated books spell their numbers and times.
#include "engine/backtest/day_text.hpp"

#include <utility>

namespace allot {

std::string numbered(std::string_view prefix, std::size_t number, std::size_t width) {
    std::string digits = std::to_string(number);
    std::string text{prefix};
    text.append(width > digits.size() ? width - digits.size() : 0, '0');
    return text + digits;
}

std::string date_text(std::chrono::sys_days date) {
    const std::chrono::year_month_day parts{date};
    return numbered("", static_cast<std::size_t>(int{parts.year()}), 4) + '-' +
           numbered("", unsigned{parts.month()}, 2) + '-' + numbered("", unsigned{parts.day()}, 2);
}

std::string time_text(std::chrono::sys_days date, std::int64_t nanoseconds,
                      std::string_view utc_offset) {
    using namespace std::chrono;
    const auto day = floor<days>(std::chrono::nanoseconds{nanoseconds});
    const hh_mm_ss time{std::chrono::nanoseconds{nanoseconds} - day};
    const auto number = [](auto count) { return static_cast<std::size_t>(count); };
    auto fraction = number(time.subseconds().count());
    std::size_t width = 9;
    while (width > 3 && fraction % 1000 == 0) {
        fraction /= 1000;
        width -= 3;
    }
    std::string text = date_text(date + day);
    text += numbered("T", number(time.hours().count()), 2);
    text += numbered(":", number(time.minutes().count()), 2);
    text += numbered(":", number(time.seconds().count()), 2);
    text += numbered(".", fraction, width);
    return text.append(utc_offset);
}

Error refused(std::string field, std::string found, std::string expected) {
    Error error;
    error.code = ErrorCode::option_is_not_valid;
    error.field = std::move(field);
    error.found = std::move(found);
    error.expected = std::move(expected);
    return error;
}

}  // namespace allot
